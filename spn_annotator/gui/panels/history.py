"""The steps made on the image, and a way back to any of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.step_names import step_text
from spn_annotator.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Steps from the oldest; row 0 is the image as it was before them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: list[str] = []
        self._done = 0
        self._any_image = False

    @property
    def done(self) -> int:
        """How many steps are done: the row of the present state."""
        return self._done

    def set_steps(self, names: Sequence[str], done: int, *, any_image: bool) -> None:
        """Show other steps, of which so many are done."""
        names = list(names)
        grown = len(names) - len(self._names)
        if any_image == self._any_image and names[: len(self._names)] == self._names and grown >= 0:
            if grown:
                first = len(self._names) + 1
                self.beginInsertRows(QModelIndex(), first, first + grown - 1)
                self._names = names
                self.endInsertRows()
            self._done = done
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
            return
        self.beginResetModel()
        self._names, self._done, self._any_image = names, done, any_image
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of states."""
        return 0 if parent.isValid() or not self._any_image else len(self._names) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of the step that led to a state."""
        if not index.isValid():
            return None
        row = index.row()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return step_text(self._names[row - 1]) if row else tr("At the beginning")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = self.data(index)
            return name if row <= self._done else tr("{step}, taken back", step=name)
        if role == Qt.ItemDataRole.ForegroundRole and row > self._done:
            return QColor(self._theme.color("disabled"))
        return QSize(160, 30) if role == Qt.ItemDataRole.SizeHintRole else None


class HistoryPanel(QFrame):
    """The list of steps; choosing one goes back or forth to it.

    Signals
    -------
    jumped(done)
        The person wants so many steps to be done.
    """

    jumped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = HistoryModel(theme, self)
        self.list = QListView()
        self.list.setObjectName("plainList")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName(tr("Steps"))
        self._empty = QLabel(tr("Steps on the open image are listed here; choose one to go back."))
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 24, 16, 24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        theme.changed.connect(self.list.viewport().update)

    def show_steps(self, names: Sequence[str], done: int, *, any_image: bool) -> None:
        """Show the steps of an image, of which so many are done."""
        self._empty.setVisible(not names)
        self.list.setVisible(bool(names))
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        self.model.set_steps(names, done, any_image=any_image)
        index = self.model.index(done)
        selection.setCurrentIndex(index, selection.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self.list.scrollTo(index)
        self.list.viewport().update()

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and index.row() != self.model.done:
            self.jumped.emit(index.row())
