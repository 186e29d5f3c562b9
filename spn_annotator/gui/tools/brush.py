"""Paint the selected label."""

from __future__ import annotations

from spn_annotator.gui.tools.base import PointerEvent, Stroke, ToolContext


def paint(context: ToolContext, event: PointerEvent, *, erase: bool) -> Stroke:
    """Paint or erase from press to release: one step of the history.

    A press alone leaves a dab. Between two events the stroke is a capsule, so that a fast hand
    leaves no gaps.
    """
    edit = context.begin_stroke(event, erase=erase)
    if edit is None:
        return
    try:
        last = (event.x, event.y)
        context.stroke_painted(edit.segment(last, last, context.brush_radius))
        while event.pressed:
            event = yield
            position = (event.x, event.y)
            if position != last:
                context.stroke_painted(edit.segment(last, position, context.brush_radius))
            last = position
    except BaseException:
        # Esc closes the generator; an error must not leave half a stroke either.
        context.stroke_painted(edit.cancel())
        context.stroke_ended(edit)
        raise
    edit.commit()
    context.stroke_ended(edit)


class BrushTool:
    """Round brush; Alt at the press makes the stroke an erasing one."""

    id = "brush"
    has_brush = True

    def stroke(self, context: ToolContext, event: PointerEvent) -> Stroke:
        """Paint until the button is let go."""
        return paint(context, event, erase=event.alt)
