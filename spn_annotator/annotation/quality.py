"""How good a proposal is likely to be, from its own confidence: the IoU to expect."""

from __future__ import annotations

import numpy as np

from spn_annotator.errors import ShapeError

_BLOCK = 1 << 15
"""Pixels that are looked at in one go: `np.bincount` lets no other thread work meanwhile."""


def expected_ious(label_map: np.ndarray, confidence: np.ndarray) -> dict[int, float]:
    """Return the IoU to expect of each label or object.

    A pixel of confidence c is taken to be right with probability (1 + c) / 2. What an object may
    hold too much of counts against its area; what it may lack is looked for in the background and
    shared out among the objects by how unsure each of them is. Where there is no background, as
    much as it may hold too much of.

    The mean confidence says little about the quality of a mask: most pixels lie far from any
    outline and are sure whatever becomes of a small object. This ratio is about the objects alone.

    Parameters
    ----------
    label_map : (H, W) array of integers
        Ids; 0 is background.
    confidence : (H, W) float array in [0, 1], or uint8 in [0, 255]

    Returns
    -------
    dict of int to float
        By id, 0 to 1, without the background; empty where there is nothing else.

    Raises
    ------
    ShapeError
        The two differ in shape.
    """
    if label_map.shape != confidence.shape or label_map.ndim != 2:
        raise ShapeError(
            f"map and confidence must have one shape (H, W), got {label_map.shape} "
            f"and {confidence.shape}"
        )
    scale = 255.0 if confidence.dtype == np.uint8 else 1.0
    size = int(label_map.max(initial=0)) + 1
    pixels, doubts = np.zeros(size, np.int64), np.zeros(size)
    rows = max(1, _BLOCK // max(1, label_map.shape[1]))
    for row in range(0, label_map.shape[0], rows):  # large images: nothing is copied whole
        ids = label_map[row : row + rows].ravel()
        doubt = 0.5 - confidence[row : row + rows].ravel() * (0.5 / scale)
        pixels += np.bincount(ids, minlength=size)
        doubts += np.bincount(ids, weights=doubt, minlength=size)
    present = np.flatnonzero(pixels[1:]) + 1
    of_objects = float(doubts[present].sum())
    share = float(doubts[0]) / of_objects if pixels[0] and of_objects else 1.0
    return {
        int(label): float((pixels[label] - doubts[label]) / (pixels[label] + share * doubts[label]))
        for label in present
    }


def expected_iou(label_map: np.ndarray, confidence: np.ndarray) -> float:
    """Return the mean of :func:`expected_ious`, a number by which proposals can be put in order.

    In a map without any object it is the share of the pixels that are expected to be right.
    """
    found = expected_ious(label_map, confidence)
    if found:
        return float(np.mean(list(found.values())))
    scale = 255.0 if confidence.dtype == np.uint8 else 1.0
    return float(0.5 + 0.5 * confidence.mean(dtype=np.float64) / scale) if confidence.size else 1.0
