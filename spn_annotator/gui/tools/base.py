"""What a tool is: from press to release in one generator. No Qt.

A tool yields after each event and gets the next one from the yield. When the stroke is cancelled
the generator is closed: ``GeneratorExit`` is raised at its yield, and it takes back what it did.
A tool of many clicks (a polygon) goes on after a release, until it ends by itself or is cancelled.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import Point, Rect, StrokeEdit, StrokeKind

Mask = NDArray[np.bool_]
PointerAction = Literal["press", "move", "release", "finish", "back"]


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
    alt, shift : bool
        Alt, Shift is held; the blunt end of a pen counts as Alt.
    pressure : float
        Of a pen, 0 … 1; 1 for a mouse.
    action : str
        What happened. Only tools of many clicks see ``"finish"`` (Return or a double click) and
        ``"back"`` (Backspace), and a ``"press"`` after their first.
    jumped : bool
        The view moved since the last event of the stroke: nothing was drawn on the way here.
    """

    x: float
    y: float
    device_x: float
    device_y: float
    pressed: bool = True
    alt: bool = False
    shift: bool = False
    pressure: float = 1.0
    action: PointerAction = "move"
    jumped: bool = False


class Option(StrEnum):
    """What the option bar can offer for a tool."""

    SIZE = "size"
    PRESSURE = "pressure"
    KIND = "kind"
    TOLERANCE = "tolerance"
    CONTIGUOUS = "contiguous"
    SEGMENTS = "segments"


@dataclass(frozen=True, kw_only=True)
class ToolSettings:
    """What is set in the option bar, beside the size of the brush.

    Parameters
    ----------
    pressure : bool
        Whether a pen's pressure makes the brush smaller.
    tolerance : int
        How much a channel may differ for the wand, 0 … 255.
    contiguous : bool
        Whether the wand takes only what is connected to the pixel clicked.
    segments : int
        Side of a superpixel in logical pixels of the screen, 8 … 128.
    """

    pressure: bool = True
    tolerance: int = 24
    contiguous: bool = True
    segments: int = 32


@dataclass(frozen=True)
class Guide:
    """A line that a tool shows while it is at work.

    Parameters
    ----------
    points : sequence of (float, float)
        In image coordinates.
    closed : bool
        Whether the last point is joined to the first.
    closing : bool
        Whether it would be joined to it if the tool ended now; drawn faintly.
    handles : int
        How many of the first points are marked by squares.
    text : str
        Shown beside the last point.
    """

    points: Sequence[Point] = field(default_factory=tuple)
    closed: bool = False
    closing: bool = False
    handles: int = 0
    text: str = ""


class ToolContext(Protocol):
    """What a tool may do to the world."""

    @property
    def brush_radius(self) -> float:
        """Radius of the brush in image pixels."""
        ...

    @property
    def settings(self) -> ToolSettings:
        """What is set in the option bar."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the image."""
        ...

    @property
    def zoom(self) -> float:
        """Device pixels for each pixel of the image."""
        ...

    def begin_stroke(
        self, event: PointerEvent, *, erase: bool, kind: StrokeKind | None = None
    ) -> StrokeEdit | None:
        """Begin a stroke with the selected label; None, with a message shown, if that cannot be.

        ``kind`` overrides the kind of strokes that is chosen.
        """
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

    def show_guide(self, guide: Guide | None) -> None:
        """Show a line, or none."""
        ...

    def say(self, text: str) -> None:
        """Show a line of text."""
        ...

    def flood(self, event: PointerEvent) -> None:
        """Paint what looks like a pixel; computed on a thread, painted when it is there."""
        ...

    def segment_at(self, x: float, y: float) -> tuple[int, Rect, Mask] | None:
        """Return number, place and mask of the superpixel at a point; None if there is none yet."""
        ...

    def pick(self, x: float, y: float) -> None:
        """Select the label and object of a pixel."""
        ...

    def refine_inside(self, rect: Rect, mask: Mask | None = None) -> None:
        """Refine a rectangle of the image, or the true pixels of a mask in it, and nothing else."""
        ...

    def accept_inside(self, rect: Rect, mask: Mask) -> None:
        """Take over the part of the proposal that lies in a mask."""
        ...


Stroke = Generator[None, PointerEvent, None]


class Tool:
    """A tool of the tool bar; the table of actions has its text, key and tip.

    Attributes
    ----------
    id : str
        Name; ``tool_<id>`` in the table of actions.
    help : str
        One line for the status bar: what the hand does.
    has_brush : bool
        Whether the brush's circle is its cursor.
    many_clicks : bool
        Whether it goes on after the button is let go.
    erases : bool
        Whether its cursor is that of an eraser.
    drags_view : bool
        Whether its cursor is a hand.
    options : tuple of Option
        What the option bar offers.
    """

    id: str = ""
    help: str = ""
    has_brush: bool = False
    many_clicks: bool = False
    erases: bool = False
    drags_view: bool = False
    options: tuple[Option, ...] = ()

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Return the generator of one stroke, which begins with ``event``."""
        raise NotImplementedError


class ToolDriver:
    """Feeds events to the stroke that is under way."""

    def __init__(self) -> None:
        self._stroke: Stroke | None = None
        self._many_clicks = False

    @property
    def busy(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    @property
    def between_clicks(self) -> bool:
        """Whether a stroke of many clicks is under way."""
        return self._stroke is not None and self._many_clicks

    def press(self, tool: Tool, context: ToolContext, event: PointerEvent) -> None:
        """Begin a stroke; one that is under way is cancelled."""
        self.cancel()
        self._many_clicks = tool.many_clicks
        self._stroke = tool.stroke(context, event)
        self._advance(None)

    def move(self, event: PointerEvent) -> None:
        """Pass an event on; the last one of a stroke has ``pressed`` False."""
        if self._stroke is None:
            return
        self._advance(event)
        if not event.pressed and not self._many_clicks:
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
