"""Drag the image."""

from __future__ import annotations

from spn_annotator.gui.tools.base import PointerEvent, Stroke, ToolContext


class PanTool:
    """Moves the view; also what Space and the middle button do with any tool."""

    id = "pan"
    has_brush = False

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Follow the pointer until it is let go."""
        while event.pressed:
            following = yield
            context.pan_view(
                following.device_x - event.device_x, following.device_y - event.device_y
            )
            event = following
