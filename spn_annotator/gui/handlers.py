"""What the actions around the canvas do: project, images, editing, labels, help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spn_annotator.gui.action_table import BY_ID
from spn_annotator.gui.canvas_handlers import canvas_handlers
from spn_annotator.gui.i18n import AUTO, LANGUAGES
from spn_annotator.gui.theme import ThemeChoice

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

Handlers = dict[str, Callable[..., object]]


def all_handlers(window: MainWindow) -> Handlers:
    """Return what each action of the table does.

    Parameters
    ----------
    window : MainWindow
        Its workspace and commands exist; its widgets need not.

    Returns
    -------
    dict of str to callable
        By the id of the action; a switch is called with its new state.
    """
    return {
        **_project(window),
        **_images(window),
        **_editing(window),
        **canvas_handlers(window),
        **_review(window),
        **_labels(window),
        **_objects(window),
        **_window(window),
    }


def _project(window: MainWindow) -> Handlers:
    commands = window.commands
    return {
        "open_folder": commands.open_folder,
        "open_image": commands.open_image,
        "open_sample": commands.open_sample,
        "save": window.workspace.autosave.save_now,
        "import": commands.import_annotations,
        "export": commands.export,
        "batch": commands.batch,
        "relink": commands.relink,
        "quit": window.close,
    }


def _images(window: MainWindow) -> Handlers:
    workspace = window.workspace
    return {
        "previous_image": lambda: workspace.step(-1),
        "next_image": lambda: workspace.step(1),
        "next_todo": workspace.next_todo,
        "find_images": window.find_images,
        "show_all_images": lambda: window.strip.filter.clear(),
        "mark_accepted": workspace.toggle_accepted,
    }


def _editing(window: MainWindow) -> Handlers:
    return {"undo": window.workspace.undo, "redo": window.workspace.redo}


def _review(window: MainWindow) -> Handlers:
    # The review is made after the actions: it is looked up when needed.
    return {
        "review": lambda on: window.review.switch(on),
        "reject": lambda: window.review.reject(),
        "review_back": lambda: window.review.go_back(),
        "comment": window.write_comment,
    }


def _labels(window: MainWindow) -> Handlers:
    labels = window.label_commands
    handlers: Handlers = {
        "add_label": labels.add,
        "rename_label": labels.rename,
        "recolor_label": labels.recolor,
        "label_key": labels.change_key,
        "import_labels": labels.import_list,
        "export_labels": labels.export_list,
        "label_visible": lambda on: labels.change_picked(visible=on),
        "label_locked": lambda on: labels.change_picked(locked=on),
        "remove_label": labels.remove,
        "swap_label": labels.swap,
        "new_object": labels.new_object,
    }
    for action_id in BY_ID:
        number = action_id.removeprefix("label_")
        if number.isdigit():
            handlers[action_id] = lambda key=number: labels.pick_by_key(key)
    return handlers


def _objects(window: MainWindow) -> Handlers:
    objects = window.object_commands
    return {
        "zoom_to_object": objects.zoom_to,
        "rename_object": objects.rename,
        "relabel_object": objects.relabel,
        "split_object": objects.split,
        "merge_objects": objects.merge,
        "fill_holes": objects.fill_holes,
        "remove_islands": objects.remove_islands,
        "smooth_object": objects.smooth,
        "remove_object": objects.remove,
    }


def _window(window: MainWindow) -> Handlers:
    handlers: Handlers = {
        "key_sheet": window.commands.key_sheet,
        "command_palette": window.commands.command_palette,
        "edit_keys": window.commands.edit_keys,
        "about": window.commands.about,
        "guide": window.commands.guide,
        # Made after the actions: they are looked up when needed.
        "first_steps": lambda: window.first_steps.begin(),
    }
    for page in ("objects", "history", "statistics", "comments"):
        handlers[f"show_{page}"] = lambda page=page: window.show_side(page)
    for code in (AUTO, *LANGUAGES):
        handlers[f"language_{code}"] = lambda code=code: window.set_language(code)
    for choice in ThemeChoice:
        handlers[f"theme_{choice}"] = lambda choice=choice: window.set_theme(choice)
    return handlers
