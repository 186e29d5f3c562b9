"""Labels."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, at_rest, has_label, picks_label

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="add_label",
        text="&Add label",
        group="Labels",
        keys=("Ctrl+L",),
        tip="Add a label",
        icon="add",
        enabled=at_rest,
    ),
    ActionSpec(
        id="rename_label",
        text="&Rename label",
        group="Labels",
        keys=("F2",),
        tip="Rename the selected label",
        icon="rename",
        enabled=has_label,
    ),
    ActionSpec(
        id="recolor_label",
        text="Change &colour…",
        group="Labels",
        tip="Choose another colour for the selected label",
        icon="color",
        enabled=has_label,
    ),
    ActionSpec(
        id="label_key",
        text="Change &key…",
        group="Labels",
        tip="Choose the digit that picks the selected label",
        icon="keyboard",
        enabled=has_label,
    ),
    ActionSpec(
        id="import_labels",
        text="&Import labels…",
        group="Labels",
        tip="Add the labels of a list, a COCO file or a CVAT task",
        icon="import",
        enabled=at_rest,
    ),
    ActionSpec(
        id="export_labels",
        text="&Export labels…",
        group="Labels",
        tip="Write the labels as a list, as COCO categories or for CVAT",
        icon="export",
        enabled=has_label,
    ),
    ActionSpec(
        id="label_visible",
        text="&Visible",
        group="Labels",
        keys=("Ctrl+H",),
        tip="Show or hide what is painted with the selected label",
        icon="eye",
        enabled=has_label,
        checkable=True,
    ),
    ActionSpec(
        id="label_locked",
        text="&Locked",
        group="Labels",
        keys=("Ctrl+Shift+L",),
        tip="Keep what is painted with the selected label from changing",
        icon="lock",
        enabled=has_label,
        checkable=True,
    ),
    ActionSpec(
        id="remove_label",
        text="Re&move label",
        group="Labels",
        keys=("Ctrl+Del",),
        tip="Remove the selected label and what is painted with it in this image",
        icon="remove",
        enabled=has_label,
    ),
    ActionSpec(
        id="new_object",
        text="New &object",
        group="Labels",
        keys=("N",),
        tip="Let the next stroke begin another object of the label",
        enabled=has_label,
    ),
    ActionSpec(
        id="swap_label",
        text="S&wap with the last label",
        group="Labels",
        keys=("X",),
        tip="Go back to the label used before this one",
        icon="swap",
        enabled=lambda state: state.two_labels,
    ),
    *(
        ActionSpec(
            id=f"label_{number}",
            text=f"Label &{number}",
            group="Labels",
            keys=(str(number),),
            tip=f"Select the label with the key {number}",
            enabled=picks_label(number),
        )
        for number in (*range(1, 10), 0)
    ),
)
