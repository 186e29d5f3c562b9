"""The simulated annotator: where it paints, when it stops, what a stroke is worth."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.errors import ShapeError, UsageError
from spn_annotator.training.annotator import (
    Stroke,
    Turn,
    annotate,
    mean_strokes,
    median_strokes,
    next_stroke,
    share_reached,
)

VALID = np.ones((40, 60), bool)


def disc(y: int, x: int, radius: float) -> np.ndarray:
    return Stroke(y, x, radius, inside=True).pixels(VALID.shape)


TRUTH = disc(20, 20, 12)


class TestNextStroke:
    def test_nothing_wrong_needs_no_stroke(self) -> None:
        assert next_stroke(TRUTH, TRUTH, VALID, widest=5) is None

    def test_lies_in_the_largest_error_and_says_what_is_true_there(self) -> None:
        too_much = TRUTH | disc(10, 50, 6) | disc(30, 50, 3)
        stroke = next_stroke(TRUTH, too_much, VALID, widest=50)
        assert stroke is not None
        assert (stroke.y, stroke.x, stroke.inside) == (10, 50, False)

    def test_covers_only_wrong_pixels(self) -> None:
        rng = np.random.default_rng(0)
        for _ in range(20):
            guess = disc(int(rng.integers(40)), int(rng.integers(60)), float(rng.uniform(3, 15)))
            stroke = next_stroke(TRUTH, guess, VALID, widest=50)
            assert stroke is not None
            painted = stroke.pixels(VALID.shape)
            assert painted.any()
            assert (guess != TRUTH)[painted].all()
            assert (TRUTH[painted] == stroke.inside).all()

    def test_is_no_wider_than_the_brush(self) -> None:
        stroke = next_stroke(TRUTH, ~VALID, VALID, widest=4)
        assert stroke is not None
        assert stroke.radius == 4

    def test_a_miss_that_touches_a_false_alarm_is_a_region_of_its_own(self) -> None:
        truth, guess = np.zeros_like(VALID), np.zeros_like(VALID)
        truth[:, 20:30] = True
        guess[:, 30:45] = True
        stroke = next_stroke(truth, guess, VALID, widest=50)
        assert stroke is not None
        assert not stroke.inside
        assert 30 <= stroke.x < 45

    def test_errors_that_do_not_count_are_left_alone(self) -> None:
        assert next_stroke(TRUTH, ~TRUTH, ~VALID, widest=5) is None


def perfect(turn: Turn) -> np.ndarray:
    return TRUTH


def lazy(turn: Turn) -> np.ndarray:
    return turn.guess == 1


class TestAnnotate:
    def test_a_perfect_refiner_needs_no_stroke_on_a_coarse_mask(self) -> None:
        work = annotate(TRUTH, perfect, start=np.zeros(TRUTH.shape, np.uint8))
        assert work.ious == (1.0,)
        assert work.strokes_to(0.95) == 0

    def test_without_a_mask_the_first_two_strokes_come_before_the_first_answer(self) -> None:
        seen: list[Turn] = []

        def answer(turn: Turn) -> np.ndarray:
            seen.append(turn)
            return TRUTH

        work = annotate(TRUTH, answer)
        assert work.ious == (0.0, 0.0, 1.0)
        assert work.strokes_to(0.9) == 2
        assert len(seen) == 1
        sure = seen[0].sure
        assert set(np.unique(sure)) == {0, 1, 255}
        assert (TRUTH[sure == 1]).all()
        assert not (TRUTH[sure == 0]).any()
        assert (seen[0].guess == 255).all()

    def test_with_a_lazy_refiner_a_stroke_is_worth_its_own_pixels(self) -> None:
        work = annotate(TRUTH, lazy, start=np.zeros(TRUTH.shape, np.uint8), widest=3, most=30)
        assert len(work.gains) >= 5
        assert work.gains == pytest.approx([1.0] * len(work.gains))
        assert list(work.ious) == sorted(work.ious)

    def test_a_refiner_that_spreads_strokes_gains_more_than_their_pixels(self) -> None:
        def spreads(turn: Turn) -> np.ndarray:
            return TRUTH if (turn.sure == 1).any() else lazy(turn)

        work = annotate(TRUTH, spreads, start=np.zeros(TRUTH.shape, np.uint8), widest=3)
        assert work.gains[0] > 5
        assert work.strokes_to(0.95) == 1

    def test_a_stroke_is_laid_over_an_answer_that_ignores_it(self) -> None:
        def stubborn(turn: Turn) -> np.ndarray:
            return np.zeros(TRUTH.shape, bool)

        work = annotate(TRUTH, stubborn, start=np.zeros(TRUTH.shape, np.uint8), most=3, widest=4)
        assert work.ious[1] > 0
        assert work.strokes_to(0.9) is None
        assert len(work.ious) == 4

    def test_stops_when_the_mask_is_good_enough(self) -> None:
        work = annotate(TRUTH, lazy, start=TRUTH.astype(np.uint8), enough=0.9)
        assert work.ious == (1.0,)

    def test_an_answer_of_another_shape_is_an_error(self) -> None:
        with pytest.raises(ShapeError, match="answer"):
            annotate(TRUTH, lambda turn: np.zeros((2, 2)))

    def test_a_truth_without_an_object_is_an_error(self) -> None:
        with pytest.raises(ShapeError, match="object"):
            annotate(np.zeros_like(TRUTH), lazy)

    def test_fewer_than_two_strokes_are_an_error(self) -> None:
        with pytest.raises(UsageError, match="2 strokes"):
            annotate(TRUTH, lazy, most=1)


def test_strokes_that_never_sufficed_count_as_one_more_than_allowed() -> None:
    done = annotate(TRUTH, perfect)
    never = annotate(TRUTH, lambda turn: np.zeros(TRUTH.shape), most=4, widest=2)
    assert median_strokes([done, never, never], 0.95, most=4) == 5
    assert median_strokes([done, done, never], 0.95, most=4) == 2
    assert mean_strokes([done, never, never], 0.95, most=4) == 4
    assert share_reached([done, never, never, never], 0.95) == 0.25
