"""The objects of an image as Qt's list model."""

from __future__ import annotations

from collections.abc import Sequence
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

from spn_annotator.annotation import Color, Document
from spn_annotator.gui.i18n import decimal, number, tr, tr_n

Index = QModelIndex | QPersistentModelIndex

OBJECT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class ObjectRow:
    """What is shown of an object.

    Parameters
    ----------
    id : int
        Of the object.
    name : str
        Its own name; may be empty.
    label : str
        Name of its label.
    color : (int, int, int)
        Of its label.
    area : int
        Pixels.
    visible, locked : bool
        Of its label.
    """

    id: int
    name: str
    label: str
    color: Color
    area: int
    visible: bool
    locked: bool

    @property
    def title(self) -> str:
        """Its own name, or what it is and its number."""
        return self.name or f"{self.label} {self.id}"

    @property
    def pixels(self) -> str:
        """Its area in words."""
        return tr_n("{n} pixel", "{n} pixels", self.area)


def rows_of(document: Document) -> list[ObjectRow]:
    """Return the objects of a document, label by label."""
    areas = document.object_areas()
    rows = []
    for item in document.objects.values():
        label = document.labels.get(item.label_id)
        rows.append(
            ObjectRow(
                id=item.id,
                name=item.name,
                label=label.name,
                color=label.color,
                area=areas[item.id],
                visible=label.visible,
                locked=label.locked,
            )
        )
    order = {label.name: place for place, label in enumerate(document.labels)}
    return sorted(rows, key=lambda row: (order[row.label], row.id))


class ObjectModel(QAbstractListModel):
    """Objects by label. A typed name is asked for, not set: the document decides.

    Signals
    -------
    renamed(object_id, name)
        The person has typed another name; it may be empty.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ObjectRow] = []
        self._places: dict[int, int] = {}

    @property
    def rows(self) -> list[ObjectRow]:
        """What is shown."""
        return list(self._rows)

    def set_rows(self, rows: Sequence[ObjectRow]) -> None:
        """Show other objects; rows that stay keep their selection."""
        new = list(rows)
        if [row.id for row in new] == [row.id for row in self._rows]:
            for place, (old, row) in enumerate(zip(self._rows, new, strict=True)):
                if old != row:
                    self._rows[place] = row
                    self.dataChanged.emit(self.index(place), self.index(place))
            return
        self.beginResetModel()
        self._rows = new
        self._places = {row.id: place for place, row in enumerate(new)}
        self.endResetModel()

    def place_of(self, object_id: int) -> int:
        """Return the row of an object, -1 if it has none."""
        return self._places.get(object_id, -1)

    # ---- Qt's model ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of objects."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that names can be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name or row."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.EditRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.title}\n{row.label} · {row.pixels}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            locked = tr(", locked") if row.locked else ""
            return f"{row.title}, {row.label}, {row.pixels}{locked}"
        return row if role == OBJECT_ROLE else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        name = " ".join(str(value).split())
        row = self._rows[index.row()]
        if name != row.name:
            self.renamed.emit(row.id, name)
        return True


def short_area(area: int) -> str:
    """Return an area that fits into a narrow column: 950, 12,345, 1.2 M."""
    return number(area) if area < 1_000_000 else tr("{n} M", n=decimal(area / 1_000_000, 1))
