"""What was right is left alone; what was wrong is not."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.cv import cv2
from spn_annotator.refine import settled


def keep_settled(
    coarse: np.ndarray, refined: np.ndarray, confidence: np.ndarray, **more
) -> np.ndarray:
    kept = refined.copy()
    settled.keep_settled(coarse, kept, confidence, **more)
    return kept


def disc(radius: float, *, value: int = 1) -> np.ndarray:
    out = np.zeros((200, 200), np.uint8)
    cv2.circle(out, (100, 100), int(radius), value, -1)
    return out.astype(np.int32)


def certain(mask: np.ndarray, *, value: float = 1.0) -> np.ndarray:
    return np.full(mask.shape, value, np.float32)


def test_an_outline_moved_by_a_pixel_everywhere_is_moved_back():
    coarse = disc(60)
    np.testing.assert_array_equal(keep_settled(coarse, disc(61), certain(coarse)), coarse)
    np.testing.assert_array_equal(keep_settled(coarse, disc(59), certain(coarse)), coarse)


def test_an_outline_moved_far_stays_where_it_was_moved():
    refined = disc(68)
    np.testing.assert_array_equal(keep_settled(disc(60), refined, certain(refined)), refined)


def test_a_deep_change_of_a_mask_that_is_right_elsewhere_stays():
    coarse, refined = disc(60), disc(61)
    refined[95:105, 95:105] = 0  # a hole that was painted over
    kept = keep_settled(coarse, refined, certain(coarse))
    assert not kept[95:105, 95:105].any()
    outside = np.ones_like(kept, bool)
    outside[95:105, 95:105] = False
    np.testing.assert_array_equal(kept[outside], coarse[outside])


def test_labels_are_judged_each_by_itself():
    coarse, refined = np.zeros((200, 400), np.int32), np.zeros((200, 400), np.int32)
    coarse[:, :200], coarse[:, 200:] = disc(60), disc(60, value=2)
    refined[:, :200], refined[:, 200:] = disc(61), disc(70, value=2)
    kept = keep_settled(coarse, refined, certain(coarse))
    # The background is the other side of both and moved far with the second.
    np.testing.assert_array_equal(kept[:, 200:], refined[:, 200:])


def test_pixels_that_were_unknown_keep_what_came_there():
    coarse, refined = disc(60), disc(60)
    coarse[90:92] = -1
    np.testing.assert_array_equal(keep_settled(coarse, refined, certain(coarse)), refined)


def hole(confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A mask that is right but for a hole that the model sees in it."""
    coarse, refined = disc(60), disc(60)
    refined[95:105, 95:105] = 0
    return coarse, refined, certain(coarse, value=confidence)


@pytest.mark.parametrize(
    ("confidence", "several", "closer", "stays"),
    [
        (0.95, False, True, True),
        (0.65, False, True, False),
        (0.65, False, False, True),
        (0.4, False, False, False),
        (0.95, True, True, True),
        (0.85, True, True, False),
        (0.65, True, False, True),
        (0.55, True, False, False),
    ],
)
def test_a_deep_change_of_a_right_mask_stays_only_if_the_model_is_sure(
    confidence, several, closer, stays
):
    coarse, refined, values = hole(confidence)
    kept = keep_settled(coarse, refined, values, several=several, closer=closer)
    np.testing.assert_array_equal(kept, refined if stays else coarse)


def scene(*radii: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Discs side by side on a background, each with the radius it had and the one it gets."""
    sides = [[disc(radii[i][side], value=i + 1) for i in range(len(radii))] for side in (0, 1)]
    return np.hstack(sides[0]), np.hstack(sides[1])


def test_an_object_that_hardly_moves_is_right_though_the_background_moves_with_others():
    coarse, refined = scene((60, 61), (60, 62), (60, 67))
    kept = keep_settled(coarse, refined, certain(coarse), several=True)
    np.testing.assert_array_equal(kept[:, :400], coarse[:, :400])
    np.testing.assert_array_equal(kept[:, 400:], refined[:, 400:])


def test_an_object_that_hardly_moves_among_many_that_do_was_not_right():
    # Pixels of a small object lie in few rows: what is far for it is no deep change.
    coarse, refined = scene((12, 14), *[(60, 75)] * 3)
    refined[84:92, 97:104] = 1  # but for one piece
    values = certain(coarse, value=0.4)
    kept = keep_settled(coarse, refined, values, several=True)
    np.testing.assert_array_equal(kept, refined)
    alone = keep_settled(coarse[:, :200], refined[:, :200], values[:, :200])
    np.testing.assert_array_equal(alone, coarse[:, :200])


def test_what_a_sure_stroke_brought_about_stays_even_if_the_model_is_not_sure():
    coarse, refined, values = hole(0.4)
    sure = np.zeros(coarse.shape, bool)
    sure[99:101, 93:98] = True
    np.testing.assert_array_equal(keep_settled(coarse, refined, values, sure=sure), refined)
    far = np.roll(sure, 60, axis=0)
    np.testing.assert_array_equal(keep_settled(coarse, refined, values, sure=far), coarse)


def bar(*, bump: int, moved: int) -> np.ndarray:
    """A long bar whose lower edge lies ``moved`` pixels lower, with a bump at its left end."""
    out = np.zeros((200, 600), np.int32)
    out[60 : 120 + moved] = 1
    out[120 : 120 + bump, 20:80] = 1
    return out


def test_pieces_of_an_outline_away_from_what_moved_far_stay_as_they_were():
    coarse, refined = bar(bump=0, moved=0), bar(bump=14, moved=1)
    kept = keep_settled(coarse, refined, certain(coarse))
    np.testing.assert_array_equal(kept[:, :80], refined[:, :80])
    np.testing.assert_array_equal(kept[:, 200:], coarse[:, 200:])


def test_where_the_whole_outline_moved_far_a_calm_piece_moves_too():
    coarse, refined = bar(bump=0, moved=0), bar(bump=0, moved=1)
    refined[120:150, :560] = 1
    kept = keep_settled(coarse, refined, certain(coarse))
    np.testing.assert_array_equal(kept, refined)


def test_a_part_of_an_array_is_written_to_in_place():
    coarse, refined = disc(60), disc(61)
    here = slice(0, 100), slice(0, 200)
    settled.keep_settled(coarse[here], refined[here], certain(coarse)[here])
    np.testing.assert_array_equal(refined[:100], coarse[:100])
    np.testing.assert_array_equal(refined[101:], disc(61)[101:])


def test_nothing_changed_stays_so():
    same = disc(30)
    np.testing.assert_array_equal(keep_settled(same, same.copy(), certain(same)), same)
