"""Objects, history and statistics at the side of the window, with real mouse and key events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu

from spn_annotator.annotation import Document, Rect
from spn_annotator.gui.panels.bar_plot import Bar, BarPlot
from spn_annotator.gui.panels.object_model import ObjectModel, ObjectRow, short_area
from spn_annotator.gui.panels.statistics import counts_of
from spn_annotator.gui.step_names import PATTERNS, step_text
from spn_annotator.gui.theme import Theme
from tests.annotation.builders import document as new_document
from tests.annotation.builders import paint
from tests.gui.hand import Hand


@pytest.fixture
def two(opened: Hand) -> Hand:
    """A hand with two objects: one of two parts (person), one whole (horse)."""
    hand = opened
    document = hand.document
    document.add_object(1)
    document.add_object(2)
    for x in (20, 90):
        document.fill_mask(
            (Rect(x, 20, x + 20, 40), np.ones((20, 20), bool)), object_id=1, kind="rough"
        )
    document.fill_mask((Rect(20, 80, 40, 100), np.ones((20, 20), bool)), object_id=2, kind="rough")
    hand.wait(lambda: len(hand.window.objects.model.rows) == 2)
    return hand


def click_row(hand: Hand, place: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    """Click on a row of the list of objects."""
    view = hand.window.objects.list
    at = view.visualRect(hand.window.objects.model.index(place)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def settle(hand: Hand) -> None:
    """Wait until the panels follow."""
    hand.wait(lambda: not hand.window.side_display._timer.isActive())


# ---- objects -----------------------------------------------------------------------------------


def test_objects_are_listed_by_label_with_their_area(two: Hand) -> None:
    rows = two.window.objects.model.rows
    assert [(row.title, row.area) for row in rows] == [("person 1", 800), ("horse 2", 400)]


def test_a_chosen_object_is_gone_on_with(two: Hand) -> None:
    two.document.add_object(2)
    settle(two)
    click_row(two, 1)
    assert two.session.label is not None
    assert two.session.label.name == "horse"
    two.stroke((120, 90), (130, 90))
    assert two.document.object_map[90, 125] == 2


def test_the_pick_tool_chooses_the_object(two: Hand) -> None:
    two.act("tool_pick")
    two.stroke((30, 90))
    assert two.window.object_commands.chosen == (2,)
    assert two.window.objects.chosen_ids == [2]


def test_actions_of_objects_need_chosen_ones(two: Hand) -> None:
    actions = two.window.actions_
    assert not actions["split_object"].isEnabled()
    click_row(two, 0)
    assert actions["split_object"].isEnabled()
    assert not actions["merge_objects"].isEnabled()
    click_row(two, 1, Qt.KeyboardModifier.ControlModifier)
    assert actions["merge_objects"].isEnabled()
    two.act("next_image")
    two.wait_for_image()
    assert not actions["split_object"].isEnabled()


def test_an_object_is_split_and_merged_again_and_all_is_undone(two: Hand) -> None:
    before = two.document.object_map.copy()
    click_row(two, 0)
    two.act("split_object")
    assert list(two.document.objects) == [1, 2, 3]
    assert two.window.object_commands.chosen == (1, 3)
    two.act("merge_objects")
    assert list(two.document.objects) == [1, 2]
    assert np.array_equal(two.document.object_map, before)
    two.act("undo")
    two.act("undo")
    assert np.array_equal(two.document.object_map, before)
    assert list(two.document.objects) == [1, 2]


def test_holes_are_filled_and_islands_removed(two: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    document = two.document
    document.fill_mask((Rect(25, 85, 30, 90), np.ones((5, 5), bool)), object_id=0, kind="rough")
    document.fill_mask((Rect(60, 60, 62, 62), np.ones((2, 2), bool)), object_id=2, kind="rough")
    settle(two)
    click_row(two, 1)
    two.act("fill_holes")
    assert document.object_area(2) == 404
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (10, True))
    two.act("remove_islands")
    assert document.object_area(2) == 400
    two.act("smooth_object")
    assert 240 < document.object_area(2) < 400, "round corners"
    two.act("remove_object")
    assert list(document.objects) == [1]


def test_a_cancelled_question_changes_nothing(two: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (10, False))
    click_row(two, 0)
    revision = two.document.revision
    two.act("remove_islands")
    two.act("smooth_object")
    assert two.document.revision == revision


def test_an_object_is_renamed_in_the_list(two: Hand) -> None:
    click_row(two, 0)
    two.act("rename_object")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "b rider")
    assert two.document.objects[1].name == "", "letters must not reach the actions"
    assert two.window.canvas.tool.id == "brush"
    QTest.keyClick(field, Qt.Key.Key_Return)
    two.wait(lambda: two.document.objects[1].name == "b rider")
    settle(two)
    assert two.window.objects.model.rows[0].title == "b rider"


def test_an_object_gets_another_label(two: Hand) -> None:
    click_row(two, 0)
    two.key("2")
    two.act("relabel_object")
    assert two.document.objects[1].label_id == 2


def test_an_object_of_a_locked_label_is_left_alone_and_that_is_said(two: Hand) -> None:
    click_row(two, 0)
    two.session.change_label(1, locked=True)
    two.act("split_object")
    assert list(two.document.objects) == [1, 2]
    assert "locked" in two.window.errors.text


def test_a_chosen_object_is_shown_from_near(two: Hand) -> None:
    click_row(two, 1)
    two.act("zoom_to_object")
    left, top, right, bottom = two.window.canvas.view.visible()
    assert left <= 20
    assert top <= 80
    assert right >= 40
    assert bottom >= 100
    assert right - left < 160


def test_the_menu_of_an_object_holds_its_actions(
    two: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: menus.append(menu))
    click_row(two, 0)
    view = two.window.objects.list
    view.customContextMenuRequested.emit(view.visualRect(view.currentIndex()).center())
    texts = {action.objectName() for action in menus[0].actions()}
    assert {"rename_object", "split_object", "remove_object", "zoom_to_object"} <= texts


def test_rows_that_stay_are_not_made_again() -> None:
    row = ObjectRow(1, "", "person", (1, 2, 3), 5, True, False)
    model = ObjectModel()
    model.set_rows([row])
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.set_rows([ObjectRow(1, "", "person", (1, 2, 3), 9, True, False)])
    assert not resets
    assert model.rows[0].area == 9
    assert [short_area(n) for n in (950, 12_345, 1_234_567)] == ["950", "12,345", "1.2 M"]


# ---- history -----------------------------------------------------------------------------------


def test_a_click_in_the_history_goes_back_and_forth(opened: Hand) -> None:
    hand = opened
    hand.act("show_history")
    maps = [hand.document.object_map.copy()]
    for x in (20, 60, 120):
        hand.stroke((x, 60))
        maps.append(hand.document.object_map.copy())
    panel = hand.window.history
    hand.wait(lambda: panel.model.rowCount() == 4)
    texts = [panel.model.index(row).data() for row in range(4)]
    assert texts == ["At the beginning", "Paint person", "Paint person", "Paint person"]

    def click(row: int) -> None:
        at = panel.list.visualRect(panel.model.index(row)).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)

    for row in (1, 3, 0, 2):
        click(row)
        assert np.array_equal(hand.document.object_map, maps[row])
        settle(hand)
        assert panel.model.rowCount() == 4
        assert panel.list.currentIndex().row() == row
    hand.stroke((10, 10))
    settle(hand)
    assert panel.model.rowCount() == 4, "steps taken back are forgotten"


def test_every_step_of_a_document_has_a_name_that_can_be_translated() -> None:
    target: Document = new_document(objects=3)
    paint(target, 1, (10, 10))
    paint(target, 2, (20, 20), kind="sure")
    paint(target, 0, (20, 20))
    paint(target, 0, (20, 20), kind="sure")
    target.split_object(1)
    target.fill_mask(np.ones((40, 50), bool), object_id=1, kind="rough")
    for act in (
        lambda: target.clear_strokes(),
        lambda: target.add_label("new"),
        lambda: target.remove_label(4),
        lambda: target.merge_objects([1, 2]),
        lambda: target.remove_object(3),
        lambda: target.add_object(1),
    ):
        act()
    target.set_proposal(np.ones((40, 50), np.uint16), revision=target.revision)
    target.accept_proposal()
    target.undo()
    target.drop_proposal()
    target.import_class_map(np.ones((40, 50), np.uint8))
    import re

    known = [re.compile(re.escape(p).replace(r"\{what\}", ".+")) for p in PATTERNS]
    for name in target.history.undo_names:
        assert any(pattern.fullmatch(name) for pattern in known), name
        assert step_text(name) == name, "English stays as it is"


# ---- statistics --------------------------------------------------------------------------------


def test_statistics_count_pixels_and_objects(two: Hand) -> None:
    two.act("show_statistics")
    settle(two)
    plot = two.window.statistics.plot
    total = 160 * 120
    assert [(bar.name, bar.value) for bar in plot.bars] == [
        ("person", 800),
        ("horse", 400),
        ("no label", total - 1200),
    ]
    QTest.mouseClick(two.window.statistics.objects_button, Qt.MouseButton.LeftButton)
    assert [(bar.name, bar.value) for bar in plot.bars] == [("person", 1), ("horse", 1)]
    two.act("undo")
    settle(two)
    assert {bar.name: bar.value for bar in plot.bars} == {"person": 1, "horse": 1}
    assert [count.pixels for count in counts_of(two.document)] == [800, 0]


def test_bars_are_drawn_in_their_colours(window) -> None:
    theme: Theme = window.theme
    plot = BarPlot(theme)
    plot.resize(300, 80)
    plot.set_bars([Bar("a", 10, "10", (255, 0, 0)), Bar("b", 5, "5", (0, 255, 0))])
    picture = plot.grab().toImage()
    ratio = picture.devicePixelRatio()
    columns = [
        [picture.pixelColor(int(x * ratio), int(y * ratio)).name() for y in range(80)]
        for x in (100, 260)
    ]
    assert "#ff0000" in columns[0]
    assert "#00ff00" in columns[0]
    assert "#ff0000" in columns[1]
    assert "#00ff00" not in columns[1], "half as long"


def test_the_panel_seen_last_is_remembered(opened: Hand, folder: Path) -> None:
    opened.act("show_statistics")
    assert opened.window.settings.side_page == "statistics"
    assert opened.window.statistics.isVisibleTo(opened.window)
    assert not opened.window.objects.isVisibleTo(opened.window)
