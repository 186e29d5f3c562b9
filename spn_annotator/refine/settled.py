"""Masks that are right already are left alone.

The model moves an outline by a pixel or two even where nothing is wrong with it, since it cannot
know how exact the mask in front of it is. How far it moves the outline tells: of a coarse mask long
pieces move far, of an exact one hardly any. Where hardly any does, the small moves are taken back;
a larger change, such as the answer to a correction, stays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from spn_annotator.cv import cv2

Ids = npt.NDArray[np.int32]

SETTLED_SHARE = 0.2
"""Pixels changed in depth, as a part of the outline's, up to which a label counts as right."""

_DEEP = 2  # rows of changed pixels around a pixel: changes of up to two pixels have none


def _outline_pixels(labels: Ids, size: int) -> npt.NDArray[np.int64]:
    """Return how many pixels of each label lie at another one, counted once a side."""
    counts = np.zeros(size, np.int64)
    for a, b in ((labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])):
        meets = (a != b) & (a >= 0) & (b >= 0)
        counts += np.bincount(a[meets], minlength=size) + np.bincount(b[meets], minlength=size)
    return counts


def keep_settled(coarse: Ids, refined: Ids, *, share: float = SETTLED_SHARE) -> Ids:
    """Return ``refined`` without the small changes to labels that were right already.

    Parameters
    ----------
    coarse, refined : (H, W) int32
        Ids; negative in ``coarse`` where unknown, what came there stays.
    share : float
        See :data:`SETTLED_SHARE`.
    """
    changed = (coarse != refined) & (coarse >= 0)
    if not changed.any():
        return refined
    depth: npt.NDArray[np.float32] = cv2.distanceTransform(changed.astype(np.uint8), cv2.DIST_C, 3)
    deep = depth >= _DEEP
    size = int(max(coarse.max(), refined.max())) + 1
    moved = np.bincount(coarse[deep], minlength=size) + np.bincount(refined[deep], minlength=size)
    settled = moved <= share * _outline_pixels(coarse, size)
    small = changed.copy()
    small[changed] = settled[coarse[changed]] & settled[refined[changed]]
    if not small.any():
        return refined
    _, parts = cv2.connectedComponents(small.astype(np.uint8), connectivity=8)
    has_depth = np.zeros(int(parts.max()) + 1, bool)
    has_depth[parts[deep & small]] = True
    back = small & ~has_depth[parts]
    return np.where(back, coarse, refined)
