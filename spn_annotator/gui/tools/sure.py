"""Say what surely belongs to the label, and where surely nothing is."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Option, PointerEvent, Stroke, Tool, ToolContext
from spn_annotator.gui.tools.brush import paint


class SureInTool(Tool):
    """Round brush for strokes that refinement must keep; Alt says that nothing is there."""

    id = "sure_in"
    help = mark(
        "Drag over what surely belongs to the label; refinement keeps it · Alt: surely nothing"
    )
    has_brush = True
    options = (Option.SIZE, Option.PRESSURE)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Paint until the button is let go."""
        return paint(context, event, erase=event.alt, kind="sure")


class SureOutTool(Tool):
    """Round brush that says: surely nothing is here."""

    id = "sure_out"
    help = mark("Drag over what surely belongs to no label · refinement keeps it empty")
    has_brush = True
    erases = True
    options = (Option.SIZE, Option.PRESSURE)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Erase until the button is let go."""
        return paint(context, event, erase=True, kind="sure")
