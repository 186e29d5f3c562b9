"""Take label and object from the image."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import PointerEvent, Stroke, Tool, ToolContext


class PickTool(Tool):
    """Selects the label under the pointer; the next stroke goes on with its object."""

    id = "pick"
    help = mark("Click an object to go on painting it with its label")

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Pick where the button is let go."""
        while event.pressed:
            event = yield
        context.pick(event.x, event.y)
