"""The drawing half of the canvas: image, overlay, cursor. It repaints only what has changed."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spn_annotator.annotation import Point, Rect
from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.canvas.buffers import Scene, ScreenBuffers
from spn_annotator.gui.canvas.drawing import draw_cursor, draw_split
from spn_annotator.gui.canvas.extras import Extras, Patch, guide_bounds
from spn_annotator.gui.canvas.overlay import (
    OverlayPainter,
    OverlaySource,
    OverlayStyle,
)
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.canvas.view_transform import ViewTransform
from spn_annotator.gui.tools import Guide

#: An outline reaches this many device pixels beyond the changed pixels.
_REACH = 3

#: Device pixels beside the line of a comparison that its grip takes, and some.
_HANDLE = 12

#: Logical pixels around a picture that is fitted.
_MARGIN = 16


class Surface(QWidget):
    """Shows a picture with its overlay.

    Image and overlay are kept as they look on the screen, at the screen's resolution. A stroke
    changes a rectangle of the overlay; a pan shifts both and paints the strips that come into
    view; a zoom paints both anew.

    Signals
    -------
    view_changed()
        Zoom or position has changed.
    content_changed()
        What is drawn over the picture has changed, or how.
    resized()
        The widget has another size.
    """

    view_changed = Signal()
    content_changed = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ViewTransform()
        self._scene = Scene()
        self._buffers = ScreenBuffers(self.view, self._scene)
        self._extras = Extras()
        self._cursor_circle: tuple[float, float, float] | None = None
        self._cursor_erases = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(240, 160))

    # ---- what is shown ---------------------------------------------------------------------------

    @property
    def painter(self) -> OverlayPainter:
        """What draws the overlay."""
        return self._buffers.painter

    @property
    def picture(self) -> Picture | None:
        """The picture that is shown."""
        return self._scene.picture

    @property
    def overlay_style(self) -> OverlayStyle:
        """How the overlay looks."""
        return self._scene.style

    def set_picture(self, picture: Picture | None, source: OverlaySource | None) -> None:
        """Show another picture with its maps, or nothing; the view fits it."""
        self._scene.picture = picture
        self._scene.source = source
        self._extras.guide = self._extras.heat = self._extras.segments = None
        if picture is None:
            self.view.set_image_size(0, 0)
        else:
            self.view.set_image_size(picture.width, picture.height)
        self._view_moved()

    @property
    def source(self) -> OverlaySource | None:
        """The maps that are drawn over it."""
        return self._scene.source

    def set_source(self, source: OverlaySource | None) -> None:
        """Show other maps over the same picture; say where they differ, or refresh all."""
        self._scene.source = source

    def set_overlay_style(self, style: OverlayStyle) -> None:
        """Draw the overlay in another way."""
        if style != self._scene.style:
            self._scene.style = style
            self.refresh_overlay()

    # ---- comparing -------------------------------------------------------------------------------

    @property
    def split(self) -> float | None:
        """Where the line between before and after is, as a part of the width; None: nowhere."""
        return self._scene.split

    def set_split(self, part: float | None) -> None:
        """Draw what is left of a line in the style of before, or draw no such line."""
        if part is not None:
            part = min(max(part, 0.0), 1.0)
        if part == self._scene.split:
            return
        width, height = self.view.viewport_size
        former, self._scene.split = self._scene.split, part
        ends = [round((1.0 if at is None else at) * width) for at in (former, part)]
        left, right = max(0, min(ends) - _HANDLE), min(width, max(ends) + _HANDLE)
        if former is None or part is None:
            left, right = 0, width
        self._buffers.add((left, 0, right, height))
        self.update(self._logical(left, 0, right, height))

    def set_before_style(self, style: OverlayStyle) -> None:
        """Draw the part of before in another way."""
        if style != self._scene.before_style:
            self._scene.before_style = style
            if self._scene.split is not None:
                self.refresh_overlay()

    # ---- what is drawn over it -------------------------------------------------------------------

    @property
    def adjustment(self) -> Adjustment:
        """Brightness, contrast and gamma of the picture."""
        return self._scene.adjustment

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Show the picture with another brightness, contrast or gamma."""
        if adjustment != self._scene.adjustment:
            self._scene.adjustment = adjustment
            self._buffers.invalidate()
            self.update()
            self.content_changed.emit()

    def set_grid(self, on: bool) -> None:
        """Draw a grid of pixels when they are large enough, or none."""
        self._extras.grid = on
        self.update()

    def set_rulers(self, on: bool) -> None:
        """Draw rulers at the upper and left edge, or none."""
        self._extras.rulers = on
        self.update()

    @property
    def guide(self) -> Guide | None:
        """The line that a tool shows."""
        return self._extras.guide

    def set_guide(self, guide: Guide | None) -> None:
        """Show a line, or none."""
        for shown in (self._extras.guide, guide):
            if shown is not None and shown.points:
                bounds = guide_bounds(self.view, shown, self.device_ratio)
                self.update(
                    self._logical(bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
                )
        self._extras.guide = guide

    def set_segments(self, patch: Patch | None) -> None:
        """Show the borders of superpixels, or none."""
        self._extras.segments = patch
        self.update()

    def set_heat(self, patch: Patch | None) -> None:
        """Show a heat map, or none."""
        former, self._extras.heat = self._extras.heat, patch
        for shown in (former, patch):
            if shown is not None:
                rect = shown.rect
                x0, y0, x1, y1 = self.view.device_rect(rect.x0, rect.y0, rect.x1, rect.y1, margin=2)
                self.update(self._logical(x0, y0, x1, y1))

    def visible_rect(self) -> Rect:
        """Return the image pixels in view; empty without a picture."""
        return Rect(*self.view.visible()) if self._scene.picture is not None else Rect.empty()

    def center_on(self, point: Point) -> None:
        """Move the picture so that a point of it is in the middle."""
        x, y = self.view.to_device(*point)
        width, height = self.view.viewport_size
        self.pan_view(width / 2 - x, height / 2 - y)

    def set_canvas_color(self, color: QColor) -> None:
        """Set the colour around the picture."""
        self._scene.around = color
        self._buffers.invalidate()
        self.update()

    def refresh_overlay(self) -> None:
        """Paint the whole overlay anew with the next frame."""
        self._buffers.invalidate_layer()
        self.update()
        self.content_changed.emit()

    def update_image_rect(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Paint a half-open rectangle of image pixels anew with the next frame."""
        self.content_changed.emit()
        left, top, right, bottom = self.view.device_rect(x0, y0, x1, y1, margin=_REACH)
        if right <= left or bottom <= top:
            return
        self._buffers.add((left, top, right, bottom))
        self.update(self._logical(left, top, right, bottom))

    # ---- view ------------------------------------------------------------------------------------

    @property
    def device_ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.devicePixelRatioF()

    def fit(self) -> None:
        """Show the whole picture."""
        self.view.fit()
        self._view_moved()

    def zoom_to(self, zoom: float) -> None:
        """Zoom to a value around the middle of the viewport."""
        self.view.set_zoom(zoom)
        self._view_moved()

    def zoom_at(self, position: QPointF, factor: float) -> None:
        """Zoom by a factor around a logical position of the widget."""
        ratio = self.device_ratio
        self.view.zoom_at(position.x() * ratio, position.y() * ratio, factor)
        self._view_moved()

    def pan_view(self, dx: float, dy: float) -> None:
        """Move the picture by device pixels."""
        before = (self.view.left, self.view.top)
        self.view.pan(dx, dy)
        shift = (round(self.view.left - before[0]), round(self.view.top - before[1]))
        if shift == (0, 0):
            return
        if self._buffers.waits or self._scene.split is not None:
            self._buffers.invalidate()  # the line of a comparison does not move along
        else:
            self._buffers.shift(*shift)
        self.update()
        self.view_changed.emit()

    def _view_moved(self) -> None:
        self._buffers.invalidate()
        self.update()
        self.view_changed.emit()

    # ---- cursor ----------------------------------------------------------------------------------

    def set_cursor_circle(
        self, circle: tuple[float, float, float] | None, *, erases: bool = False
    ) -> None:
        """Show the brush: device x, y and radius; None hides it."""
        if (circle, erases) == (self._cursor_circle, self._cursor_erases):
            return
        for shown in (self._cursor_circle, circle):
            if shown is not None:
                x, y, radius = shown
                reach = radius + 4
                self.update(self._logical(x - reach, y - reach, x + reach, y + reach))
        self._cursor_circle = circle
        self._cursor_erases = erases

    # ---- painting --------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make buffers of the new size with the next frame."""
        super().resizeEvent(event)
        ratio = self.device_ratio
        self.view.margin = round(_MARGIN * ratio)
        self.view.set_viewport_size(round(self.width() * ratio), round(self.height() * ratio))
        self._view_moved()
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring both buffers up to date and copy them to the screen."""
        ratio = self.device_ratio
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        self._buffers.bring_up_to_date((max(1, width), max(1, height)))
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, self._buffers.ground)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self._scene.source is not None:
            painter.drawImage(0, 0, self._buffers.layer)
        if self._scene.source is not None:
            clip = event.rect().toRectF()
            clip = QRectF(
                clip.x() * ratio, clip.y() * ratio, clip.width() * ratio, clip.height() * ratio
            )
            self._extras.draw(painter, self.view, ratio=ratio, clip=clip, palette=self.palette())
            if self._scene.split is not None:
                draw_split(painter, self.view, self._scene.split, ratio)
        if self._cursor_circle is not None:
            draw_cursor(painter, self._cursor_circle, ratio, erases=self._cursor_erases)
        painter.end()

    def _logical(self, left: float, top: float, right: float, bottom: float) -> QRect:
        ratio = self.device_ratio
        x0, y0 = math.floor(left / ratio), math.floor(top / ratio)
        return QRect(x0, y0, math.ceil(right / ratio) - x0, math.ceil(bottom / ratio) - y0)
