"""Erase what is painted."""

from __future__ import annotations

from spn_annotator.gui.tools.base import PointerEvent, Stroke, ToolContext
from spn_annotator.gui.tools.brush import paint


class EraserTool:
    """Round eraser; with sure strokes it says that surely nothing is there."""

    id = "eraser"
    has_brush = True

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Erase until the button is let go."""
        return paint(context, event, erase=True)
