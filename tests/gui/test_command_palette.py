"""Commands are found by letters, keys can be changed, and clashes are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox
from pytestqt.qtbot import QtBot

from spn_annotator.gui.action_table import ACTIONS
from spn_annotator.gui.dialogs.command_palette import CommandPalette
from spn_annotator.gui.dialogs.key_editor import KeyEditor
from spn_annotator.gui.dialogs.key_sheet import sheet_rows
from spn_annotator.gui.fuzzy import ranked, score
from spn_annotator.gui.keymap import Keymap
from spn_annotator.gui.settings import Settings, key_changes
from tests.gui.hand import Hand

OK = QDialogButtonBox.StandardButton.Ok


def in_dialog(hand: Hand, opening: Callable[[], object], act: Callable[[QDialog], None]) -> None:
    """Open a modal dialog, do something in it, and wait until it is closed."""
    problems: list[BaseException] = []
    done: list[bool] = []

    def inside() -> None:
        dialog = QApplication.activeModalWidget()
        try:
            assert isinstance(dialog, QDialog)
            act(dialog)
            done.append(True)
        except BaseException as error:  # noqa: BLE001 (a slot of Qt would swallow it)
            problems.append(error)
        finally:
            if dialog is not None and dialog.isVisible():
                dialog.close()

    QTimer.singleShot(0, hand.window, inside)
    opening()
    if problems:
        raise problems[0]
    assert done, "no dialog has opened"
    hand.window.activateWindow()  # there is no window manager to do it
    hand.wait(hand.window.isActiveWindow)


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("ex", "Export", "Next image"),
        ("ni", "Next image", "Rename label"),
        ("undo", "Undo", "Unlock the document"),
    ],
)
def test_beginnings_of_words_fit_better(query: str, better: str, worse: str) -> None:
    good, bad = score(query, better), score(query, worse)
    assert good is not None
    assert bad is None or good > bad


def test_letters_must_come_in_their_order() -> None:
    assert score("tixe", "exit") is None
    assert score("EX it", "exit") is not None
    assert ranked("zz", ["a", "b"], text=str) == []
    assert ranked("", ["b", "a"], text=str) == ["b", "a"]


def test_the_palette_does_what_was_typed(opened: Hand) -> None:
    hand = opened

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, CommandPalette)
        QTest.keyClicks(dialog.field, "next im")
        assert dialog.texts[0] == "Next image"
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    in_dialog(hand, lambda: hand.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier), choose)
    hand.wait(lambda: hand.image_name == "image_2.png")


def test_the_palette_goes_with_the_arrows_and_esc_does_nothing(opened: Hand) -> None:
    hand = opened

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, CommandPalette)
        QTest.keyClicks(dialog.field, "zoom")
        first = dialog.list.currentIndex().row()
        QTest.keyClick(dialog.field, Qt.Key.Key_Down)
        assert dialog.list.currentIndex().row() == first + 1
        QTest.keyClick(dialog.field, Qt.Key.Key_Up)
        QTest.keyClick(dialog.field, Qt.Key.Key_Up)
        assert dialog.list.currentIndex().row() == 0
        QTest.keyClick(dialog.field, Qt.Key.Key_Escape)

    before = hand.window.canvas.view.zoom
    in_dialog(hand, lambda: hand.act("command_palette"), choose)
    assert hand.window.canvas.view.zoom == before


def test_what_is_not_possible_stands_last_and_does_not_run(opened: Hand) -> None:
    hand = opened

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, CommandPalette)
        QTest.keyClicks(dialog.field, "previous image")
        assert "Previous image" in dialog.texts
        row = dialog.texts.index("Previous image")
        dialog.list.setCurrentIndex(dialog.list.model().index(row, 0))
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        assert dialog.isVisible()
        assert dialog.chosen is None

    in_dialog(hand, lambda: hand.act("command_palette"), choose)
    assert hand.image_name == "image_1.png"


def test_labels_are_in_the_palette(opened: Hand) -> None:
    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, CommandPalette)
        QTest.keyClicks(dialog.field, "paint with horse")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    in_dialog(opened, lambda: opened.act("command_palette"), choose)
    assert opened.session.label is not None
    assert opened.session.label.name == "horse"


# ---- keys --------------------------------------------------------------------------------------


def test_the_table_has_no_conflict() -> None:
    assert Keymap().conflicts() == {}


def test_a_keymap_remembers_only_what_differs() -> None:
    keymap = Keymap({"fit": ["F"], "nonsense": ["G"], "undo": ["not a key"]})
    assert keymap.keys("fit") == ("F",)
    assert keymap.changes == {"fit": ["F"], "undo": []}
    keymap.set_keys("fit", ["Ctrl+F"])
    keymap.reset("undo")
    assert keymap.changes == {}


def test_a_key_taken_over_leaves_the_other_action() -> None:
    keymap = Keymap()
    keymap.set_keys("fit", ["B"])
    assert keymap.conflicts() == {"B": ["tool_brush", "fit"]}
    keymap.take("fit", "B")
    assert keymap.conflicts() == {}
    assert "B" not in keymap.keys("tool_brush")


@pytest.mark.parametrize("text", ["", "[]", '{"a": 3}', "{", "null"])
def test_stored_keys_that_are_none_are_left_out(text: str) -> None:
    assert key_changes(text) == {}


def test_a_changed_key_works_at_once_and_is_remembered(opened: Hand) -> None:
    hand = opened

    def change(dialog: QDialog) -> None:
        assert isinstance(dialog, KeyEditor)
        dialog.select("cycle_overlay")
        QTest.keyClick(dialog.entry, Qt.Key.Key_Y)
        assert dialog.entry.keySequence() == QKeySequence("Y")
        dialog.add_button.click()
        dialog.buttons.button(OK).click()

    in_dialog(hand, lambda: hand.act("edit_keys"), change)
    before = hand.window.display.style.mode
    hand.key("y")
    assert hand.window.display.style.mode is not before
    assert "Y" in hand.window.actions_["cycle_overlay"].toolTip()
    assert hand.window.settings.keys == {"cycle_overlay": ["V", "Y"]}
    rows = sheet_rows("View", hand.window.actions_.keymap)
    assert (("V", "Y"), "Fill, outline or hidden") in rows


def test_a_key_in_use_is_said_to_be_and_can_be_taken_over(opened: Hand) -> None:
    hand = opened

    def change(dialog: QDialog) -> None:
        assert isinstance(dialog, KeyEditor)
        dialog.select("fit")
        QTest.keyClick(dialog.entry, Qt.Key.Key_B)
        assert "Brush" in dialog.message.text()
        assert not dialog.add_button.isEnabled()
        dialog.take_button.click()
        assert dialog.keymap.keys("tool_brush") == ()
        dialog.buttons.button(OK).click()

    in_dialog(hand, lambda: hand.act("edit_keys"), change)
    hand.act("tool_pan")
    hand.window.canvas.zoom_to(7.0)
    hand.key("b")
    assert hand.window.canvas.tool.id == "pan"
    assert hand.window.canvas.view.zoom < 7.0


def test_a_stored_clash_is_shown_and_must_be_settled(opened: Hand, qtbot: QtBot) -> None:
    editor = KeyEditor(Keymap({"fit": ["B"]}), opened.window)
    qtbot.addWidget(editor)
    assert "several" in editor.message.text()
    assert not editor.buttons.button(OK).isEnabled()
    editor.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert editor.buttons.button(OK).isEnabled()
    assert editor.keymap.changes == {}


def test_cancelled_changes_of_keys_are_forgotten(opened: Hand) -> None:
    def change(dialog: QDialog) -> None:
        assert isinstance(dialog, KeyEditor)
        dialog.select("undo")
        dialog.clear_button.click()
        dialog.reject()

    in_dialog(opened, lambda: opened.act("edit_keys"), change)
    assert opened.window.actions_.keymap.keys("undo") == ("Ctrl+Z",)
    assert opened.window.settings.keys == {}


def test_the_editor_finds_actions_and_keys(opened: Hand, qtbot: QtBot) -> None:
    editor = KeyEditor(Keymap(), opened.window)
    qtbot.addWidget(editor)
    editor.filter.setText("ctrl+shift+z")
    shown = [spec.id for spec in ACTIONS if not editor._items[spec.id].isHidden()]
    assert "redo" in shown
    assert "fit" not in shown


def test_keys_are_stored_across_starts(tmp_path) -> None:
    path = str(tmp_path / "settings.ini")
    Settings(QSettings(path, QSettings.Format.IniFormat)).keys = {"fit": ["F", "Ctrl+F"]}
    again = Settings(QSettings(path, QSettings.Format.IniFormat))
    assert Keymap(again.keys).keys("fit") == ("F", "Ctrl+F")
