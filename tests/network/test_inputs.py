"""What the model reads of an image and a mask."""

from __future__ import annotations

import numpy as np

from spn_annotator.network.inputs import ColorBins, appearance, mask_planes


def two_colours():
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, :30] = (200, 40, 40)
    rgb[:, 30:] = (40, 60, 200)
    return rgb


def test_the_colour_model_tells_the_object_from_the_rest():
    bins = ColorBins.of(two_colours())
    inside = np.zeros((40, 60), bool)
    inside[10:20, 5:15] = True
    outside = np.zeros_like(inside)
    outside[10:20, 40:50] = True
    ratio = appearance(bins, inside, outside)
    assert ratio[:, :30].min() > 0.5
    assert ratio[:, 30:].max() < -0.5
    assert np.abs(ratio).max() <= 1


def test_the_colour_model_says_nothing_when_one_side_is_unknown():
    bins = ColorBins.of(two_colours())
    inside = np.ones((40, 60), bool)
    assert not appearance(bins, inside, ~inside).any()


def test_mask_planes_hold_the_mask_what_is_known_and_what_is_sure():
    coarse = np.zeros((40, 60), np.int8)
    coarse[5:10, 5:10] = 1
    coarse[5:10, 40:50] = -1
    sure = np.zeros_like(coarse)
    sure[30, 30] = -1
    planes = mask_planes(ColorBins.of(two_colours()), coarse, sure)
    assert planes.shape == (7, 40, 60)
    assert planes.dtype == np.float32
    expected = coarse.copy()
    expected[30, 30] = -1
    np.testing.assert_array_equal(planes[0], expected)
    np.testing.assert_array_equal(planes[1], expected != 0)
    np.testing.assert_array_equal(planes[6], sure)
    assert np.abs(planes).max() <= 1


def test_means_are_taken_over_known_pixels_alone():
    coarse = np.zeros((64, 64), np.int8)
    coarse[32, 32] = 1
    planes = mask_planes(ColorBins.of(np.zeros((64, 64, 3), np.uint8)), coarse)
    # One positive pixel among unknown ones: a plain mean over 9 x 9 would be 0.01.
    assert planes[3][32, 32] > 0.9
    # The fewer are known in a window, the less is said of it.
    assert planes[3][32, 32] > planes[4][20, 20] > planes[5][0, 0] > 0
    assert planes[3][0, 0] == 0


def test_a_single_pixel_image_is_no_special_case():
    planes = mask_planes(ColorBins.of(np.zeros((1, 1, 3), np.uint8)), np.ones((1, 1), np.int8))
    assert planes.shape == (7, 1, 1)
    assert np.isfinite(planes).all()
