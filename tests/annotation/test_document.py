"""Documents: what they are made of, labels, objects, imports, tiles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spn_annotator.annotation import FREE, AnnotatedObject, Document, LabelSet, Rect
from spn_annotator.errors import ShapeError, UsageError
from tests.annotation.builders import assert_consistent, contents, document, labels, paint


def test_maps_given_are_copied_and_maps_shown_are_read_only() -> None:
    given = np.zeros((4, 6), np.uint8)
    target = Document((4, 6), labels("a"), objects=[AnnotatedObject(1, 1)], object_map=given)
    given[:] = 1
    assert not target.object_map.any()
    assert (target.object_map.dtype, target.object_map.shape) == (np.uint16, (4, 6))
    with pytest.raises(ValueError, match="read-only"):
        target.object_map[0, 0] = 1


def test_maps_shown_follow_the_document() -> None:
    target = document()
    shown = target.object_map
    paint(target, 1, (10, 10))
    assert shown[10, 10] == 1


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        ({"object_map": np.zeros((4, 5), np.uint8)}, r"must be \(4, 6\)"),
        ({"object_map": np.zeros((4, 6))}, "integers"),
        ({"rough_map": np.full((4, 6), -1)}, "16 bits"),
        ({"sure_map": np.full((4, 6), 70_000)}, "16 bits"),
    ],
)
def test_maps_of_another_shape_type_or_range_are_refused(maps, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Document((4, 6), labels("a"), **maps)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (5,), (5, 5, 3)])
def test_image_without_pixels_or_with_channels_is_refused(shape) -> None:
    with pytest.raises(ShapeError, match="height and a width"):
        Document(shape, LabelSet())


@pytest.mark.parametrize("name", ["object_map", "rough_map", "sure_map"])
def test_map_that_names_an_object_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="7, which is no object"):
        Document((4, 6), LabelSet(), **{name: np.full((4, 6), 7)})  # type: ignore[arg-type]


def test_object_of_a_label_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no label with the id 3"):
        Document((4, 6), labels("a"), objects=[AnnotatedObject(1, 3)])
    with pytest.raises(UsageError, match="no label with the id 3"):
        document().add_object(3)


@pytest.mark.parametrize("object_id", [0, 65_535])
def test_object_ids_that_stroke_maps_cannot_hold_are_refused(object_id: int) -> None:
    with pytest.raises(UsageError, match="1 to 65534"):
        AnnotatedObject(object_id, 1)


def test_highest_object_id_can_be_painted_and_held_for_sure() -> None:
    target = Document((9, 9), labels("a"), objects=[AnnotatedObject(65_534, 1)])
    paint(target, 65_534, (4, 4), kind="sure")
    assert target.sure_for_refine()[4, 4] == 65_534
    assert target.sure_for_refine()[0, 0] == FREE
    assert target.add_object(1).id == 1, "the next free id is below"


def test_class_map_and_areas_look_through_objects_to_labels() -> None:
    target = document()
    second = target.add_object(1, "second of label 1")
    paint(target, 1, (10, 10))
    paint(target, second.id, (30, 10))
    paint(target, 2, (10, 30))
    classes = target.class_map()
    assert classes.dtype == np.uint8
    assert [classes[10, 10], classes[10, 30], classes[30, 10], classes[0, 0]] == [1, 1, 2, 0]
    assert target.object_area(second.id) == (target.object_map == second.id).sum() > 0
    assert target.object_area(0) == (target.object_map == 0).sum()
    assert target.object_area(99) == 0


def test_areas_leave_an_open_stroke_out() -> None:
    target = document()
    stroke = target.begin_stroke(kind="rough", object_id=1)
    stroke.segment((10, 10), (10, 10), 5)
    assert target.object_area(1) == 0
    stroke.commit()
    assert target.object_area(1) == 80


def test_coarse_map_is_a_copy_with_sure_strokes_on_top() -> None:
    target = document()
    paint(target, 1, (10, 10))
    paint(target, 0, (10, 10), radius=1, kind="sure")
    coarse = target.coarse_map()
    assert np.array_equal(coarse, target.object_map)
    assert coarse[10, 10] == 0
    coarse[:] = 2
    assert target.object_map[10, 11] != 2
    stored = np.zeros((3, 3), np.uint16)
    sure = np.array([[0, 1, 2]] * 3, np.uint16)
    other = Document(
        (3, 3), labels("a"), objects=[AnnotatedObject(1, 1)], object_map=stored + 1, sure_map=sure
    )
    assert other.coarse_map()[0].tolist() == [1, 0, 1]


def test_rectangles_of_a_fill_are_cut_at_the_image() -> None:
    target = document(10, 10)
    change = target.fill_mask(
        (Rect(-3, 7, 4, 99), np.ones((92, 7), bool)), object_id=1, kind="sure"
    )
    assert change.rect == Rect(0, 7, 4, 10)
    assert np.argwhere(target.object_map == 1).min(axis=0).tolist() == [7, 0]
    assert (target.object_map == 1).sum() == 12
    outside = target.fill_mask(
        (Rect(50, 50, 52, 52), np.ones((2, 2), bool)), object_id=1, kind="sure"
    )
    assert outside.rect is None
    assert len(target.history.undo_names) == 1


@pytest.mark.parametrize("mask", [np.ones((10, 9), bool), np.ones((10, 10), np.uint8)])
def test_fill_with_a_mask_of_another_size_or_type_is_refused(mask) -> None:
    with pytest.raises(ShapeError, match="boolean"):
        document(10, 10).fill_mask(mask, object_id=1, kind="rough")


def test_removing_an_object_takes_its_pixels_and_strokes_along() -> None:
    target = document(300, 300)
    paint(target, 1, (10, 10), (290, 290))
    paint(target, 1, (50, 50), kind="sure")
    paint(target, 2, (200, 20))
    before = contents(target)
    change = target.remove_object(1)
    assert change.kind == "objects"
    assert list(target.objects) == [2]
    for array in (target.object_map, target.rough_map, target.sure_map):
        assert not np.isin(array[40:60, 40:60], [1, 2]).any()
    assert target.object_map[20, 200] == 2
    assert_consistent(target)
    target.undo()
    assert contents(target) == before


def test_removing_a_label_takes_its_objects_along_in_one_step() -> None:
    target = document()
    target.add_object(1)
    paint(target, 1, (10, 10))
    paint(target, 3, (30, 10))
    paint(target, 2, (10, 30))
    before = contents(target)
    assert target.remove_label(1).kind == "labels"
    assert list(target.objects) == [2]
    assert np.unique(target.object_map).tolist() == [0, 2]
    target.undo()
    assert contents(target) == before


def test_edit_that_changes_nothing_is_no_step() -> None:
    target = document()
    target.replace_label(target.labels.get(1))
    target.replace_object(target.objects[1])
    target.clear_strokes()
    assert (target.revision, target.can_undo) == (0, False)


def test_renaming_to_a_taken_name_is_refused_and_nothing_changes() -> None:
    target = document()
    with pytest.raises(UsageError, match="'label 2' already"):
        target.replace_label(replace(target.labels.get(1), name="label 2"))
    with pytest.raises(UsageError, match="no label with the id 9"):
        target.replace_label(replace(target.labels.get(1), id=9))
    assert target.revision == 0


def test_labels_shown_are_frozen() -> None:
    assert document().labels.is_frozen


def test_clearing_strokes_leaves_the_objects() -> None:
    target = document()
    paint(target, 1, (10, 10))
    paint(target, 2, (30, 10), kind="sure")
    objects = target.object_map.copy()
    target.clear_strokes(kinds=("rough",))
    assert not target.rough_map.any()
    assert target.sure_map.any()
    target.clear_strokes(rect=Rect(0, 0, 31, 40))
    assert not target.sure_map[:, :31].any()
    assert target.sure_map.any()
    assert np.array_equal(target.object_map, objects)


def test_class_map_comes_in_as_one_object_a_label() -> None:
    target = document()
    paint(target, 1, (25, 20))
    before = contents(target)
    classes = np.zeros(target.shape, np.uint8)
    classes[:5], classes[5:9], classes[9:12] = 2, 40, 255
    change = target.import_class_map(classes, unknown=255)
    assert change.kind == "labels"
    assert target.labels.get(40).name == "label 40"
    assert np.array_equal(target.class_map(), np.where(classes == 255, 0, classes))
    assert not target.rough_map.any()
    assert_consistent(target)
    target.undo()
    assert contents(target) == before


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (np.zeros((3, 3), np.uint8), "must be"),
        (np.full((40, 50), 255, np.uint8), "the mask has 255"),
        (np.full((40, 50), 1000, np.uint16), "the mask has 1000"),
    ],
)
def test_class_map_that_does_not_fit_is_refused(classes, message: str) -> None:
    target = document()
    with pytest.raises(ShapeError, match=message):
        target.import_class_map(classes)
    assert target.revision == 0


def test_object_map_comes_in_with_its_own_objects_and_labels() -> None:
    target = document()
    array = np.zeros(target.shape, np.uint16)
    array[:5], array[5:10] = 300, 7
    incoming = LabelSet()
    incoming.add("label 1")
    incoming.add("other")
    incoming.add("third")
    target.import_map(
        array, objects=[AnnotatedObject(300, 3, "x"), AnnotatedObject(7, 1)], labels=incoming
    )
    assert target.objects == {7: AnnotatedObject(7, 1), 300: AnnotatedObject(300, 3, "x")}
    assert [label.name for label in target.labels] == ["label 1", "label 2", "third"]
    assert np.array_equal(target.object_map, array)
    with pytest.raises(UsageError, match="8, which is no object"):
        target.import_map(np.full(target.shape, 8), objects=[])


def test_labels_of_the_project_are_taken_over_without_a_step() -> None:
    target = document(objects=3)
    target.remove_object(3)
    project = target.labels.copy()
    project.replace(replace(project.get(1), color=(1, 2, 3)))
    project.remove(3)
    cow = project.add("cow")
    steps = target.history.undo_names
    change = target.adopt_labels(project)
    assert change is not None
    assert (change.kind, change.revision) == ("labels", 2)
    assert target.labels == project
    assert target.labels.get(cow.id) == cow
    assert target.history.undo_names == steps
    assert target.is_dirty
    assert target.adopt_labels(project) is None
    saved = document(objects=3)
    saved.adopt_labels(project)
    assert not saved.is_dirty, "there is nothing of its own to save"


def test_label_in_use_stays_though_the_project_has_lost_it() -> None:
    target = document()
    project = target.labels.copy()
    project.add("label 3")
    project.remove(2)
    project.replace(replace(project.get(3), name="label 2"))
    target.adopt_labels(project)
    assert [(label.id, label.name) for label in target.labels] == [
        (1, "label 1"),
        (2, "label 2 (2)"),
        (3, "label 2"),
    ]


def test_steps_that_speak_of_a_label_whose_id_was_given_away_are_forgotten() -> None:
    target = document()
    target.add_label("cat")
    paint(target, 1, (10, 10))
    target.undo()
    target.undo()
    project = target.labels.copy()
    project.add("dog")
    target.adopt_labels(project)
    assert not target.can_redo, "it would turn the dog into a cat"
    assert target.labels.get(3).name == "dog"


def test_tiles_name_what_changed_since_a_revision() -> None:
    target = document(600, 600)
    paint(target, 1, (10, 10))
    paint(target, 1, (590, 300))
    assert {tile for _, tile, _ in target.tiles_since(1)} == {(1, 2)}
    assert {tile for _, tile, _ in target.tiles_since(0)} == {(0, 0), (1, 2)}
    assert len(target.tiles_since(-1)) == 3 * 9
    target.undo()
    assert {tile for _, tile, _ in target.tiles_since(2)} == {(1, 2)}, "undo changes it again"


def test_tiles_make_the_same_document_again() -> None:
    target = document(600, 300)
    paint(target, 1, (10, 10), (290, 590))
    paint(target, 2, (100, 100), kind="sure")
    again = Document.from_tiles(
        target.shape,
        target.labels,
        objects=target.objects.values(),
        tiles=target.tiles_since(-1),
    )
    assert contents(again) == contents(target)
    assert (again.revision, again.can_undo, again.is_dirty) == (0, False, False)


def test_tiles_taken_during_a_stroke_hold_the_state_before_it() -> None:
    target = document(600, 300)
    paint(target, 1, (10, 10))
    stroke = target.begin_stroke(kind="rough", object_id=2)
    stroke.segment((10, 10), (200, 500), 20)
    tiles = {(name, tile): array for name, tile, array in target.tiles_since(-1)}
    assert np.unique(tiles["object", (0, 0)]).tolist() == [0, 1]
    assert not tiles["rough", (1, 0)].any()
    stroke.cancel()


@pytest.mark.parametrize(
    ("tile", "error"),
    [
        (("object", (0, 2), np.zeros((256, 256), np.uint16)), ShapeError),
        (("object", (-1, 0), np.zeros((256, 256), np.uint16)), ShapeError),
        (("object", (0, 0), np.zeros((256, 255), np.uint16)), ShapeError),
        (("object", (0, 0), np.zeros((256, 256))), ShapeError),
        (("mystery", (0, 0), np.zeros((256, 256), np.uint16)), ShapeError),
        (("object", (0, 0), np.full((256, 256), 9, np.uint16)), UsageError),
        (("sure", (0, 0), np.full((256, 256), 9, np.uint16)), UsageError),
    ],
)
def test_tiles_that_fit_no_document_are_refused(tile, error) -> None:
    with pytest.raises(error):
        Document.from_tiles((300, 300), LabelSet(), objects=[], tiles=[tile])
