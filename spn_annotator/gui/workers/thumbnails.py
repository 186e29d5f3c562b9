"""Small pictures for the film strip, made off the GUI thread, only for what is in view."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, QThread, Signal
from PySide6.QtGui import QImage, QImageReader

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.images import read_image, read_size
from spn_annotator.gui.canvas.picture import Picture

#: Requests beyond this are dropped, oldest first: they have long been scrolled out of view.
_WAITING = 200

_BYTES = 256 * 1024 * 1024

#: More pixels than this are not decoded for a thumbnail alone, unless the decoder makes them fewer
#: while it reads: it would take seconds and more memory than the image at hand.
_PIXELS = 48_000_000


class ThumbnailWorker(QThread):
    """Makes thumbnails, the newest request first.

    Parameters
    ----------
    size : QSize
        Largest size in device pixels.

    Signals
    -------
    made(image_id, picture)
        A QImage; a null one if the file cannot be read.
    """

    made = Signal(int, QImage)

    def __init__(self, size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._condition = threading.Condition()
        self._waiting: OrderedDict[int, tuple[Path, int]] = OrderedDict()
        self._stopping = False

    def request(self, image_id: int, path: Path, page: int = 0) -> None:
        """Ask for a thumbnail of an image, or of a page of a TIFF."""
        with self._condition:
            if self._stopping:
                return
            self._waiting[image_id] = (path, page)
            self._waiting.move_to_end(image_id)
            while len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)
            self._condition.notify()
        if not self.isRunning():
            self.start(QThread.Priority.LowPriority)

    def forget(self) -> None:
        """Drop all requests that wait."""
        with self._condition:
            self._waiting.clear()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._condition:
            self._stopping = True
            self._waiting.clear()
            self._condition.notify()
        self.wait()

    def run(self) -> None:
        """Work until stopped."""
        while True:
            with self._condition:
                while not self._waiting and not self._stopping:
                    self._condition.wait()
                if self._stopping:
                    return
                image_id, (path, page) = self._waiting.popitem()
            self.made.emit(image_id, make_thumbnail(path, self._size, page=page))


def make_thumbnail(path: Path, size: QSize, *, page: int = 0) -> QImage:
    """Return a picture that fits into a size, upright.

    A null image if the file cannot be read, or is too large to be read for that alone; see
    `thumbnail_of`.
    """
    if page:
        return _read(path, size, page=page)
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    full = reader.size()
    scales = bytes(reader.format().data()) == b"jpeg"
    if full.isValid() and (scales or full.width() * full.height() * 4 <= _BYTES):
        # Decoders of JPEG scale while they read; twice the size keeps it sharp for a turned image.
        bound = QSize(max(size.width(), size.height()), max(size.width(), size.height()))
        reader.setScaledSize(full.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if not image.isNull():
            return _fitted(image, size)
    return _read(path, size)


def _read(path: Path, size: QSize, *, page: int = 0) -> QImage:
    try:
        width, height = read_size(path)
        if width * height > _PIXELS:
            return QImage()
        rgb = read_image(path, page=page)
    except (SpnAnnotatorError, OSError, ValueError, MemoryError):
        return QImage()
    return _of_pixels(rgb, size)


def thumbnail_of(picture: Picture, size: QSize) -> QImage:
    """Return a thumbnail of a picture that is open; takes next to no time."""
    zoom = max(size.width(), size.height()) / max(picture.width, picture.height)
    return _of_pixels(picture.level(min(1.0, 2 * zoom)), size)


def _of_pixels(rgb: NDArray[np.uint8], size: QSize) -> QImage:
    height, width = rgb.shape[:2]
    return _fitted(QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888), size)


def _fitted(image: QImage, size: QSize) -> QImage:
    return image.scaled(
        size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)
