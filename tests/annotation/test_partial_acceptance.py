"""Proposals taken over in part, proposals looked through elsewhere, and strokes from masks."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet, Rect, prepare_proposal
from spn_annotator.errors import CallOrderError, ShapeError, UsageError


def document(shape: tuple[int, int] = (300, 400), *, locked: bool = False) -> Document:
    labels = LabelSet()
    labels.add("person")
    labels.add("horse")
    objects = [AnnotatedObject(1, 1), AnnotatedObject(2, 2)]
    object_map = np.zeros(shape, np.uint16)
    object_map[:, :100] = 2
    target = Document(shape, labels, objects=objects, object_map=object_map)
    if locked:
        from dataclasses import replace

        target.replace_label(replace(target.labels.get(2), locked=True))
    return target


def proposed(target: Document) -> np.ndarray:
    array = target.object_map.copy()
    array[50:250, 80:350] = 1
    assert target.set_proposal(
        prepare_proposal(array, against=target.object_map), revision=target.revision
    )
    return array


def test_a_part_is_taken_over_and_the_rest_stays_proposed() -> None:
    target = document()
    before = target.object_map.copy()
    array = proposed(target)
    mask = np.ones((60, 50), bool)
    mask[:10] = False
    change = target.accept_part((Rect(90, 100, 140, 160), mask))
    assert change.rect == Rect(90, 110, 140, 160)
    expected = before.copy()
    expected[110:160, 90:140] = array[110:160, 90:140]
    np.testing.assert_array_equal(target.object_map, expected)
    assert target.proposal is not None
    target.accept_proposal()
    np.testing.assert_array_equal(target.object_map, array)
    target.undo()
    assert target.proposal is not None
    np.testing.assert_array_equal(target.proposal.object_map, array)
    target.undo()
    np.testing.assert_array_equal(target.object_map, before)
    assert not target.proposal_is_stale


def test_a_part_without_a_change_is_no_step() -> None:
    target = document()
    proposed(target)
    change = target.accept_part((Rect(0, 0, 20, 20), np.ones((20, 20), bool)))
    assert change.rect is None
    assert not target.can_undo


def test_a_part_must_fit_and_needs_a_proposal() -> None:
    target = document()
    with pytest.raises(CallOrderError, match="no proposal"):
        target.accept_part((Rect(0, 0, 20, 20), np.ones((20, 20), bool)))
    proposed(target)
    for rect in (Rect(0, 0, 21, 20), Rect(390, 0, 410, 20)):
        with pytest.raises(ShapeError, match="does not fit"):
            target.accept_part((rect, np.ones((20, 20), bool)))


def test_looking_through_elsewhere_gives_the_same_proposal() -> None:
    rng = np.random.default_rng(3)
    one, other = document(), document()
    array = np.where(rng.random((300, 400)) < 0.3, 1, one.object_map).astype(np.uint16)
    confidence = rng.random((300, 400)).astype(np.float32)
    assert one.set_proposal(array, confidence=confidence, revision=0)
    prepared = prepare_proposal(
        array.astype(np.int64), against=other.object_map, confidence=confidence
    )
    assert other.set_proposal(prepared, revision=0)
    assert one.proposal is not None
    assert other.proposal is not None
    assert one.proposal.rect == other.proposal.rect
    np.testing.assert_array_equal(one.proposal.object_map, other.proposal.object_map)
    np.testing.assert_array_equal(one.proposal.confidence8, other.proposal.confidence8)


def test_prepared_proposals_are_checked_too() -> None:
    target = document()
    array = target.object_map.copy()
    array[0, 0] = 9
    prepared = prepare_proposal(array, against=target.object_map)
    with pytest.raises(UsageError, match="holds 9"):
        target.set_proposal(prepared, revision=0)
    small = prepare_proposal(np.ones((3, 4), np.uint16), against=np.zeros((3, 4), np.uint16))
    with pytest.raises(ShapeError):
        target.set_proposal(small, revision=0)
    assert not target.set_proposal(prepared, revision=7)


def test_a_proposal_taken_back_after_painting_is_the_same_again() -> None:
    target = document()
    array = proposed(target)
    with target.begin_stroke(kind="rough", object_id=2) as stroke:
        stroke.segment((300.0, 290.0), (390.0, 20.0), 12)
    painted = target.object_map.copy()
    target.accept_proposal()
    accepted = target.object_map.copy()
    for _ in range(2):
        target.undo()
        np.testing.assert_array_equal(target.object_map, painted)
        assert target.proposal is not None
        np.testing.assert_array_equal(target.proposal.object_map, array)
        target.redo()
        np.testing.assert_array_equal(target.object_map, accepted)


@pytest.mark.parametrize("kind", ["rough", "sure"])
def test_a_stroke_fills_a_mask_in_one_step(kind) -> None:
    target = document()
    mask = np.zeros((280, 300), bool)
    mask[20:270, 10:290] = True
    with target.begin_stroke(kind=kind, label_id=1) as stroke:
        rect = stroke.fill(Rect(50, 10, 350, 290), mask)
    assert rect == Rect(50, 10, 350, 290)
    assert target.object_map[150, 200] == 3
    own, other = (target.rough_map, target.sure_map) if kind == "rough" else (target.sure_map,) * 2
    assert own[150, 200] == 4
    if kind == "rough":
        assert not other.any()
    assert target.object_map[5, 200] == 0
    assert len(target.history.undo_names) == 1
    target.undo()
    assert 3 not in target.objects
    assert not target.rough_map.any()


def test_a_filled_mask_keeps_locked_pixels_and_can_be_cancelled() -> None:
    target = document(locked=True)
    before = target.object_map.copy()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.fill(Rect(0, 0, 400, 300), np.ones((300, 400), bool))
    assert (target.object_map[:, :100] == 2).all()
    assert (target.object_map[:, 100:] == 1).all()
    stroke.cancel()
    np.testing.assert_array_equal(target.object_map, before)
    with pytest.raises(CallOrderError):
        stroke.fill(Rect(0, 0, 1, 1), np.ones((1, 1), bool))


def test_a_mask_must_fit_its_rectangle() -> None:
    target = document()
    with target.begin_stroke(kind="rough", object_id=1) as stroke:
        with pytest.raises(ShapeError, match="does not fit"):
            stroke.fill(Rect(0, 0, 5, 5), np.ones((5, 6), bool))
        with pytest.raises(ShapeError, match="does not fit"):
            stroke.fill(Rect(398, 0, 403, 5), np.ones((5, 5), bool))
