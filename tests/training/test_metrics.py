"""IoU, mean boundary accuracy and boundary F against hand-made cases and slow, plain twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from spn_annotator.cv import cv2
from spn_annotator.errors import ShapeError
from spn_annotator.training.metrics import band_radii, boundary_f, iou, mba


def halves(height: int, width: int, edge: int) -> np.ndarray:
    """Return a map of 0 left of a column and 1 from it on."""
    return np.repeat((np.arange(width) >= edge)[None], height, 0).astype(np.uint8)


SMALL_MAPS = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 2, 255])),
        hnp.arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 2, 255])),
    )
)


class TestIou:
    def test_binary_counts_the_foreground_alone(self) -> None:
        truth = np.array([[0, 0, 1, 1]], np.uint8)
        pred = np.array([[0, 1, 1, 0]], np.uint8)
        assert iou(truth, pred, binary=True) == pytest.approx(1 / 3)

    def test_label_maps_take_the_mean_over_the_labels_of_the_truth(self) -> None:
        truth = np.array([[0, 0, 3, 3]], np.uint8)
        pred = np.array([[0, 7, 3, 3]], np.uint8)
        assert iou(truth, pred) == pytest.approx((1 / 2 + 1) / 2)

    def test_ignored_pixels_do_not_count(self) -> None:
        truth = np.array([[0, 255, 1, 255]], np.uint8)
        pred = np.array([[0, 1, 1, 0]], np.uint8)
        assert iou(truth, pred, binary=True) == 1.0
        assert iou(truth, pred) == 1.0

    def test_without_an_ignored_value_255_is_a_label(self) -> None:
        truth = np.array([[255, 255, 1, 1]], np.uint8)
        pred = np.array([[255, 1, 1, 1]], np.uint8)
        assert iou(truth, pred, ignore=None) == pytest.approx((1 / 2 + 2 / 3) / 2)

    def test_ids_of_16_bit_and_of_8_bit_are_compared_by_value(self) -> None:
        truth = np.array([[300, 1]], np.uint16)
        assert iou(truth, np.array([[44, 1]], np.uint8), ignore=65535) == pytest.approx(0.5)

    def test_a_binary_truth_without_foreground_scores_nothing(self) -> None:
        nothing = np.zeros((3, 3), np.uint8)
        assert iou(nothing, nothing, binary=True) == 0.0

    def test_a_truth_ignored_everywhere_has_no_figure(self) -> None:
        assert math.isnan(iou(np.full((2, 2), 255, np.uint8), np.zeros((2, 2), np.uint8)))

    @given(SMALL_MAPS)
    def test_agrees_with_the_definition_by_sets(self, maps: tuple[np.ndarray, np.ndarray]) -> None:
        truth, pred = maps
        cells = [tuple(cell) for cell in np.argwhere(truth != 255)]
        labels = sorted({int(truth[cell]) for cell in cells})
        if not labels:
            assert math.isnan(iou(truth, pred))
            return
        parts = []
        for label in labels:
            real = {cell for cell in cells if truth[cell] == label}
            guess = {cell for cell in cells if pred[cell] == label}
            parts.append(len(real & guess) / len(real | guess))
        assert iou(truth, pred) == pytest.approx(sum(parts) / len(parts))


class TestMba:
    def test_radii_grow_to_a_300th_of_height_plus_width(self) -> None:
        assert band_radii((600, 600)) == [1, 1, 2, 2, 3]
        assert band_radii((100, 100)) == [1, 1, 1, 1, 1]
        assert band_radii((2250, 3000)) == [1, 4, 7, 10, 14]

    def test_an_edge_off_by_one_pixel_costs_half_of_the_narrowest_band(self) -> None:
        assert mba(halves(20, 30, 15), halves(20, 30, 16)) == pytest.approx(0.5)

    def test_wider_bands_forgive_more(self) -> None:
        expected = (1 / 2 + 1 / 2 + 3 / 4 + 3 / 4 + 5 / 6) / 5
        assert mba(halves(600, 600, 300), halves(600, 600, 301)) == pytest.approx(expected)

    def test_errors_far_from_the_boundary_are_not_seen(self) -> None:
        truth = halves(40, 40, 20)
        pred = truth.copy()
        pred[:, :5] = 1
        assert mba(truth, pred) == 1.0

    def test_a_truth_without_a_boundary_scores_full(self) -> None:
        assert mba(np.zeros((5, 5), np.uint8), np.ones((5, 5), np.uint8)) == 1.0

    def test_an_ignored_region_bounds_what_lies_beside_it(self) -> None:
        truth = halves(20, 30, 15)
        truth[:, 15:] = 255
        truth[:, :15] = 1
        pred = np.ones_like(truth)
        pred[:, 14] = 0
        assert mba(truth, pred) == 0.0

    @settings(max_examples=60)
    @given(SMALL_MAPS)
    def test_agrees_with_its_plain_twin(self, maps: tuple[np.ndarray, np.ndarray]) -> None:
        truth, pred = maps
        assert mba(truth, pred) == pytest.approx(plain_mba(truth, pred))

    def test_agrees_with_its_plain_twin_where_bands_differ(self) -> None:
        rng = np.random.default_rng(3)
        truth = cv2.resize(
            rng.integers(0, 4, (6, 5)).astype(np.uint8), (420, 500), interpolation=cv2.INTER_NEAREST
        )
        truth[100:140, 200:260] = 255
        pred = np.roll(truth, 2, axis=1)
        assert mba(truth, pred) == pytest.approx(plain_mba(truth, pred))


def plain_mba(truth: np.ndarray, pred: np.ndarray) -> float:
    """Look at every neighbour in the disc, by shifted copies instead of dilation and erosion."""
    height, width = truth.shape
    filled = np.where(truth == 255, 0, truth).astype(int)
    parts = []
    for step in range(5):
        radius = 1 + max(0, int(((height + width) / 300 - 1) / 5 * step))
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        differs = np.zeros(truth.shape, bool)
        low, high = filled.copy(), filled.copy()
        for dy, dx in np.argwhere(disc) - radius:
            ys, yd = slice(max(0, dy), height + min(0, dy)), slice(max(0, -dy), height - max(0, dy))
            xs, xd = slice(max(0, dx), width + min(0, dx)), slice(max(0, -dx), width - max(0, dx))
            low[yd, xd] = np.minimum(low[yd, xd], filled[ys, xs])
            high[yd, xd] = np.maximum(high[yd, xd], filled[ys, xs])
        differs = (low != high) & (truth != 255)
        if differs.any():
            parts.append(float((truth == pred)[differs].mean()))
    return sum(parts) / len(parts) if parts else 1.0


class TestBoundaryF:
    def test_equal_maps_score_full(self) -> None:
        truth = halves(30, 30, 10)
        assert boundary_f(truth, truth) == 1.0
        assert boundary_f(truth, truth, binary=True) == 1.0

    def test_the_tolerance_is_a_part_of_the_diagonal_rounded_up(self) -> None:
        truth, pred = halves(30, 40, 10), halves(30, 40, 12)
        assert boundary_f(truth, pred, tolerance=0.02) == 0.0  # one pixel of a diagonal of 50
        assert boundary_f(truth, pred, tolerance=0.021) == 1.0  # two

    def test_half_a_wrong_boundary_costs_precision_only(self) -> None:
        truth = np.zeros((40, 60), np.uint8)
        truth[5:15, 5:15] = 1
        pred = truth.copy()
        pred[25:35, 40:50] = 1
        assert boundary_f(truth, pred, binary=True) == pytest.approx(2 * 0.5 / 1.5)

    def test_a_missing_object_scores_nothing(self) -> None:
        truth = np.zeros((20, 20), np.uint8)
        truth[5:9, 5:9] = 1
        assert boundary_f(truth, np.zeros_like(truth), binary=True) == 0.0

    def test_two_empty_maps_score_full(self) -> None:
        nothing = np.zeros((20, 20), np.uint8)
        assert boundary_f(nothing, nothing, binary=True) == 1.0

    def test_the_border_of_an_ignored_region_is_no_boundary(self) -> None:
        truth = np.ones((20, 20), np.uint8)
        truth[:, 10:] = 255
        assert boundary_f(truth, np.ones_like(truth)) == 1.0
        pred = np.ones_like(truth)
        pred[:, 12:] = 0
        assert boundary_f(truth, pred) == 1.0

    @settings(max_examples=60)
    @given(SMALL_MAPS, st.sampled_from([0.0, 0.05, 0.2, 0.5]))
    def test_agrees_with_its_plain_twin(
        self, maps: tuple[np.ndarray, np.ndarray], tolerance: float
    ) -> None:
        truth, pred = maps
        found = boundary_f(truth, pred, tolerance=tolerance)
        assert found == pytest.approx(plain_boundary_f(truth, pred, tolerance))


def plain_boundary_f(truth: np.ndarray, pred: np.ndarray, tolerance: float) -> float:
    """Match every boundary pixel with every other one."""
    height, width = truth.shape
    reach = math.ceil(tolerance * math.hypot(height, width))

    def boundary(labels: np.ndarray, label: int) -> list[tuple[int, int]]:
        found = []
        for y in range(height):
            for x in range(width):
                beside = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
                if (labels[y, x] == label and truth[y, x] != 255) and any(
                    0 <= v < height
                    and 0 <= u < width
                    and truth[v, u] != 255
                    and labels[v, u] != label
                    for v, u in beside
                ):
                    found.append((y, x))
        return found

    scores = []
    for label in sorted(set(truth[truth != 255].tolist())):
        one, two = boundary(truth, label), boundary(pred, label)
        if not one and not two:
            continue
        hits = [
            sum(any(math.dist(p, q) <= reach for q in other) for p in mine)
            for mine, other in ((two, one), (one, two))
        ]
        precision, recall = hits[0] / max(1, len(two)), hits[1] / max(1, len(one))
        total = precision + recall
        scores.append(2 * precision * recall / total if total else 0.0)
    return sum(scores) / len(scores) if scores else 1.0


@pytest.mark.parametrize("metric", [iou, mba, boundary_f])
class TestInput:
    def test_another_shape_is_refused(self, metric) -> None:
        with pytest.raises(ShapeError, match=r"\(2, 3\)"):
            metric(np.zeros((2, 3), np.uint8), np.zeros((3, 2), np.uint8))

    @pytest.mark.parametrize(
        "bad",
        [np.full((2, 3), np.nan, np.float32), np.zeros((2, 3, 1), np.uint8)],
        ids=["nan", "channels"],
    )
    def test_what_is_no_label_map_is_refused(self, metric, bad: np.ndarray) -> None:
        with pytest.raises(ShapeError, match="label map"):
            metric(bad, bad)

    def test_views_and_booleans_are_taken_as_they_are(self, metric) -> None:
        truth = halves(20, 30, 12)
        pred = halves(20, 30, 14)
        straight = metric(truth, pred)
        wide = np.zeros((40, 60), np.uint8)
        wide[::2, ::2] = truth
        assert metric(wide[::2, ::2], np.asfortranarray(pred)) == straight
        assert metric(truth.astype(bool), pred.astype(bool)) == straight


def test_a_tolerance_outside_its_range_is_refused() -> None:
    with pytest.raises(ShapeError, match="tolerance"):
        boundary_f(halves(4, 4, 2), halves(4, 4, 2), tolerance=math.nan)
