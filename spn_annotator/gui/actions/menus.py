"""What each menu holds."""

from __future__ import annotations

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
        ),
    ),
    (
        "&Tools",
        (
            "tool_pan",
            "tool_brush",
            "tool_eraser",
            "tool_sure_in",
            "tool_sure_out",
            None,
            "tool_polygon",
            "tool_lasso",
            "tool_rectangle",
            "tool_wand",
            "tool_superpixels",
            None,
            "tool_pick",
            "tool_refine_region",
            "tool_accept_part",
            None,
            "sure_strokes",
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
    ("&Help", ("command_palette", "key_sheet", "edit_keys", None, "about")),
)
