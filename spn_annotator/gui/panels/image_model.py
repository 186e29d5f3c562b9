"""The images of a project as Qt's list model, with thumbnails that come when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage

from spn_annotator.gui.workers.thumbnails import ThumbnailWorker
from spn_annotator.project import ImageRecord

Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_ROLE = Qt.ItemDataRole.UserRole + 1

_KEPT = 1000


class ImageModel(QAbstractListModel):
    """Images in the order of the project.

    Parameters
    ----------
    thumbnail_size : QSize
        Largest thumbnail in device pixels.
    """

    def __init__(self, thumbnail_size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: list[ImageRecord] = []
        self._rows: dict[int, int] = {}
        self._path_of: Callable[[int], Path] | None = None
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._worker = ThumbnailWorker(thumbnail_size, self)
        self._worker.made.connect(self._thumbnail_made)

    def set_images(
        self, records: Sequence[ImageRecord], path_of: Callable[[int], Path] | None
    ) -> None:
        """Show the images of another project; ``path_of`` gives the file of an image id."""
        self.beginResetModel()
        self._worker.forget()
        self._records = list(records)
        self._rows = {record.id: row for row, record in enumerate(self._records)}
        self._path_of = path_of
        self._thumbnails.clear()
        self._asked.clear()
        self.endResetModel()

    def update_record(self, record: ImageRecord) -> None:
        """Show what is new about an image."""
        row = self._rows.get(record.id)
        if row is not None and self._records[row] != record:
            self._records[row] = record
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def row_of(self, image_id: int | None) -> int:
        """Return the row of an image, -1 if it has none."""
        return -1 if image_id is None else self._rows.get(image_id, -1)

    def stop(self) -> None:
        """End the thread that makes thumbnails."""
        self._worker.stop()

    # ---- Qt's model ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of images."""
        return 0 if parent.isValid() else len(self._records)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, record or thumbnail of an image."""
        if not index.isValid():
            return None
        record = self._records[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return record.path
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{record.path}\n{record.width} × {record.height} · {record.status}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{record.path}, {record.status}"
        if role == RECORD_ROLE:
            return record
        if role == THUMBNAIL_ROLE:
            return self._thumbnail(record)
        return None

    def _thumbnail(self, record: ImageRecord) -> QImage | None:
        known = self._thumbnails.get(record.id)
        if known is not None:
            self._thumbnails.move_to_end(record.id)
            return known
        if record.id not in self._asked and self._path_of is not None:
            self._asked.add(record.id)
            self._worker.request(record.id, self._path_of(record.id))
        return None

    def _thumbnail_made(self, image_id: int, image: QImage) -> None:
        self._asked.discard(image_id)
        row = self._rows.get(image_id)
        if row is None:
            return
        self._thumbnails[image_id] = image
        while len(self._thumbnails) > _KEPT:
            self._thumbnails.popitem(last=False)
        index = self.index(row)
        self.dataChanged.emit(index, index, [THUMBNAIL_ROLE])
