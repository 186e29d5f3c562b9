"""The table of actions, and the actions of the real window."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from spn_annotator.gui.action_table import ACTIONS, BY_ID, GESTURES, MENUS
from spn_annotator.gui.actions import WindowState
from spn_annotator.gui.dialogs.key_sheet import KeySheet, columns_of, sheet_rows
from spn_annotator.gui.keymap import Keymap
from spn_annotator.gui.window import MainWindow
from spn_annotator.paths import resources_dir
from tests.gui.hand import Hand

ALWAYS = {
    "open_folder",
    "open_image",
    "open_sample",
    "quit",
    "theme_auto",
    "theme_light",
    "theme_dark",
    "key_sheet",
    "command_palette",
    "edit_keys",
    "guide",
    "first_steps",
    "about",
    "show_objects",
    "show_history",
    "show_statistics",
    "show_comments",
    "language_auto",
    "language_en",
    "language_de",
    "language_zh_CN",
}


def test_ids_and_keys_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys, "a key that Qt does not know"


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_every_action_is_described_and_drawn(spec) -> None:
    assert spec.tip
    assert not spec.tip.endswith(".")
    assert spec.text
    if spec.icon is not None:
        assert (resources_dir() / "icons" / f"{spec.icon}.svg").is_file()


def test_mnemonics_of_a_menu_do_not_clash() -> None:
    for title, entries in MENUS:
        marks = [
            text[text.index("&") + 1].lower()
            for text in (BY_ID[e].text for e in entries if e and not e.startswith("@"))
            if "&" in text
        ]
        assert len(set(marks)) == len(marks), title


def test_every_action_is_in_a_menu_or_is_a_digit(window: MainWindow) -> None:
    found = set()
    for menu in window.menuBar().findChildren(QMenu):
        found |= {action.objectName() for action in menu.actions()}
    digits = {f"label_{number}" for number in range(10)} & BY_ID.keys()
    assert BY_ID.keys() - found - digits == set()


def test_every_key_is_on_the_key_sheet(window: MainWindow) -> None:
    groups = {spec.group for spec in ACTIONS}
    rows = [row for group in groups for row in sheet_rows(group, Keymap())]
    texts = {text for _, text in rows}
    for spec in ACTIONS:
        if spec.keys and not spec.id.removeprefix("label_").isdigit():
            assert spec.plain_text in texts, spec.id
    for gesture in GESTURES:
        assert gesture.text in texts
    sheet = KeySheet(window.actions_.keymap, window.actions_["edit_keys"], window)
    assert sheet.grab().width() > 600


def test_groups_are_shared_out_among_columns_in_their_order() -> None:
    groups = [("a", 5), ("b", 3), ("c", 4), ("d", 2), ("e", 9)]
    assert columns_of(groups, 2) == [["a", "b", "c"], ["d", "e"]]
    assert columns_of(groups, 9) == [["a", "b"], ["c", "d"], ["e"]]
    assert columns_of([], 3) == [[]]


def test_without_a_project_only_opening_and_looking_is_possible(window: MainWindow) -> None:
    enabled = {spec.id for spec, action in window.actions_ if action.isEnabled()}
    assert enabled == ALWAYS


def test_actions_are_enabled_when_they_are_possible(opened: Hand) -> None:
    hand = opened

    def on(name: str) -> bool:
        return hand.window.actions_[name].isEnabled()

    for name in (
        "undo",
        "redo",
        "refine",
        "accept",
        "drop",
        "save",
        "swap_label",
        "previous_image",
    ):
        assert not on(name), name
    for name in (
        "next_image",
        "next_todo",
        "tool_pan",
        "tool_brush",
        "fit",
        "export",
        "add_label",
        "label_1",
        "label_2",
        "mark_accepted",
        "live",
    ):
        assert on(name), name
    assert not on("label_7"), "no label has this key"
    hand.stroke((60, 60))
    assert on("undo")
    assert on("refine")
    assert not on("accept")
    hand.key("r")
    hand.wait_for_proposal()
    assert on("accept")
    assert on("drop")
    assert not on("redo")
    hand.act("undo")
    assert on("redo")
    hand.key("2")
    assert on("swap_label")
    hand.act("next_image")
    hand.wait_for_image()
    hand.act("next_image")
    hand.wait_for_image()
    assert not on("next_image")
    assert on("previous_image")


def test_conditions_never_fail_on_an_empty_state() -> None:
    possible = {spec.id for spec in ACTIONS if spec.enabled(WindowState())}
    assert possible == ALWAYS


@pytest.mark.parametrize(
    "name",
    [
        "tool_pan",
        "tool_eraser",
        "sure_strokes",
        "brush_bigger",
        "brush_smaller",
        "live",
        "scribbles",
        "fit",
        "actual_size",
        "zoom_in",
        "zoom_out",
        "cycle_overlay",
        "show_strokes",
        "theme_dark",
        "label_visible",
        "label_locked",
        "label_2",
        "new_object",
        "next_image",
        "mark_accepted",
    ],
)
def test_every_plain_action_changes_something(opened: Hand, name: str) -> None:
    hand = opened
    hand.window.canvas.zoom_to(3.0)

    def look() -> tuple:
        canvas, workspace = hand.window.canvas, hand.window.workspace
        return (
            canvas.tool.id,
            workspace.painting.kind,
            workspace.painting.size,
            workspace.refining.live,
            workspace.refining._scribbles,
            canvas.view.zoom,
            canvas.overlay_style,
            hand.window.theme.name,
            hand.session.label,
            hand.session.image_id,
            hand.session.images.accepted,
            tuple(hand.session._object_of.items()),
        )

    before = look()
    hand.act(name)
    assert look() != before


def test_the_key_sheet_and_about_open(window: MainWindow, qtbot) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QDialog

    titles = []

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        titles.append(dialog.windowTitle())
        dialog.reject()

    for name in ("key_sheet", "about"):
        QTimer.singleShot(0, window, close)
        window.actions_[name].trigger()
    assert titles == ["Keys", "About SPN Annotator"]


def test_buttons_say_what_they_are_and_their_key(window: MainWindow) -> None:
    for button in window.findChildren(QToolButton):
        if not button.isVisibleTo(window):
            continue
        assert button.toolTip(), button.text()
        assert button.accessibleName() or button.text(), button.toolTip()
    assert "(R)" in window.actions_["refine"].toolTip()
