"""Strokes on the canvas, made with the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hand import Hand

ALT = Qt.KeyboardModifier.AltModifier


def wheel(hand: Hand, notches: int, modifier: Qt.KeyboardModifier, x: float, y: float) -> None:
    canvas = hand.window.canvas
    position = QPointF(hand.at(x, y))
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            position,
            canvas.mapToGlobal(position),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_a_stroke_is_one_undo_step(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 60), (50, 30), (80, 80), (120, 60))
    assert len(hand.document.history.undo_names) == 1
    hand.act("undo")
    assert not hand.document.object_map.any()
    assert not hand.document.objects, "the object made by the stroke goes with it"


def test_a_click_paints_one_dab(opened: Hand) -> None:
    hand = opened
    hand.stroke((80, 60))
    area = int((hand.document.object_map > 0).sum())
    assert area == pytest.approx(np.pi * 5.5**2, rel=0.1)
    assert len(hand.document.history.undo_names) == 1


def test_a_fast_hand_leaves_no_gaps(opened: Hand) -> None:
    hand = opened
    hand.stroke((20, 60), (140, 60))
    assert (hand.document.object_map[60, 20:140] == 1).all()


def test_a_view_that_moves_under_the_brush_draws_no_streak(opened: Hand) -> None:
    opened.press(20, 20)
    opened.move(26, 20)
    opened.act("fit")
    opened.window.canvas.zoom_at(QPointF(opened.at(26, 20)), 0.8)
    opened.move(140, 100)
    opened.move(140, 90)
    opened.release(140, 90)
    painted = opened.document.object_map > 0
    assert painted[20, 24]
    assert painted[90:101, 140].all()
    assert not painted[40:80, 40:120].any()


def test_the_stroke_lies_where_the_cursor_is(opened: Hand) -> None:
    hand = opened
    hand.window.canvas.zoom_to(7.0)
    hand.window.workspace.painting.set_size(1)
    x, y = hand.window.canvas.view.to_image(200 * hand.ratio, 150 * hand.ratio)
    QTest.mouseClick(
        hand.window.canvas,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(200, 150),
    )
    assert np.argwhere(hand.document.object_map).tolist() == [[int(y), int(x)]]


def test_alt_erases(opened: Hand) -> None:
    hand = opened
    hand.stroke((20, 60), (140, 60))
    hand.stroke((80, 60), modifier=ALT)
    assert hand.document.object_map[60, 80] == 0
    assert hand.document.object_map[60, 40] == 1
    assert hand.document.rough_map[60, 80] == 1, "the stroke says: nothing is here"


def test_the_eraser_erases(opened: Hand) -> None:
    hand = opened
    hand.stroke((20, 60), (140, 60))
    hand.key("e")
    hand.stroke((80, 60))
    assert hand.document.object_map[60, 80] == 0
    hand.key("b")
    hand.stroke((80, 60))
    assert hand.document.object_map[60, 80] == 1


def test_sure_strokes_go_to_the_sure_map(opened: Hand) -> None:
    hand = opened
    hand.key("s")
    hand.stroke((40, 40))
    hand.key("e")
    hand.stroke((100, 40))
    assert hand.document.sure_map[40, 40] == 2
    assert hand.document.sure_map[40, 100] == 1
    assert not hand.document.rough_map.any()
    hand.key("s")
    hand.stroke((70, 70))
    assert hand.document.rough_map[70, 70] == 1


def test_esc_cancels_the_stroke_under_way(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 30))
    before = hand.document.object_map.copy()
    hand.press(60, 60)
    hand.move(120, 60)
    assert hand.document.object_map[60, 90] == 1, "it shows while it is painted"
    hand.key(Qt.Key.Key_Escape)
    np.testing.assert_array_equal(hand.document.object_map, before)
    hand.move(130, 90)
    hand.release(130, 90)
    np.testing.assert_array_equal(hand.document.object_map, before)
    assert len(hand.document.history.undo_names) == 1


def test_nothing_else_can_be_done_during_a_stroke(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 30))
    hand.press(60, 60)
    for name in ("undo", "next_image", "refine", "add_label", "export", "remove_label"):
        assert not hand.window.actions_[name].isEnabled(), name
    hand.release(60, 60)
    assert hand.window.actions_["undo"].isEnabled()


def test_labels_can_be_switched_by_digit_and_swapped_back(opened: Hand) -> None:
    hand = opened
    hand.key("2")
    hand.stroke((40, 40))
    hand.key("x")
    hand.stroke((100, 40))
    names = {
        hand.document.labels.get(hand.document.objects[i].label_id).name
        for i in (int(hand.document.object_map[40, 40]),)
    }
    assert names == {"horse"}
    item = hand.document.objects[int(hand.document.object_map[40, 100])]
    assert hand.document.labels.get(item.label_id).name == "person"


def test_strokes_of_a_label_go_on_with_its_object(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 30))
    hand.stroke((60, 30))
    assert len(hand.document.objects) == 1
    hand.key("n")
    hand.stroke((90, 30))
    assert len(hand.document.objects) == 2
    hand.stroke((90, 60))
    assert hand.document.object_map[60, 90] == hand.document.object_map[30, 90]
    hand.stroke((31, 31), (31, 60))
    assert hand.document.object_map[60, 31] == hand.document.object_map[30, 30], (
        "a stroke that begins on an object goes on with that one"
    )


def test_locked_labels_are_not_painted_with_and_it_is_said(opened: Hand) -> None:
    hand = opened
    hand.act("label_locked")
    hand.stroke((30, 30))
    assert not hand.document.object_map.any()
    assert "locked" in hand.window.status.message


def test_keys_and_wheel_change_the_brush(opened: Hand) -> None:
    hand = opened
    painting = hand.window.workspace.painting
    painting.set_size(20)
    hand.key("]")
    assert painting.size > 20
    hand.key("[")
    assert painting.size == 20
    hand.key(".")  # where brackets take a third key to type
    assert painting.size > 20
    hand.key(",")
    assert painting.size == 20
    wheel(hand, 2, Qt.KeyboardModifier.ShiftModifier, 80, 60)
    assert painting.size > 22
    painting.set_size(1)
    hand.key("[")
    assert painting.size == 1
    hand.key("]")
    assert painting.size == 2, "small brushes grow by a pixel"
    painting.set_size(10**9)
    assert painting.size == 2000


def test_ctrl_wheel_zooms_at_the_cursor_and_the_wheel_scrolls(opened: Hand) -> None:
    hand = opened
    view = hand.window.canvas.view
    before = view.zoom
    position = hand.at(120, 30)
    wheel(hand, 3, Qt.KeyboardModifier.ControlModifier, 120, 30)
    assert view.zoom > 1.5 * before
    at = (position.x() * hand.ratio, position.y() * hand.ratio)
    assert view.to_image(*at) == pytest.approx((120, 30), abs=1)
    top = view.top
    wheel(hand, 1, Qt.KeyboardModifier.NoModifier, 80, 60)
    assert view.top > top


def test_space_and_the_middle_button_pan_with_any_tool(opened: Hand) -> None:
    hand = opened
    canvas = hand.window.canvas
    canvas.zoom_to(12.0)
    left, top = canvas.view.left, canvas.view.top
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    hand.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    hand.qtbot.mouseMove(canvas, QPoint(340, 230))
    hand.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(340, 230))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.view.left, canvas.view.top) == (left + 40 * hand.ratio, top + 30 * hand.ratio)
    hand.qtbot.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 200))
    hand.qtbot.mouseMove(canvas, QPoint(290, 190))
    hand.qtbot.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(290, 190))
    assert (canvas.view.left, canvas.view.top) == (left + 30 * hand.ratio, top + 20 * hand.ratio)
    assert not hand.document.object_map.any()


def test_v_goes_round_and_the_key_left_of_1_shows_what_was_before(opened: Hand) -> None:
    hand = opened
    canvas = hand.window.canvas
    hand.stroke((60, 60))
    modes = []
    for _ in range(3):
        hand.key("v")
        modes.append(str(canvas.overlay_style.mode))
    assert modes == ["outline", "hidden", "fill"]
    for key in (Qt.Key.Key_QuoteLeft, Qt.Key.Key_Dead_Circumflex, Qt.Key.Key_twosuperior):
        for kind, mode in ((QEvent.Type.KeyPress, "hidden"), (QEvent.Type.KeyRelease, "fill")):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)
            assert canvas.overlay_style.mode == mode


def test_what_is_painted_is_seen_at_once_and_gone_after_undo(opened: Hand) -> None:
    hand = opened
    hand.move(10, 110)
    before = hand.color_at(80, 30)
    hand.press(60, 30)
    hand.move(100, 30)
    hand.move(100, 30)
    assert hand.color_at(80, 30) != before
    hand.release(100, 30)
    hand.move(10, 110)
    hand.act("undo")
    assert hand.color_at(80, 30) == before


def test_a_stroke_repaints_only_its_surroundings(opened: Hand, monkeypatch) -> None:
    hand = opened
    canvas = hand.window.canvas
    canvas.repaint()
    rects = []
    paint = canvas.painter.paint

    def spy(out, rect, **kwargs) -> None:
        rects.append(rect)
        paint(out, rect, **kwargs)

    monkeypatch.setattr(canvas.painter, "paint", spy)
    hand.stroke((80, 60), (84, 60))
    canvas.repaint()
    assert rects
    reach = 2 * (11 / 2 + 4) * canvas.view.zoom + 16
    for x0, y0, x1, y1 in rects:
        assert x1 - x0 <= reach
        assert y1 - y0 <= reach


def test_the_status_bar_says_what_is_under_the_mouse(opened: Hand) -> None:
    hand = opened
    hand.stroke((80, 60))
    hand.move(80, 60)
    x, y = hand.window.status._position.text().split(", ")
    assert (int(x), int(y)) == pytest.approx((80, 60), abs=1)
    assert hand.window.status._under.text() == "person"
    hand.move(20, 20)
    assert hand.window.status._under.text() == ""
