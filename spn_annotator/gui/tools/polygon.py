"""Click the corners of an outline."""

from __future__ import annotations

import math

from spn_annotator.annotation import Point
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Guide, Option, PointerEvent, Stroke, Tool, ToolContext
from spn_annotator.gui.tools.outlines import paint_mask, polygon_mask

#: A click nearer to the first corner than this, in device pixels, closes the outline.
_NEAR = 10.0


class PolygonTool(Tool):
    """Corner by corner; Alt at the first corner makes it erase."""

    id = "polygon"
    help = mark(
        "Click corners · Return, a double click or the first corner closes · "
        "Backspace takes a corner back · Alt at the first erases"
    )
    many_clicks = True
    options = (Option.KIND,)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Collect corners until the outline is closed."""
        first = event
        points: list[Point] = [(event.x, event.y)]
        try:
            while event.action != "finish":
                line = (*points, (event.x, event.y))
                context.show_guide(Guide(line, closing=len(points) > 1, handles=len(points)))
                event = yield
                if event.action == "back":
                    points.pop()
                    if not points:
                        return
                elif event.action == "press":
                    if len(points) > 2 and _near(event, points[0], context.zoom):
                        break
                    points.append((event.x, event.y))
        finally:
            context.show_guide(None)
        rect, mask = polygon_mask(points, context.shape)
        paint_mask(context, first, rect, mask, erase=first.alt)


def _near(event: PointerEvent, point: Point, zoom: float) -> bool:
    return math.hypot(event.x - point[0], event.y - point[1]) * zoom < _NEAR
