"""Image and overlay as they look on the screen, kept from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import qimage2ndarray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.canvas.drawing import draw_picture
from spn_annotator.gui.canvas.overlay import (
    DeviceRect,
    OverlayPainter,
    OverlaySource,
    OverlayStyle,
)
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.canvas.view_transform import ViewTransform

#: More changed rectangles than this between two frames are joined into one.
_MANY = 64


@dataclass
class Scene:
    """What is drawn, and how.

    Attributes
    ----------
    picture : Picture or None
    source : OverlaySource or None
        The maps that are drawn over it.
    style, before_style : OverlayStyle
        How they look; and left of the line of a comparison.
    split : float or None
        Where that line is, as a part of the width; None: nowhere.
    adjustment : Adjustment
        Brightness, contrast and gamma of the picture.
    around : QColor
        The colour around the picture.
    """

    picture: Picture | None = None
    source: OverlaySource | None = None
    style: OverlayStyle = field(default_factory=OverlayStyle)
    before_style: OverlayStyle = field(default_factory=OverlayStyle)
    split: float | None = None
    adjustment: Adjustment = field(default_factory=Adjustment)
    around: QColor = field(default_factory=lambda: QColor("#808080"))


class ScreenBuffers:
    """The two buffers of a surface, at the screen's resolution.

    Parameters
    ----------
    view : ViewTransform
        Where the picture is.
    scene : Scene
        What is drawn; say what of it has changed.

    Attributes
    ----------
    ground : QImage
        The picture, opaque.
    layer : QImage
        What lies over it.
    painter : OverlayPainter
    """

    def __init__(self, view: ViewTransform, scene: Scene) -> None:
        self.ground = QImage()
        self.layer = QImage()
        self.painter = OverlayPainter()
        self._view = view
        self._scene = scene
        self._stale = True
        self._dirty: list[DeviceRect] = []

    @property
    def waits(self) -> bool:
        """Whether something is to be painted anew with the next frame."""
        return self._stale or bool(self._dirty)

    def invalidate(self) -> None:
        """Paint both anew with the next frame."""
        self._stale = True

    def invalidate_layer(self) -> None:
        """Paint all of the overlay anew with the next frame."""
        self._dirty = [(0, 0, *self._view.viewport_size)]

    def add(self, rect: DeviceRect) -> None:
        """Paint a part of the overlay anew with the next frame."""
        self._dirty.append(rect)
        if len(self._dirty) > _MANY:
            boxes = np.array(self._dirty)
            low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
            self._dirty = [(int(low[0]), int(low[1]), int(high[0]), int(high[1]))]

    def bring_up_to_date(self, size: tuple[int, int]) -> None:
        """Paint what has changed, for a viewport of a width and a height in device pixels."""
        if self._view.viewport_size != size:  # the window has moved to a screen of another scale
            self._view.set_viewport_size(*size)
            self._stale = True
        if (self.ground.width(), self.ground.height()) != size:
            self.ground = QImage(*size, QImage.Format.Format_RGB32)
            self.layer = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
            self._stale = True
        if self._stale:
            self._stale = False
            whole = (0, 0, *size)
            self._paint_ground(whole)
            self._dirty = [whole]
        dirty, self._dirty = self._dirty, []
        for rect in dirty:
            self._paint_layer(rect)

    def shift(self, dx: int, dy: int) -> None:
        """Move both buffers and paint the strips that come into view."""
        width, height = self.ground.width(), self.ground.height()
        if abs(dx) >= width or abs(dy) >= height:
            self._stale = True
            return
        target = (slice(max(0, dy), height + min(0, dy)), slice(max(0, dx), width + min(0, dx)))
        origin = (slice(max(0, -dy), height + min(0, -dy)), slice(max(0, -dx), width + min(0, -dx)))
        for image in (self.ground, self.layer):
            pixels = qimage2ndarray.raw_view(image)
            pixels[target] = pixels[origin].copy()
        strips: list[DeviceRect] = []
        if dx:
            strips.append((0, 0, dx, height) if dx > 0 else (width + dx, 0, width, height))
        if dy:
            strips.append((0, 0, width, dy) if dy > 0 else (0, height + dy, width, height))
        for strip in strips:
            self._paint_ground(strip)
            self._paint_layer(strip)

    def _paint_layer(self, rect: DeviceRect) -> None:
        scene = self._scene
        if scene.source is None:
            return
        x0, y0, x1, y1 = rect
        width, height = self.layer.width(), self.layer.height()
        rect = (max(0, x0), max(0, y0), min(width, x1), min(height, y1))
        pixels = qimage2ndarray.raw_view(self.layer)
        parts = [(rect, scene.style)]
        if scene.split is not None:
            x0, y0, x1, y1 = rect
            line = min(max(round(scene.split * width), x0), x1)
            parts = [((x0, y0, line, y1), scene.before_style), ((line, y0, x1, y1), scene.style)]
        for part, style in parts:
            self.painter.paint(pixels, part, view=self._view, source=scene.source, style=style)

    def _paint_ground(self, rect: DeviceRect) -> None:
        x0, y0, x1, y1 = rect
        painter = QPainter(self.ground)
        painter.setClipRect(QRect(x0, y0, x1 - x0, y1 - y0))
        painter.fillRect(QRect(x0, y0, x1 - x0, y1 - y0), self._scene.around)
        if self._scene.picture is not None:
            draw_picture(painter, self._view, self._scene.picture, rect, self._scene.adjustment)
        painter.end()
