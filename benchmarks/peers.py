"""Classic ways to refine a mask, as peers for the refiner.

Each takes the image (H, W, 3) uint8 RGB and a coarse label map (H, W) uint8, 255 = unknown, and
returns a label map without unknown pixels. Where a mask is known in full, the peers that need
seeds (GrabCut, random walker) take them a little inside each label, away from its outline.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from warnings import catch_warnings, simplefilter

import numpy as np

from spn_annotator.cv import cv2

UNKNOWN = 255
GRABCUT_ITERATIONS = 5
CRF_ITERATIONS = 10

Peer = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _ids(coarse: np.ndarray) -> list[int]:
    return [int(value) for value in np.unique(coarse) if value != UNKNOWN]


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _shares(coarse: np.ndarray, ids: list[int]) -> np.ndarray:
    """Return (L, H, W) float32: 1 where a label is, the same for all where nothing is known."""
    shares = np.stack([(coarse == value).astype(np.float32) for value in ids])
    shares[:, coarse == UNKNOWN] = 1 / len(ids)
    return shares


def run_grabcut(rgb: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Run GrabCut from a map of its four states; where it has no seeds the state is the answer."""
    state = np.ascontiguousarray(state)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(
            np.ascontiguousarray(rgb),
            state,
            None,
            background,
            foreground,
            GRABCUT_ITERATIONS,
            cv2.GC_INIT_WITH_MASK,
        )
    except cv2.error:
        pass  # it refuses masks with fewer pixels of a side than it has Gaussians
    return np.isin(state, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)


def grabcut_states(coarse: np.ndarray, reach: float = 0.03) -> np.ndarray:
    """Return GrabCut's states for a mask: certain further from the outline than ``reach``.

    Parameters
    ----------
    coarse : (H, W) uint8
        0, 1 and 255 = unknown. Among unknown pixels the known ones are certain.
    reach : float
        As a part of the longest side.
    """
    if (coarse == UNKNOWN).any():
        states = np.where(coarse == 1, cv2.GC_FGD, cv2.GC_BGD)
        states[coarse == UNKNOWN] = cv2.GC_PR_BGD
        return states.astype(np.uint8)
    states = np.where(coarse == 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    disc = _disc(max(2, int(reach * max(coarse.shape))))
    states[cv2.erode(coarse, disc) == 1] = cv2.GC_FGD
    states[cv2.dilate(coarse, disc) == 0] = cv2.GC_BGD
    return states


def grabcut(rgb: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """Refine a binary mask with GrabCut (Rother et al. 2004), 5 iterations."""
    return run_grabcut(rgb, grabcut_states(coarse))


def dense_crf(rgb: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """Refine a label map with a fully connected CRF (Krähenbühl and Koltun 2011), 10 iterations."""
    from pydensecrf.densecrf import DenseCRF2D  # pyright: ignore[reportMissingImports]  (the extra "bench")

    ids = _ids(coarse)
    if len(ids) < 2:
        return np.full_like(coarse, ids[0] if ids else 0)
    shares = _shares(coarse, ids)
    known = coarse != UNKNOWN
    trust = 0.9
    shares[:, known] = trust * shares[:, known] + (1 - trust) * (1 - shares[:, known]) / (
        len(ids) - 1
    )
    height, width = coarse.shape
    field = DenseCRF2D(width, height, len(ids))
    energy = -np.log(np.clip(shares, 1e-6, 1)).reshape(len(ids), -1)
    field.setUnaryEnergy(np.ascontiguousarray(energy, dtype=np.float32))
    field.addPairwiseGaussian(sxy=3, compat=3)
    field.addPairwiseBilateral(sxy=50, srgb=8, rgbim=np.ascontiguousarray(rgb), compat=8)
    result = np.array(field.inference(CRF_ITERATIONS)).reshape(len(ids), height, width)
    return np.array(ids, np.uint8)[result.argmax(0)]


def guided_filter(
    guide: np.ndarray, plane: np.ndarray, radius: int, epsilon: float = 1e-4
) -> np.ndarray:
    """Filter a plane so that it follows the colours of a guide (He et al. 2013).

    Parameters
    ----------
    guide : (H, W, 3) float32 in [0, 1]
    plane : (H, W) float32
    radius : int
        Half the side of the windows, in pixels.
    epsilon : float
        Variance of the guide below which a window counts as flat.
    """

    def mean(array: np.ndarray) -> np.ndarray:
        window = (2 * radius + 1, 2 * radius + 1)
        return cv2.boxFilter(array, -1, window, borderType=cv2.BORDER_REFLECT)

    mean_guide, mean_plane = mean(guide), mean(plane)
    cross = np.stack([mean(guide[..., c] * plane) for c in range(3)], -1)
    cross -= mean_guide * mean_plane[..., None]
    variance = np.empty((*plane.shape, 3, 3), np.float32)
    for a in range(3):
        for b in range(a, 3):
            both = mean(guide[..., a] * guide[..., b]) - mean_guide[..., a] * mean_guide[..., b]
            variance[..., a, b] = variance[..., b, a] = both
    variance[..., range(3), range(3)] += epsilon
    slope = np.linalg.solve(variance, cross[..., None])[..., 0]
    offset = mean_plane - (slope * mean_guide).sum(-1)
    return (mean(slope) * guide).sum(-1) + mean(offset)


def guided(rgb: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """Refine a label map with a colour guided filter of each label, then the largest."""
    ids = _ids(coarse)
    guide = np.ascontiguousarray(rgb, dtype=np.float32) / 255
    radius = max(4, int(0.02 * max(coarse.shape)))
    planes = [guided_filter(guide, plane, radius) for plane in _shares(coarse, ids)]
    return np.array(ids, np.uint8)[np.argmax(planes, 0)]


def seeds(coarse: np.ndarray, reach: float = 0.015) -> np.ndarray:
    """Return what of a label map is sure enough to be a seed; 255 elsewhere.

    Parameters
    ----------
    coarse : (H, W) uint8
        255 = unknown; among unknown pixels all known ones are seeds.
    reach : float
        How far a seed stays from the outline, as a part of the longest side. A label that is
        thinner than that everywhere is a seed as a whole.
    """
    if (coarse == UNKNOWN).any():
        return coarse
    out = np.full_like(coarse, UNKNOWN)
    disc = _disc(max(2, int(reach * max(coarse.shape))))
    for value in _ids(coarse):
        inside = (coarse == value).astype(np.uint8)
        core = cv2.erode(inside, disc)
        out[(core if core.any() else inside) > 0] = value
    return out


def walk(rgb: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Spread seeds over an image with the random walker (Grady 2006) of scikit-image."""
    from skimage.segmentation import random_walker

    ids = _ids(marked)
    if len(ids) < 2:
        return np.full_like(marked, ids[0] if ids else 0)
    markers = np.zeros(marked.shape, np.int32)
    for number, value in enumerate(ids, start=1):
        markers[marked == value] = number
    if (markers > 0).all():
        return marked.copy()
    with catch_warnings():
        # The tolerance is loose: ten times stricter takes five times as long on scribbles and
        # changes the IoU by a point or two, either way. That probabilities leave [0, 1] a little
        # changes no comparison of them.
        simplefilter("ignore", UserWarning)
        found = random_walker(rgb, markers, beta=130, mode="cg_j", channel_axis=-1, tol=1e-2)
    return np.array(ids, np.uint8)[np.clip(found, 1, len(ids)) - 1]


def random_walker(rgb: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """Refine a label map with the random walker."""
    return walk(rgb, seeds(coarse))


def available() -> tuple[dict[str, Peer], dict[str, str]]:
    """Return the peers that can run here, and why each of the others cannot."""
    found: dict[str, Peer] = {
        "guided filter": guided,
        "dense CRF": dense_crf,
        "GrabCut": grabcut,
        "random walker": random_walker,
    }
    reasons: dict[str, str] = {}
    if find_spec("pydensecrf") is None:
        del found["dense CRF"]
        reasons["dense CRF"] = "pydensecrf2 is not installed (pip install pydensecrf2)"
    return found, reasons


BINARY_ONLY = frozenset({"GrabCut"})
"""Peers that know one object and its background, not label maps."""
