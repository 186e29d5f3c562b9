"""Tools and how they paint."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, has_image

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="tool_pan",
        text="&Pan",
        group="Tools",
        keys=("H",),
        tip="Drag the image; with any tool, hold Space or drag with the middle button",
        icon="pan",
        enabled=has_image,
        checkable=True,
        choice="tool",
    ),
    ActionSpec(
        id="tool_brush",
        text="&Brush",
        group="Tools",
        keys=("B",),
        tip="Paint the selected label; hold Alt to erase",
        icon="brush",
        enabled=has_image,
        checkable=True,
        choice="tool",
    ),
    ActionSpec(
        id="tool_eraser",
        text="&Eraser",
        group="Tools",
        keys=("E",),
        tip="Erase labels and strokes",
        icon="eraser",
        enabled=has_image,
        checkable=True,
        choice="tool",
    ),
    ActionSpec(
        id="sure_strokes",
        text="&Sure strokes",
        group="Tools",
        keys=("S",),
        tip="Sure strokes stay as they are painted; rough ones may be moved by refinement",
        icon="sure",
        enabled=has_image,
        checkable=True,
    ),
    ActionSpec(
        id="brush_bigger",
        text="B&igger brush",
        group="Tools",
        keys=("]",),
        tip="Make the brush bigger, also with Shift and the wheel",
        enabled=has_image,
    ),
    ActionSpec(
        id="brush_smaller",
        text="S&maller brush",
        group="Tools",
        keys=("[",),
        tip="Make the brush smaller, also with Shift and the wheel",
        enabled=has_image,
    ),
)
