"""Going from image to image."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec, has_image

ACTIONS: tuple[ActionSpec, ...] = (
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
        id="find_images",
        text="&Find images",
        group="Images",
        keys=("Ctrl+Shift+F",),
        tip="Filter the images by name",
        icon="filter",
        enabled=lambda state: state.project,
    ),
    ActionSpec(
        id="show_all_images",
        text="Show &all images",
        group="Images",
        tip="Take the filter away and sort the images by name",
        icon="images",
        enabled=lambda state: state.project,
    ),
    ActionSpec(
        id="mark_accepted",
        text="&Mark image as accepted",
        group="Images",
        keys=("Ctrl+Return",),
        tip="Mark the image as finished, or as in progress again",
        icon="flag",
        enabled=has_image,
    ),
)
