"""The classic peers: what they make of easy pictures, and that none is handicapped by mistake."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import peers
from spn_annotator.cv import cv2

SIDE = 96


@pytest.fixture(scope="module")
def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return an image with one object that stands out, and its mask."""
    truth = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(truth, (SIDE // 2, SIDE // 2), 26, 1, -1)
    noise = np.random.default_rng(0).normal(0, 2, (SIDE, SIDE, 3))
    rgb = np.where(truth[..., None] == 1, [200, 90, 60], [60, 110, 170]) + noise
    return np.clip(rgb, 0, 255).astype(np.uint8), truth


def coarse_of(truth: np.ndarray) -> np.ndarray:
    return np.roll(truth, (2, -2), (0, 1))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return np.count_nonzero((a == 1) & (b == 1)) / np.count_nonzero((a == 1) | (b == 1))


@pytest.mark.parametrize("name", ["guided filter", "dense CRF", "GrabCut", "random walker"])
def test_a_peer_moves_a_displaced_mask_towards_the_edges(name, scene) -> None:
    available, reasons = peers.available()
    if name in reasons:
        pytest.skip(reasons[name])
    rgb, truth = scene
    coarse = coarse_of(truth)
    result = available[name](rgb, coarse)
    assert result.dtype == np.uint8
    assert set(np.unique(result)) == {0, 1}
    assert overlap(result, truth) > overlap(coarse, truth) + 0.03


@pytest.mark.parametrize("name", ["dense CRF", "GrabCut", "random walker"])
def test_a_peer_spreads_scribbles_and_leaves_nothing_unknown(name, scene) -> None:
    available, reasons = peers.available()
    if name in reasons:
        pytest.skip(reasons[name])
    rgb, truth = scene
    scribbles = np.full(truth.shape, peers.UNKNOWN, np.uint8)
    scribbles[SIDE // 2, SIDE // 2 - 15 : SIDE // 2 + 15] = 1
    scribbles[5:8, 5:-5] = 0
    result = available[name](rgb, scribbles)
    assert set(np.unique(result)) == {0, 1}
    assert overlap(result, truth) > (0.55 if name == "random walker" else 0.8)


def test_label_maps_keep_their_ids(scene) -> None:
    rgb, truth = scene
    labels = np.where(coarse_of(truth) == 1, 40, 7).astype(np.uint8)
    for name, peer in peers.available()[0].items():
        if name not in peers.BINARY_ONLY:
            assert set(np.unique(peer(rgb, labels))) == {7, 40}


def test_one_label_stays_one_label(scene) -> None:
    rgb, _ = scene
    only = np.full(rgb.shape[:2], 3, np.uint8)
    for name, peer in peers.available()[0].items():
        if name not in peers.BINARY_ONLY:
            assert (peer(rgb, only) == 3).all()


def test_grabcut_without_an_object_answers_without_one(scene) -> None:
    rgb, truth = scene
    assert not peers.grabcut(rgb, np.zeros_like(truth)).any()


def test_the_guided_filter_agrees_with_least_squares_in_each_window() -> None:
    rng = np.random.default_rng(1)
    guide = rng.random((7, 7, 3)).astype(np.float32)
    plane = rng.random((7, 7)).astype(np.float32)
    radius, epsilon = 1, 1e-2
    padded_guide = np.pad(guide, ((1, 1), (1, 1), (0, 0)), mode="symmetric").astype(np.float64)
    padded_plane = np.pad(plane, 1, mode="symmetric").astype(np.float64)
    slopes, offsets = np.zeros((7, 7, 3)), np.zeros((7, 7))
    for y in range(7):
        for x in range(7):
            colors = padded_guide[y : y + 3, x : x + 3].reshape(-1, 3)
            values = padded_plane[y : y + 3, x : x + 3].ravel()
            spread = np.cov(colors.T, bias=True) + epsilon * np.eye(3)
            cross = ((colors - colors.mean(0)) * (values - values.mean())[:, None]).mean(0)
            slopes[y, x] = np.linalg.solve(spread, cross)
            offsets[y, x] = values.mean() - slopes[y, x] @ colors.mean(0)
    # Away from the border, where the windows of windows would need more of the picture.
    y, x = 3, 3
    expected = slopes[2:5, 2:5].mean((0, 1)) @ guide[y, x] + offsets[2:5, 2:5].mean()
    found = peers.guided_filter(guide, plane, radius, epsilon)
    assert found[y, x] == pytest.approx(expected, abs=1e-4)


def test_seeds_lie_inside_their_labels_and_thin_labels_are_seeds_as_a_whole() -> None:
    labels = np.zeros((60, 60), np.uint8)
    labels[10:50, 10:50] = 1
    labels[30] = 2
    marked = peers.seeds(labels)
    seeded = marked != peers.UNKNOWN
    assert (marked[seeded] == labels[seeded]).all()
    assert marked[10, 10] == peers.UNKNOWN
    assert (marked[30] == 2).all()
