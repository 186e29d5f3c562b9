"""Locked labels keep their pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document
from spn_annotator.errors import UsageError
from tests.annotation.builders import assert_consistent, contents, document, paint


@pytest.fixture
def guarded() -> tuple[Document, np.ndarray]:
    """Return a document whose first label is locked, and where its object lies."""
    target = document(60, 300)
    paint(target, 1, (20, 30), (280, 30), radius=6)
    paint(target, 1, (40, 30), radius=3, kind="sure")
    target.replace_label(replace(target.labels.get(1), locked=True))
    return target, target.object_map == 1


def snapshot(target: Document, where: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(m[where] for m in (target.object_map, target.rough_map, target.sure_map))


@pytest.mark.parametrize("kind", ["rough", "sure"])
@pytest.mark.parametrize("object_id", [0, 2])
def test_strokes_pass_over_locked_pixels(guarded, kind: str, object_id: int) -> None:
    target, where = guarded
    before = snapshot(target, where)
    paint(target, object_id, (150, 5), (150, 55), (250, 20), radius=9, kind=kind)
    for old, new in zip(before, snapshot(target, where), strict=True):
        assert np.array_equal(old, new)
    marks = target.rough_map if kind == "rough" else target.sure_map
    assert marks[8, 150] == object_id + 1, "beside them they paint"
    assert_consistent(target)


@pytest.mark.parametrize("object_id", [0, 2])
def test_fills_pass_over_locked_pixels(guarded, object_id: int) -> None:
    target, where = guarded
    before = snapshot(target, where)
    target.fill_mask(np.ones(target.shape, bool), object_id=object_id, kind="sure")
    for old, new in zip(before, snapshot(target, where), strict=True):
        assert np.array_equal(old, new)
    assert (target.object_map[~where] == object_id).all()


def test_accepting_neither_shrinks_nor_grows_a_locked_object(guarded) -> None:
    target, where = guarded
    proposal = np.where(where, 2, 1).astype(np.uint16)
    proposal[:10] = 2
    target.set_proposal(proposal, revision=target.revision)
    target.accept_proposal()
    assert np.array_equal(target.object_map == 1, where)
    assert (target.object_map[:10] == 2).all()
    assert_consistent(target)


def test_clearing_strokes_keeps_those_of_locked_labels(guarded) -> None:
    target, where = guarded
    before = snapshot(target, where)
    paint(target, 2, (150, 5), radius=2)
    target.clear_strokes()
    for old, new in zip(before, snapshot(target, where), strict=True):
        assert np.array_equal(old, new)
    assert not target.rough_map[~where].any()


def test_import_keeps_locked_objects_and_renumbers_newcomers(guarded) -> None:
    target, where = guarded
    incoming = np.ones(target.shape, np.uint16)
    target.import_map(incoming, objects=[AnnotatedObject(1, 2, "new")])
    assert np.array_equal(target.object_map == 1, where)
    assert (target.object_map[~where] == 2).all()
    assert target.objects == {1: AnnotatedObject(1, 1), 2: AnnotatedObject(2, 2, "new")}
    assert_consistent(target)


def test_locked_labels_refuse_their_own_brush_and_removal(guarded) -> None:
    target, _ = guarded
    before = contents(target)
    assert not target.can_paint(1)
    for use in (
        lambda: target.begin_stroke(kind="rough", object_id=1),
        lambda: target.fill_mask(np.ones(target.shape, bool), object_id=1, kind="rough"),
        lambda: target.remove_object(1),
        lambda: target.remove_label(1),
        lambda: target.replace_object(AnnotatedObject(1, 2)),
        lambda: target.replace_object(AnnotatedObject(2, 1)),
    ):
        with pytest.raises(UsageError, match="'label 1' is locked"):
            use()
    assert contents(target) == before


def test_unlocking_gives_the_pixels_free(guarded) -> None:
    target, _ = guarded
    target.replace_label(replace(target.labels.get(1), locked=False))
    paint(target, 2, (150, 30), radius=3)
    assert target.object_map[30, 150] == 2


def test_undo_goes_back_through_a_lock(guarded) -> None:
    target, where = guarded
    paint(target, 2, (150, 5), radius=2)
    while target.undo():
        pass
    assert not target.object_map.any()
    while target.redo():
        pass
    assert np.array_equal(target.object_map == 1, where)
    assert target.labels.get(1).locked
