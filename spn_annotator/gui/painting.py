"""What tools work on: brush settings, strokes of the session, rectangles of the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Rect, StrokeEdit, StrokeKind
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.panels.option_bar import BIGGEST_BRUSH, SMALLEST_BRUSH
from spn_annotator.gui.session import Session
from spn_annotator.gui.tools import PointerEvent
from spn_annotator.gui.workers.latest import Failure

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
    """

    size_changed = Signal(float)
    began = Signal()
    painted = Signal(object)
    refused = Signal(object)

    def __init__(
        self, session: Callable[[], Session | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._surface: Surface | None = None
        self._size = 24.0
        self.kind: StrokeKind = "rough"

    def set_surface(self, surface: Surface) -> None:
        """Show strokes on a canvas."""
        self._surface = surface

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

    def begin_stroke(self, event: PointerEvent, *, erase: bool) -> StrokeEdit | None:
        """Begin a stroke; None, with the reason shown, if that cannot be."""
        session = self._session()
        if session is None:
            return None
        try:
            edit = session.begin_stroke(kind=self.kind, erase=erase, x=event.x, y=event.y)
        except SpnAnnotatorError as error:
            self.refused.emit(Failure(str(error), ""))
            return None
        if self._surface is not None:
            self._surface.painter.set_colors(session.object_colors())
        self.began.emit()
        return edit

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
