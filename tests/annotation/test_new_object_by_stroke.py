"""A stroke that paints an object which is not there yet."""

from __future__ import annotations

import pytest

from spn_annotator.annotation import Document, LabelSet
from spn_annotator.errors import UsageError


@pytest.fixture
def document() -> Document:
    labels = LabelSet()
    labels.add("horse")
    return Document((20, 30), labels)


def test_object_and_pixels_are_one_step(document: Document) -> None:
    with document.begin_stroke(kind="rough", label_id=1) as stroke:
        stroke.segment((5, 5), (10, 5), 2)
    assert [item.label_id for item in document.objects.values()] == [1]
    assert document.object_map[5, 7] == stroke.object_id
    document.undo()
    assert not document.objects
    assert not document.object_map.any()
    assert not document.can_undo
    document.redo()
    assert document.object_map[5, 7] == stroke.object_id
    assert stroke.object_id in document.objects


def test_a_cancelled_stroke_makes_no_object(document: Document) -> None:
    stroke = document.begin_stroke(kind="sure", label_id=1)
    stroke.segment((5, 5), (5, 5), 2)
    stroke.cancel()
    assert not document.objects
    assert document.revision == 0


def test_a_stroke_beside_the_image_makes_no_object(document: Document) -> None:
    with document.begin_stroke(kind="rough", label_id=1) as stroke:
        stroke.segment((-50, -50), (-40, -50), 2)
    assert not document.objects
    assert not document.can_undo


def test_object_and_label_together_are_refused(document: Document) -> None:
    item = document.add_object(1)
    with pytest.raises(UsageError, match="not both"):
        document.begin_stroke(kind="rough", object_id=item.id, label_id=1)


def test_a_locked_label_gets_no_new_object(document: Document) -> None:
    from dataclasses import replace

    document.replace_label(replace(document.labels.get(1), locked=True))
    with pytest.raises(UsageError, match="locked"):
        document.begin_stroke(kind="rough", label_id=1)
