"""Draw an outline in one go."""

from __future__ import annotations

from spn_annotator.annotation import Point
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Guide, Option, PointerEvent, Stroke, Tool, ToolContext
from spn_annotator.gui.tools.outlines import paint_mask, polygon_mask


def follow_line(context: ToolContext, event: PointerEvent, points: list[Point]) -> Stroke:
    """Collect the way of the pointer until it is let go."""
    points.append((event.x, event.y))
    try:
        while event.pressed:
            event = yield
            if (event.x, event.y) != points[-1]:
                points.append((event.x, event.y))
                context.show_guide(Guide(tuple(points), closed=True))
    finally:
        context.show_guide(None)


class LassoTool(Tool):
    """The inside of a line drawn by hand; Alt at the press makes it erase."""

    id = "lasso"
    help = mark("Drag around what you mean; its inside is painted when you let go · Alt erases")
    options = (Option.KIND,)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Follow the pointer until it is let go, then fill."""
        points: list[Point] = []
        yield from follow_line(context, event, points)
        rect, mask = polygon_mask(points, context.shape)
        paint_mask(context, event, rect, mask, erase=event.alt)


class RefineLassoTool(Tool):
    """Refine what lies inside a line drawn by hand; nothing outside of it changes."""

    id = "refine_lasso"
    help = mark("Drag around what to refine; nothing outside of the line changes")

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Follow the pointer until it is let go, then refine."""
        points: list[Point] = []
        yield from follow_line(context, event, points)
        rect, mask = polygon_mask(points, context.shape)
        if mask.any():
            context.refine_inside(rect, mask)
        else:
            context.say(mark("There is no pixel inside; draw it larger"))


class AcceptPartTool(Tool):
    """Take over the part of the proposal that lies inside a line drawn by hand."""

    id = "accept_part"
    help = mark("Drag around the part of the proposal to accept; the rest stays proposed")

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Follow the pointer until it is let go, then accept."""
        points: list[Point] = []
        yield from follow_line(context, event, points)
        rect, mask = polygon_mask(points, context.shape)
        context.accept_inside(rect, mask)
