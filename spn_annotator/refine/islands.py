"""What a refinement adds to a label stays connected with what the label was.

Edges move, objects do not appear: a piece of a label that touches nothing of what the coarse mask
gave that label is, nearly always, something else of the same colour. Such islands go to what lies
around them. Holes are another matter: where a coarse mask covers the gap between an arm and a body,
the background rightly comes up in the middle of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from spn_annotator.cv import cv2
from spn_annotator.refine.labels import Ids

Bits = npt.NDArray[np.bool_]

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def drop_islands(
    coarse: Ids, refined: Ids, labels: Iterable[int], *, takers: Iterable[int]
) -> None:
    """Give, in ``refined``, each island to the label that is nearest to it.

    Parameters
    ----------
    coarse, refined : (H, W)
        Ids; negative where unknown. ``refined`` is written to.
    labels : iterable of int
        Whose islands go. Those of a label stay where it has nothing else left.
    takers : iterable of int
        Labels that may get them.
    """
    islands = np.zeros(refined.shape, np.bool_)
    for label in labels:
        _mark(coarse, refined, label, islands)
    if islands.any():
        _give_away(refined, islands, tuple(takers))


def _mark(coarse: Ids, refined: Ids, label: int, islands: Bits) -> None:
    """Mark the connected pieces of a label that touch nothing it had before."""
    mask = (refined == label).view(np.uint8)
    here = _around(mask)
    mask, before = mask[here], (coarse[here] == label).view(np.uint8)
    gained = mask & (before ^ 1)
    count, pieces = cv2.connectedComponents(gained, connectivity=4)
    rooted = np.zeros(count, np.bool_)
    rooted[pieces[(cv2.dilate(before, _CROSS) & gained).view(np.bool_)]] = True
    if not rooted.any() and not (mask & before).any():
        return  # all of it is new or has moved: no label vanishes here
    rooted[0] = True
    if not rooted.all():
        islands[here] |= ~rooted[pieces]


def _give_away(refined: Ids, islands: Bits, takers: tuple[int, ...]) -> None:
    """Give islands away one by one: most are small, and the image is not."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(islands.view(np.uint8), connectivity=8)
    everywhere = (slice(None), slice(None))
    for x, y, width, height, _ in stats[1:count]:
        near = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
        if not _give(refined[near], islands[near], takers):
            _give(refined[everywhere], islands[everywhere], takers)
            return


def _give(refined: Ids, islands: Bits, takers: tuple[int, ...]) -> bool:
    """Give islands to the nearest pixel's label; return whether there is one that may take them."""
    takes = ~islands & np.isin(refined, takers)
    if not takes.any():
        return False
    _, nearest = cv2.distanceTransformWithLabels(
        (~takes).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3, labelType=cv2.DIST_LABEL_PIXEL
    )
    value_of = np.zeros(int(nearest.max()) + 1, refined.dtype)
    value_of[nearest[takes]] = refined[takes]
    refined[islands] = value_of[nearest[islands]]
    islands[:] = False
    return True


def _around(mask: npt.NDArray[np.uint8]) -> tuple[slice, slice]:
    """Return the box of what is not 0, a pixel wider on each side."""
    x, y, width, height = cv2.boundingRect(mask)
    return slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
