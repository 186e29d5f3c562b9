"""Every tool with a real mouse, keyboard or pen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spn_annotator.annotation import Rect
from spn_annotator.gui.tools import TOOLS
from spn_annotator.gui.tools.outlines import box_rect, polygon_mask
from tests.gui.hand import FakeRefiner, Hand

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def click(hand: Hand, x: float, y: float, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(hand.window.canvas, LEFT, modifier, hand.at(x, y))


def area(hand: Hand, object_id: int = 1) -> int:
    return int((hand.document.object_map == object_id).sum())


PATHS = {
    "brush": [(30, 60), (90, 60)],
    "eraser": [(30, 60), (90, 60)],
    "sure_in": [(30, 60), (90, 60)],
    "sure_out": [(30, 60), (90, 60)],
    "lasso": [(20, 20), (90, 20), (90, 90), (20, 90)],
    "rectangle": [(20, 20), (90, 90)],
}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
def test_each_tool_says_what_it_does_and_can_be_chosen(opened: Hand, tool) -> None:
    hand = opened
    hand.act(f"tool_{tool.id}")
    assert hand.window.canvas.tool.id == tool.id
    assert len(tool.help) > 20
    assert hand.window.status.hint == tool.help
    assert hand.window.canvas.grab().width() > 100


@pytest.mark.parametrize("name", list(PATHS))
def test_a_drag_is_one_step_and_undo_takes_all_of_it_back(opened: Hand, name: str) -> None:
    hand = opened
    hand.stroke((60, 60), (100, 80))
    before = hand.document.object_map.copy(), hand.document.sure_map.copy()
    steps = len(hand.document.history.undo_names)
    hand.act(f"tool_{name}")
    hand.stroke(*PATHS[name])
    after = hand.document.object_map.copy(), hand.document.sure_map.copy()
    assert any((a != b).any() for a, b in zip(before, after, strict=True))
    assert len(hand.document.history.undo_names) == steps + 1
    hand.act("undo")
    np.testing.assert_array_equal(hand.document.object_map, before[0])
    np.testing.assert_array_equal(hand.document.sure_map, before[1])
    hand.act("redo")
    np.testing.assert_array_equal(hand.document.object_map, after[0])


@pytest.mark.parametrize("name", [*PATHS, "superpixels"])
def test_esc_takes_a_drag_back(opened: Hand, name: str) -> None:
    hand = opened
    hand.stroke((60, 60), (100, 80))
    before = hand.document.object_map.copy(), hand.document.sure_map.copy()
    steps = len(hand.document.history.undo_names)
    hand.act(f"tool_{name}")
    if name == "superpixels":
        hand.wait(lambda: hand.window.workspace.painting.segment_at(30, 60) is not None)
    path = PATHS.get(name, [(30, 60), (90, 60)])
    hand.press(*path[0])
    for point in path[1:]:
        hand.move(*point)
    assert hand.window.canvas.stroke_running
    hand.key(Qt.Key.Key_Escape)
    hand.release(*path[-1])
    np.testing.assert_array_equal(hand.document.object_map, before[0])
    np.testing.assert_array_equal(hand.document.sure_map, before[1])
    assert len(hand.document.history.undo_names) == steps
    assert hand.window.canvas.guide is None


@pytest.mark.parametrize("name", ["brush", "rectangle", "lasso", "polygon", "wand", "superpixels"])
def test_locked_labels_stay_whatever_the_tool(opened: Hand, name: str) -> None:
    hand = opened
    hand.stroke((40, 60), (70, 60))
    hand.act("label_locked")
    locked = hand.document.object_map == 1
    hand.key("2")
    hand.act(f"tool_{name}")
    if name == "polygon":
        for point in ((20, 20), (90, 20), (90, 90), (20, 90)):
            click(hand, *point)
        hand.key(Qt.Key.Key_Return)
    elif name in ("wand", "superpixels"):
        hand.wait(
            lambda: name == "wand" or hand.window.workspace.painting.segment_at(20, 60) is not None
        )
        hand.stroke((20, 60), *[(x, 60) for x in range(30, 100, 5)])
        hand.wait(lambda: area(hand, 2) > 0)
    else:
        hand.stroke(*PATHS[name])
    assert area(hand, 2) > 0
    assert (hand.document.object_map[locked] == 1).all()


def test_sure_tools_write_sure_strokes_whatever_is_switched_on(opened: Hand) -> None:
    hand = opened
    hand.key("i")
    hand.stroke((40, 60))
    assert hand.document.sure_map[60, 40] == 2
    hand.key("o")
    hand.stroke((100, 60))
    assert hand.document.sure_map[60, 100] == 1
    assert not hand.document.rough_map.any()


def test_a_polygon_is_closed_with_return_a_double_click_or_its_first_corner(opened: Hand) -> None:
    hand = opened
    hand.key("p")
    corners = [(20, 20), (100, 20), (100, 80), (20, 80)]
    for finish in ("return", "double", "first"):
        for point in corners:
            click(hand, *point)
            hand.move(point[0] + 3, point[1] + 3)
        assert not hand.document.object_map.any()
        assert hand.window.canvas.guide is not None
        if finish == "return":
            hand.key(Qt.Key.Key_Return)
        elif finish == "double":
            QTest.mouseDClick(
                hand.window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, hand.at(20, 80)
            )
        else:
            click(hand, *corners[0])
        assert not hand.window.canvas.stroke_running, finish
        assert hand.window.canvas.guide is None
        assert area(hand) == pytest.approx(80 * 60, rel=0.02), finish
        assert len(hand.document.history.undo_names) == 1
        hand.act("undo")


def test_backspace_takes_corners_of_a_polygon_back_and_esc_all(opened: Hand) -> None:
    hand = opened
    hand.key("p")
    for point in ((20, 20), (100, 20), (140, 110), (100, 80), (20, 80)):
        click(hand, *point)
        if point == (140, 110):
            hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    assert area(hand) == pytest.approx(80 * 60, rel=0.02)
    click(hand, 30, 30)
    hand.key(Qt.Key.Key_Backspace)
    assert not hand.window.canvas.stroke_running
    click(hand, 30, 30)
    click(hand, 60, 30)
    hand.key(Qt.Key.Key_Escape)
    assert not hand.window.canvas.stroke_running
    assert len(hand.document.history.undo_names) == 1


def test_the_view_can_be_moved_while_a_polygon_is_drawn(opened: Hand) -> None:
    hand = opened
    hand.window.canvas.zoom_to(3.0)
    hand.key("p")
    click(hand, 40, 40)
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(hand.window.canvas, middle, pos=hand.at(60, 60))
    before = hand.window.canvas.view.left
    hand.move(70, 60)
    QTest.mouseRelease(hand.window.canvas, middle, pos=hand.at(60, 60))
    assert hand.window.canvas.view.left != before
    assert hand.window.canvas.stroke_running
    click(hand, 90, 40)
    click(hand, 90, 80)
    hand.key(Qt.Key.Key_Return)
    assert area(hand) == pytest.approx(50 * 40 / 2, rel=0.06)


def test_alt_makes_an_outline_erase(opened: Hand) -> None:
    hand = opened
    hand.key("m")
    hand.stroke((20, 20), (100, 90))
    whole = area(hand)
    hand.stroke((40, 40), (60, 60), modifier=ALT)
    assert whole - area(hand) == pytest.approx(20 * 20, rel=0.15)
    assert hand.document.rough_map[50, 50] == 1, "the outline says: nothing is here"


def test_shift_makes_a_rectangle_a_square(opened: Hand) -> None:
    hand = opened
    hand.key("m")
    hand.press(20, 20, SHIFT)
    hand.move(60, 90)
    hand.release(60, 90, SHIFT)
    rows = np.flatnonzero(hand.document.object_map.any(1))
    columns = np.flatnonzero(hand.document.object_map.any(0))
    assert len(rows) == len(columns) > 50


def test_a_rectangle_tells_its_size_while_it_is_dragged(opened: Hand) -> None:
    hand = opened
    hand.key("m")
    hand.press(20.5, 20.5)
    hand.move(60.5, 90.5)
    guide = hand.window.canvas.guide
    assert guide is not None
    width, height = (int(part) for part in guide.text.split(" × "))
    assert (width, height) == (pytest.approx(41, abs=1), pytest.approx(71, abs=1))
    hand.release(60, 90)


def test_the_wand_takes_an_area_of_one_colour(opened: Hand) -> None:
    hand = opened
    hand.key("w")
    click(hand, 80, 60)
    hand.wait(lambda: area(hand) > 0)
    assert area(hand) == pytest.approx(60 * 40, rel=0.05)
    assert hand.document.object_map[60, 80] == 1
    assert len(hand.document.history.undo_names) == 1
    hand.act("undo")
    options = hand.window.options.tool_options
    assert options.tolerance.isVisible()
    options.tolerance.setValue(128)
    hand.window.workspace.painting.set_settings(
        replace(hand.window.workspace.painting.settings, tolerance=255)
    )
    click(hand, 80, 60)
    hand.wait(lambda: area(hand) > 0)
    assert area(hand) == 160 * 120


def test_the_wand_takes_unconnected_areas_too_if_wanted(opened: Hand) -> None:
    hand = opened
    picture = hand.window.workspace.picture
    assert picture is not None
    picture.rgb[5:20, 5:20] = picture.rgb[60, 80]
    hand.key("w")
    hand.window.options.tool_options.contiguous.setChecked(False)
    click(hand, 80, 60)
    hand.wait(lambda: area(hand) > 0)
    assert hand.document.object_map[12, 12] == 1
    hand.act("undo")
    hand.window.options.tool_options.contiguous.setChecked(True)
    click(hand, 80, 60)
    hand.wait(lambda: area(hand) > 0)
    assert hand.document.object_map[12, 12] == 0


def test_superpixels_follow_the_edges_of_the_image(opened: Hand) -> None:
    hand = opened
    hand.window.canvas.zoom_to(4.0)
    hand.window.options.tool_options.segments.setValue(24)  # some six pixels of the image
    hand.key("q")
    painting = hand.window.workspace.painting
    hand.wait(lambda: painting.segment_at(80, 60) is not None)
    hand.stroke((60, 60), *[(x, 60) for x in range(64, 101, 4)])
    hand.stroke((60, 42), *[(x, 42) for x in range(64, 101, 4)])
    painted = hand.document.object_map == 1
    inside = np.zeros_like(painted)
    inside[40:80, 50:110] = True
    assert painted.sum() > 200
    assert (painted & ~inside).sum() < 0.05 * painted.sum()
    assert len(hand.document.history.undo_names) == 2
    hand.act("tool_brush")
    assert painting.segment_at(80, 60) is None, "they are forgotten when they are not needed"


def test_superpixels_are_cut_anew_for_another_image_and_zoom(opened: Hand) -> None:
    hand = opened
    hand.key("q")
    painting = hand.window.workspace.painting
    hand.wait(lambda: painting.segment_at(80, 60) is not None)
    coarse = painting.segment_at(80, 60)
    assert coarse is not None
    hand.window.canvas.zoom_to(hand.window.canvas.view.zoom * 3)

    def finer() -> bool:
        found = painting.segment_at(80, 60)
        return found is not None and found[1].area < coarse[1].area

    hand.wait(finer)
    hand.act("next_image")
    hand.wait_for_image()
    hand.wait(lambda: painting.segment_at(80, 60) is not None)


def test_pick_goes_on_with_label_and_object(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 60))
    hand.act("new_object")
    hand.stroke((120, 60))
    hand.key("2")
    hand.key("c")
    click(hand, 30, 60)
    assert hand.session.label is not None
    assert hand.session.label.name == "person"
    hand.key("b")
    hand.stroke((80, 100))
    assert hand.document.object_map[100, 80] == 1
    hand.key("c")
    click(hand, 150, 110)
    assert "Nothing" in hand.window.status.message


def test_a_region_is_refined_alone(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((30, 60))
    hand.stroke((120, 60))
    hand.key("r", SHIFT)
    hand.stroke((100, 30), (150, 90))
    hand.wait_for_proposal()
    region = refiner.regions[-1]
    assert region is not None
    assert region == pytest.approx((100, 30, 151, 91), abs=2)
    proposal = hand.document.proposal
    assert proposal is not None
    changed = proposal.object_map != hand.document.object_map
    assert changed[:, 100:].any()
    assert not changed[:, :99].any()


def test_only_what_lies_inside_a_drawn_line_is_refined(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 30), (60, 90))
    before = hand.document.object_map.copy()
    hand.key("r", Qt.KeyboardModifier.ControlModifier | SHIFT)
    hand.stroke((40, 20), (90, 20), (40, 95))
    hand.wait_for_proposal()
    proposal = hand.document.proposal
    assert proposal is not None
    changed = proposal.object_map != before
    rows = np.flatnonzero(changed.any(1))
    assert len(rows)
    assert (rows < 65).all(), "the line runs across the stroke, from the upper right down"
    region = refiner.regions[-1]
    assert region is not None
    assert region[3] > 90, "the box around the line goes on below"
    hand.act("accept")
    np.testing.assert_array_equal(hand.document.object_map != before, changed)


def test_a_region_is_refined_when_unpainted_pixels_are_unknown(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    refiner.leaves_the_rest = True
    hand.stroke((60, 60))
    hand.key("e")
    hand.stroke((120, 60))
    hand.key("u")
    hand.key("r", SHIFT)
    hand.stroke((40, 40), (90, 90))
    hand.wait_for_proposal()
    proposal = hand.document.proposal
    assert proposal is not None
    rows, columns = np.nonzero(proposal.object_map != hand.document.object_map)
    assert len(rows)
    assert columns.min() >= 39
    assert columns.max() <= 91


def test_a_line_around_nothing_refines_nothing(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.act("tool_refine_lasso")
    click(hand, 30, 30)
    assert "no pixel inside" in hand.window.status.message
    hand.press(40, 40)
    hand.move(80, 40)
    hand.key(Qt.Key.Key_Escape)
    assert hand.window.canvas.guide is None
    assert refiner.calls == []


def test_a_part_of_a_proposal_is_accepted(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 60))
    hand.stroke((120, 60))
    hand.key("r")
    hand.wait_for_proposal()
    proposal = hand.document.proposal
    assert proposal is not None
    before = hand.document.object_map.copy()
    hand.act("tool_accept_part")
    hand.stroke((100, 40), (140, 40), (140, 80), (100, 80))
    now = hand.document.object_map
    np.testing.assert_array_equal(now[:, :100], before[:, :100])
    np.testing.assert_array_equal(now[45:75, 105:135], proposal.object_map[45:75, 105:135])
    assert (now != before).any()
    assert hand.document.proposal is proposal
    hand.act("undo")
    np.testing.assert_array_equal(hand.document.object_map, before)
    hand.act("drop")
    hand.stroke((100, 40), (140, 40), (140, 80), (100, 80))
    assert "no proposal" in hand.window.status.message


def tablet(hand: Hand, kind: QEvent.Type, x: float, y: float, pressure: float, **more) -> None:
    at = QPointF(hand.at(x, y))
    canvas = hand.window.canvas
    pointer = more.get("pointer", QPointingDevice.PointerType.Pen)
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    down = kind != QEvent.Type.TabletRelease
    event = QTabletEvent(
        kind, device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT,
        LEFT if down else Qt.MouseButton.NoButton,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted(), "else Qt makes mouse events of it, and paints twice"


def pen_stroke(hand: Hand, y: float, pressures: list[float], **more) -> None:
    tablet(hand, QEvent.Type.TabletPress, 20, y, pressures[0], **more)
    for number, pressure in enumerate(pressures[1:], start=1):
        tablet(hand, QEvent.Type.TabletMove, 20 + 20 * number, y, pressure, **more)
    tablet(hand, QEvent.Type.TabletRelease, 20 * len(pressures), y, 0.0, **more)


def test_a_pen_that_presses_less_paints_thinner(opened: Hand) -> None:
    hand = opened
    hand.window.workspace.painting.set_size(30)
    pen_stroke(hand, 60, [1.0, 1.0, 0.3, 0.3, 0.3])
    widths = (hand.document.object_map == 1).sum(0)
    assert widths[30] == pytest.approx(30, abs=2)
    assert widths[95] == pytest.approx(9, abs=2)
    assert len(hand.document.history.undo_names) == 1
    hand.act("undo")
    hand.window.options.tool_options.pressure.setChecked(False)
    pen_stroke(hand, 60, [0.2, 0.2, 0.2])
    widths = (hand.document.object_map == 1).sum(0)
    assert widths[40] == pytest.approx(30, abs=2)


def test_the_blunt_end_of_a_pen_erases(opened: Hand) -> None:
    hand = opened
    hand.key("m")
    hand.stroke((10, 30), (150, 90))
    hand.key("b")
    pen_stroke(hand, 60, [1.0, 1.0], pointer=QPointingDevice.PointerType.Eraser)
    assert hand.document.object_map[60, 30] == 0


def test_options_of_the_tool_are_shown_and_no_others(opened: Hand) -> None:
    hand = opened
    options = hand.window.options
    hand.key("b")
    assert options._size.isVisible()
    assert not options.tool_options.tolerance.isVisible()
    hand.key("w")
    assert not options._size.isVisible()
    assert options.tool_options.tolerance.isVisible()
    hand.key("q")
    assert options.tool_options.segments.isVisible()
    assert not options.tool_options.tolerance.isVisible()
    options.tool_options.segments.setValue(64)
    assert hand.window.workspace.painting.settings.segments == 64
    hand.key("h")
    assert not options.tool_options.isVisible()


def test_polygon_masks_hold_the_pixels_whose_centres_are_inside() -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        points = rng.uniform(-10, 60, (rng.integers(3, 12), 2)).tolist()
        rect, mask = polygon_mask(points, (40, 50))
        whole = np.zeros((40, 50), bool)
        whole[rect.slices] = mask
        np.testing.assert_array_equal(whole, crossings(points, 40, 50))
    assert polygon_mask([(1, 1), (5, 5)], (40, 50))[0].is_empty
    assert polygon_mask([(-9, -9), (-5, -9), (-5, -5)], (40, 50))[0].is_empty


def crossings(points: list[list[float]], height: int, width: int) -> np.ndarray:
    """Count, for each pixel centre, the edges to its left."""
    inside = np.zeros((height, width), bool)
    for row in range(height):
        for column in range(width):
            x, y = column + 0.5, row + 0.5
            for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
                if (y0 <= y) != (y1 <= y) and x >= x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                    inside[row, column] ^= True
    return inside


def test_boxes_hold_the_pixels_under_both_corners() -> None:
    assert box_rect((3.2, 4.9), (7.1, 2.0), (40, 50)) == Rect(3, 2, 8, 5)
    assert box_rect((-5, -5), (90, 90), (40, 50)) == Rect(0, 0, 50, 40)
    square = box_rect((10.5, 10.5), (14.5, 30.5), (40, 50), square=True)
    assert (square.width, square.height) == (21, 21)
