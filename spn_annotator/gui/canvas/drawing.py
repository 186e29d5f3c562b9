"""Drawing of the picture, the line of a comparison and the brush, on painters in device pixels."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from spn_annotator.cv import cv2
from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.canvas.overlay import DeviceRect
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.canvas.view_transform import NEAREST_FROM, ViewTransform

_DARK = QColor(0, 0, 0, 150)
_LIGHT = QColor(255, 255, 255)


def draw_picture(
    painter: QPainter,
    view: ViewTransform,
    picture: Picture,
    rect: DeviceRect,
    adjustment: Adjustment,
) -> None:
    """Draw the part of a picture that lies in a device rectangle."""
    level = picture.level(view.zoom)
    scale_x, scale_y = picture.width / level.shape[1], picture.height / level.shape[0]
    left, top = view.to_image(rect[0], rect[1])
    right, bottom = view.to_image(rect[2], rect[3])
    # Two pixels more on each side: smooth scaling looks at the neighbours.
    x0 = max(0, math.floor(left / scale_x) - 2)
    y0 = max(0, math.floor(top / scale_y) - 2)
    x1 = min(level.shape[1], math.ceil(right / scale_x) + 2)
    y1 = min(level.shape[0], math.ceil(bottom / scale_y) + 2)
    if x1 <= x0 or y1 <= y0:
        return
    part, shift, kind = level[y0:y1], x0, QImage.Format.Format_RGB888
    if not adjustment.is_none:
        # Only what is in view is looked up, never the image.
        deep, shift = picture.depth_level(view.zoom), 0
        if deep is None or picture.depth is None:
            part = np.asarray(cv2.LUT(level[y0:y1, x0:x1], adjustment.table()))
        else:
            # From the 16 bits: what lies between two of the 256 shades can be told apart.
            table = adjustment.table16(picture.depth.black, picture.depth.white)
            part, kind = table[deep[y0:y1, x0:x1]], QImage.Format.Format_Grayscale8
    image = QImage(part.data, part.shape[1], part.shape[0], part.strides[0], kind)
    corner = view.to_device(x0 * scale_x, y0 * scale_y)
    opposite = view.to_device(x1 * scale_x, y1 * scale_y)
    smooth = view.zoom < NEAREST_FROM and view.zoom != 1.0
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(
        QRectF(QPointF(*corner), QPointF(*opposite)), image, QRectF(shift, 0, x1 - x0, y1 - y0)
    )


def draw_split(painter: QPainter, view: ViewTransform, part: float, ratio: float) -> None:
    """Draw the line between before and after, at a part of the width, with its grip."""
    width, height = view.viewport_size
    x = round(part * width)
    painter.fillRect(QRectF(x - 1.5 * ratio, 0, 3 * ratio, height), _DARK)
    painter.fillRect(QRectF(x - 0.5 * ratio, 0, ratio, height), _LIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_DARK, ratio))
    painter.setBrush(_LIGHT)
    grip = QRectF(x - 4 * ratio, height / 2 - 16 * ratio, 8 * ratio, 32 * ratio)
    painter.drawRoundedRect(grip, 4 * ratio, 4 * ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_cursor(
    painter: QPainter, circle: tuple[float, float, float], ratio: float, *, erases: bool
) -> None:
    """Draw the brush: device x, y and radius; dashed where it erases."""
    x, y, radius = circle
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    light = QPen(_LIGHT, 1.25 * ratio)
    if erases:
        light.setDashPattern([3, 2.5])
    for pen in (QPen(_DARK, 3 * ratio), light):
        painter.setPen(pen)
        painter.drawEllipse(QPointF(x, y), radius, radius)
