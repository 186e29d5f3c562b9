"""The one table of what a person can do in the window.

Menus, tool bars, tooltips, keys and the key sheet are all made from :data:`ACTIONS`. The table
knows nothing of Qt: an action names its icon and keys in text and says when it is enabled by
looking at a :class:`~spn_annotator.gui.actions.WindowState`.
"""

from __future__ import annotations

from spn_annotator.gui.actions import ActionSpec, Condition, Gesture, WindowState


def _image(state: WindowState) -> bool:
    return state.image


def _idle(state: WindowState) -> bool:
    return state.image and not state.stroke


def _label(state: WindowState) -> bool:
    return _idle(state) and state.labels


def _picks(number: int) -> Condition:
    return lambda state: str(number) in state.label_keys


ACTIONS: tuple[ActionSpec, ...] = (
    # ---- project -----------------------------------------------------------------------------
    ActionSpec(
        id="open_folder",
        text="Open &folder…",
        group="Project",
        keys=("Ctrl+O",),
        tip="Open a folder of images as a project",
        icon="folder",
    ),
    ActionSpec(
        id="open_image",
        text="Open &image…",
        group="Project",
        keys=("Ctrl+Shift+O",),
        tip="Open one image; its folder becomes the project",
        icon="image",
    ),
    ActionSpec(
        id="open_sample",
        text="Open sam&ple project",
        group="Project",
        tip="Open a small project of photographs with strokes to try things on",
        icon="sample",
    ),
    ActionSpec(
        id="save",
        text="&Save now",
        group="Project",
        keys=("Ctrl+S",),
        tip="Save at once; changes are saved by themselves shortly after you make them",
        icon="save",
        enabled=lambda state: state.project and state.dirty and not state.stroke,
    ),
    ActionSpec(
        id="export",
        text="&Export…",
        group="Project",
        keys=("Ctrl+E",),
        tip="Write the masks as PNG files or COCO annotations",
        icon="export",
        enabled=lambda state: state.project and not state.stroke,
    ),
    ActionSpec(
        id="quit", text="&Quit", group="Project", keys=("Ctrl+Q",), tip="Save and close the window"
    ),
    # ---- images ------------------------------------------------------------------------------
    ActionSpec(
        id="previous_image",
        text="&Previous image",
        group="Images",
        keys=("A", "Ctrl+Left"),
        tip="Go to the image before this one",
        icon="previous",
        enabled=lambda state: state.previous and not state.stroke,
    ),
    ActionSpec(
        id="next_image",
        text="&Next image",
        group="Images",
        keys=("D", "Ctrl+Right"),
        tip="Go to the image after this one",
        icon="next",
        enabled=lambda state: state.next and not state.stroke,
    ),
    ActionSpec(
        id="next_todo",
        text="Next image &to do",
        group="Images",
        keys=("Ctrl+Shift+D",),
        tip="Go to the next image that nobody has worked on",
        icon="next-todo",
        enabled=lambda state: state.next_todo and not state.stroke,
    ),
    ActionSpec(
        id="mark_accepted",
        text="&Mark image as accepted",
        group="Images",
        keys=("Ctrl+Return",),
        tip="Mark the image as finished, or as in progress again",
        icon="flag",
        enabled=_image,
    ),
    # ---- editing -----------------------------------------------------------------------------
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
    # ---- tools -------------------------------------------------------------------------------
    ActionSpec(
        id="tool_pan",
        text="&Pan",
        group="Tools",
        keys=("H",),
        tip="Drag the image; with any tool, hold Space or drag with the middle button",
        icon="pan",
        enabled=_image,
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
        enabled=_image,
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
        enabled=_image,
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
        enabled=_image,
        checkable=True,
    ),
    ActionSpec(
        id="brush_bigger",
        text="B&igger brush",
        group="Tools",
        keys=("]",),
        tip="Make the brush bigger, also with Shift and the wheel",
        enabled=_image,
    ),
    ActionSpec(
        id="brush_smaller",
        text="S&maller brush",
        group="Tools",
        keys=("[",),
        tip="Make the brush smaller, also with Shift and the wheel",
        enabled=_image,
    ),
    # ---- refinement --------------------------------------------------------------------------
    ActionSpec(
        id="refine",
        text="&Refine",
        group="Refinement",
        keys=("R",),
        tip="Let the model move the painted borders to the edges in the image",
        icon="refine",
        enabled=lambda state: state.can_refine and not state.stroke,
    ),
    ActionSpec(
        id="live",
        text="&Live",
        group="Refinement",
        keys=("L",),
        tip="Refine by itself after each stroke",
        icon="live",
        enabled=_image,
        checkable=True,
    ),
    ActionSpec(
        id="scribbles",
        text="Unpainted is &unknown",
        group="Refinement",
        keys=("U",),
        tip="For a few lines instead of rough areas: what has no stroke is left to the model",
        enabled=_image,
        checkable=True,
    ),
    ActionSpec(
        id="accept",
        text="&Accept",
        group="Refinement",
        keys=("Return", "Enter"),
        tip="Take the proposal over",
        icon="accept",
        enabled=lambda state: state.proposal and not state.stroke,
    ),
    ActionSpec(
        id="drop",
        text="&Drop",
        group="Refinement",
        keys=("Esc",),
        tip="Drop the proposal, or the stroke or refinement under way; strokes stay",
        icon="drop",
        enabled=lambda state: state.proposal or state.stroke or state.refining,
    ),
    # ---- labels ------------------------------------------------------------------------------
    ActionSpec(
        id="add_label",
        text="&Add label",
        group="Labels",
        keys=("Ctrl+L",),
        tip="Add a label",
        icon="add",
        enabled=_idle,
    ),
    ActionSpec(
        id="rename_label",
        text="&Rename label",
        group="Labels",
        keys=("F2",),
        tip="Rename the selected label",
        icon="rename",
        enabled=_label,
    ),
    ActionSpec(
        id="recolor_label",
        text="Change &colour…",
        group="Labels",
        tip="Choose another colour for the selected label",
        icon="color",
        enabled=_label,
    ),
    ActionSpec(
        id="label_visible",
        text="&Visible",
        group="Labels",
        keys=("Ctrl+H",),
        tip="Show or hide what is painted with the selected label",
        icon="eye",
        enabled=_label,
        checkable=True,
    ),
    ActionSpec(
        id="label_locked",
        text="&Locked",
        group="Labels",
        keys=("Ctrl+K",),
        tip="Keep what is painted with the selected label from changing",
        icon="lock",
        enabled=_label,
        checkable=True,
    ),
    ActionSpec(
        id="remove_label",
        text="Re&move label",
        group="Labels",
        keys=("Ctrl+Del",),
        tip="Remove the selected label and what is painted with it in this image",
        icon="remove",
        enabled=_label,
    ),
    ActionSpec(
        id="new_object",
        text="New &object",
        group="Labels",
        keys=("N",),
        tip="Let the next stroke begin another object of the label",
        enabled=_label,
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
            enabled=_picks(number),
        )
        for number in (*range(1, 10), 0)
    ),
    # ---- view --------------------------------------------------------------------------------
    ActionSpec(
        id="fit",
        text="&Fit to window",
        group="View",
        keys=("Ctrl+F",),
        tip="Show the whole image",
        icon="fit",
        enabled=_image,
    ),
    ActionSpec(
        id="actual_size",
        text="&100 %",
        group="View",
        keys=("Ctrl+1",),
        tip="Show one pixel of the image on one pixel of the screen",
        icon="actual-size",
        enabled=_image,
    ),
    ActionSpec(
        id="zoom_in",
        text="Zoom &in",
        group="View",
        keys=("Ctrl++", "Ctrl+="),
        tip="Zoom in, also with Ctrl and the wheel",
        icon="zoom-in",
        enabled=_image,
    ),
    ActionSpec(
        id="zoom_out",
        text="Zoom &out",
        group="View",
        keys=("Ctrl+-",),
        tip="Zoom out, also with Ctrl and the wheel",
        icon="zoom-out",
        enabled=_image,
    ),
    ActionSpec(
        id="cycle_overlay",
        text="Fill, outline or &hidden",
        group="View",
        keys=("V",),
        tip="Show labels filled, as outlines, or not at all",
        icon="overlay-fill",
        enabled=_image,
    ),
    ActionSpec(
        id="show_strokes",
        text="Sho&w strokes",
        group="View",
        keys=("K",),
        tip="Show where strokes were painted",
        icon="strokes",
        enabled=_image,
        checkable=True,
    ),
    ActionSpec(
        id="theme_auto",
        text="&System colours",
        group="View",
        tip="Follow the system's light or dark scheme",
        icon="theme-auto",
        checkable=True,
        choice="theme",
    ),
    ActionSpec(
        id="theme_light",
        text="&Light",
        group="View",
        tip="Light colours",
        icon="theme-light",
        checkable=True,
        choice="theme",
    ),
    ActionSpec(
        id="theme_dark",
        text="&Dark",
        group="View",
        tip="Dark colours",
        icon="theme-dark",
        checkable=True,
        choice="theme",
    ),
    # ---- help --------------------------------------------------------------------------------
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

BY_ID: dict[str, ActionSpec] = {spec.id: spec for spec in ACTIONS}


GESTURES: tuple[Gesture, ...] = (
    Gesture(("Space + drag", "Middle drag"), "Pan", "View"),
    Gesture(("Ctrl + wheel",), "Zoom at the cursor", "View"),
    Gesture(("Wheel",), "Scroll", "View"),
    Gesture(("Hold `",), "See what was before", "View"),
    Gesture(("Hold Alt",), "Erase with the brush", "Tools"),
    Gesture(("Shift + wheel",), "Brush size", "Tools"),
)

#: What each menu holds, in order; ``None`` is a separator.
MENUS: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    (
        "&File",
        (
            "open_folder",
            "open_image",
            "open_sample",
            "@recent",
            None,
            "save",
            "export",
            None,
            "quit",
        ),
    ),
    (
        "&Edit",
        (
            "undo",
            "redo",
            None,
            "tool_pan",
            "tool_brush",
            "tool_eraser",
            "sure_strokes",
            None,
            "brush_bigger",
            "brush_smaller",
        ),
    ),
    ("&Image", ("previous_image", "next_image", "next_todo", None, "mark_accepted")),
    ("&Refine", ("refine", "live", "scribbles", None, "accept", "drop")),
    (
        "&Labels",
        (
            "add_label",
            "rename_label",
            "recolor_label",
            "label_visible",
            "label_locked",
            "remove_label",
            None,
            "swap_label",
            "new_object",
        ),
    ),
    (
        "&View",
        (
            "fit",
            "actual_size",
            "zoom_in",
            "zoom_out",
            None,
            "cycle_overlay",
            "show_strokes",
            None,
            "@panels",
            None,
            "theme_auto",
            "theme_light",
            "theme_dark",
        ),
    ),
    ("&Help", ("key_sheet", "about")),
)
