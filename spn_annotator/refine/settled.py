"""Masks that are right already are left alone.

The model moves an outline by a pixel or two even where nothing is wrong with it, since it cannot
know how exact the mask in front of it is. How far it moves the outline tells: of a coarse mask long
pieces move far, of an exact one hardly any. So where hardly any of the outlines of two labels moves
far, the small moves between them are taken back, and large ones that the model is not sure of too;
where some of it does, as after a correction, the pieces that lie away from it stay as they were.
What came about beside a sure stroke always stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spn_annotator.cv import cv2
from spn_annotator.refine.labels import Ids
from spn_annotator.refine.proposal import Float32

Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """When changes are believed.

    Attributes
    ----------
    share : float
        Pixels changed in depth, as a part of the outline's, up to which an outline counts as
        right: the geometric mean of those of the two labels that meet there.
    enough, partly_enough : float
        Mean confidence from which a large change stays, where an outline is right and where it is
        partly right.
    """

    share: float
    enough: float
    partly_enough: float


LIMITS = {
    # (several labels, a closer look); a closer look's probabilities are sharper
    (False, False): Limits(share=0.2, enough=0.5, partly_enough=0.2),
    (False, True): Limits(share=0.2, enough=0.8, partly_enough=0.6),
    # Labels of a map are small, and a few pixels are a large part of them.
    (True, False): Limits(share=0.15, enough=0.6, partly_enough=0.3),
    (True, True): Limits(share=0.2, enough=0.9, partly_enough=0.6),
}

PARTLY_SHARE = 1.0
"""As :attr:`Limits.share`, up to which some pieces of an outline may be right."""

PIECE_RADIUS = 48
"""How far away, in pixels, a deep change says that this piece of the outline is not right."""

PIECE_SHARE = 0.05
"""As :attr:`Limits.share`, of the outline within :data:`PIECE_RADIUS`."""

_LEAST_SHARE = 0.02  # what counts as none, so that one label without moves does not decide alone
_DEEP = 2  # rows of changed pixels around a pixel: changes of up to two pixels have none
_STROKE_REACH = 3  # pixels between a sure stroke and a change that it brought about


def keep_settled(
    coarse: Ids,
    refined: Ids,
    confidence: Float32,
    *,
    sure: Bits | None = None,
    several: bool = False,
    closer: bool = False,
) -> None:
    """Take back, in ``refined``, the changes to outlines that were right already.

    Parameters
    ----------
    coarse, refined : (H, W)
        Ids; negative in ``coarse`` where unknown, what came there stays. ``refined`` is written to.
    confidence : (H, W) float32 in [0, 1]
        Of ``refined``.
    sure : (H, W) bool, optional
        Where a sure stroke lies; the changes beside it stay.
    several : bool
        Whether there are more labels than an object and the rest.
    closer : bool
        Whether ``refined`` comes from a closer look; see :data:`LIMITS`.
    """
    changed = (coarse != refined) & (coarse >= 0)
    if not changed.any():
        return
    # Copies are few and small: an image may have tens of millions of pixels.
    square = np.ones((2 * _DEEP - 1,) * 2, np.uint8)
    deep = cv2.erode(changed.view(np.uint8), square).view(np.bool_)
    size = int(max(coarse.max(), refined.max())) + 1
    share = _changed_share(coarse, refined, deep, size)
    # A change is of two labels. One of them may be a background, whose outline tells of all
    # objects, the other a small object, whose few pixels tell little: both have a say.
    was, became = coarse[changed], refined[changed]
    wrong = np.sqrt((share[was] + _LEAST_SHARE) * (share[became] + _LEAST_SHARE)) - _LEAST_SHARE
    limits = LIMITS[several, closer]
    settled, partly = wrong <= limits.share, wrong <= PARTLY_SHARE
    count, areas = cv2.connectedComponents(changed.view(np.uint8), connectivity=8)
    area = areas[changed]
    del areas
    certain = np.bincount(area, confidence[changed], count) / np.maximum(
        np.bincount(area, minlength=count), 1
    )
    has_depth = np.zeros(count, bool)
    has_depth[area[deep[changed]]] = True
    if sure is not None and sure.any():
        reach = cv2.dilate(sure.view(np.uint8), np.ones((2 * _STROKE_REACH + 1,) * 2, np.uint8))
        certain[area[reach[changed] > 0]] = 1.0
    back = settled & ~(has_depth[area] & (certain[area] >= limits.enough))
    # What the model is not sure of says nothing about a piece, and goes with it.
    believed = deep.copy()
    believed[changed] &= ~(partly & (certain[area] < limits.partly_enough))
    back |= partly & ~settled & ~believed[changed] & _calm(coarse, believed, changed)
    refined[changed] = np.where(back, was, became)


def _changed_share(coarse: Ids, refined: Ids, deep: Bits, size: int) -> npt.NDArray[np.float64]:
    """Return how many pixels of each label changed in depth, as a part of its outline's."""
    moved = np.bincount(coarse[deep], minlength=size)
    moved += np.bincount(refined[deep], minlength=size)
    outline = np.zeros(size, np.int64)
    for a, b in ((coarse[:, 1:], coarse[:, :-1]), (coarse[1:], coarse[:-1])):
        meets = (a != b) & (a >= 0) & (b >= 0)
        outline += np.bincount(a[meets], minlength=size) + np.bincount(b[meets], minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = moved / outline
    return np.nan_to_num(share, nan=0.0, posinf=np.inf)


def _calm(coarse: Ids, deep: Bits, where: Bits) -> Bits:
    """Return (N,), for each pixel whether few deep changes lie around for the outline there."""
    outline = np.zeros(coarse.shape, np.uint8)
    across, down = coarse[:, 1:] != coarse[:, :-1], coarse[1:] != coarse[:-1]
    outline[:, 1:] |= across
    outline[:, :-1] |= across
    outline[1:] |= down
    outline[:-1] |= down
    window = (2 * PIECE_RADIUS + 1,) * 2
    around = cv2.boxFilter(outline, cv2.CV_16U, window, normalize=False)[where]
    moves = cv2.boxFilter(deep.view(np.uint8), cv2.CV_16U, window, normalize=False)[where]
    return moves <= PIECE_SHARE * around
