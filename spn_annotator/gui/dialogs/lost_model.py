"""Lost images as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from spn_annotator.gui.i18n import mark, tr
from spn_annotator.gui.lost_images import LostImage

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (mark("Image"), mark("Problem"), mark("File found"), mark("Why this one"))
FOUND = 2


class LostModel(QAbstractTableModel):
    """A row an image; the box before its name says whether it is linked.

    Parameters
    ----------
    folder : Path
        Of the project: files in it are named by the way from there.
    """

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder.resolve()
        self._images: list[LostImage] = []

    @property
    def images(self) -> list[LostImage]:
        """What is shown."""
        return list(self._images)

    def set_images(self, images: Sequence[LostImage]) -> None:
        """Show other images, or the same ones with other choices."""
        new = list(images)
        same = [item.record.id for item in new] == [item.record.id for item in self._images]
        if not same:
            self.beginResetModel()
        self._images = new
        if not same:
            self.endResetModel()
        elif new:
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(_COLUMNS) - 1))

    def set_image(self, row: int, image: LostImage) -> None:
        """Show one image with another choice."""
        self._images[row] = image
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))

    def path_text(self, path: Path) -> str:
        """Return how a file is named."""
        path = path.resolve()
        inside = path.is_relative_to(self._folder)
        return path.relative_to(self._folder).as_posix() if inside else str(path)

    # ---- Qt's model ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of images."""
        return 0 if parent.isValid() else len(self._images)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that an image with a file to link has a box."""
        flags = super().flags(index)
        if index.isValid() and index.column() == 0 and self._images[index.row()].choices:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or whether its box is checked."""
        if not index.isValid():
            return None
        image, column = self._images[index.row()], index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == 0 and image.choices:
            return Qt.CheckState.Unchecked if image.chosen is None else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.ToolTipRole:
            return image.error or image.detail
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(image, column)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take the best file, or none."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        image = self._images[index.row()]
        wanted = Qt.CheckState(value) == Qt.CheckState.Checked and image.choices
        self.set_image(index.row(), image.with_chosen(image.choices[0] if wanted else None))
        return True

    def _text(self, image: LostImage, column: int) -> str:
        if column == 0:
            return image.record.name
        if column == 1:
            return image.problem
        shown = image.chosen or (image.choices[0] if image.choices else None)
        if column == FOUND:
            if shown is None:
                return tr("nothing found")
            return (
                tr("the file that is there") if shown.path is None else self.path_text(shown.path)
            )
        if image.error:
            return image.error
        return "" if shown is None else shown.why
