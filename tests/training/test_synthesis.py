"""Coarse masks are wrong in the ways they are meant to be."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.training.synthesis import KINDS, correction


def blob(size=128):
    yy, xx = np.mgrid[:size, :size]
    angle = np.arctan2(yy - 64, xx - 60)
    radius = 34 + 6 * np.sin(5 * angle)
    return (yy - 64) ** 2 + (xx - 60) ** 2 < radius**2


TRUTH = blob()
LABELS = TRUTH.astype(np.uint8)


def overlap(a, b):
    return (a & b).sum() / (a | b).sum()


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_same_generator_gives_the_same_mask_and_another_one_does_not(kind):
    first, again, other = (KINDS[kind](LABELS, TRUTH, np.random.default_rng(s)) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert first.dtype == np.int8
    assert set(np.unique(first)) <= {-1, 0, 1}


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("perturbed", 0.5, 0.999), ("brush", 0.4, 0.99), ("lowres", 0.5, 1)]
)
def test_dense_kinds_know_every_pixel_and_overlap_the_truth(kind, low, high):
    found = []
    for seed in range(20):
        coarse = KINDS[kind](LABELS, TRUTH, np.random.default_rng(seed))
        assert (coarse != 0).all()
        found.append(overlap(coarse > 0, TRUTH))
    assert low < min(found)
    assert np.mean(found) < high
    assert np.std(found) > 0.003


def test_scribbles_are_few_thin_and_true():
    for seed in range(10):
        coarse = KINDS["scribbles"](LABELS, TRUTH, np.random.default_rng(seed))
        assert (coarse == 0).mean() > 0.9
        assert (coarse > 0).any()
        assert (coarse < 0).any()
        assert not (coarse > 0)[~TRUTH].any()
        assert not (coarse < 0)[TRUTH].any()


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("fill", [0, 1])
def test_an_empty_or_full_truth_is_no_special_case(kind, fill):
    truth = np.full((40, 50), bool(fill))
    coarse = KINDS[kind](truth.astype(np.uint8), truth, np.random.default_rng(0))
    assert coarse.shape == truth.shape


def test_ignored_pixels_get_no_scribbles():
    labels = LABELS.copy()
    labels[:, :40] = 255
    coarse = KINDS["scribbles"](labels, TRUTH & (labels == 1), np.random.default_rng(0))
    assert not coarse[:, :40].any()


def test_a_part_gets_its_strokes_wherever_in_the_image_it_lies():
    found = []
    for top, left in ((0, 0), (20, 31), (88, 60)):
        labels = np.zeros((128, 128), np.uint8)
        labels[top : top + 40, left : left + 50] = 1
        labels[top + 10, left + 10] = 255
        coarse = KINDS["scribbles"](labels, labels == 1, np.random.default_rng(5))
        assert (coarse < 0).any()
        found.append((coarse > 0)[top : top + 40, left : left + 50])
        assert found[-1].sum() == (coarse > 0).sum() > 0
    # Labels are gone through in their order, and what is drawn of label 0 depends on the place;
    # the strokes stay thin and inside all the same.
    assert max(f.mean() for f in found) < 0.5


def test_many_labels_get_strokes_of_their_own_and_small_specks_none():
    labels = (np.arange(120)[:, None] // 30 * 4 + np.arange(120)[None] // 30).astype(np.uint8)
    labels[59:61, 59:61] = 77
    coarse = KINDS["scribbles"](labels, labels == 5, np.random.default_rng(0))
    for value in range(16):
        drawn = coarse[labels == value]
        assert (drawn > 0).any() == (value == 5)
        assert (drawn < 0).any() == (value != 5)
    assert not coarse[labels == 77].any()


def test_a_correction_lies_in_the_largest_error_and_is_true():
    guess = TRUTH.copy()
    guess[50:80, 40:70] = False
    guess[2:4, 2:4] = True
    valid = np.ones_like(TRUTH)
    for seed in range(10):
        sure = correction(TRUTH, guess, valid, np.random.default_rng(seed))
        assert (sure > 0).any()
        assert not (sure < 0).any()
        assert TRUTH[sure > 0].all()


def test_a_perfect_guess_gets_no_correction():
    valid = np.ones_like(TRUTH)
    assert not correction(TRUTH, TRUTH, valid, np.random.default_rng(0)).any()
