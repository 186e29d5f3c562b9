"""Drag the image."""

from __future__ import annotations

from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import PointerEvent, Stroke, Tool, ToolContext


class PanTool(Tool):
    """Moves the view; also what Space and the middle button do with any tool."""

    id = "pan"
    help = mark("Drag to move the image · Ctrl + wheel zooms at the cursor")
    drags_view = True

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Follow the pointer until it is let go."""
        while event.pressed:
            following = yield
            context.pan_view(
                following.device_x - event.device_x, following.device_y - event.device_y
            )
            event = following
