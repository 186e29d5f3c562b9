"""The labels as Qt's list model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from spn_annotator.gui.i18n import tr, tr_n
from spn_annotator.gui.panels.object_model import short_area

Index = QModelIndex | QPersistentModelIndex

LABEL_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class LabelUse:
    """What an image has of a label.

    Parameters
    ----------
    objects, pixels : int
    """

    objects: int = 0
    pixels: int = 0

    @property
    def text(self) -> str:
        """Both in words; empty if there is nothing."""
        if not self.objects:
            return ""
        return " · ".join(
            (
                tr_n("{n} object", "{n} objects", self.objects),
                tr("{area} px", area=short_area(self.pixels)),
            )
        )

    @property
    def short_text(self) -> str:
        """The pixels alone, for a narrow list; empty if there is nothing."""
        return tr("{area} px", area=short_area(self.pixels)) if self.objects else ""

    @property
    def full_text(self) -> str:
        """Both in words, with all digits."""
        if not self.objects:
            return ""
        return " · ".join(
            (
                tr_n("{n} object", "{n} objects", self.objects),
                tr_n("{n} pixel", "{n} pixels", self.pixels),
            )
        )


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
        self._uses: dict[int, LabelUse] = {}

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

    def set_uses(self, uses: Mapping[int, LabelUse]) -> None:
        """Show how much of each label the image has; labels not named have nothing."""
        before, self._uses = self._uses, dict(uses)
        for row, label in enumerate(self._labels):
            if before.get(label.id) != self._uses.get(label.id):
                self.dataChanged.emit(self.index(row), self.index(row))

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
            name = f"{label.name}  ({label.key})" if label.key else label.name
            return "\n".join(filter(None, (name, self._use(label).full_text)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (
                label.name,
                tr("key {key}", key=label.key) if label.key else "",
                tr("visible") if label.visible else tr("hidden"),
                tr("locked") if label.locked else "",
                self._use(label).full_text,
            )
            return ", ".join(filter(None, parts))
        if role == LABEL_ROLE:
            return label
        if role == COUNT_ROLE:
            return self._use(label)
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

    def _use(self, label: Label) -> LabelUse:
        return LabelUse() if label is self._draft else self._uses.get(label.id, LabelUse())

    def _label(self, row: int) -> Label:
        if row == len(self._labels) and self._draft is not None:
            return self._draft
        return self._labels[row]
