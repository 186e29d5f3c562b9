"""Opening, saving, exporting."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
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
        id="import",
        text="I&mport annotations…",
        group="Project",
        keys=("Ctrl+I",),
        tip="Take annotations over from another tool's files",
        icon="import",
        enabled=lambda state: state.project and not state.stroke,
    ),
    ActionSpec(
        id="export",
        text="&Export…",
        group="Project",
        keys=("Ctrl+E",),
        tip="Write the annotations as masks or in the format of another tool",
        icon="export",
        enabled=lambda state: state.project and not state.stroke,
    ),
    ActionSpec(
        id="relink",
        text="Fi&nd missing images…",
        group="Project",
        tip="Look for images that are missing or have changed, and say where they are now",
        icon="search",
        enabled=lambda state: state.project and not state.stroke,
    ),
    ActionSpec(
        id="quit", text="&Quit", group="Project", keys=("Ctrl+Q",), tip="Save and close the window"
    ),
)
