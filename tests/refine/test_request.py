"""Label maps at other sizes lie on the image, which is scaled from pixel centres."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.refine.request import enlarged_labels, reduced_labels


def centres(size: int, source: int) -> np.ndarray:
    """Return the pixel of a row of ``source`` on which each of ``size`` has its centre."""
    return ((np.arange(size) + 0.5) * source / size).astype(int)


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
@pytest.mark.parametrize("shape", [(26, 34), (21, 27), (19, 26), (13, 17)])
def test_an_enlarged_label_map_takes_the_pixels_that_its_centres_lie_on(shape, dtype):
    labels = np.random.default_rng(0).integers(-1, 300, (13, 17)).astype(dtype)
    found = enlarged_labels(labels, shape)
    assert found.dtype == dtype
    expected = labels[np.ix_(centres(shape[0], 13), centres(shape[1], 17))]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("shape", [(13, 17), (20, 31), (25, 33)])
def test_a_reduced_label_map_does_too(shape):
    labels = np.random.default_rng(0).integers(0, 300, (26, 34)).astype(np.int16)
    expected = labels[np.ix_(centres(shape[0], 26), centres(shape[1], 34))]
    np.testing.assert_array_equal(reduced_labels(labels, shape), expected)


def test_of_a_reduced_map_of_strokes_none_is_lost():
    labels = np.full((40, 40), -1, np.int16)
    labels[7, 3:38] = 4
    assert np.count_nonzero(reduced_labels(labels, (10, 10)) == 4) >= 9
