"""Scores over a whole data set, against sums by hand."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from spn_annotator.errors import ShapeError
from spn_annotator.training.confusion import Confusion

TRUTH = np.array([[0, 0, 1, 1], [2, 2, 255, 1]], np.uint8)
PRED = np.array([[0, 1, 1, 1], [2, 1, 2, 9]], np.uint8)


def counted() -> Confusion:
    return Confusion.empty(3).plus(TRUTH, PRED)


def test_counts_are_by_true_class_and_ignored_pixels_are_left_out() -> None:
    assert counted().counts.tolist() == [[1, 1, 0, 0], [0, 2, 0, 1], [0, 1, 1, 0]]


def test_iou_of_each_class() -> None:
    assert counted().class_ious() == pytest.approx((1 / 2, 2 / 5, 1 / 2))
    assert counted().mean_iou() == pytest.approx((1 / 2 + 2 / 5 + 1 / 2) / 3)
    assert counted().accuracy() == pytest.approx(4 / 7)


def test_images_are_summed_before_the_score_is_taken() -> None:
    small = np.array([[1]], np.uint8)
    both = counted().plus(small, small)
    assert both.iou([1]) == pytest.approx(3 / 6)
    assert (counted() + Confusion.empty(3).plus(small, small)).counts.tolist() == (
        both.counts.tolist()
    )


def test_f_score_of_one_part() -> None:
    # 2 hits, 1 miss, 2 false alarms.
    assert counted().f_score([1]) == pytest.approx(2 * 2 / (2 * 2 + 1 + 2))


def test_classes_taken_as_one_part_may_be_mixed_up() -> None:
    mixed = Confusion.empty(3).plus(np.array([[1, 2, 0]]), np.array([[2, 1, 0]]))
    assert mixed.f_score([1]) == 0
    assert mixed.f_score([1, 2]) == 1


def test_several_parts_are_pooled_and_not_merged() -> None:
    mixed = Confusion.empty(3).plus(np.array([[1, 2, 0]]), np.array([[2, 1, 0]]))
    assert mixed.f_score([1], [2]) == 0
    assert counted().f_score([1], [2]) == pytest.approx(2 * 3 / (2 * 3 + 2 + 2))


def test_a_class_that_occurs_nowhere_is_nan_and_left_out_of_the_mean() -> None:
    two = Confusion.empty(4).plus(TRUTH, PRED)
    assert isnan(two.class_ious()[3])
    assert isnan(two.f_score([3]))
    assert two.mean_iou() == counted().mean_iou()


def test_a_class_that_only_the_prediction_has_counts_as_zero() -> None:
    found = Confusion.empty(3).plus(np.zeros((1, 2), np.uint8), np.array([[0, 2]], np.uint8))
    assert found.class_ious()[2] == 0


def test_a_truth_with_an_unknown_id_is_an_error() -> None:
    with pytest.raises(ShapeError, match="id 7"):
        Confusion.empty(3).plus(np.full((1, 1), 7, np.uint8), np.zeros((1, 1), np.uint8))


def test_shapes_must_agree() -> None:
    with pytest.raises(ShapeError, match="shape"):
        Confusion.empty(3).plus(TRUTH, PRED[:1])
