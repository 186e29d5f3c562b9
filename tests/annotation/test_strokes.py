"""Strokes: what they write, where, and that they end cleanly."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spn_annotator.annotation import Change, Document, Rect
from spn_annotator.errors import CallOrderError, ShapeError, UsageError
from tests.annotation.builders import contents, document, paint


def test_rough_stroke_sets_the_object_and_its_rough_mark() -> None:
    target = document()
    paint(target, 2, (10, 10), (30, 20))
    painted = target.object_map == 2
    assert painted[[10, 15, 20], [10, 20, 30]].all()
    assert not painted[0, 0]
    assert np.array_equal(target.rough_map == 3, painted)
    assert not target.sure_map.any()


def test_eraser_leaves_a_mark_that_says_nothing_is_here() -> None:
    target = document()
    paint(target, 1, (10, 10), (30, 10))
    paint(target, 0, (10, 10))
    assert target.object_map[10, 10] == 0
    assert target.rough_map[10, 10] == 1
    assert target.object_map[10, 25] == 1


@pytest.mark.parametrize("object_id", [0, 1])
def test_sure_stroke_is_kept_apart_from_rough_ones(object_id: int) -> None:
    target = document()
    paint(target, 2, (10, 10), (30, 10))
    paint(target, object_id, (20, 10), kind="sure")
    assert target.object_map[10, 20] == object_id
    assert target.sure_map[10, 20] == object_id + 1
    assert target.rough_map[10, 20] == 0
    assert target.rough_map[10, 10] == 3
    assert target.sure_for_refine()[10, 20] == object_id
    assert target.sure_for_refine()[10, 10] == 65_535


def test_what_was_painted_last_counts() -> None:
    target = document()
    paint(target, 1, (20, 20), kind="sure", radius=8)
    paint(target, 2, (20, 20), radius=3)
    assert target.object_map[20, 20] == target.coarse_map()[20, 20] == 2
    assert target.sure_map[20, 20] == 0
    assert target.sure_map[26, 20] == 2


@pytest.mark.parametrize("end", [20, 480])
def test_long_stroke_clears_other_marks_wherever_they_are(end: int) -> None:
    target = document(100, 500)
    paint(target, 1, (end, 50), kind="sure")
    paint(target, 2, (10, 50), (490, 50), radius=9)
    assert not target.sure_map.any()
    target.undo()
    assert target.sure_map[50, end] == 2


def test_stroke_shows_at_once_and_counts_when_committed() -> None:
    target = document()
    heard: list[Change] = []
    target.subscribe(heard.append)
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.segment((5, 5), (9, 5), 2)
    assert target.object_map[5, 5] == 1
    assert (target.revision, target.can_undo, heard) == (0, False, [])
    change = stroke.commit()
    assert heard == [change]
    assert change == Change(Rect(3, 3, 11, 7), "pixels", "Paint label 1", 1)
    assert target.undo_name == "Paint label 1"


@pytest.mark.parametrize("where", [(0.3, 0.7), (17.99, 12.0), (49.5, 39.5)])
def test_smallest_brush_marks_exactly_the_clicked_pixel(where: tuple[float, float]) -> None:
    target = document()
    paint(target, 1, where, radius=0.5)
    assert np.argwhere(target.object_map).tolist() == [[int(where[1]), int(where[0])]]


def test_returned_rectangle_holds_every_changed_pixel() -> None:
    target = document()
    with target.begin_stroke(kind="rough", object_id=1) as stroke:
        rect = stroke.segment((-4, 20), (12.3, 37.8), 5.5)
        outside = target.object_map.copy()
        outside[rect.slices] = 0
        assert not outside.any()
        rows, columns = np.nonzero(target.object_map)
        assert rect == Rect(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def test_stroke_outside_of_the_image_makes_no_step() -> None:
    target = document()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    assert stroke.segment((-50, -50), (-20, 300), 8).is_empty
    assert stroke.commit().rect is None
    assert (target.revision, target.can_undo, target.is_dirty) == (0, False, False)


def test_stroke_that_changes_no_pixel_makes_no_step() -> None:
    target = document()
    paint(target, 1, (10, 10))
    paint(target, 1, (10, 10))
    assert len(target.history.undo_names) == 1


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(-10, 60), st.floats(-10, 50)), min_size=1, max_size=5))
def test_cancelled_stroke_leaves_no_trace(points) -> None:
    target = document()
    paint(target, 1, (5, 5), (40, 30))
    paint(target, 2, (20, 20), kind="sure")
    before, revision = contents(target), target.revision
    stroke = target.begin_stroke(kind="rough", object_id=2)
    rect = Rect.empty()
    for point in points:
        rect = rect.union(stroke.segment(points[0], point, 4))
    assert stroke.cancel() == rect
    assert contents(target) == before
    assert (target.revision, target.object_area(2)) == (revision, target.object_area(2))
    paint(target, 2, (30, 30))  # and the next stroke begins as if nothing had been


def test_block_that_fails_cancels_its_stroke() -> None:
    target = document()
    before = contents(target)
    with pytest.raises(ShapeError):
        paint(target, 1, (5, 5), (9, 9), (float("nan"), 0))
    assert contents(target) == before
    assert target.open_stroke is None


def test_ended_stroke_cannot_be_painted_on() -> None:
    target = document()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.commit()
    for use in (lambda: stroke.segment((1, 1), (2, 2), 1), stroke.commit, stroke.cancel):
        with pytest.raises(CallOrderError, match="has ended"):
            use()


def test_nothing_else_changes_the_document_while_a_stroke_is_open() -> None:
    target = document()
    paint(target, 1, (5, 5))
    stroke = target.begin_stroke(kind="rough", object_id=1)
    for use in (
        target.undo,
        target.redo,
        lambda: target.begin_stroke(kind="rough", object_id=1),
        lambda: target.add_label("x"),
        lambda: target.add_object(1),
        lambda: target.remove_object(1),
        lambda: target.fill_mask(np.ones(target.shape, bool), object_id=1, kind="rough"),
        lambda: target.import_class_map(np.zeros(target.shape, np.uint8)),
        target.drop_proposal,
    ):
        with pytest.raises(CallOrderError, match="stroke is open"):
            use()
    stroke.cancel()
    assert target.undo() is not None


def test_unknown_object_or_kind_is_refused() -> None:
    target = document()
    with pytest.raises(UsageError, match="no object with the id 9"):
        target.begin_stroke(kind="rough", object_id=9)
    with pytest.raises(UsageError, match="rough or sure"):
        target.begin_stroke(kind="soft", object_id=1)  # type: ignore[arg-type]
    assert not target.can_paint(9)
    assert target.can_paint(0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (513, 1), (257, 255)])
def test_odd_images_are_painted_undone_and_done_again(shape: tuple[int, int]) -> None:
    target = document(*shape)
    paint(target, 1, (0, 0), (shape[1], shape[0]), radius=1.5)
    paint(target, 2, (0.5, 0.5), radius=0.5)
    after = contents(target)
    assert target.object_map[0, 0] == 2
    while target.undo():
        pass
    assert not target.object_map.any()
    while target.redo():
        pass
    assert contents(target) == after


def test_stroke_on_a_large_image_takes_memory_for_its_own_tiles_only() -> None:
    target = Document((10_000, 10_000), document().labels, objects=document().objects.values())
    tracemalloc.start()
    try:
        with target.begin_stroke(kind="rough", object_id=1) as stroke:
            for step in range(0, 9_000, 500):
                stroke.segment((step, step), (step + 500, step + 500), 10)
        peak = tracemalloc.get_traced_memory()[1]
        target.undo()
        target.redo()
        assert tracemalloc.get_traced_memory()[1] < peak + 5_000_000
    finally:
        tracemalloc.stop()
    assert target.object_map[4_500, 4_500] == 1
    assert peak < 30_000_000, "one map alone has 200,000,000 bytes"
    assert target.history.nbytes < 200_000
