"""The labels panel, with the mouse and with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QLineEdit, QWidget

from spn_annotator.formats.label_lists import read_label_list
from spn_annotator.gui.panels.label_delegate import eye_rect, lock_rect, swatch_rect
from spn_annotator.gui.panels.label_model import COUNT_ROLE
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


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_labels_are_written_and_taken_from_a_file(
    opened: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    from PySide6.QtWidgets import QFileDialog

    file = str(tmp_path / f"labels.{suffix}")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    opened.act("export_labels")
    horse = opened.document.labels.get(2)
    opened.document.remove_label(2)
    opened.act("import_labels")
    assert opened.document.labels.get(2) == horse, "id, colour and key are as they were"
    opened.act("undo")
    assert names(opened) == ["person"]
    Path(file).write_text("{")
    opened.act("import_labels")
    assert file in opened.window.errors.text
    assert names(opened) == ["person"]


@pytest.mark.parametrize(
    ("chosen", "name", "written"),
    [
        (1, "labels.json", "labels.yaml"),
        (0, "labels", "labels.json"),
        (2, "c.json", "c.json"),
        (3, "v.json", "v.json"),
    ],
)
def test_a_list_is_written_in_the_form_that_was_chosen(
    opened: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: int, name: str, written
) -> None:
    from PySide6.QtWidgets import QFileDialog

    def choose(_parent: object, _title: str, _path: str, filters: str) -> tuple[str, str]:
        return str(tmp_path / name), filters.split(";;")[chosen]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    opened.act("export_labels")
    found = {item.name: item.color for item in read_label_list(tmp_path / written)}
    assert found == {label.name: label.color for label in opened.session.labels_now()}
    start = (tmp_path / written).read_text().lstrip()[:14].split()[0]
    assert start == ("labels:", "{", "{", "[")[(1, 0, 2, 3).index(chosen)]


def drop(hand: Hand, widget: QWidget, *paths: Path) -> bool:
    """Drop files on a part of the window; returns whether it took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, copy = widget.rect().center(), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, copy, mime, left, none)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(where.toPointF(), copy, mime, left, none))
    return enter.isAccepted()


def test_a_list_dropped_on_the_panel_is_one_step(opened: Hand, tmp_path: Path) -> None:
    hand = opened
    file = tmp_path / "more.yaml"
    file.write_text("names:\n  0: horse\n  1: cart\n  2: dog\n")
    assert drop(hand, hand.window.labels, file)
    assert names(hand) == ["person", "horse", "cart", "dog"]
    assert hand.window.status.message == "2 labels added"
    assert drop(hand, hand.window.labels, file)
    assert "there already" in hand.window.status.message
    hand.act("undo")
    assert names(hand) == ["person", "horse"]
    assert not drop(hand, hand.window.labels, tmp_path / "notes.txt")
    assert not drop(hand, hand.window.labels, file, file)


def test_a_list_is_not_taken_without_an_image(hand: Hand, tmp_path: Path) -> None:
    assert not drop(hand, hand.window.labels, tmp_path / "labels.json")


def test_rows_say_how_much_of_a_label_there_is(opened: Hand) -> None:
    hand = opened
    model = hand.window.labels.model

    def uses() -> list[tuple[int, int]]:
        found = [model.index(row).data(COUNT_ROLE) for row in range(model.rowCount())]
        return [(use.objects, use.pixels) for use in found]

    assert uses() == [(0, 0), (0, 0)]
    hand.stroke((60, 60), (80, 60))
    area = int(hand.document.object_map.astype(bool).sum())
    hand.wait(lambda: uses() == [(1, area), (0, 0)])
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == f"person  (1)\n1 object · {area} pixels"
    assert f"{area} pixels" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    hand.act("undo")
    hand.wait(lambda: uses() == [(0, 0), (0, 0)])
    hand.act("redo")
    hand.wait(lambda: uses() == [(1, area), (0, 0)])
    hand.act("next_image")
    hand.wait_for_image()
    hand.wait(lambda: uses() == [(0, 0), (0, 0)])


def test_a_large_image_is_counted_piece_by_piece(
    opened: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spn_annotator.gui.side_display._COUNTING", 0.0)
    pieces = []
    count = type(opened.document).count_areas

    def counting(self, *, seconds: float) -> bool:
        pieces.append(seconds)
        return count(self, seconds=seconds)

    monkeypatch.setattr(type(opened.document), "count_areas", counting)
    model = opened.window.labels.model
    opened.act("next_image")
    opened.wait_for_image()
    opened.stroke((20, 20), (140, 100))
    area = int(opened.document.object_map.astype(bool).sum())
    opened.wait(lambda: model.index(0).data(COUNT_ROLE).pixels == area)
    assert len(pieces) > 1
