"""Correlation and AUROC of an estimate, against definitions written out."""

from __future__ import annotations

import json
from math import isnan

import numpy as np
import pytest

from spn_annotator.errors import ShapeError
from spn_annotator.training.calibration import calibrate


def test_an_estimate_in_the_right_order_is_perfect_by_ranks() -> None:
    found = calibrate([0.1, 0.2, 0.5, 0.9], [0.3, 0.6, 0.95, 0.96])
    assert found.spearman == pytest.approx(1)
    assert found.auroc == 1
    assert (found.count, found.bad) == (4, 2)
    assert 0 < found.pearson < 1


def test_an_estimate_in_the_wrong_order_is_worse_than_chance() -> None:
    found = calibrate([4, 3, 2, 1], [0.3, 0.6, 0.95, 0.96])
    assert found.spearman == pytest.approx(-1)
    assert found.auroc == 0


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    rng = np.random.default_rng(1)
    guess, score = rng.integers(0, 6, 60).astype(float), rng.uniform(0.7, 1, 60)
    pairs = [
        1.0 if bad < good else 0.5 if bad == good else 0.0
        for bad in guess[score < 0.9]
        for good in guess[score >= 0.9]
    ]
    assert calibrate(guess, score).auroc == pytest.approx(np.mean(pairs))


def test_equal_values_share_their_rank() -> None:
    # Ranks 1.5, 1.5, 3 against 1, 2, 3.
    expected = np.corrcoef([1.5, 1.5, 3], [1, 2, 3])[0, 1]
    assert calibrate([5, 5, 9], [0.1, 0.2, 0.3]).spearman == pytest.approx(expected)


def test_the_error_is_the_mean_distance() -> None:
    assert calibrate([0.5, 1.0], [0.9, 0.9]).error == pytest.approx(0.25)


def test_what_has_no_answer_is_nan_and_null_in_json() -> None:
    found = calibrate([0.5, 0.5], [0.95, 0.99])
    assert isnan(found.pearson)
    assert isnan(found.spearman)
    assert isnan(found.auroc)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["auroc"] is None


def test_the_threshold_says_what_is_bad() -> None:
    assert calibrate([1, 2, 3], [0.4, 0.6, 0.8], threshold=0.5).bad == 1


@pytest.mark.parametrize(
    ("guess", "score"), [([1.0], [1.0, 2.0]), ([float("nan")], [1.0])], ids=["length", "nan"]
)
def test_what_cannot_be_compared_is_an_error(guess: list[float], score: list[float]) -> None:
    with pytest.raises(ShapeError):
        calibrate(guess, score)
