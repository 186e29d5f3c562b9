"""What is done to whole objects."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, has_object, has_objects

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="zoom_to_object",
        text="&Zoom to object",
        group="Objects",
        keys=("Shift+F",),
        tip="Show the chosen objects from near",
        icon="zoom-object",
        enabled=has_object,
    ),
    ActionSpec(
        id="rename_object",
        text="Rename &object",
        group="Objects",
        keys=("Shift+F2",),
        tip="Give the chosen object a name of its own",
        icon="rename",
        enabled=has_object,
    ),
    ActionSpec(
        id="relabel_object",
        text="&Give it the picked label",
        group="Objects",
        tip="Make the chosen objects objects of the label that is painted with",
        icon="labels",
        enabled=has_object,
    ),
    ActionSpec(
        id="split_object",
        text="&Split into parts",
        group="Objects",
        keys=("Ctrl+Shift+S",),
        tip="Make each connected part of the chosen objects an object of its own",
        icon="split",
        enabled=has_object,
    ),
    ActionSpec(
        id="merge_objects",
        text="&Merge",
        group="Objects",
        keys=("Ctrl+J",),
        tip="Make the chosen objects one: the first of them",
        icon="merge",
        enabled=has_objects,
    ),
    ActionSpec(
        id="fill_holes",
        text="&Fill holes",
        group="Objects",
        tip="Fill what the chosen objects enclose, but for other objects",
        icon="fill-holes",
        enabled=has_object,
    ),
    ActionSpec(
        id="remove_islands",
        text="Remove &islands…",
        group="Objects",
        tip="Take small connected parts out of the chosen objects",
        icon="islands",
        enabled=has_object,
    ),
    ActionSpec(
        id="smooth_object",
        text="Smoo&th borders…",
        group="Objects",
        tip="Take teeth and notches from the borders of the chosen objects",
        icon="smooth",
        enabled=has_object,
    ),
    ActionSpec(
        id="remove_object",
        text="Remo&ve",
        group="Objects",
        keys=("Del",),
        tip="Remove the chosen objects from the image",
        icon="remove",
        enabled=has_object,
    ),
)
