"""How well a label map agrees with the truth: IoU, mean boundary accuracy, boundary F.

All three take two label maps of one shape, leave out the pixels whose truth is ``ignore``, and are
fast enough to be called for every validation image between two steps of training.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, nan

import numpy as np

from spn_annotator.cv import cv2
from spn_annotator.errors import ShapeError

BANDS = 5
"""Number of bands around the true boundary that the mean boundary accuracy looks at."""

F_TOLERANCE = 0.008
"""Reach of a match in the boundary F, as a part of the image's diagonal."""


def _checked(truth: np.ndarray, pred: np.ndarray) -> None:
    for name, array in (("truth", truth), ("pred", pred)):
        if array.ndim != 2 or array.dtype not in (np.bool_, np.uint8, np.uint16):
            raise ShapeError(
                f"{name} must be a (H, W) label map of bool, uint8 or uint16, "
                f"got shape {array.shape} of {array.dtype}"
            )
    if truth.shape != pred.shape:
        raise ShapeError(f"pred must have the truth's shape {truth.shape}, got {pred.shape}")


def _plain(array: np.ndarray) -> np.ndarray:
    return array.view(np.uint8) if array.dtype == np.bool_ else array


def iou(
    truth: np.ndarray, pred: np.ndarray, *, ignore: int | None = 255, binary: bool = False
) -> float:
    """Return the intersection over union with the truth.

    Parameters
    ----------
    truth, pred : (H, W) bool, uint8 or uint16 array
        Label ids.
    ignore : int or None
        Pixels of this value in ``truth`` are not counted; None counts all.
    binary : bool
        True takes the foreground alone (id 1); False takes the mean over the labels that occur in
        the truth, background included.

    Returns
    -------
    float
        0 to 1. A binary truth without foreground scores 0 whatever is predicted, because nothing
        can be hit; a truth that is ignored everywhere gives ``nan``.

    Raises
    ------
    ShapeError
        Not two label maps of one shape.
    """
    _checked(truth, pred)
    truth, pred = _plain(truth).ravel(), _plain(pred).ravel()
    if ignore is not None:
        valid = truth != ignore
        truth, pred = truth[valid], pred[valid]
    if truth.size == 0:
        return nan
    if binary:
        in_truth, in_pred = truth == 1, pred == 1
        both = np.count_nonzero(in_truth & in_pred)
        return both / max(1, np.count_nonzero(in_truth | in_pred))
    size = int(max(truth.max(), pred.max())) + 1
    of_truth = np.bincount(truth, minlength=size)
    of_pred = np.bincount(pred, minlength=size)
    of_both = np.bincount(truth[truth == pred], minlength=size)
    present = of_truth > 0
    union = of_truth[present] + of_pred[present] - of_both[present]
    return float(np.mean(of_both[present] / union))


def band_radii(shape: tuple[int, int]) -> list[int]:
    """Return the radii, in pixels, of the bands that :func:`mba` looks at.

    They run in equal steps from 1 towards a 300th of height plus width.

    Parameters
    ----------
    shape : (height, width)
        Of the image, in pixels.
    """
    widest = sum(shape) / 300
    return [1 + max(0, int((widest - 1) / BANDS * step)) for step in range(BANDS)]


def mba(truth: np.ndarray, pred: np.ndarray, *, ignore: int | None = 255) -> float:
    """Return the mean boundary accuracy.

    Around the true boundary lie five bands, each all the pixels that a disc of the band's radius
    takes to another label. The score is the part of a band's pixels with the right label, averaged
    over the bands that are not empty.

    Parameters
    ----------
    truth, pred : (H, W) bool, uint8 or uint16 array
        Label ids.
    ignore : int or None
        Pixels of this value in ``truth`` are not counted, but they bound the labels beside them
        as background would.

    Returns
    -------
    float
        0 to 1; 1 for a truth without any boundary.

    Raises
    ------
    ShapeError
        Not two label maps of one shape.

    References
    ----------
    Cheng et al., "CascadePSP: Toward Class-Agnostic and Very High-Resolution Segmentation via
    Global and Local Refinement", CVPR 2020, section 4.1.
    """
    _checked(truth, pred)
    truth, pred = _plain(truth), _plain(pred)
    valid = np.ones(truth.shape, bool) if ignore is None else truth != ignore
    filled = np.where(valid, truth, truth.dtype.type(0))
    right = truth == pred
    scores: list[float] = []
    seen: dict[int, float | None] = {}
    for radius in band_radii(truth.shape):
        if radius not in seen:
            seen[radius] = _band_accuracy(filled, valid, right, radius)
        score = seen[radius]
        if score is not None:
            scores.append(score)
    return float(np.mean(scores)) if scores else 1.0


def _band_accuracy(
    filled: np.ndarray, valid: np.ndarray, right: np.ndarray, radius: int
) -> float | None:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    band = (cv2.dilate(filled, disc) != cv2.erode(filled, disc)) & valid
    count = np.count_nonzero(band)
    return np.count_nonzero(band & right) / count if count else None


def boundary_f(
    truth: np.ndarray,
    pred: np.ndarray,
    *,
    ignore: int | None = 255,
    binary: bool = False,
    tolerance: float = F_TOLERANCE,
) -> float:
    """Return the boundary F: the harmonic mean of the boundary's precision and recall.

    The boundary of a label is its pixels that have a counted pixel of another label above, below,
    left or right. A boundary pixel matches when the other map's boundary comes as near as the
    tolerance. A label that only one of the maps has a boundary of scores 0, one that neither has
    a boundary of is left out.

    Parameters
    ----------
    truth, pred : (H, W) bool, uint8 or uint16 array
        Label ids.
    ignore : int or None
        Pixels of this value in ``truth`` are not counted and make no boundary.
    binary : bool
        True takes the foreground alone (id 1); False the mean over the labels of the truth.
    tolerance : float
        Reach of a match as a part of the diagonal, rounded up to whole pixels.

    Returns
    -------
    float
        0 to 1; 1 when no label has a boundary in either map.

    Raises
    ------
    ShapeError
        Not two label maps of one shape, or a tolerance outside 0 to 1.

    References
    ----------
    Csurka et al., "What is a good evaluation measure for semantic segmentation?", BMVC 2013;
    Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object
    Segmentation", CVPR 2016 (the tolerance).
    """
    _checked(truth, pred)
    if not 0 <= tolerance <= 1:
        raise ShapeError(f"tolerance must be a part of the diagonal from 0 to 1, got {tolerance}")
    truth, pred = _plain(truth), _plain(pred)
    valid = np.ones(truth.shape, bool) if ignore is None else truth != ignore
    reach = ceil(tolerance * float(np.hypot(*truth.shape)))
    scores = [
        score
        for label in _scored_labels(truth, valid, binary=binary)
        if (score := _label_f(truth == label, pred == label, valid, reach)) is not None
    ]
    return float(np.mean(scores)) if scores else 1.0


def _scored_labels(truth: np.ndarray, valid: np.ndarray, *, binary: bool) -> Iterator[int]:
    if binary:
        yield 1
        return
    counts = np.bincount(truth[valid])
    yield from (int(label) for label in np.flatnonzero(counts))


def _label_f(truth: np.ndarray, pred: np.ndarray, valid: np.ndarray, reach: int) -> float | None:
    window = _window(truth | pred, reach + 1)
    if window is None:
        return None
    truth, pred, valid = truth[window], pred[window], valid[window]
    edge_truth, edge_pred = _boundary(truth, valid), _boundary(pred, valid)
    in_truth, in_pred = np.count_nonzero(edge_truth), np.count_nonzero(edge_pred)
    if not in_truth and not in_pred:
        return None
    if not in_truth or not in_pred:
        return 0.0
    precision = np.count_nonzero(edge_pred & _near(edge_truth, reach)) / in_pred
    recall = np.count_nonzero(edge_truth & _near(edge_pred, reach)) / in_truth
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _window(mask: np.ndarray, margin: int) -> tuple[slice, slice] | None:
    """Return the bounding box of a mask with a margin: small objects cost what they measure."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return None
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )


def _boundary(inside: np.ndarray, valid: np.ndarray) -> np.ndarray:
    inside, outside = inside & valid, ~inside & valid
    edge = np.zeros_like(inside)
    edge[1:] |= inside[1:] & outside[:-1]
    edge[:-1] |= inside[:-1] & outside[1:]
    edge[:, 1:] |= inside[:, 1:] & outside[:, :-1]
    edge[:, :-1] |= inside[:, :-1] & outside[:, 1:]
    return edge


def _near(edge: np.ndarray, reach: int) -> np.ndarray:
    distance = cv2.distanceTransform((~edge).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return distance <= reach + 1e-3  # the transform is exact but for float32
