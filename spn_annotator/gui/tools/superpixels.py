"""Paint whole superpixels."""

from __future__ import annotations

import math

from spn_annotator.annotation import Rect, StrokeEdit
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Option, PointerEvent, Stroke, Tool, ToolContext


class SuperpixelTool(Tool):
    """Each superpixel that the pointer passes is painted; Alt at the press makes it erase."""

    id = "superpixels"
    help = mark("Drag over superpixels to paint them whole; zoom in for finer ones · Alt erases")
    options = (Option.SEGMENTS, Option.KIND)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Paint until the button is let go."""
        if context.segment_at(event.x, event.y) is None:
            context.say(mark("The superpixels in view are being computed; try again in a moment"))
            return
        edit = context.begin_stroke(event, erase=event.alt)
        if edit is None:
            return
        seen: set[int] = set()
        try:
            context.stroke_painted(_paint(context, edit, event, event, seen))
            while event.pressed:
                last, event = event, (yield)
                context.stroke_painted(_paint(context, edit, last, event, seen))
        except BaseException:
            context.stroke_painted(edit.cancel())
            context.stroke_ended(edit)
            raise
        edit.commit()
        context.stroke_ended(edit)


def _paint(
    context: ToolContext, edit: StrokeEdit, start: PointerEvent, end: PointerEvent, seen: set[int]
) -> Rect:
    """Paint what lies on the way, looked at every few device pixels."""
    way = math.hypot(end.x - start.x, end.y - start.y) * context.zoom
    steps = max(1, math.ceil(way / 3))
    painted = Rect.empty()
    for step in range(1, steps + 1):
        x = start.x + (end.x - start.x) * step / steps
        y = start.y + (end.y - start.y) * step / steps
        found = context.segment_at(x, y)
        if found is not None and found[0] not in seen:
            seen.add(found[0])
            painted = painted.union(edit.fill(found[1], found[2]))
    return painted
