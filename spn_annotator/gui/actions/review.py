"""Going through stored proposals."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, at_rest

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="review",
        text="&Review proposals",
        group="Review",
        keys=("F8",),
        tip="Go through stored proposals, the least certain first, to accept or reject them",
        icon="review",
        enabled=lambda state: state.project and not state.stroke,
        checkable=True,
    ),
    ActionSpec(
        id="reject",
        text="Re&ject",
        group="Review",
        keys=("Backspace",),
        tip="Drop the proposal and mark the image as rejected",
        icon="reject",
        enabled=lambda state: state.proposal and not state.stroke,
    ),
    ActionSpec(
        id="review_back",
        text="&Back to the last decision",
        group="Review",
        keys=("Shift+Backspace",),
        tip="In a review, go back to the last image and take the decision back",
        icon="undo",
        enabled=lambda state: state.decided and not state.stroke,
    ),
    ActionSpec(
        id="comment",
        text="Write a &comment",
        group="Review",
        keys=("Ctrl+Shift+C",),
        tip="Write something about the image for whoever opens it next",
        icon="comment",
        enabled=at_rest,
    ),
    ActionSpec(
        id="show_comments",
        text="&Comments",
        group="View",
        keys=("Alt+4",),
        tip="Show what was written about the image, and how sure its proposal is",
        icon="comment",
        checkable=True,
        choice="side",
    ),
)
