"""Documents for the tests."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet


def labels(*names: str) -> LabelSet:
    """Return labels with these names, ids from 1."""
    made = LabelSet()
    for name in names:
        made.add(name)
    return made


def document(
    height: int = 40, width: int = 50, *, objects: int = 2, history_bytes: int = 1 << 28
) -> Document:
    """Return a document with as many labels and objects, ids from 1, and no history of it."""
    made = labels(*(f"label {number + 1}" for number in range(objects)))
    items = [AnnotatedObject(number + 1, number + 1) for number in range(objects)]
    return Document((height, width), made, objects=items, history_bytes=history_bytes)


def paint(
    target: Document,
    object_id: int,
    *points: tuple[float, float],
    radius: float = 3.0,
    kind: str = "rough",
) -> None:
    """Paint and commit one stroke along points."""
    with target.begin_stroke(kind=kind, object_id=object_id) as stroke:  # type: ignore[arg-type]
        stroke.segment(points[0], points[0], radius)
        for start, end in itertools.pairwise(points):
            stroke.segment(start, end, radius)


def contents(target: Document) -> tuple[object, ...]:
    """Return all that is stored of a document, comparable."""
    return (
        target.labels.to_json(),
        dict(target.objects),
        target.object_map.tobytes(),
        target.rough_map.tobytes(),
        target.sure_map.tobytes(),
    )


def assert_consistent(target: Document) -> None:
    """Check what must hold after anything."""
    known: Sequence[int] = [0, *target.objects]
    assert np.isin(target.object_map, known).all()
    assert np.isin(target.rough_map, [0, 1, *(i + 1 for i in target.objects)]).all()
    sure = target.sure_map
    assert (target.object_map[sure > 0] == sure[sure > 0] - 1).all(), "a sure pixel was not kept"
    assert not ((target.rough_map > 0) & (sure > 0)).any(), "two strokes on one pixel"
    assert all(item.label_id in target.labels for item in target.objects.values())
    counts = np.bincount(target.object_map.reshape(-1), minlength=max(known) + 1)
    assert [target.object_area(i) for i in known] == [counts[i] for i in known]
