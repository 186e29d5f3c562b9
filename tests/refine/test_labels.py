"""How the probabilities of several labels become one label map."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.refine.labels import halves, refine_labels
from spn_annotator.refine.proposal import Window

SHAPE = (96, 128)
LEFT, RIGHT = 3, 7


class Says:
    """A level on which each label, known by its first column, has a given probability."""

    shape = SHAPE

    def __init__(self, **probability):
        self.probability = probability
        self.asked = []

    def tiles(self):
        return [Window(0, 0, *SHAPE)]

    def refine(self, tile, coarse, sure, view):
        column = view.x0 + int(np.flatnonzero((coarse > 0).any(0))[0])
        name = {0: "background", 20: "left", 60: "right"}[column]
        self.asked.append(name)
        return self.probability[name][view.slices].astype(np.float32)


@pytest.fixture
def coarse():
    labels = np.zeros(SHAPE, np.int16)
    labels[20:80, 20:60] = LEFT
    labels[20:80, 60:100] = RIGHT
    return labels


@pytest.fixture
def probability(coarse):
    """Return sure answers, but for a strip where left and right are likely alike."""
    found = {
        name: np.where(coarse == label, 0.9, 0.02)
        for name, label in (("background", 0), ("left", LEFT), ("right", RIGHT))
    }
    strip = np.s_[20:80, 56:64]
    found["left"][strip], found["right"][strip], found["background"][strip] = 0.48, 0.46, 0.3
    return found


@pytest.mark.parametrize("thorough", [False, True])
def test_where_two_labels_meet_is_no_background(coarse, probability, thorough):
    level = Says(**probability)
    found = refine_labels(level, coarse, None, (0, LEFT, RIGHT), everywhere=True, thorough=thorough)
    expected = coarse.copy()
    expected[20:80, 60:64] = LEFT
    np.testing.assert_array_equal(found.label_map, expected)


def test_what_no_label_claims_is_background(coarse, probability):
    probability["left"][30:50, 25:45] = 0.3
    found = refine_labels(
        Says(**probability), coarse, None, (0, LEFT, RIGHT), everywhere=True, thorough=False
    )
    assert (found.label_map[30:50, 25:45] == 0).all()
    np.testing.assert_allclose(found.parts[0].values[40, 35], 1 - 0.3 - 0.02, atol=1e-3)


@pytest.mark.parametrize(
    ("ids", "thorough", "asked"),
    [
        ((0, LEFT, RIGHT), False, ["left", "right"]),
        ((0, LEFT, RIGHT), True, ["background", "left", "right"]),
        ((0, LEFT), True, ["left"]),
    ],
)
def test_the_background_is_looked_for_among_several_labels_when_thorough(
    coarse, probability, ids, thorough, asked
):
    coarse[~np.isin(coarse, ids)] = 0
    level = Says(**probability)
    refine_labels(level, coarse, None, ids, everywhere=True, thorough=thorough)
    assert level.asked == asked


def test_halves_are_those_of_numpy():
    values = np.concatenate(
        [np.linspace(0, 1, 5001), np.geomspace(1e-9, 1, 5001), [0.0, 6e-8, 1.0]]
    ).astype(np.float32)
    np.testing.assert_array_equal(halves(values.reshape(1, -1))[0], values.astype(np.float16))
