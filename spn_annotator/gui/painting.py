"""What tools work on: brush settings, strokes of the session, rectangles of the canvas."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Rect, StrokeEdit, StrokeKind
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.panels.option_bar import BIGGEST_BRUSH, SMALLEST_BRUSH
from spn_annotator.gui.session import Session
from spn_annotator.gui.superpixels import Superpixeling
from spn_annotator.gui.tools import Guide, PointerEvent, ToolSettings
from spn_annotator.gui.tools.base import Mask
from spn_annotator.gui.tools.outlines import paint_mask
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.regions import FloodJob, FloodResult, FloodWorker

_SIZE_STEP = 1.15


class Painting(QObject):
    """The context of all tools.

    Parameters
    ----------
    session : callable
        Returns the session, or None.

    Signals
    -------
    size_changed(size)
        The brush has another diameter, in image pixels.
    began()
        A stroke has begun.
    painted(rect)
        A stroke has changed pixels.
    refused(failure)
        A stroke could not begin.
    said(text)
        Something worth a line in the status bar, in English.
    settings_changed(settings)
        Other ToolSettings.
    picked(x, y)
        The pick tool was used on a pixel.
    region_drawn(rect, mask)
        A box was drawn, or an area with its mask, to refine what is in it; the mask may be None.
    part_drawn(rect, mask)
        An area was drawn, to accept the proposal in it.
    """

    size_changed = Signal(float)
    began = Signal()
    painted = Signal(object)
    refused = Signal(object)
    said = Signal(str)
    settings_changed = Signal(object)
    picked = Signal(int, int)
    region_drawn = Signal(object, object)
    part_drawn = Signal(object, object)

    def __init__(
        self, session: Callable[[], Session | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._surface: Surface | None = None
        self._size = 24.0
        self._settings = ToolSettings()
        self.kind: StrokeKind = "rough"
        self.superpixels = Superpixeling(self)
        self.superpixels.failed.connect(self.refused)
        self._flood = FloodWorker(self)
        self._flood.found.connect(self._flooded)
        self._flood.failed.connect(self.refused)

    def set_surface(self, surface: Surface) -> None:
        """Show strokes on a canvas."""
        self._surface = surface
        self.superpixels.set_surface(surface)

    def stop(self) -> None:
        """End all threads."""
        self._flood.stop()
        self.superpixels.stop()

    # ---- brush -----------------------------------------------------------------------------------

    @property
    def size(self) -> float:
        """Diameter of the brush in image pixels."""
        return self._size

    @property
    def brush_radius(self) -> float:
        """Radius of the brush in image pixels."""
        return self._size / 2

    def set_size(self, size: float) -> None:
        """Use a brush of another diameter; whole pixels, 1 … 2,000."""
        size = float(min(max(round(size), SMALLEST_BRUSH), BIGGEST_BRUSH))
        if size != self._size:
            self._size = size
            self.size_changed.emit(size)

    def step_size(self, steps: float) -> None:
        """Make the brush bigger (positive) or smaller by steps of 15 %, at least a pixel each."""
        size = self._size * _SIZE_STEP**steps
        if round(size) == round(self._size):
            size = self._size + (1 if steps > 0 else -1)
        self.set_size(size)

    # ---- tools -----------------------------------------------------------------------------------

    @property
    def settings(self) -> ToolSettings:
        """What is set in the option bar."""
        return self._settings

    def set_settings(self, settings: ToolSettings) -> None:
        """Use other settings."""
        if settings != self._settings:
            self._settings = settings
            self.superpixels.set_side(settings.segments)
            self.settings_changed.emit(settings)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the image; (0, 0) without one."""
        picture = None if self._surface is None else self._surface.picture
        return (0, 0) if picture is None else (picture.height, picture.width)

    @property
    def zoom(self) -> float:
        """Device pixels for each pixel of the image."""
        return 1.0 if self._surface is None else self._surface.view.zoom

    def begin_stroke(
        self, event: PointerEvent, *, erase: bool, kind: StrokeKind | None = None
    ) -> StrokeEdit | None:
        """Begin a stroke; None, with the reason shown, if that cannot be."""
        session = self._session()
        if session is None:
            return None
        try:
            edit = session.begin_stroke(kind=kind or self.kind, erase=erase, x=event.x, y=event.y)
        except SpnAnnotatorError as error:
            self.refused.emit(Failure(str(error), ""))
            return None
        if self._surface is not None:
            self._surface.painter.set_colors(session.object_colors())
        self.began.emit()
        return edit

    def flood(self, event: PointerEvent) -> None:
        """Paint what looks like a pixel and is in view, when it has been found."""
        surface = self._surface
        if surface is None or surface.picture is None:
            return
        view = surface.visible_rect()
        x, y = math.floor(event.x), math.floor(event.y)
        if not (view.x0 <= x < view.x1 and view.y0 <= y < view.y1):
            self.said.emit(mark("Click inside the image"))
            return
        self._flood.submit(
            FloodJob(
                surface.picture,
                view,
                x,
                y,
                self._settings.tolerance,
                self._settings.contiguous,
                event,
            )
        )

    def _flooded(self, result: FloodResult) -> None:
        session, surface = self._session(), self._surface
        if session is None or surface is None or surface.picture is not result.picture:
            return
        document = session.document
        if document is None or document.open_stroke is not None:
            return  # the hand is quicker: what it does now is what it wants
        paint_mask(self, result.event, result.rect, result.mask, erase=result.event.alt)

    def segment_at(self, x: float, y: float) -> tuple[int, Rect, Mask] | None:
        """Return number, place and mask of the superpixel at a point; None if there is none."""
        return self.superpixels.at(x, y)

    def pick(self, x: float, y: float) -> None:
        """Select the label and object of a pixel."""
        height, width = self.shape
        if 0 <= x < width and 0 <= y < height:
            self.picked.emit(math.floor(x), math.floor(y))

    def refine_inside(self, rect: Rect, mask: Mask | None = None) -> None:
        """Ask to refine a box, or the true pixels of a mask in it."""
        self.region_drawn.emit(rect, mask)

    def accept_inside(self, rect: Rect, mask: Mask) -> None:
        """Ask to accept the proposal in an area."""
        self.part_drawn.emit(rect, mask)

    def show_guide(self, guide: Guide | None) -> None:
        """Show a line, or none."""
        if self._surface is not None:
            self._surface.set_guide(guide)

    def say(self, text: str) -> None:
        """Show a line of text, given in English."""
        self.said.emit(text)

    def stroke_painted(self, rect: Rect) -> None:
        """Show changed pixels."""
        if self._surface is not None and not rect.is_empty:
            self.painted.emit(rect)
            self._surface.update_image_rect(rect.x0, rect.y0, rect.x1, rect.y1)

    def stroke_ended(self, edit: StrokeEdit) -> None:
        """Say that the stroke is over."""
        session = self._session()
        if session is not None:
            session.stroke_done(edit)

    def pan_view(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        if self._surface is not None:
            self._surface.pan_view(dx, dy)
