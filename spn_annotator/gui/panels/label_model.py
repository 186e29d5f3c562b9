"""The labels as Qt's list model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from spn_annotator.annotation import Label

Index = QModelIndex | QPersistentModelIndex

LABEL_ROLE = Qt.ItemDataRole.UserRole


class LabelModel(QAbstractListModel):
    """Labels by id. A typed name is asked for, not set: the document decides.

    Signals
    -------
    renamed(label_id, name)
        The person has typed another name.
    named(name)
        The person has typed the name of the draft.
    """

    renamed = Signal(int, str)
    named = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: list[Label] = []
        self._draft: Label | None = None

    def begin_draft(self, label: Label) -> QModelIndex:
        """Show a label that is not there until it has a name; returns its row."""
        self.end_draft()
        row = len(self._labels)
        self.beginInsertRows(QModelIndex(), row, row)
        self._draft = label
        self.endInsertRows()
        return self.index(row)

    def end_draft(self) -> None:
        """Take the draft away."""
        if self._draft is not None:
            row = len(self._labels)
            self.beginRemoveRows(QModelIndex(), row, row)
            self._draft = None
            self.endRemoveRows()

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Show other labels; rows that stay keep their selection."""
        self.end_draft()
        new = list(labels)
        if [label.id for label in new] == [label.id for label in self._labels]:
            for row, (old, label) in enumerate(zip(self._labels, new, strict=True)):
                if old != label:
                    self._labels[row] = label
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._labels = new
        self.endResetModel()

    def row_of(self, label_id: int | None) -> int:
        """Return the row of a label, -1 if it has none."""
        return next((row for row, label in enumerate(self._labels) if label.id == label_id), -1)

    # ---- Qt's model ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of labels."""
        return 0 if parent.isValid() else len(self._labels) + (self._draft is not None)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that names can be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name or label."""
        if not index.isValid():
            return None
        label = self._label(index.row())
        if role == Qt.ItemDataRole.EditRole and label is self._draft:
            return ""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return label.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{label.name}  ({label.key})" if label.key else label.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            key = f", key {label.key}" if label.key else ""
            shown = "visible" if label.visible else "hidden"
            return f"{label.name}{key}, {shown}{', locked' if label.locked else ''}"
        if role == LABEL_ROLE:
            return label
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not name:
            return False
        label = self._label(index.row())
        if label is self._draft:
            self.named.emit(name)
        elif name != label.name:
            self.renamed.emit(label.id, name)
        return True

    def _label(self, row: int) -> Label:
        if row == len(self._labels) and self._draft is not None:
            return self._draft
        return self._labels[row]
