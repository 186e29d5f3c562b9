"""Undoing and redoing."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="undo",
        text="&Undo",
        group="Editing",
        keys=("Ctrl+Z",),
        tip="Take back the last step on this image",
        icon="undo",
        enabled=lambda state: state.can_undo and not state.stroke,
    ),
    ActionSpec(
        id="redo",
        text="&Redo",
        group="Editing",
        keys=("Ctrl+Shift+Z", "Ctrl+Y"),
        tip="Do the step again that was taken back",
        icon="redo",
        enabled=lambda state: state.can_redo and not state.stroke,
    ),
)
