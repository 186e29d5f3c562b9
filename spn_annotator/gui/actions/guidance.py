"""Help."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="key_sheet",
        text="&Keys",
        group="Help",
        keys=("F1",),
        tip="Show all keys",
        icon="keyboard",
    ),
    ActionSpec(id="about", text="&About SPN Annotator", group="Help", tip="Version and licence"),
)
