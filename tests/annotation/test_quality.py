"""The IoU that a confidence lets expect."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.annotation.quality import expected_iou, expected_ious
from spn_annotator.errors import ShapeError

OBJECT = np.zeros((40, 40), np.uint8)
OBJECT[10:30, 10:30] = 1


def test_what_is_sure_is_expected_to_be_right() -> None:
    assert expected_iou(OBJECT, np.ones(OBJECT.shape, np.float32)) == 1.0


def test_one_object_is_the_ratio_of_expected_areas() -> None:
    confidence = np.ones(OBJECT.shape, np.float32)
    confidence[10:30, 10] = 0.0  # 20 pixels of the object, right or wrong alike
    confidence[5, :20] = 0.5  # 20 pixels of the background, with 1 in 4 an object's
    assert expected_ious(OBJECT, confidence) == {1: pytest.approx((400 - 10) / (400 + 5))}


def test_it_is_what_comes_out_on_the_average() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.4, 1, OBJECT.shape)
    found = []
    for _ in range(200):
        truth = (OBJECT == 1) ^ (rng.random(OBJECT.shape) > (1 + confidence) / 2)
        both = np.count_nonzero(truth & (OBJECT == 1))
        found.append(both / np.count_nonzero(truth | (OBJECT == 1)))
    assert expected_iou(OBJECT, confidence) == pytest.approx(np.mean(found), abs=0.01)


def test_a_small_object_suffers_more_from_the_same_doubt() -> None:
    two = np.zeros((60, 60), np.uint8)
    two[5:45, 5:45] = 1
    two[50:56, 50:56] = 2
    confidence = np.ones(two.shape, np.float32)
    confidence[5, 5:35] = 0.2
    confidence[50:55, 50:56] = 0.2
    found = expected_ious(two, confidence)
    assert found[2] < 0.7 < 0.95 < found[1]


def test_far_and_sure_background_changes_nothing_though_it_lifts_the_mean() -> None:
    confidence = np.ones(OBJECT.shape, np.float32)
    confidence[10:30, 10:30] = 0.5
    wide = np.pad(OBJECT, 200)
    sure = np.pad(confidence, 200, constant_values=1)
    assert sure.mean() > confidence.mean() + 0.1
    assert expected_iou(wide, sure) == pytest.approx(expected_iou(OBJECT, confidence))


def test_without_background_what_is_too_much_stands_for_what_is_missing() -> None:
    halves = np.ones((10, 10), np.uint16)
    halves[:, 5:] = 7
    confidence = np.full(halves.shape, 0.8)
    assert expected_ious(halves, confidence) == {
        1: pytest.approx(0.9 / 1.1),
        7: pytest.approx(0.9 / 1.1),
    }


def test_stored_bytes_mean_the_same() -> None:
    confidence = np.random.default_rng(1).integers(0, 256, OBJECT.shape, dtype=np.uint8)
    as_floats = confidence.astype(np.float32) / 255
    assert expected_iou(OBJECT, confidence) == pytest.approx(expected_iou(OBJECT, as_floats))


def test_a_map_without_objects_is_as_good_as_its_background_is_sure() -> None:
    nothing = np.zeros((3, 3), np.uint8)
    assert expected_ious(nothing, np.full((3, 3), 0.3)) == {}
    assert expected_iou(nothing, np.full((3, 3), 0.3)) == pytest.approx(0.65)
    assert expected_iou(nothing, np.full((3, 3), 51, np.uint8)) == pytest.approx(0.6)
    assert expected_iou(nothing[:0], np.zeros((0, 3))) == 1.0


def test_shapes_must_agree() -> None:
    with pytest.raises(ShapeError, match="one shape"):
        expected_iou(OBJECT, np.ones((2, 2)))
