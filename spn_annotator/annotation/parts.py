"""The shape of one object as a mask: connected parts, holes, islands, smooth borders."""

from __future__ import annotations

import numpy as np

from spn_annotator.errors import UsageError

#: Largest radius that `smoothed` takes, in pixels.
MAX_SMOOTHING = 50


def connected_parts(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the connected parts of a mask.

    Pixels that touch at a side or a corner are connected.

    Parameters
    ----------
    mask : np.ndarray
        Boolean ``(height, width)``.

    Returns
    -------
    (np.ndarray, np.ndarray)
        ``(height, width)`` int32 numbers, 0 outside of the mask and the parts from 1 on, the
        largest first; and the pixels of each number, from 0 on.
    """
    from spn_annotator.cv import cv2

    if mask.size == 0:  # OpenCV ends the process over one
        return np.zeros(mask.shape, dtype=np.int32), np.zeros(1, dtype=np.int64)
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.int64)
    # Of two parts of one size the upper one comes first: OpenCV numbers them in that order.
    order = np.argsort(-areas[1:], kind="stable") + 1
    table = np.zeros(count, dtype=np.int32)
    table[order] = np.arange(1, count, dtype=np.int32)
    return table[numbers], np.concatenate([areas[:1], areas[order]])


def holes(mask: np.ndarray) -> np.ndarray:
    """Return what a mask encloses: pixels from which no way leads to the border around it.

    A way goes over sides of pixels only, so that a diagonal line is tight.

    Parameters
    ----------
    mask : np.ndarray
        Boolean ``(height, width)``; all around it is taken as outside.

    Returns
    -------
    np.ndarray
        Boolean ``(height, width)``.
    """
    from spn_annotator.cv import cv2

    # One array for all of it: on large images making another takes longer than filling it.
    ways = np.ones((mask.shape[0] + 2, mask.shape[1] + 2), dtype=np.uint8)
    np.logical_not(mask, out=ways[1:-1, 1:-1].view(bool))
    cv2.floodFill(ways, None, (0, 0), 2, flags=4)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return np.equal(ways, 1, out=ways.view(bool))[1:-1, 1:-1]


def islands(mask: np.ndarray, *, smaller_than: int) -> np.ndarray:
    """Return the connected parts of fewer pixels than given; the largest part is never one.

    Parameters
    ----------
    mask : np.ndarray
        Boolean ``(height, width)``.
    smaller_than : int
        Pixels.

    Returns
    -------
    np.ndarray
        Boolean ``(height, width)``.
    """
    numbers, areas = connected_parts(mask)
    small = areas < smaller_than
    small[:2] = False  # what is outside, and the largest part
    return small[numbers]


def smoothed(mask: np.ndarray, *, radius: int) -> np.ndarray:
    """Return a mask in which each pixel is what most pixels around it are.

    Parameters
    ----------
    mask : np.ndarray
        Boolean ``(height, width)``; it is continued over the borders of the array.
    radius : int
        How far "around" reaches, 1 to 50 pixels: teeth and notches narrower than that go.

    Returns
    -------
    np.ndarray
        Boolean ``(height, width)``.

    Raises
    ------
    UsageError
        The radius is out of range.
    """
    from spn_annotator.cv import cv2

    if not 1 <= radius <= MAX_SMOOTHING:
        raise UsageError(f"the radius runs from 1 to {MAX_SMOOTHING} pixels, got {radius}")
    if mask.size == 0:
        return mask
    side = 2 * radius + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.float32)
    share = cv2.filter2D(
        mask.astype(np.float32), -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE
    )
    # A half itself, as along a straight border with an odd disc never occurs, keeps what was there.
    return np.where(np.isclose(share, 0.5, atol=1e-4), mask, share > 0.5)
