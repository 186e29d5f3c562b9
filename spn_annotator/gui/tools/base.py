"""What a tool is: from press to release in one generator. No Qt.

A tool yields after each event and gets the next one from the yield. When the stroke is cancelled
the generator is closed: ``GeneratorExit`` is raised at its yield, and it takes back what it did.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from spn_annotator.annotation import Rect, StrokeEdit


@dataclass(frozen=True, kw_only=True)
class PointerEvent:
    """Mouse or pen, as tools see it.

    Parameters
    ----------
    x, y : float
        Position in image pixels; the centre of the first pixel is (0.5, 0.5).
    device_x, device_y : float
        Position in device pixels of the viewport.
    pressed : bool
        The button is down; False in the last event of a stroke.
    alt : bool
        Alt is held.
    """

    x: float
    y: float
    device_x: float
    device_y: float
    pressed: bool = True
    alt: bool = False


class ToolContext(Protocol):
    """What a tool may do to the world."""

    @property
    def brush_radius(self) -> float:
        """Radius of the brush in image pixels."""
        ...

    def begin_stroke(self, event: PointerEvent, *, erase: bool) -> StrokeEdit | None:
        """Begin a stroke with the selected label; None, with a message shown, if that cannot be."""
        ...

    def stroke_painted(self, rect: Rect) -> None:
        """Show a rectangle of image pixels that the stroke has changed."""
        ...

    def stroke_ended(self, edit: StrokeEdit) -> None:
        """Say that the stroke is committed or cancelled."""
        ...

    def pan_view(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        ...


Stroke = Generator[None, PointerEvent, None]


class Tool(Protocol):
    """A tool of the tool bar; the table of actions has its text, key and tip."""

    #: Name; ``tool_<id>`` in the table of actions.
    id: str
    #: Whether the brush's circle is its cursor and the option bar shows the brush's size.
    has_brush: bool

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Return the generator of one stroke, which begins with ``event``."""
        ...


class ToolDriver:
    """Feeds events to the stroke that is under way."""

    def __init__(self) -> None:
        self._stroke: Stroke | None = None

    @property
    def busy(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    def press(self, tool: Tool, context: ToolContext, event: PointerEvent) -> None:
        """Begin a stroke; one that is under way is cancelled."""
        self.cancel()
        self._stroke = tool.stroke(context, event)
        self._advance(None)

    def move(self, event: PointerEvent) -> None:
        """Pass an event on; the last one of a stroke has ``pressed`` False."""
        if self._stroke is None:
            return
        self._advance(event)
        if not event.pressed:
            self.cancel()  # a tool that did not end with the release is ended here

    def cancel(self) -> bool:
        """Take the stroke back; returns whether there was one."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return False
        stroke.close()
        return True

    def _advance(self, event: PointerEvent | None) -> None:
        stroke = self._stroke
        if stroke is None:
            return
        try:
            if event is None:
                next(stroke)
            else:
                stroke.send(event)
        except StopIteration:
            self._stroke = None
        except BaseException:
            self._stroke = None
            raise
