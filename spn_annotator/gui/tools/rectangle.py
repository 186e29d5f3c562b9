"""Drag a box."""

from __future__ import annotations

import numpy as np

from spn_annotator.annotation import Rect
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Guide, Option, PointerEvent, Stroke, Tool, ToolContext
from spn_annotator.gui.tools.outlines import box_rect, corners, paint_mask


def drag_box(context: ToolContext, event: PointerEvent, found: list[Rect]) -> Stroke:
    """Show a box from the press to the pointer until it is let go; Shift makes it a square."""
    start = (event.x, event.y)
    try:
        while event.pressed:
            event = yield
            rect = box_rect(start, (event.x, event.y), context.shape, square=event.shift)
            found[:] = [rect]
            guide = Guide(corners(rect), closed=True, text=f"{rect.width} × {rect.height}")
            context.show_guide(None if rect.is_empty else guide)
    finally:
        context.show_guide(None)


class RectangleTool(Tool):
    """A filled box; Alt at the press makes it erase."""

    id = "rectangle"
    help = mark("Drag a box; it is filled when you let go · Shift: a square · Alt erases")
    options = (Option.KIND,)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Show the box until the button is let go, then fill it."""
        found: list[Rect] = []
        yield from drag_box(context, event, found)
        for rect in found:
            mask = np.ones((rect.height, rect.width), dtype=bool)
            paint_mask(context, event, rect, mask, erase=event.alt)


class RefineRegionTool(Tool):
    """Refine a box of the image; nothing outside of it changes."""

    id = "refine_region"
    help = mark("Drag a box; what is painted in it is refined when you let go")

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Show the box until the button is let go, then refine it."""
        found: list[Rect] = []
        yield from drag_box(context, event, found)
        for rect in found:
            if rect.width > 1 and rect.height > 1:
                context.refine_inside(rect)
            else:
                context.say(mark("Drag a box around what to refine"))
