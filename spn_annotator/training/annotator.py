"""A simulated annotator: strokes in the largest error, until a mask is good enough.

Each stroke is a disc inside the largest connected region of error, at its deepest point, marked
sure. The rule sees the truth and the present mask alone, so that different ways of refining can be
compared stroke by stroke.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spn_annotator.cv import cv2
from spn_annotator.errors import ShapeError, UsageError

Mask = npt.NDArray[np.bool_]
UNKNOWN = 255

WIDEST = 0.04
"""Largest radius of the brush, as a part of the image's longer side."""


@dataclass(frozen=True)
class Stroke:
    """A disc: centre and radius in pixels, and whether it says object or rest."""

    y: int
    x: int
    radius: float
    inside: bool

    def pixels(self, shape: tuple[int, int]) -> Mask:
        """Return (H, W) bool: what is closer to the centre than the radius."""
        rows = np.arange(shape[0])[:, None] - self.y
        columns = np.arange(shape[1])[None, :] - self.x
        return rows**2 + columns**2 < self.radius**2


@dataclass(frozen=True)
class Turn:
    """What a way of refining is given.

    Attributes
    ----------
    start : (H, W) uint8
        The mask that the work began from: 0, 1, and 255 everywhere if there was none.
    guess : (H, W) uint8
        The last answer, or ``start`` before the first one.
    sure : (H, W) uint8
        All strokes so far: 0, 1, and 255 where none is.
    last : Stroke or None
        The newest of them.
    """

    start: npt.NDArray[np.uint8]
    guess: npt.NDArray[np.uint8]
    sure: npt.NDArray[np.uint8]
    last: Stroke | None


Answer = Callable[[Turn], npt.NDArray[np.generic]]
"""Returns (H, W), nonzero where the object is. What a stroke covers is laid over it."""


@dataclass(frozen=True)
class Work:
    """How a simulated piece of work went.

    Attributes
    ----------
    ious : tuple of float
        The mask's IoU after 0, 1, 2, … strokes; 0 while there is no mask yet.
    gains : tuple of float
        For each stroke that corrected a mask: wrong pixels that became right, less right ones that
        became wrong, for each pixel painted. 1 is what the brush does by itself.
    """

    ious: tuple[float, ...]
    gains: tuple[float, ...]

    def strokes_to(self, target: float) -> int | None:
        """Return how many strokes it took to this IoU, None if it was not reached."""
        return next((n for n, value in enumerate(self.ious) if value >= target), None)


def next_stroke(truth: Mask, guess: Mask, valid: Mask, *, widest: float) -> Stroke | None:
    """Return a disc inside the largest region of error, or None where nothing is wrong.

    Pixels that were missed and pixels that are too many make regions of their own.

    Parameters
    ----------
    truth, guess, valid : (H, W) bool
        ``valid`` is where errors count and strokes may go.
    widest : float
        Largest radius in pixels, at least 1.
    """
    best: tuple[int, bool, npt.NDArray[np.uint8]] | None = None
    for inside in (True, False):
        wrong = ((truth == inside) & (guess != inside) & valid).astype(np.uint8)
        count, parts, stats, _ = cv2.connectedComponentsWithStats(wrong, connectivity=4)
        if count < 2:
            continue
        part = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        area = int(stats[part, cv2.CC_STAT_AREA])
        if best is None or area > best[0]:
            best = area, inside, (parts == part).astype(np.uint8)
    if best is None:
        return None
    _, inside, region = best
    padded = cv2.copyMakeBorder(region, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    y, x = (int(v) for v in np.unravel_index(int(np.argmax(depth)), depth.shape))
    # What is closer than the depth is inside the region; the small part is float32's.
    return Stroke(y, x, min(float(depth[y, x]) - 1e-3, widest), inside)


def annotate(
    truth: Mask,
    answer: Answer,
    *,
    start: npt.NDArray[np.uint8] | None = None,
    valid: Mask | None = None,
    most: int = 20,
    enough: float = 0.95,
    widest: float | None = None,
) -> Work:
    """Let a simulated annotator work on an image.

    With a mask to start from, the first answer comes before any stroke. Without one the first two
    strokes, one in the object and one in the background, are painted before anything is asked.

    Parameters
    ----------
    truth : (H, W) bool
    answer : callable
        From a :class:`Turn` to a mask.
    start : (H, W) uint8, optional
        0 and 1.
    valid : (H, W) bool, optional
        Where the truth is known.
    most : int
        Strokes after which the annotator gives up, at least 2.
    enough : float
        The IoU at which the work is done.
    widest : float, optional
        Largest radius in pixels; :data:`WIDEST` of the longer side if left out.

    Raises
    ------
    ShapeError
        The arrays differ in shape, or the truth holds no object or nothing else.
    UsageError
        ``most`` is under 2.
    """
    if most < 2:
        raise UsageError(f"the annotator needs at least 2 strokes, found {most}")
    valid = np.ones(truth.shape, bool) if valid is None else valid
    if valid.shape != truth.shape or (start is not None and start.shape != truth.shape):
        raise ShapeError(f"all masks must have the truth's shape {truth.shape}")
    if not ((truth & valid).any() and (~truth & valid).any()):
        raise ShapeError("the truth must hold an object and something else")
    widest = max(1.0, WIDEST * max(truth.shape)) if widest is None else widest
    nothing = np.full(truth.shape, UNKNOWN, np.uint8)
    sure = nothing.copy()
    last: Stroke | None = None
    ious: list[float] = []
    gains: list[float] = []
    if start is None:
        start = nothing
        for inside in (True, False):
            last = next_stroke(truth, np.full_like(truth, not inside), valid, widest=widest)
            assert last is not None  # both sides have pixels
            sure[last.pixels(truth.shape)] = inside
            ious.append(0.0)
    guess = _asked(answer, Turn(start, start, sure.copy(), last))
    ious.append(_iou(truth, guess, valid))
    while ious[-1] < enough and len(ious) <= most:
        last = next_stroke(truth, guess, valid, widest=widest)
        if last is None:
            break
        painted = last.pixels(truth.shape)
        sure[painted] = last.inside
        before = np.count_nonzero((guess != truth) & valid)
        guess = _asked(answer, Turn(start, guess.astype(np.uint8), sure.copy(), last))
        after = np.count_nonzero((guess != truth) & valid)
        ious.append(_iou(truth, guess, valid))
        gains.append((before - after) / np.count_nonzero(painted))
    return Work(tuple(ious), tuple(gains))


def _asked(answer: Answer, turn: Turn) -> Mask:
    guess = np.asarray(answer(turn)) != 0
    if guess.shape != turn.sure.shape:
        raise ShapeError(f"the answer must have the shape {turn.sure.shape}, found {guess.shape}")
    return np.where(turn.sure == UNKNOWN, guess, turn.sure == 1)


def _iou(truth: Mask, guess: Mask, valid: Mask) -> float:
    both = np.count_nonzero(truth & guess & valid)
    return both / max(1, np.count_nonzero((truth | guess) & valid))


def _counts(works: list[Work], target: float, most: int) -> list[int]:
    found = [work.strokes_to(target) for work in works]
    return [most + 1 if strokes is None else strokes for strokes in found]


def median_strokes(works: list[Work], target: float, *, most: int) -> float:
    """Return the median number of strokes to an IoU; unreached ones count as ``most`` + 1."""
    return float(np.median(_counts(works, target, most))) if works else float("nan")


def mean_strokes(works: list[Work], target: float, *, most: int) -> float:
    """Return the mean number of strokes to an IoU; unreached ones count as ``most`` + 1."""
    return float(np.mean(_counts(works, target, most))) if works else float("nan")


def share_reached(works: list[Work], target: float) -> float:
    """Return the part of the images, 0 to 1, on which an IoU was reached."""
    if not works:
        return float("nan")
    return sum(w.strokes_to(target) is not None for w in works) / len(works)
