"""Comparing, display, minimap, rulers, grid, affinity, and what the refine key refines."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from spn_annotator.annotation import Rect
from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.canvas.extras import ruler_step
from spn_annotator.gui.canvas.heat import heat_colors
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.canvas.view_transform import MAX_ZOOM
from spn_annotator.gui.shaping import Shaping
from tests.gui.hand import FakeRefiner, Hand

LEFT = Qt.MouseButton.LeftButton


def refined(hand: Hand) -> None:
    hand.stroke((60, 60), (100, 60))
    hand.key("r")
    hand.wait_for_proposal()


def test_a_line_divides_before_and_after_and_can_be_dragged(opened: Hand) -> None:
    hand = opened
    refined(hand)
    proposal = hand.document.proposal
    assert proposal is not None
    rows, columns = np.nonzero(proposal.object_map != hand.document.object_map)
    edge = int(np.argmax(columns))
    x, y = columns[edge] + 0.5, rows[edge] + 0.5
    after = hand.color_at(x, y)
    hand.key("j")
    canvas = hand.window.canvas
    assert canvas.split == pytest.approx(0.5)
    grip = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, LEFT, pos=grip)
    hand.move(158, 60)
    before = hand.color_at(x, y)
    hand.move(2, 60)
    assert hand.color_at(x, y) == after
    QTest.mouseRelease(canvas, LEFT, pos=hand.at(2, 60))
    assert before != after
    assert len(hand.document.history.undo_names) == 1, "the line is not painted with"
    hand.key("j")
    assert canvas.split is None


def test_what_is_unsure_is_tinted(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60), (100, 60))
    hand.key("r")
    hand.wait_for_proposal()
    sure = hand.color_at(80, 60)
    hand.key("t")
    assert hand.color_at(80, 60) == sure, "the small refiner is sure of everything"
    document = hand.document
    assert document.proposal is not None
    document.set_proposal(
        document.proposal.object_map.copy(),
        confidence=np.full(document.shape, 0.2, np.float32),
        revision=document.revision,
    )
    assert hand.color_at(80, 60) != sure
    hand.key("t")
    assert hand.color_at(80, 60) == sure


def test_brightness_changes_the_screen_and_nothing_else(opened: Hand) -> None:
    hand = opened
    picture = hand.window.workspace.picture
    assert picture is not None
    before, pixels = hand.color_at(10, 10), picture.rgb.copy()
    hand.act("display_options")
    options = hand.window.view_options.display_options
    assert options.isVisible()
    options.brightness.setValue(40)
    brighter = hand.color_at(10, 10)
    assert brighter.lightness() > before.lightness() + 60
    np.testing.assert_array_equal(picture.rgb, pixels)
    QTest.mouseClick(options.reset, LEFT)
    assert hand.color_at(10, 10) == before
    options.gamma.setValue(60)
    assert hand.color_at(10, 10).lightness() > before.lightness()
    options.close()


def test_adjustments_are_monotone_tables() -> None:
    assert (Adjustment().table() == np.arange(256)).all()
    for adjustment in (
        Adjustment(brightness=0.3),
        Adjustment(contrast=0.7),
        Adjustment(contrast=-0.6, gamma=2.2),
        Adjustment(contrast=1.0, gamma=0.1),
    ):
        assert (np.diff(adjustment.table().astype(int)) >= 0).all()


def test_the_depth_of_16_bit_images_comes_out_when_contrast_is_raised(
    hand: Hand, tmp_path: Path
) -> None:
    values = np.full((120, 160), 32_660, np.uint16)
    values[:10], values[-10:] = 0, 65_535
    values[40:80, 40:80] = 32_690  # less than one of 256 shades
    Image.fromarray(values).save(tmp_path / "a.png")
    Image.fromarray((values >> 8).astype(np.uint8)).save(tmp_path / "b.png")
    hand.open(tmp_path)
    picture = hand.window.workspace.picture
    assert picture is not None
    assert picture.depth is not None
    assert hand.color_at(60, 60) == hand.color_at(20, 60)
    options = hand.window.view_options.display_options
    options.contrast.setValue(99)
    assert hand.color_at(60, 60) != hand.color_at(20, 60)
    options.reset.click()
    hand.act("next_image")
    hand.wait_for_image()
    assert hand.window.workspace.picture is not None
    assert hand.window.workspace.picture.depth is None


def test_smaller_copies_of_16_bit_images_have_the_sizes_of_the_others() -> None:
    values = np.arange(1_500 * 1_100, dtype=np.uint32).reshape(1_100, 1_500).astype(np.uint16)
    rgb = np.zeros((1_100, 1_500, 3), np.uint8)
    picture = Picture.build(rgb, (values, (0.0, 65_535.0)))
    for zoom in (1.0, 0.5, 0.3, 0.01):
        deep = picture.depth_level(zoom)
        assert deep is not None
        assert deep.dtype == np.uint16
        assert deep.shape == picture.level(zoom).shape[:2]


def test_the_minimap_shows_where_the_view_is_and_moves_it(opened: Hand) -> None:
    hand = opened
    canvas = hand.window.canvas
    minimap = canvas.minimap
    assert not minimap.isVisible(), "the whole image is in view"
    canvas.zoom_to(20.0)
    assert minimap.isVisible()
    assert canvas.rect().contains(minimap.geometry())
    QTest.mouseClick(minimap, LEFT, pos=QPoint(2, 2))
    x0, y0, *_ = canvas.view.visible()
    assert (x0, y0) == (0, 0)
    QTest.mouseClick(minimap, LEFT, pos=QPoint(minimap.width() - 2, minimap.height() - 2))
    *_, x1, y1 = canvas.view.visible()
    assert (x1, y1) == (160, 120)
    before = minimap.grab().toImage()
    hand.stroke((140, 100), (150, 110))
    hand.wait(lambda: minimap.grab().toImage() != before)
    hand.act("show_minimap")
    assert not minimap.isVisible()


def test_grid_and_rulers_are_drawn_when_wanted(opened: Hand) -> None:
    hand = opened
    canvas = hand.window.canvas
    canvas.zoom_to(32.0)
    with_grid = canvas.grab().toImage()
    hand.act("show_grid")
    bare = canvas.grab().toImage()
    assert bare != with_grid
    hand.act("show_rulers")
    assert canvas.grab().toImage() != bare
    canvas.zoom_to(2.0)
    hand.act("show_rulers")
    small = canvas.grab().toImage()
    hand.act("show_grid")
    assert canvas.grab().toImage() == small, "small pixels have no grid"


@pytest.mark.parametrize(("zoom", "step"), [(1.0, 100), (64.0, 1), (0.02, 5000), (7.0, 10)])
def test_rulers_count_in_round_steps(zoom: float, step: int) -> None:
    assert ruler_step(zoom, 1.0) == step


def test_display_is_remembered(opened: Hand) -> None:
    hand = opened
    hand.act("show_rulers")
    hand.window.options.tool_options.tolerance.setValue(77)
    hand.window.view_options.refine_options.strength.setValue(60)
    stored = hand.window.settings.canvas
    assert stored["rulers"] is True
    assert stored["tools"]["tolerance"] == 77
    assert stored["shaping"]["strength"] == 0.6
    hand.window.settings.canvas = {"tools": {"tolerance": "many", "no such": 1}, "shaping": 3}
    hand.window.view_options._restore()
    assert hand.window.workspace.painting.settings.tolerance == 24


def test_strength_and_band_reshape_the_proposal_without_the_model(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    refined(hand)
    first, calls = hand.document.proposal, len(refiner.calls)
    options = hand.window.view_options.refine_options
    options.strength.setValue(0)
    hand.wait(lambda: hand.document.proposal is not first)
    assert hand.document.proposal is not None
    np.testing.assert_array_equal(hand.document.proposal.object_map, hand.document.object_map)
    options.strength.setValue(100)
    hand.wait(
        lambda: (
            hand.document.proposal is not None
            and (hand.document.proposal.object_map != hand.document.object_map).any()
        )
    )
    assert len(refiner.calls) == calls
    hand.stroke((20, 20))
    stale = hand.document.proposal
    options.band.setValue(3)
    hand.qtbot.wait(50)
    assert hand.document.proposal is stale, "what was painted since must not be lost"
    assert hand.window.workspace.refining.shaping == Shaping(strength=1.0, band=3)


def test_the_refine_key_refines_what_was_chosen(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((30, 60))
    hand.act("new_object")
    hand.stroke((80, 60))
    hand.key("2")
    hand.stroke((130, 60))
    wanted = {"scope_label": (0, 3), "scope_object": (0, 3), "scope_all": None}
    for action, ids in wanted.items():
        hand.act(action)
        count = len(refiner.calls)
        hand.key("r")
        hand.wait(lambda count=count: len(refiner.calls) > count)
        hand.wait_for_proposal()
        assert refiner.changeable[-1] == ids, action
        hand.act("drop")
    hand.key("1")
    hand.act("scope_object")
    hand.key("c")
    hand.stroke((80, 60))
    hand.key("r")
    hand.wait_for_proposal()
    assert refiner.changeable[-1] == (0, 2)
    hand.act("drop")
    hand.act("scope_view")
    hand.window.canvas.zoom_to(10.0)
    view = hand.window.canvas.visible_rect()
    hand.key("r")
    hand.wait_for_proposal()
    assert refiner.regions[-1] == (view.x0, view.y0, view.x1, view.y1)


def test_a_locked_label_cannot_be_what_is_refined(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 60))
    hand.act("label_locked")
    hand.act("scope_label")
    hand.key("r")
    assert "may change" in hand.window.status.message


class WithAffinity(FakeRefiner):
    """A refiner whose affinity falls off around the pixel."""

    asked: list[tuple[int, int]]

    def affinity_at(self, x: int, y: int, *, radius: int) -> SimpleNamespace:
        self.__dict__.setdefault("asked", []).append((x, y))
        assert self.gate.wait(20)
        window = Rect(max(0, x - 20), max(0, y - 20), min(160, x + 21), min(120, y + 21))
        ys, xs = np.mgrid[window.y0 : window.y1, window.x0 : window.x1]
        values = np.exp(-np.hypot(ys - y, xs - x) / 3).astype(np.float32)
        return SimpleNamespace(window=window, values=values)


class TestAffinity:
    @pytest.fixture
    def refiner(self) -> WithAffinity:
        return WithAffinity()

    def test_the_heat_map_follows_the_mouse(self, opened: Hand, refiner: WithAffinity) -> None:
        hand = opened
        bare = hand.color_at(80, 60)
        hand.key("f")
        legend = hand.window.view_options.affinity.legend
        assert legend.isVisible()
        hand.move(80.5, 60.5)
        hand.wait(lambda: legend.title.endswith("80, 60"))
        assert hand.color_at(80, 60) != bare
        hand.move(30.5, 30.5)
        hand.wait(lambda: legend.title.endswith("30, 30"))
        assert hand.color_at(80, 60) == bare
        hand.key("f")
        assert not legend.isVisible()
        assert hand.window.canvas._extras.heat is None

    def test_the_mouse_does_not_wait_for_it(self, opened: Hand, refiner: WithAffinity) -> None:
        hand = opened
        hand.key("f")
        refiner.gate.clear()
        for step in range(30):
            hand.move(30.5 + step, 60.5)
        threading.Timer(0.05, refiner.gate.set).start()
        legend = hand.window.view_options.affinity.legend
        hand.wait(lambda: legend.title.endswith("59, 60"))
        assert len(refiner.asked) <= 3, "pixels passed meanwhile are left out"

    def test_a_refinement_goes_first_and_the_view_goes_on(
        self, opened: Hand, refiner: WithAffinity
    ) -> None:
        hand = opened
        hand.stroke((60, 60))
        hand.key("f")
        hand.key("r")
        hand.move(90.5, 60.5)
        hand.wait_for_proposal()
        hand.wait(lambda: hand.window.view_options.affinity.legend.title.endswith("90, 60"))


def test_without_affinity_the_bar_says_so(opened: Hand) -> None:
    hand = opened
    hand.key("f")
    hand.move(80, 60)
    hand.wait(lambda: hand.window.errors.isVisible())
    assert "affinity" in hand.window.errors.text


def test_heat_is_clear_far_below_the_largest_value() -> None:
    colors = heat_colors(np.array([[1.0, 0.1, 1e-3, 1e-7, 0.0]], np.float32))
    alpha = (colors >> 24)[0].tolist()
    assert alpha == sorted(alpha, reverse=True)
    assert alpha[0] > 200
    assert alpha[3] == alpha[4] == 0
    assert not heat_colors(np.zeros((2, 2), np.float32)).any()


@pytest.mark.parametrize("shape", [(40, 32_767), (32_767, 40)])
def test_the_longest_images_are_shown_to_their_ends(qtbot, shape: tuple[int, int]) -> None:
    surface = Surface()
    qtbot.addWidget(surface)
    surface.resize(400, 300)
    rgb = np.zeros((*shape, 3), np.uint8)
    rgb[-3:, -3:] = (250, 10, 10)
    surface.set_picture(Picture.build(rgb), None)
    surface.show()
    qtbot.waitExposed(surface)
    assert surface.grab().width() > 0
    surface.view.set_zoom(MAX_ZOOM)
    surface.center_on((shape[1] - 1.5, shape[0] - 1.5))
    shown = surface.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, shown.height() // 2).red() == 250
    assert surface.view.to_image(0, 0)[0] > shape[1] - 400
