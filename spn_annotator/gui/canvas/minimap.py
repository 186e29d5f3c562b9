"""The whole image in a corner, with a frame around what is in view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from spn_annotator.cv import cv2
from spn_annotator.gui.canvas.overlay import OverlayMode, OverlayStyle
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.canvas.view_transform import ViewTransform
from spn_annotator.gui.i18n import tr

#: Longer and shorter side at most, in logical pixels.
_WIDTH, _HEIGHT = 200, 150

#: Labels on it follow the strokes so many milliseconds later.
_REST_MS = 250

_STYLE = OverlayStyle(mode=OverlayMode.FILL, opacity=0.55, strokes=False, proposal=False)


class Minimap(QWidget):
    """Shows image and labels small; a click or drag moves the view.

    It hides by itself while the whole image is in view.

    Parameters
    ----------
    surface : Surface
        The canvas that it lies on.
    """

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._surface = surface
        self._wanted = True
        self._image = QImage()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.redraw)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Minimap: click or drag to move the view"))
        self.setAccessibleName(tr("Minimap"))
        surface.view_changed.connect(self.follow)
        surface.content_changed.connect(self._content_changed)
        self.hide()

    def set_wanted(self, wanted: bool) -> None:
        """Show it when it is of use, or never."""
        self._wanted = wanted
        self.follow()

    def follow(self) -> None:
        """Follow the view: show the frame where it is now, or hide."""
        picture, view = self._surface.picture, self._surface.view
        if picture is None:
            self._image = QImage()
            self.hide()
            return
        whole = view.visible() == (0, 0, picture.width, picture.height)
        if not self._wanted or whole or self._surface.width() < 3 * _WIDTH:
            self.hide()
            return
        scale = min(_WIDTH / picture.width, _HEIGHT / picture.height)
        size = QSize(max(16, round(picture.width * scale)), max(16, round(picture.height * scale)))
        if self.size() != size or self._image.isNull() or not self.isVisible():
            self.resize(size)
            self.place()
            self.show()
            self.redraw()
        self.update()

    def place(self) -> None:
        """Go to the lower right corner."""
        self.move(
            self._surface.width() - self.width() - 12, self._surface.height() - self.height() - 12
        )

    def redraw(self) -> None:
        """Draw image and labels anew."""
        surface, picture = self._surface, self._surface.picture
        if picture is None or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        level = picture.level(width / picture.width)
        small = np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_AREA))
        if not surface.adjustment.is_none:
            small = np.asarray(cv2.LUT(small, surface.adjustment.table()))
        image = QImage(
            small.data, width, height, 3 * width, QImage.Format.Format_RGB888
        ).convertToFormat(QImage.Format.Format_RGB32)
        if surface.source is not None:
            view = ViewTransform()
            view.set_viewport_size(width, height)
            view.set_image_size(picture.width, picture.height)
            view.zoom = max(width / picture.width, height / picture.height)
            view.left = view.top = 0.0
            labels = np.zeros((height, width), np.uint32)
            surface.painter.paint(
                labels, (0, 0, width, height), view=view, source=surface.source, style=_STYLE
            )
            layer = QImage(
                labels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
            )
            painter = QPainter(image)
            painter.drawImage(0, 0, layer)
            painter.end()
        image.setDevicePixelRatio(ratio)
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and the frame."""
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        frame = self._frame()
        outside = QColor(0, 0, 0, 90)
        for part in (
            QRectF(0, 0, self.width(), frame.top()),
            QRectF(0, frame.bottom(), self.width(), self.height() - frame.bottom()),
            QRectF(0, frame.top(), frame.left(), frame.height()),
            QRectF(frame.right(), frame.top(), self.width() - frame.right(), frame.height()),
        ):
            painter.fillRect(part, outside)
        for pen in (QPen(QColor(0, 0, 0, 150), 3), QPen(QColor(255, 255, 255), 1.25)):
            painter.setPen(pen)
            painter.drawRect(frame)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring what is clicked into the middle of the view."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._center(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the view along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._center(event.position())

    def _center(self, position: QPointF) -> None:
        picture = self._surface.picture
        if picture is not None:
            x = position.x() / self.width() * picture.width
            y = position.y() / self.height() * picture.height
            self._surface.center_on((x, y))

    def _frame(self) -> QRectF:
        picture = self._surface.picture
        if picture is None:
            return QRectF()
        x0, y0, x1, y1 = self._surface.view.visible()
        scale_x, scale_y = self.width() / picture.width, self.height() / picture.height
        frame = QRectF(x0 * scale_x, y0 * scale_y, (x1 - x0) * scale_x, (y1 - y0) * scale_y)
        return frame.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _content_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()
