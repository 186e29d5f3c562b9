"""What is cut off from what a label was goes; what is connected with it, and holes, stay."""

from __future__ import annotations

import numpy as np

from spn_annotator.refine.islands import drop_islands
from spn_annotator.refine.proposal import Window


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A square of label 1 in a background, and the same a little larger."""
    coarse, refined = np.zeros((60, 80), np.int16), np.zeros((60, 80), np.int16)
    coarse[10:30, 10:30] = 1
    refined[8:32, 8:32] = 1
    return coarse, refined


def without(
    coarse: np.ndarray, refined: np.ndarray, *labels: int, takers: tuple[int, ...] = (0, 1, 2)
) -> np.ndarray:
    out = refined.copy()
    drop_islands(coarse, out, labels, takers=takers)
    return out


def test_a_piece_that_touches_nothing_of_what_the_label_was_goes_to_what_lies_around():
    coarse, right = scene()
    refined = right.copy()
    refined[40:50, 50:70] = 1
    refined[34, 34] = 1  # a speck
    np.testing.assert_array_equal(without(coarse, refined, 1), right)


def test_what_is_connected_with_it_stays_however_far_it_goes():
    coarse, refined = scene()
    refined[20, 30:70] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), refined)


def test_a_corner_is_no_connection():
    coarse, right = scene()
    refined = right.copy()
    refined[32, 32] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), right)


def test_a_piece_that_moved_off_its_coarse_mask_but_touches_it_stays():
    coarse, refined = scene()
    coarse[40:44, 40:44] = 1  # another object of the label, thin and drawn beside its place
    refined[40:44, 44:48] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), refined)


def test_a_label_that_is_nowhere_where_it_was_stays():
    coarse, refined = scene()
    refined[refined == 1] = 0
    refined[40:50, 50:70] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), refined)
    refined[2:4, 2:4] = 1  # on the other side of where it was
    np.testing.assert_array_equal(without(coarse, refined, 1), refined)


def test_holes_are_asked_about_by_naming_the_label_in_them():
    coarse, whole = scene()
    refined = whole.copy()
    refined[18:22, 18:22] = 0
    np.testing.assert_array_equal(without(coarse, refined, 1), refined)
    np.testing.assert_array_equal(without(coarse, refined, 0, 1), whole)


def test_each_pixel_goes_to_the_label_that_is_nearest_to_it():
    coarse = np.zeros((40, 60), np.int16)
    coarse[:, 30:] = 2
    coarse[:5, :5] = 1
    refined = coarse.copy()
    refined[15:25, 20:40] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), coarse)


def test_who_may_not_take_gets_nothing():
    coarse = np.zeros((40, 60), np.int16)
    coarse[:, 30:] = 2
    coarse[:5, :5] = 1
    refined = coarse.copy()
    refined[15:25, 40:50] = 1  # wholly inside label 2
    kept = without(coarse, refined, 1, takers=(0, 1))
    assert not (kept[15:25, 40:50] == 2).any()
    np.testing.assert_array_equal(kept[refined != 1], refined[refined != 1])


def test_where_nobody_may_take_nothing_happens():
    coarse, refined = scene()
    refined[40:50, 50:70] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1, takers=()), refined)


def test_unknown_pixels_get_no_islands_of_their_own():
    coarse = np.full((40, 60), -1, np.int16)
    coarse[10, 10:20] = 1
    coarse[30, 10:50] = 0
    refined = np.zeros((40, 60), np.int16)
    refined[5:15, 5:25] = 1
    right = refined.copy()
    refined[5:9, 50:55] = 1
    np.testing.assert_array_equal(without(coarse, refined, 1), right)


def test_a_window_grown_by_a_pixel_stays_in_its_array():
    window = Window(0, 5, 10, 20)
    grown = window.grown((10, 40))
    assert grown == Window(0, 4, 10, 21)
    array = np.arange(400).reshape(10, 40)
    np.testing.assert_array_equal(
        array[grown.slices][window.slices_in(grown)], array[window.slices]
    )
