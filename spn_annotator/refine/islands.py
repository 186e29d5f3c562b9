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
from spn_annotator.refine.proposal import Window

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
    islands = None
    for label in labels:
        found = _found(coarse, refined, label)
        if found is not None:
            if islands is None:
                islands = np.zeros(refined.shape, np.bool_)
            islands[found[0]] |= found[1]
    if islands is not None:
        _give_away(refined, islands, tuple(takers))


def _found(coarse: Ids, refined: Ids, label: int) -> tuple[tuple[slice, slice], Bits] | None:
    """Return where pieces of a label are that touch nothing it had before, None without any.

    With a large image in mind: nothing is made for more of it than need be, or kept longer.
    """
    gained = refined == label
    gained &= coarse != label
    here = _around(gained.view(np.uint8))
    gained = np.ascontiguousarray(gained[here]).view(np.uint8)
    touching = cv2.dilate((coarse[here] == label).view(np.uint8), _CROSS)
    touching &= gained
    pieces = cv2.connectedComponents(gained, connectivity=4, ltype=_kind(gained))[1]
    del gained
    rooted = np.zeros(int(pieces.max()) + 1, np.bool_)
    rooted[pieces[touching.view(np.bool_)]] = True
    del touching
    if rooted[1:].all():
        return None
    if not rooted.any() and not ((refined == label) & (coarse == label)).any():
        return None  # all of it is new or has moved: no label vanishes here
    rooted[0] = True
    return here, ~rooted[pieces]


def _kind(mask: npt.NDArray[np.uint8]) -> int:
    """Return the type for numbers of pieces: 16 bits, where the runs of pixels are few enough."""
    runs = np.count_nonzero(mask[:, 0]) + np.count_nonzero(mask[:, 1:] > mask[:, :-1])
    return cv2.CV_16U if runs < np.iinfo(np.uint16).max else cv2.CV_32S


def _give_away(refined: Ids, islands: Bits, takers: tuple[int, ...]) -> None:
    """Give islands away one by one: most are small, and the image is not."""
    mask = islands.view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4, ltype=_kind(mask))
    for x, y, width, height, _ in stats[1:]:
        near = Window(y, x, y + height, x + width).grown(mask.shape).slices
        if not _give(refined[near], islands[near], takers):
            _give(refined, islands, takers)
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
    return Window(y, x, y + height, x + width).grown(mask.shape).slices
