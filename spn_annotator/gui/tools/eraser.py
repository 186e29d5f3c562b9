"""Erase what is painted."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Option, PointerEvent, Stroke, Tool, ToolContext
from spn_annotator.gui.tools.brush import paint


class EraserTool(Tool):
    """Round eraser; with sure strokes it says that surely nothing is there."""

    id = "eraser"
    help = mark("Drag to erase labels and strokes · Shift + wheel changes the size")
    has_brush = True
    erases = True
    options = (Option.SIZE, Option.PRESSURE, Option.KIND)

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Erase until the button is let go."""
        return paint(context, event, erase=True)
