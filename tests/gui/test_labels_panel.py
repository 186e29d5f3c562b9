"""The labels panel, with the mouse and with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QLineEdit

from spn_annotator.gui.panels.label_delegate import eye_rect, lock_rect, swatch_rect
from spn_annotator.project import Project
from tests.gui.hand import Hand


def names(hand: Hand) -> list[str]:
    return [label.name for label in hand.session.labels_now()]


def row_rect(hand: Hand, row: int):
    view = hand.window.labels.list
    return view.visualRect(view.model().index(row, 0))


def click(hand: Hand, point: QPoint) -> None:
    QTest.mouseClick(
        hand.window.labels.list.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        point,
    )


def editor(hand: Hand) -> QLineEdit:
    hand.wait(lambda: hand.window.labels.list.findChild(QLineEdit) is not None)
    field = hand.window.labels.list.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    hand.wait(field.hasFocus)
    return field


def test_a_click_picks_a_label(opened: Hand) -> None:
    hand = opened
    click(hand, row_rect(hand, 1).center())
    assert hand.session.label is not None
    assert hand.session.label.name == "horse"
    hand.stroke((60, 60))
    item = hand.document.objects[int(hand.document.object_map[60, 60])]
    assert item.label_id == hand.session.label.id


def test_keys_do_not_fire_while_a_name_is_typed(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.key("r")
    hand.wait_for_proposal()
    tool, image = hand.window.canvas.tool.id, hand.image_name
    hand.key(Qt.Key.Key_F2)
    field = editor(hand)
    field.selectAll()
    for letter in "debrave s[1x]":
        QTest.keyClick(field, letter)
    assert field.text() == "debrave s[1x]"
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(lambda: names(hand) == ["debrave s[1x]", "horse"])
    assert hand.document.proposal is not None, "Enter in the field accepted the proposal"
    assert hand.window.canvas.tool.id == tool
    assert hand.image_name == image
    hand.act("undo")
    assert names(hand) == ["person", "horse"]


def test_esc_leaves_the_name_and_the_proposal_alone(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.key("r")
    hand.wait_for_proposal()
    hand.key(Qt.Key.Key_F2)
    field = editor(hand)
    QTest.keyClicks(field, "other")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    hand.wait(lambda: hand.window.labels.list.findChild(QLineEdit) is None)
    assert names(hand) == ["person", "horse"]
    assert hand.document.proposal is not None


def test_letters_do_not_fire_while_a_brush_size_is_typed(opened: Hand) -> None:
    hand = opened
    spin = hand.window.options._spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "33")
    assert hand.session.label is not None
    assert hand.session.label.name == "person"
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert hand.window.workspace.painting.size == 33
    assert hand.window.canvas.hasFocus()


def test_a_name_twice_is_refused_in_the_error_bar(opened: Hand) -> None:
    hand = opened
    hand.key(Qt.Key.Key_F2)
    field = editor(hand)
    field.setText("horse")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(hand.window.errors.isVisible)
    assert "horse" in hand.window.errors.text
    assert names(hand) == ["person", "horse"]


def test_a_new_label_is_one_step_and_painted_with_at_once(opened: Hand) -> None:
    hand = opened
    hand.key("l", Qt.KeyboardModifier.ControlModifier)
    field = editor(hand)
    QTest.keyClicks(field, "cart")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(lambda: names(hand) == ["person", "horse", "cart"])
    assert hand.session.label is not None
    assert hand.session.label.name == "cart"
    assert hand.session.label.key == "3"
    hand.wait(lambda: hand.window.labels.model.rowCount() == 3)
    hand.act("undo")
    assert names(hand) == ["person", "horse"]
    assert hand.session.label is not None, "another label is picked instead"


def test_a_new_label_without_a_name_is_none(opened: Hand) -> None:
    hand = opened
    hand.act("add_label")
    field = editor(hand)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    hand.wait(lambda: hand.window.labels.model.rowCount() == 2)
    assert names(hand) == ["person", "horse"]
    assert not hand.document.can_undo


def test_eye_and_lock_are_clicked_and_undone(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.move(10, 10)
    shown = hand.color_at(60, 60)
    click(hand, eye_rect(row_rect(hand, 0)).center())
    assert not hand.document.labels.get(1).visible
    assert not hand.window.actions_["label_visible"].isChecked()
    assert hand.color_at(60, 60) != shown
    hand.act("undo")
    assert hand.document.labels.get(1).visible
    assert hand.color_at(60, 60) == shown
    click(hand, lock_rect(row_rect(hand, 1)).center())
    assert hand.document.labels.get(2).locked
    assert hand.session.label is not None


def test_another_colour_shows_everywhere(opened: Hand, monkeypatch) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.move(10, 10)
    before = hand.color_at(60, 60)
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor(250, 10, 200))
    click(hand, swatch_rect(row_rect(hand, 0)).center())
    assert hand.document.labels.get(1).color == (250, 10, 200)
    assert hand.color_at(60, 60) != before
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor())
    hand.act("recolor_label")
    assert hand.document.labels.get(1).color == (250, 10, 200), "a cancelled choice changes nothing"


def test_removing_a_label_takes_its_pixels_and_undo_brings_them_back(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.act("remove_label")
    assert names(hand) == ["horse"]
    assert not hand.document.object_map.any()
    assert "brings it back" in hand.window.status.message
    hand.act("undo")
    assert names(hand) == ["person", "horse"]
    assert hand.document.object_map[60, 60] == 1


def test_labels_are_the_same_on_the_next_image_and_on_the_disk(opened: Hand, folder: Path) -> None:
    hand = opened
    hand.act("add_label")
    field = editor(hand)
    QTest.keyClicks(field, "cart")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(lambda: len(names(hand)) == 3)
    hand.key("d")
    hand.wait_for_image()
    assert names(hand) == ["person", "horse", "cart"]
    hand.stroke((30, 30))
    hand.wait_until_saved()
    hand.window.close()
    with Project.open(folder) as project:
        assert [label.name for label in project.labels] == ["person", "horse", "cart"]


def test_a_label_gets_the_key_of_another(opened: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtWidgets import QInputDialog

    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("2", True))
    opened.key("1")
    opened.act("label_key")
    labels = opened.session.labels_now()
    assert (labels.get(1).key, labels.get(2).key) == ("2", None)
    opened.act("undo")
    opened.act("undo")
    labels = opened.session.labels_now()
    assert (labels.get(1).key, labels.get(2).key) == ("1", "2")


def test_labels_are_written_and_taken_from_a_file(
    opened: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    file = str(tmp_path / "labels.json")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    opened.act("export_labels")
    opened.document.remove_label(2)
    opened.act("import_labels")
    assert [label.name for label in opened.session.labels_now()] == ["person", "horse"]
    Path(file).write_text("no json")
    opened.act("import_labels")
    assert "no JSON" in opened.window.errors.text
