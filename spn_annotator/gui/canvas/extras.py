"""What is drawn over image and labels: pixel grid, rulers, guides, superpixels, heat map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPolygonF

from spn_annotator.annotation import Rect
from spn_annotator.gui.canvas.view_transform import ViewTransform
from spn_annotator.gui.i18n import number
from spn_annotator.gui.tools import Guide

#: The grid is drawn when a pixel is at least this many logical pixels wide.
GRID_FROM = 8.0

#: Width of a ruler in logical pixels.
RULER = 20

_DARK = QColor(0, 0, 0, 170)
_LIGHT = QColor(255, 255, 255)
_STEPS = (1, 2, 5)


@dataclass(frozen=True, eq=False)
class Patch:
    """A picture that lies over a rectangle of the image.

    Parameters
    ----------
    rect : Rect
        In image pixels.
    pixels : (h, w) uint32 array
        0xAARRGGBB with channels multiplied by alpha; any size, it is scaled.
    smooth : bool
        Whether it is scaled smoothly.
    """

    rect: Rect
    pixels: NDArray[np.uint32]
    smooth: bool = False

    def image(self) -> QImage:
        """Return it as an image that shares the memory."""
        height, width = self.pixels.shape
        return QImage(
            self.pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
        )


@dataclass
class Extras:
    """What is drawn over image and labels, and what of it is switched on."""

    grid: bool = True
    rulers: bool = False
    guide: Guide | None = None
    segments: Patch | None = None
    heat: Patch | None = None

    def draw(
        self,
        painter: QPainter,
        view: ViewTransform,
        *,
        ratio: float,
        clip: QRectF,
        palette: QPalette,
    ) -> None:
        """Draw on a painter in device pixels.

        Parameters
        ----------
        view : ViewTransform
            Where the image lies.
        ratio : float
            Device pixels for each logical pixel.
        clip : QRectF
            What has to be drawn, in device pixels.
        palette : QPalette
            Colours of the rulers.
        """
        if self.heat is not None:
            _draw_patch(painter, view, self.heat, clip)
        if self.segments is not None:
            _draw_patch(painter, view, self.segments, clip)
        if self.grid and view.zoom >= GRID_FROM * ratio:
            _draw_grid(painter, view, clip)
        if self.guide is not None:
            _draw_guide(painter, view, self.guide, ratio)
        if self.rulers and view.image_size[0]:
            _draw_rulers(painter, view, ratio, palette, clip)


def _draw_patch(painter: QPainter, view: ViewTransform, patch: Patch, clip: QRectF) -> None:
    rect = patch.rect
    target = QRectF(
        QPointF(*view.to_device(rect.x0, rect.y0)), QPointF(*view.to_device(rect.x1, rect.y1))
    )
    if target.intersects(clip):
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, patch.smooth)
        painter.drawImage(target, patch.image())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def _draw_grid(painter: QPainter, view: ViewTransform, clip: QRectF) -> None:
    x0, y0, x1, y1 = view.visible()
    left, top = view.to_device(x0, y0)
    right, bottom = view.to_device(x1, y1)
    lines = []
    for x in range(x0, x1 + 1):
        at = round(view.to_device(x, 0)[0])
        if clip.left() - 1 <= at <= clip.right() + 1:
            lines.append(QLineF(at, max(top, clip.top()), at, min(bottom, clip.bottom())))
    for y in range(y0, y1 + 1):
        at = round(view.to_device(0, y)[1])
        if clip.top() - 1 <= at <= clip.bottom() + 1:
            lines.append(QLineF(max(left, clip.left()), at, min(right, clip.right()), at))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(128, 128, 128, 110), 1))
    painter.drawLines(lines)


def guide_bounds(view: ViewTransform, guide: Guide, ratio: float) -> QRectF:
    """Return the device rectangle that a guide with its text takes."""
    polygon = QPolygonF([QPointF(*view.to_device(x, y)) for x, y in guide.points])
    reach = 8 * ratio
    bounds = polygon.boundingRect().adjusted(-reach, -reach, reach, reach)
    if guide.text:
        bounds.adjust(0, -24 * ratio, 160 * ratio, 32 * ratio)
    return bounds


def _draw_guide(painter: QPainter, view: ViewTransform, guide: Guide, ratio: float) -> None:
    points = [QPointF(*view.to_device(x, y)) for x, y in guide.points]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QPolygonF([*points, points[0]] if guide.closed and points else points)
    for pen in (QPen(_DARK, 3 * ratio), QPen(_LIGHT, 1.25 * ratio)):
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(line)
    if guide.closing and points:
        pen = QPen(_LIGHT, 1.25 * ratio)
        pen.setDashPattern([3, 3])
        for shade in (QPen(_DARK, 2 * ratio), pen):
            painter.setPen(shade)
            painter.drawLine(points[-1], points[0])
    side = 3 * ratio
    painter.setPen(QPen(_DARK, 1.25 * ratio))
    painter.setBrush(_LIGHT)
    for place, point in enumerate(points[: guide.handles]):
        reach = side * 1.5 if place == 0 and guide.handles > 2 else side
        painter.drawRect(QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach))
    if guide.text and points:
        corner = max(points, key=lambda point: point.x() + point.y())
        _draw_text(painter, corner + QPointF(8 * ratio, 8 * ratio), guide.text, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_text(painter: QPainter, corner: QPointF, text: str, ratio: float) -> None:
    font = painter.font()
    font.setPixelSize(round(12 * ratio))
    painter.setFont(font)
    bounds = painter.fontMetrics().boundingRect(text)
    box = QRectF(corner.x(), corner.y(), bounds.width() + 12 * ratio, bounds.height() + 6 * ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DARK)
    painter.drawRoundedRect(box, 4 * ratio, 4 * ratio)
    painter.setPen(_LIGHT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def ruler_step(zoom: float, ratio: float) -> int:
    """Return the image pixels between two numbers of a ruler: 1, 2 or 5 times a power of ten."""
    least = 64 * ratio / zoom
    power = 10 ** max(0, math.floor(math.log10(max(least, 1))))
    return next((power * step for step in (*_STEPS, 10) if power * step >= least), 10 * power)


def _draw_rulers(
    painter: QPainter, view: ViewTransform, ratio: float, palette: QPalette, clip: QRectF
) -> None:
    width, height = view.viewport_size
    thick = RULER * ratio
    step = ruler_step(view.zoom, ratio)
    ground = palette.color(QPalette.ColorRole.Window)
    line = palette.color(QPalette.ColorRole.Mid)
    text = palette.color(QPalette.ColorRole.WindowText)
    font = painter.font()
    font.setPixelSize(round(10 * ratio))
    painter.setFont(font)
    for horizontal in (True, False):
        strip = QRectF(0, 0, width, thick) if horizontal else QRectF(0, 0, thick, height)
        if not strip.intersects(clip):
            continue
        painter.fillRect(strip, ground)
        size = view.image_size[0 if horizontal else 1]
        offset = view.left if horizontal else view.top
        extent = width if horizontal else height
        first = max(0, math.floor((thick - offset) / view.zoom / step)) * step
        last = min(size, math.ceil((extent - offset) / view.zoom))
        for value in range(first, last + 1, step):
            at = round(offset + value * view.zoom)
            if at < thick:
                continue
            painter.setPen(QPen(line, max(1, round(ratio))))
            if horizontal:
                painter.drawLine(QLineF(at, thick * 0.35, at, thick))
            else:
                painter.drawLine(QLineF(thick * 0.35, at, thick, at))
            painter.setPen(text)
            if horizontal:
                box = QRectF(at + 3 * ratio, 0, 60 * ratio, thick)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, number(value))
            else:
                painter.save()
                painter.translate(0, at + 3 * ratio)
                painter.rotate(90)
                box = QRectF(0, -thick, 60 * ratio, thick)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, number(value))
                painter.restore()
        painter.setPen(QPen(line, max(1, round(ratio))))
        edge = thick - ratio / 2
        painter.drawLine(
            QLineF(0, edge, width, edge) if horizontal else QLineF(edge, 0, edge, height)
        )
    painter.fillRect(QRectF(0, 0, thick, thick), ground)
