"""Whole objects are split, merged, filled, cleaned and smoothed, each in one step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document, Rect, StrokeKind
from spn_annotator.annotation.parts import connected_parts, holes, islands, smoothed
from spn_annotator.errors import UsageError
from tests.annotation.builders import assert_consistent, contents, document, labels


def drawn(*rows: str) -> np.ndarray:
    """Return a mask from a drawing: # is inside."""
    return np.array([[letter == "#" for letter in row] for row in rows])


def with_map(object_map: np.ndarray, objects: int = 2) -> Document:
    """Return a document with this object map; objects 1 and so on of labels of the same ids."""
    names = labels(*(f"label {i + 1}" for i in range(objects)))
    items = [AnnotatedObject(i + 1, i + 1) for i in range(objects)]
    return Document(object_map.shape, names, objects=items, object_map=object_map)


def test_parts_are_numbered_from_the_largest() -> None:
    numbers, areas = connected_parts(drawn("#..##", "...##", "#....", ".#..."))
    assert areas.tolist() == [13, 4, 2, 1]
    assert numbers.tolist() == [[3, 0, 0, 1, 1], [0, 0, 0, 1, 1], [2, 0, 0, 0, 0], [0, 2, 0, 0, 0]]


def test_a_hole_is_what_no_way_leads_out_of() -> None:
    mask = drawn(".#.....", "#.#.###", ".#..#.#", "....#..")
    expected = np.zeros_like(mask)
    expected[1, 1] = True
    assert np.array_equal(holes(mask), expected)


def test_the_largest_part_is_no_island() -> None:
    mask = drawn("##..#", ".....", "#....")
    assert np.array_equal(islands(mask, smaller_than=2), drawn("....#", ".....", "#...."))
    assert np.array_equal(islands(mask, smaller_than=99), drawn("....#", ".....", "#...."))
    assert not islands(mask, smaller_than=1).any()


def test_smoothing_takes_teeth_and_fills_notches_and_leaves_a_straight_border() -> None:
    mask = np.zeros((30, 30), bool)
    mask[10:] = True
    straight = mask.copy()
    mask[7:10, 14] = True
    mask[10:13, 4] = False
    assert np.array_equal(smoothed(mask, radius=4), straight)


def test_a_mask_without_a_pixel_is_taken() -> None:
    none = np.zeros((0, 0), bool)
    assert connected_parts(none)[1].tolist() == [0]
    assert holes(none).shape == islands(none, smaller_than=3).shape == (0, 0)
    assert smoothed(none, radius=2).shape == (0, 0)


def test_splitting_gives_each_part_its_own_object_with_its_strokes() -> None:
    target = document(300, 600)
    for x in (20, 320, 560):  # in several tiles
        target.fill_mask(
            (Rect(x, 30, x + 30, 270 - x // 3), np.ones((240 - x // 3, 30), bool)),
            object_id=2,
            kind="rough" if x < 500 else "sure",
        )
    target.replace_object(replace(target.objects[2], name="pair"))
    before = contents(target)
    change = target.split_object(2)
    assert list(target.objects) == [1, 2, 3, 4]
    assert {(o.label_id, o.name) for o in target.objects.values() if o.id > 1} == {(2, "pair")}
    assert target.object_map[100, [30, 330, 570]].tolist() == [2, 3, 0]
    assert target.object_map[40, [30, 330, 570]].tolist() == [2, 3, 4]
    assert target.rough_map[40, [30, 330, 570]].tolist() == [3, 4, 0]
    assert target.sure_map[40, 570] == 5
    assert change.kind == "objects"
    assert_consistent(target)
    target.undo()
    assert contents(target) == before
    target.redo()
    assert list(target.objects) == [1, 2, 3, 4]
    assert_consistent(target)


def test_an_object_of_one_part_is_not_split() -> None:
    target = with_map(np.ones((4, 4), np.uint16))
    target.split_object(1)
    target.split_object(2)  # without a pixel
    assert not target.can_undo


def test_merging_takes_pixels_and_strokes_over_to_the_first() -> None:
    target = document(40, 50, objects=3)
    kinds: tuple[StrokeKind, ...] = ("rough", "sure", "rough")
    for object_id, kind in enumerate(kinds, 1):
        mask = np.zeros((40, 50), bool)
        mask[5:20, 10 * object_id : 10 * object_id + 8] = True
        target.fill_mask(mask, object_id=object_id, kind=kind)
    before = contents(target)
    target.merge_objects([2, 1])
    assert list(target.objects) == [2, 3]
    assert target.object_map[10, [12, 22, 32]].tolist() == [2, 2, 3]
    assert target.rough_map[10, [12, 22, 32]].tolist() == [3, 0, 4]
    assert target.sure_map[10, 22] == 3
    assert_consistent(target)
    target.undo()
    assert contents(target) == before


def test_one_object_alone_is_not_merged() -> None:
    with pytest.raises(UsageError, match="nothing to merge"):
        document().merge_objects([1, 1])


def test_holes_are_filled_but_for_other_objects_and_sure_pixels() -> None:
    object_map = np.zeros((12, 12), np.uint16)
    object_map[1:11, 1:11] = 1
    object_map[3:8, 3:8] = 0
    object_map[4, 4] = 2
    target = with_map(object_map)
    target.fill_mask((Rect(6, 6, 7, 7), np.ones((1, 1), bool)), object_id=0, kind="sure")
    target.fill_holes(1)
    assert target.object_map[4, 4] == 2
    assert target.object_map[6, 6] == 0
    assert target.object_areas() == {1: 98, 2: 1}
    assert_consistent(target)
    target.undo()
    assert target.object_areas() == {1: 75, 2: 1}


def test_islands_go_in_one_step() -> None:
    object_map = np.zeros((12, 12), np.uint16)
    object_map[1:5, 1:5] = 1
    object_map[8, 8:10] = 1
    object_map[11, 0] = 1
    target = with_map(object_map)
    target.remove_islands(1, smaller_than=2)
    assert target.object_areas()[1] == 18
    target.remove_islands(1, smaller_than=100)
    assert target.object_areas()[1] == 16
    target.undo()
    target.undo()
    assert target.object_areas()[1] == 19


def test_smoothing_takes_no_pixel_of_another_object() -> None:
    object_map = np.zeros((40, 40), np.uint16)
    object_map[20:, :] = 1
    object_map[15:20, 20] = 1  # a tooth
    object_map[20:24, 8] = 2  # another object in a notch
    target = with_map(object_map)
    target.smooth_object(1, radius=4)
    assert not target.object_map[15:19].any()
    assert (target.object_map == 2).sum() == 4
    with pytest.raises(UsageError, match="1 to 50"):
        target.smooth_object(1, radius=0)


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.split_object(1),
        lambda d: d.merge_objects([2, 1]),
        lambda d: d.fill_holes(1),
        lambda d: d.remove_islands(1, smaller_than=9),
        lambda d: d.smooth_object(1, radius=2),
    ],
)
def test_an_object_of_a_locked_label_stays(edit) -> None:
    object_map = np.zeros((12, 12), np.uint16)
    object_map[1:5, 1:5] = 1
    object_map[2, 2] = 0
    object_map[9, 9] = 1
    target = with_map(object_map)
    target.replace_label(replace(target.labels.get(1), locked=True))
    before = contents(target)
    with pytest.raises(UsageError, match="locked"):
        edit(target)
    assert contents(target) == before


def test_the_rectangle_of_an_object_is_tight() -> None:
    object_map = np.zeros((600, 700), np.uint16)
    object_map[250:300, 100:600] = 2
    target = with_map(object_map)
    assert target.object_rect(2) == Rect(100, 250, 600, 300)
    assert target.object_rect(1).is_empty
