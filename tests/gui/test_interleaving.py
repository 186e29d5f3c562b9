"""Things that happen while something else is under way, in orders a hand comes upon."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from spn_annotator.annotation import LabelSet
from spn_annotator.gui.workers.latest import LatestWorker
from spn_annotator.project import Project
from tests.gui.hand import FakeRefiner, Hand

CONTROL = Qt.KeyboardModifier.ControlModifier


def begin_refining(hand: Hand, refiner: FakeRefiner) -> None:
    """Press R; the refiner has begun and waits for its gate."""
    refiner.gate.clear()
    refiner.begun.clear()
    hand.key("r")
    assert refiner.begun.wait(20)


def proposed_ids(hand: Hand) -> set[int]:
    """Return the ids that the drawn proposal holds."""
    tile = hand.window.display._proposal_view.get((0, 0))
    return set() if tile is None else set(np.unique(tile).tolist())


class Recorder(LatestWorker):
    """Does nothing until it is let, and says what it did."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.gate = threading.Event()
        self.begun = threading.Event()

    def work(self, job: str) -> None:
        self.begun.set()
        assert self.gate.wait(20)
        self.done.append(job)


def test_what_is_only_offered_never_takes_the_place_of_what_waits(qapp) -> None:
    worker = Recorder()
    worker.submit("first")
    assert worker.begun.wait(20)
    worker.submit("refine")
    assert not worker.offer("warm up")
    worker.gate.set()
    worker.begun.clear()
    while len(worker.done) < 2:
        worker.begun.wait(0.01)
    assert worker.offer("warm up")
    while len(worker.done) < 3:
        worker.begun.wait(0.01)
    worker.stop()
    assert worker.done == ["first", "refine", "warm up"]


def test_a_refinement_asked_for_before_the_model_is_warmed_up_is_done(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.stroke((60, 60))
    begin_refining(hand, refiner)
    hand.key(Qt.Key.Key_Escape)
    hand.key("r")  # waits behind the one that was dropped
    hand.window.workspace.refining.warm_up()
    refiner.gate.set()
    hand.wait_for_proposal()


def test_the_strength_set_during_a_refinement_counts(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60), (100, 60))
    begin_refining(hand, refiner)
    hand.window.view_options.refine_options.strength.setValue(0)
    refiner.gate.set()
    hand.wait_for_proposal()
    hand.wait(
        lambda: (
            hand.document.proposal is not None
            and (hand.document.proposal.object_map == hand.document.object_map).all()
        )
    )


@pytest.mark.parametrize("way", ["removed", "locked"])
def test_a_proposal_shows_no_more_than_accepting_it_gives(opened: Hand, way: str) -> None:
    hand = opened
    hand.stroke((40, 60))
    hand.key("2")
    hand.stroke((100, 60))
    horse = int(hand.document.object_map[60, 100])
    hand.key("r")
    hand.wait_for_proposal()
    assert horse in proposed_ids(hand)
    before = int((hand.window.display._proposal_view.get((0, 0)) == horse).sum())
    hand.act("remove_label" if way == "removed" else "label_locked")
    shown = hand.window.display._proposal_view.get((0, 0)).copy()
    now = int((shown == horse).sum())
    assert now == 0 if way == "removed" else now < before
    hand.act("accept")
    np.testing.assert_array_equal(hand.document.object_map, shown)
    hand.act("undo")
    hand.act("undo")
    assert int((hand.window.display._proposal_view.get((0, 0)) == horse).sum()) == before


@pytest.mark.parametrize("tool", ["brush", "polygon", "lasso", "rectangle"])
def test_another_image_ends_the_stroke_under_way(opened: Hand, tool: str) -> None:
    hand = opened
    hand.act(f"tool_{tool}")
    hand.press(30, 30)
    hand.move(90, 40)
    if tool == "polygon":
        hand.release(90, 40)
        hand.press(60, 90)
    assert hand.window.canvas.stroke_running
    first = hand.document
    hand.window.strip.chosen.emit(hand.session.images.neighbour(hand.session.image_id, 1))
    hand.wait_for_image()
    assert hand.image_name == "image_2.png"
    assert not hand.window.canvas.stroke_running
    assert hand.window.canvas.guide is None
    hand.move(100, 80)
    hand.release(100, 80)
    for document in (first, hand.document):
        assert not document.object_map.any()
        assert not document.can_undo
    hand.act("tool_brush")
    hand.stroke((50, 50))
    assert hand.document.object_map[50, 50]


def test_undo_during_a_refinement_drops_its_result(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((40, 60))
    hand.stroke((100, 60))
    begin_refining(hand, refiner)
    hand.act("undo")
    refiner.gate.set()
    hand.wait(lambda: "dropped" in hand.window.status.message)
    assert hand.document.proposal is None
    hand.key("r")
    hand.wait_for_proposal()
    hand.act("accept")
    assert hand.document.object_map[60, 100] == 0


def test_a_label_removed_during_a_refinement_drops_its_result(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.stroke((40, 60))
    hand.key("2")
    hand.stroke((100, 60))
    begin_refining(hand, refiner)
    hand.act("remove_label")
    refiner.gate.set()
    hand.wait(lambda: "dropped" in hand.window.status.message)
    assert hand.document.proposal is None


def test_there_and_back_during_a_refinement(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    begin_refining(hand, refiner)
    hand.key("d")
    hand.wait_for_image()
    hand.stroke((30, 30))
    hand.key("a")
    hand.wait_for_image()
    hand.key("r")
    refiner.gate.set()
    hand.wait_for_proposal()
    assert hand.document.proposal is not None
    assert hand.document.proposal.object_map[60, 60] == 1
    assert hand.document.proposal.object_map[30, 30] == 0
    hand.act("accept")
    hand.key("d")
    hand.wait_for_image()
    assert hand.document.object_map[30, 30] == 1
    assert hand.document.proposal is None


def test_esc_during_a_stroke_leaves_a_proposal_that_came_meanwhile(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.stroke((60, 60))
    begin_refining(hand, refiner)
    hand.press(20, 20)
    hand.move(110, 60)
    refiner.gate.set()
    hand.wait_for_proposal()
    hand.key(Qt.Key.Key_Escape)
    assert hand.document.proposal is not None, (
        "Esc takes the stroke back, the proposal with the next"
    )
    assert not hand.document.proposal_is_stale
    expected = hand.document.proposal.object_map
    hand.act("accept")
    np.testing.assert_array_equal(hand.document.object_map, expected)


def test_live_follows_the_last_of_many_quick_strokes(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.key("l")
    refiner.gate.clear()
    hand.stroke((20, 60))
    assert refiner.begun.wait(20)
    for x in (40, 60, 80, 100, 120):
        hand.stroke((x, 60))
    refiner.gate.set()
    hand.wait(lambda: hand.document.proposal is not None and not hand.document.proposal_is_stale)
    assert len(refiner.calls) < 6, "strokes in between are passed over"
    assert hand.document.proposal is not None
    assert hand.document.proposal.object_map[60, 120] == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (2, 3)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("deep", [False, True], ids=["8 bit", "16 bit"])
def test_the_smallest_images_are_worked_on_like_others(
    hand: Hand, tmp_path: Path, size: tuple[int, int], deep: bool
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    values = np.arange(size[0] * size[1], dtype=np.uint16).reshape(size) * 100
    pixels = values if deep else (values // 100).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "a.png")
    with Project.open(folder) as project:
        labels = LabelSet()
        labels.add("person", key="1")
        project.scan()
        project.save_labels(labels)
    hand.open(folder)
    x, y = size[1] / 2, size[0] / 2
    hand.window.workspace.painting.set_size(1)
    for tool in ("brush", "wand", "superpixels", "rectangle", "lasso", "polygon", "sure_in"):
        hand.act(f"tool_{tool}")
        hand.stroke((0, 0), (x, y), (x, 0))
        hand.window.canvas.cancel_stroke()
    hand.window.workspace.painting.stop()  # what the wand and superpixels found has come now
    hand.qtbot.wait(1)
    hand.act("tool_brush")
    hand.stroke((x, y))
    assert hand.document.object_map.any()
    for action in ("show_grid", "show_rulers", "show_minimap", "fit", "actual_size", "zoom_in"):
        hand.act(action)
    hand.color_at(x, y)
    hand.key("r")
    hand.wait_for_proposal()
    for tool in ("refine_region", "refine_lasso", "accept_part"):
        hand.act(f"tool_{tool}")
        hand.stroke((0, 0), (x, 0), (x, y))
    hand.act("tool_brush")
    if hand.document.proposal is not None:
        hand.act("accept")
    while hand.document.can_undo:
        hand.act("undo")
    assert not hand.document.object_map.any()
    hand.wait_until_saved()
