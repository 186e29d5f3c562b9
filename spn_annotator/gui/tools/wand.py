"""Paint what looks like the pixel that is clicked."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Option, PointerEvent, Stroke, Tool, ToolContext


class WandTool(Tool):
    """Flood fill by colour, in what is in view; Alt makes it erase."""

    id = "wand"
    help = mark("Click an area of one colour in view · more tolerance takes more · Alt erases")
    options = (Option.TOLERANCE, Option.CONTIGUOUS, Option.KIND)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Ask for the area when the button is let go, so that Esc can still stop it."""
        first = event
        while event.pressed:
            event = yield
        context.flood(first)
