"""What was right is left alone; what was wrong is not."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.cv import cv2
from spn_annotator.refine.settled import keep_settled


def disc(radius: float, *, value: int = 1) -> np.ndarray:
    out = np.zeros((200, 200), np.uint8)
    cv2.circle(out, (100, 100), int(radius), value, -1)
    return out.astype(np.int32)


def test_an_outline_moved_by_a_pixel_everywhere_is_moved_back():
    coarse = disc(60)
    np.testing.assert_array_equal(keep_settled(coarse, disc(61)), coarse)
    np.testing.assert_array_equal(keep_settled(coarse, disc(59)), coarse)


def test_an_outline_moved_far_stays_where_it_was_moved():
    refined = disc(68)
    np.testing.assert_array_equal(keep_settled(disc(60), refined), refined)


def test_a_deep_change_of_a_mask_that_is_right_elsewhere_stays():
    coarse, refined = disc(60), disc(61)
    refined[95:105, 95:105] = 0  # a hole that was painted over
    kept = keep_settled(coarse, refined)
    assert not kept[95:105, 95:105].any()
    outside = np.ones_like(kept, bool)
    outside[95:105, 95:105] = False
    np.testing.assert_array_equal(kept[outside], coarse[outside])


def test_labels_are_judged_each_by_itself():
    coarse, refined = np.zeros((200, 400), np.int32), np.zeros((200, 400), np.int32)
    coarse[:, :200], coarse[:, 200:] = disc(60), disc(60, value=2)
    refined[:, :200], refined[:, 200:] = disc(61), disc(70, value=2)
    kept = keep_settled(coarse, refined)
    # The background is the other side of both and moved far with the second.
    np.testing.assert_array_equal(kept[:, 200:], refined[:, 200:])


def test_pixels_that_were_unknown_keep_what_came_there():
    coarse, refined = disc(60), disc(60)
    coarse[90:92] = -1
    np.testing.assert_array_equal(keep_settled(coarse, refined), refined)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_changed_stays_so(share):
    same = disc(30)
    np.testing.assert_array_equal(keep_settled(same, same.copy(), share=share), same)
