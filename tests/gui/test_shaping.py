"""How much of a refinement is taken, and the copy of the maps that refinement works on."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.annotation import FREE, AnnotatedObject, Document, LabelSet
from spn_annotator.gui.shaping import Shaping, shaped
from spn_annotator.gui.workers.mirror import MapMirror, MapUpdate


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A box, the same box five pixels wider on the right, less and less sure outwards."""
    coarse = np.zeros((40, 60), np.uint16)
    coarse[10:30, 10:30] = 1
    refined = np.zeros_like(coarse)
    refined[10:30, 10:35] = 1
    confidence = np.ones(coarse.shape, np.float32)
    confidence[:, 30:35] = [0.9, 0.7, 0.5, 0.3, 0.1]
    return coarse, refined, confidence


@pytest.mark.parametrize(("strength", "gained"), [(1.0, 5), (0.8, 4), (0.4, 2), (0.2, 1), (0.0, 0)])
def test_less_strength_moves_only_what_the_model_is_sure_of(strength: float, gained: int) -> None:
    coarse, refined, confidence = example()
    result = shaped(coarse, refined, confidence, Shaping(strength=strength))
    assert (result[20, 30:35] == 1).sum() == gained
    np.testing.assert_array_equal(result[:, :30], coarse[:, :30])


@pytest.mark.parametrize("band", [1, 2, 3, 40])
def test_nothing_moves_outside_of_the_band(band: int) -> None:
    coarse, refined, confidence = example()
    refined[2:5, 50:55] = 1  # far from everything
    result = shaped(coarse, refined, confidence, Shaping(band=band))
    assert (result[20, 30:35] == 1).sum() == min(band, 5)
    assert (result[2:5, 50:55] == (1 if band >= 40 else 0)).all()


def test_pixels_left_to_the_model_are_always_settled() -> None:
    coarse, refined, confidence = example()
    coarse[:, 30:] = FREE
    result = shaped(coarse, refined, confidence, Shaping(strength=0.0, band=1))
    assert not (result == FREE).any()
    assert (result[20, 30:35] == 1).all()


def test_the_whole_refinement_is_taken_as_it_is() -> None:
    coarse, refined, confidence = example()
    assert shaped(coarse, refined, confidence, Shaping()) is refined
    assert shaped(coarse, coarse, confidence, Shaping(strength=0.1)) is coarse


def document() -> Document:
    labels = LabelSet()
    labels.add("person")
    return Document((600, 700), labels, objects=[AnnotatedObject(1, 1)])


def same(mirror: MapMirror, target: Document) -> None:
    np.testing.assert_array_equal(mirror.objects, target.object_map)
    np.testing.assert_array_equal(mirror.rough, target.rough_map)
    np.testing.assert_array_equal(mirror.sure, target.sure_map)
    np.testing.assert_array_equal(mirror.coarse(unpainted_unknown=False), target.coarse_map())
    np.testing.assert_array_equal(mirror.held(), target.sure_for_refine())


def test_the_copy_follows_the_document_by_what_has_changed() -> None:
    target, mirror = document(), MapMirror()
    rng = np.random.default_rng(2)
    assert mirror.apply(MapUpdate.of(target, since=mirror.revision_of(target)))
    for step in range(12):
        if step % 4 == 3:
            target.undo()
        else:
            kind = "sure" if step % 3 == 0 else "rough"
            with target.begin_stroke(kind=kind, object_id=int(rng.integers(0, 2))) as stroke:
                x, y = rng.uniform(0, 600, 2)
                stroke.segment((x, y), (x + 60, y), 20)
        update = MapUpdate.of(target, since=mirror.revision_of(target))
        assert len(update.tiles) <= 6
        assert mirror.apply(update)
        same(mirror, target)


def test_an_open_stroke_is_not_in_the_copy() -> None:
    target, mirror = document(), MapMirror()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.segment((100, 100), (200, 100), 30)
    mirror.apply(MapUpdate.of(target, since=-1))
    assert not mirror.objects.any()
    stroke.commit()
    mirror.apply(MapUpdate.of(target, since=mirror.revision_of(target)))
    same(mirror, target)


def test_changes_of_another_document_are_refused() -> None:
    one, other, mirror = document(), document(), MapMirror()
    mirror.apply(MapUpdate.of(one, since=-1))
    assert mirror.revision_of(other) == -1
    with one.begin_stroke(kind="rough", object_id=1) as stroke:
        stroke.segment((100, 100), (200, 100), 30)
    late = MapUpdate.of(one, since=0)
    mirror.apply(MapUpdate.of(other, since=-1))
    assert not mirror.apply(late)
    assert mirror.revision_of(other) == 0


def test_unpainted_pixels_can_be_unknown() -> None:
    target, mirror = document(), MapMirror()
    with target.begin_stroke(kind="rough", object_id=1) as stroke:
        stroke.segment((100, 100), (100, 100), 10)
    with target.begin_stroke(kind="sure", object_id=0) as stroke:
        stroke.segment((300, 300), (300, 300), 10)
    mirror.apply(MapUpdate.of(target, since=-1))
    coarse = mirror.coarse(unpainted_unknown=True)
    assert coarse[100, 100] == 1
    assert coarse[300, 300] == 0
    assert coarse[500, 500] == FREE
