"""Paint the selected label."""

from __future__ import annotations

import math

from spn_annotator.annotation import Rect, StrokeEdit, StrokeKind
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Option, PointerEvent, Stroke, Tool, ToolContext

#: A pen that hardly touches still paints with this part of the brush.
_LIGHTEST = 0.1

#: Two dabs of one stroke differ by no more than this part of the brush.
_STEP = 0.08


def radius_of(context: ToolContext, event: PointerEvent) -> float:
    """Return the radius of the brush, in image pixels, with the pen's pressure if wanted."""
    radius = context.brush_radius
    if not context.settings.pressure or event.pressure >= 1:
        return radius
    return max(0.5, radius * max(_LIGHTEST, event.pressure))


def taper(edit: StrokeEdit, start: PointerEvent, end: PointerEvent, radii: tuple[float, float]):
    """Paint from one event to the next, from one radius to the other; returns the rectangle."""
    (x0, y0), (x1, y1) = (start.x, start.y), (end.x, end.y)
    first, last = radii
    largest = max(first, last)
    pieces = max(1, math.ceil(abs(last - first) / max(1.0, _STEP * largest)))
    rect = Rect.empty()
    for piece in range(pieces):
        a, b = piece / pieces, (piece + 1) / pieces
        rect = rect.union(
            edit.segment(
                (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a),
                (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b),
                first + (last - first) * b,
            )
        )
    return rect


def paint(
    context: ToolContext, event: PointerEvent, *, erase: bool, kind: StrokeKind | None = None
) -> Stroke:
    """Paint or erase from press to release: one step of the history.

    A press alone leaves a dab. Between two events the stroke is a capsule, so that a fast hand
    leaves no gaps.
    """
    edit = context.begin_stroke(event, erase=erase, kind=kind)
    if edit is None:
        return
    try:
        last, radius = event, radius_of(context, event)
        context.stroke_painted(edit.segment((event.x, event.y), (event.x, event.y), radius))
        while event.pressed:
            event = yield
            # A pen that is lifted presses no more: its last dab keeps the width it had.
            now = radius_of(context, event) if event.pressed else radius
            if event.jumped:
                last = event
                context.stroke_painted(edit.segment((event.x, event.y), (event.x, event.y), now))
            elif (event.x, event.y) != (last.x, last.y) or now > radius:
                context.stroke_painted(taper(edit, last, event, (radius, now)))
            last, radius = event, now
    except BaseException:
        # Esc closes the generator; an error must not leave half a stroke either.
        context.stroke_painted(edit.cancel())
        context.stroke_ended(edit)
        raise
    edit.commit()
    context.stroke_ended(edit)


class BrushTool(Tool):
    """Round brush; Alt at the press makes the stroke an erasing one."""

    id = "brush"
    help = mark(
        "Drag to paint · Alt erases · Shift + wheel changes the size · Esc takes the stroke back"
    )
    has_brush = True
    options = (Option.SIZE, Option.PRESSURE, Option.KIND)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Paint until the button is let go."""
        return paint(context, event, erase=event.alt)
