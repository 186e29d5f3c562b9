"""Proposals: shown, stale, accepted, dropped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spn_annotator.annotation import Change, Document, Rect, prepare_proposal
from spn_annotator.annotation.planes import PlaneEdit
from spn_annotator.errors import CallOrderError, ShapeError, UsageError
from tests.annotation.builders import assert_consistent, contents, document, paint


def proposed(target: Document, *, value: int = 2, rows: int = 20) -> np.ndarray:
    """Show a proposal that gives the upper rows to an object, and return it."""
    array = target.coarse_map()
    array[:rows] = value
    assert target.set_proposal(array, revision=target.revision)
    return array


def test_proposal_changes_nothing_until_it_is_accepted() -> None:
    target = document()
    paint(target, 1, (25, 30))
    before, revision = contents(target), target.revision
    heard: list[Change] = []
    target.subscribe(heard.append)
    array = proposed(target)
    assert (contents(target), target.revision, target.undo_name) == (
        before,
        revision,
        "Paint label 1",
    )
    assert heard == [Change(Rect(0, 0, 50, 20), "proposal", "Proposal", revision, True)]
    assert target.proposal is not None
    assert np.array_equal(target.proposal.object_map, array)
    with pytest.raises(ValueError, match="read-only"):
        target.proposal.object_map[0, 0] = 1


def test_result_of_an_older_revision_is_dropped() -> None:
    target = document()
    revision = target.revision
    paint(target, 1, (25, 30))
    heard: list[Change] = []
    target.subscribe(heard.append)
    assert not target.set_proposal(np.ones(target.shape, np.uint16), revision=revision)
    assert target.proposal is None
    assert heard == []


def test_result_that_comes_after_undo_is_dropped() -> None:
    target = document()
    paint(target, 1, (25, 30))
    revision = target.revision
    target.undo()
    target.redo()
    assert not target.set_proposal(np.ones(target.shape, np.uint16), revision=revision)


def test_accepting_is_one_step_that_brings_the_proposal_back_when_undone() -> None:
    target = document()
    paint(target, 1, (25, 30))
    before = contents(target)
    confidence = np.linspace(0, 1, 40 * 50, dtype=np.float32).reshape(target.shape)
    array = target.coarse_map()
    array[:20] = 2
    target.set_proposal(array, confidence=confidence, revision=target.revision)
    change = target.accept_proposal()
    assert change.rect == Rect(0, 0, 50, 20)
    assert change.proposal_changed
    assert target.proposal is None
    assert np.array_equal(target.object_map, array)
    after = contents(target)
    assert target.undo_name == "Accept proposal"

    target.undo()
    assert contents(target) == before
    assert target.proposal is not None
    assert np.array_equal(target.proposal.object_map, array)
    assert target.proposal.confidence is not None
    assert np.allclose(target.proposal.confidence, confidence, atol=0.5 / 255)
    target.redo()
    assert contents(target) == after
    assert target.proposal is None


def test_accepting_keeps_strokes() -> None:
    target = document()
    paint(target, 1, (25, 10))
    strokes = target.rough_map.copy()
    proposed(target)
    target.accept_proposal()
    assert np.array_equal(target.rough_map, strokes)


def test_dropping_keeps_pixels_and_strokes_and_can_be_undone() -> None:
    target = document()
    paint(target, 1, (25, 10))
    before = contents(target)
    array = proposed(target)
    revision = target.revision
    change = target.drop_proposal()
    assert change is not None
    assert change.kind == "proposal"
    assert target.proposal is None
    assert contents(target) == before
    assert not target.set_proposal(array, revision=revision), "a late result does not come up"
    target.undo()
    assert target.proposal is not None
    assert np.array_equal(target.proposal.object_map, array)
    target.redo()
    assert target.proposal is None


def test_sure_pixels_win_over_the_proposal() -> None:
    target = document()
    paint(target, 1, (10, 10), kind="sure")
    paint(target, 0, (30, 10), kind="sure")
    proposed(target)
    target.accept_proposal()
    assert target.object_map[10, 10] == 1
    assert target.object_map[10, 30] == 0
    assert target.object_map[0, 0] == 2
    assert_consistent(target)


def test_pixels_painted_after_the_proposal_was_computed_win_over_it() -> None:
    target = document()
    proposed(target)
    assert not target.proposal_is_stale
    paint(target, 1, (10, 10))
    paint(target, 0, (30, 10))
    assert target.proposal_is_stale
    target.accept_proposal()
    assert target.object_map[10, 10] == 1
    assert target.object_map[10, 30] == 0
    assert target.object_map[10, 20] == 2


def test_undoing_what_was_painted_since_makes_the_proposal_fresh_again() -> None:
    target = document()
    array = proposed(target)
    paint(target, 1, (10, 10))
    target.undo()
    assert not target.proposal_is_stale
    target.accept_proposal()
    assert np.array_equal(target.object_map, array)


def test_undoing_behind_the_proposal_keeps_the_undone_pixels_as_they_are() -> None:
    target = document()
    paint(target, 1, (25, 10))
    proposed(target)
    target.undo()
    assert target.proposal_is_stale
    target.accept_proposal()
    assert target.object_map[10, 25] == 0, "the user took this back after the proposal"
    assert target.object_map[0, 0] == 2


def test_stroke_that_is_open_when_the_proposal_comes_wins_over_it() -> None:
    target = document()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.segment((10, 10), (10, 10), 3)
    array = np.full(target.shape, 2, np.uint16)
    assert target.set_proposal(array, revision=target.revision)
    stroke.segment((30, 10), (30, 10), 3)
    stroke.commit()
    target.accept_proposal()
    assert target.object_map[10, 10] == target.object_map[10, 30] == 1
    assert target.object_map[0, 0] == 2


def test_stroke_cancelled_after_the_proposal_came_leaves_it_whole() -> None:
    target = document()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.segment((10, 10), (10, 10), 9)
    array = target.coarse_map()  # the result says what the stroke says
    assert target.set_proposal(array, revision=target.revision)
    stroke.cancel()
    target.accept_proposal()
    assert np.array_equal(target.object_map, array)


def test_newer_proposal_takes_the_place_of_the_former() -> None:
    target = document()
    proposed(target, rows=30)
    heard: list[Change] = []
    target.subscribe(heard.append)
    array = proposed(target, value=1, rows=5)
    assert heard[0].rect == Rect(0, 0, 50, 30), "where the former was must be drawn again too"
    target.accept_proposal()
    assert np.array_equal(target.object_map, array)


def test_proposal_equal_to_the_object_map_can_be_accepted() -> None:
    target = document()
    target.set_proposal(target.coarse_map(), revision=0)
    target.accept_proposal()
    assert target.proposal is None
    target.undo()
    assert target.proposal is not None


@pytest.mark.parametrize("way", ["take", "touch"])
def test_accepting_that_fails_half_way_changes_nothing(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = document(600, 300)
    paint(target, 1, (10, 10), (290, 590))
    before = contents(target)
    array = np.full(target.shape, 2, np.uint16)
    sure = target.sure_map if way == "take" else None
    prepared = prepare_proposal(array, against=target.object_map, sure=sure)
    target.set_proposal(prepared, revision=target.revision)
    done: list[object] = []
    write = getattr(PlaneEdit, way)

    def fail_after_five(edit: PlaneEdit, what: object) -> None:
        if len(done) == 5:
            raise MemoryError
        done.append(what)
        write(edit, what)

    monkeypatch.setattr(PlaneEdit, way, fail_after_five)
    with pytest.raises(MemoryError):
        target.accept_proposal()
    monkeypatch.undo()
    assert contents(target) == before
    assert target.proposal is not None
    target.accept_proposal()
    assert np.array_equal(target.object_map, array)


@pytest.mark.parametrize("seed", range(6))
def test_accepting_known_differences_gives_what_looking_at_each_pixel_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    targets = document(600, 700), document(600, 700)
    for target in targets:
        paint(target, 1, (100, 100), (600, 500), radius=60)
        paint(target, 2, (350, 300), radius=80)
        paint(target, 1, (20, 580), kind="sure", radius=15)
        paint(target, 0, (300, 310), kind="sure", radius=15)
    array = targets[0].coarse_map()
    for _ in range(6):
        y, x = rng.integers(0, 500, 2)
        array[y : y + 90, x : x + 120] = rng.integers(0, 3)
    array[570:590, 10:30] = 2  # against what is sure
    where = [tuple(int(v) for v in rng.integers(0, 600, 2)) for _ in range(3)]
    for target, known in zip(targets, (True, False), strict=True):
        sure = target.sure_map if known else None
        prepared = prepare_proposal(array, against=target.object_map, sure=sure)
        assert prepared.keeps_sure is known
        assert target.set_proposal(prepared, revision=target.revision)
        for number, at in enumerate(where[: seed % 4]):
            paint(target, number % 3, at, radius=9)
        if seed > 3:
            label = target.labels.get(target.objects[2].label_id)
            target.replace_label(replace(label, locked=True))
        target.accept_proposal()
        assert_consistent(target)
    assert contents(targets[0]) == contents(targets[1])
    after = contents(targets[0])
    for target in targets:
        target.undo()
        assert target.proposal is not None
        target.redo()
        assert contents(target) == after


def test_a_proposal_is_wherever_something_is_sure_what_that_says() -> None:
    target = document()
    paint(target, 1, (10, 10), kind="sure")
    array = np.full(target.shape, 2, np.uint16)
    assert target.set_proposal(array, revision=target.revision)
    assert target.proposal is not None
    assert target.proposal.object_map[10, 10] == 1
    assert target.proposal.object_map[30, 30] == 2


def test_the_map_of_a_proposal_that_is_gone_cannot_be_had() -> None:
    target = document()
    proposed(target)
    proposal = target.proposal
    assert proposal is not None
    target.accept_proposal()
    with pytest.raises(CallOrderError, match="accepted, dropped or replaced"):
        _ = proposal.object_map
    target.undo()
    assert target.proposal is proposal
    assert (proposal.object_map[:20] == 2).all()


def test_proposal_in_the_history_takes_little_memory() -> None:
    target = document(1000, 1000)
    target.set_proposal(np.full(target.shape, 2, np.uint16), revision=0)
    target.accept_proposal()
    for _ in range(3):
        target.undo()
        target.redo()
    assert target.history.nbytes < 50_000
    proposal = target.history.next_undo and target.history.next_undo.proposal
    assert proposal is not None
    assert proposal[0] is not None
    assert not proposal[0].base, "its own acceptance is no change since it came"


def test_without_a_proposal_there_is_nothing_to_accept_or_drop() -> None:
    target = document()
    with pytest.raises(CallOrderError, match="no proposal"):
        target.accept_proposal()
    assert target.drop_proposal() is None
    assert target.revision == 0


def test_arrays_that_fit_no_proposal_are_refused() -> None:
    target = document()
    with pytest.raises(ShapeError, match=r"\(40, 50\)"):
        target.set_proposal(np.zeros((40, 51), np.uint16), revision=0)
    with pytest.raises(ShapeError, match="integers"):
        target.set_proposal(np.zeros((40, 50)), revision=0)
    with pytest.raises(ShapeError, match="confidence"):
        target.set_proposal(np.zeros((40, 50), np.uint16), confidence=np.zeros((4, 5)), revision=0)
    with pytest.raises(UsageError, match="65535, which is no object"):
        target.set_proposal(np.full((40, 50), 65_535, np.uint16), revision=0)
    assert target.proposal is None
