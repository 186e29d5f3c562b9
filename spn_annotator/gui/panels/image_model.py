"""The images of a project as Qt's list model, with thumbnails that come when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.status_words import status_text
from spn_annotator.gui.workers.thumbnails import ThumbnailWorker, thumbnail_of
from spn_annotator.project import ImageRecord

Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_ROLE = Qt.ItemDataRole.UserRole + 1

_KEPT = 1000


class ImageSource(Protocol):
    """Where a model looks images up."""

    def record(self, image_id: int, /) -> ImageRecord:
        """Return what is known of an image."""
        ...

    def path(self, image_id: int, /) -> Path:
        """Return where it lies; SpnAnnotatorError if it must not be read."""
        ...


class ImageModel(QAbstractListModel):
    """Images in the order of the project.

    Parameters
    ----------
    thumbnail_size : QSize
        Largest thumbnail in device pixels.
    """

    def __init__(self, thumbnail_size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ImageSource | None = None
        self._ids: Sequence[int] = ()
        self._rows: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._size = thumbnail_size
        self._worker = ThumbnailWorker(thumbnail_size, self)
        self._worker.made.connect(self._thumbnail_made)

    def set_source(self, source: ImageSource | None) -> None:
        """Show the images of another project, or none."""
        self._thumbnails.clear()
        self._source = source
        self.set_ids([])

    def set_ids(self, image_ids: Sequence[int]) -> None:
        """Show these images in this order; nothing is read before it is looked at."""
        self.beginResetModel()
        self._worker.forget()
        self._ids = image_ids
        self._rows = {image_id: row for row, image_id in enumerate(image_ids)}
        self._asked.clear()
        self.endResetModel()

    def update_record(self, image_id: int) -> None:
        """Show what is new about an image."""
        row = self._rows.get(image_id)
        if row is not None:
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
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, record or thumbnail of an image."""
        if not index.isValid() or self._source is None:
            return None
        record = self._source.record(self._ids[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return record.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((record.name, *_facts(record)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{record.name}, {status_text(record.status)}"
        if role == RECORD_ROLE:
            return record
        if role == THUMBNAIL_ROLE:
            return self._thumbnail(record)
        return None

    def show_picture(self, image_id: int, picture: Picture) -> None:
        """Make a thumbnail of an image that is open, if it has none yet."""
        known = self._thumbnails.get(image_id)
        if known is None or known.isNull():
            self._thumbnail_made(image_id, thumbnail_of(picture, self._size))

    def _thumbnail(self, record: ImageRecord) -> QImage | None:
        known = self._thumbnails.get(record.id)
        if known is not None:
            self._thumbnails.move_to_end(record.id)
            return known
        if record.id not in self._asked and self._source is not None:
            self._asked.add(record.id)
            try:
                path = self._source.path(record.id)
            except SpnAnnotatorError:  # a link that leads out of the folder
                self._thumbnails[record.id] = QImage()
                return self._thumbnails[record.id]
            self._worker.request(record.id, path, record.page)
        return None

    def _thumbnail_made(self, image_id: int, image: QImage) -> None:
        self._asked.discard(image_id)
        row = self._rows.get(image_id)
        known = self._thumbnails.get(image_id)
        if row is None or (image.isNull() and known is not None):
            return
        self._thumbnails[image_id] = image
        while len(self._thumbnails) > _KEPT:
            self._thumbnails.popitem(last=False)
        index = self.index(row)
        self.dataChanged.emit(index, index, [THUMBNAIL_ROLE])


def _facts(record: ImageRecord) -> list[str]:
    """Return lines about an image for its tooltip."""
    line = status_text(record.status)
    if record.width:
        line = f"{record.width} × {record.height} · {line}"
    lines = [line]
    if record.confidence is not None:
        share = round(100 * record.confidence)
        lines.append(tr("Proposal, {percent} % sure", percent=share))
    elif record.proposed:
        lines.append(tr("Proposal"))
    if record.missing:
        lines.append(tr("The file is missing"))
    return lines
