"""Help."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="guide",
        text="&Guide",
        group="Help",
        keys=("Shift+F1",),
        tip="Read how everything is done",
        icon="book",
    ),
    ActionSpec(
        id="first_steps",
        text="First &steps",
        group="Help",
        tip="Be led through painting, refining, accepting and exporting on the sample project",
        icon="first-steps",
    ),
    ActionSpec(
        id="key_sheet",
        text="&Keys",
        group="Help",
        keys=("F1",),
        tip="Show all keys",
        icon="keyboard",
    ),
    ActionSpec(
        id="command_palette",
        text="&Find a command…",
        group="Help",
        keys=("Ctrl+K",),
        tip="Type a few letters of what you want to do",
        icon="search",
    ),
    ActionSpec(
        id="edit_keys",
        text="&Change keys…",
        group="Help",
        tip="Give actions other keys",
        icon="keyboard",
    ),
    ActionSpec(id="about", text="&About SPN Annotator", group="Help", tip="Version and licence"),
)
