"""Which panel is seen at the side."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="show_objects",
        text="&Objects",
        group="View",
        keys=("Alt+1",),
        tip="Show the objects of the image",
        icon="objects",
        checkable=True,
        choice="side",
    ),
    ActionSpec(
        id="show_history",
        text="Histor&y",
        group="View",
        keys=("Alt+2",),
        tip="Show the steps made on the image, to go back to any of them",
        icon="history",
        checkable=True,
        choice="side",
    ),
    ActionSpec(
        id="show_statistics",
        text="S&tatistics",
        group="View",
        keys=("Alt+3",),
        tip="Show pixels and objects of each label",
        icon="statistics",
        checkable=True,
        choice="side",
    ),
)
