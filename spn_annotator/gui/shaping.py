"""How much of a refinement is taken: its strength, and how far from the painted border. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import FREE
from spn_annotator.cv import cv2

Ids = NDArray[np.uint16]


class Scope(StrEnum):
    """What the refine key refines."""

    ALL = "all"
    VIEW = "view"
    LABEL = "label"
    OBJECT = "object"


@dataclass(frozen=True, kw_only=True)
class Shaping:
    """How a refinement becomes a proposal.

    Parameters
    ----------
    strength : float
        0 … 1. The refined labels are blended with the painted ones; at 1 the refined ones count
        alone, at 0 nothing moves. Between, a pixel moves if the model's confidence in its new
        label, against the second best, is above ``1 - strength``.
    band : int
        Only pixels within so many pixels of a painted border move; 0 for all.
    """

    strength: float = 1.0
    band: int = 0


def shaped(coarse: Ids, refined: Ids, confidence: NDArray[np.float32], shaping: Shaping) -> Ids:
    """Return the refined map, with what the shaping holds back as it was painted.

    Parameters
    ----------
    coarse, refined : (H, W) uint16 arrays
        Ids before and after; 65535 before where that was left to the model.
    confidence : (H, W) float32 array
        0 … 1.
    shaping : Shaping
        How much to take.
    """
    if shaping.strength >= 1 and shaping.band <= 0:
        return refined
    moved = (refined != coarse) & (coarse != FREE)
    rows, columns = np.flatnonzero(moved.any(1)), np.flatnonzero(moved.any(0))
    if not len(rows):
        return refined
    result = refined.copy()
    # Only around what has moved, with room for the band.
    reach = shaping.band + 2
    window = (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + reach + 1),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + reach + 1),
    )
    kept = np.zeros(moved[window].shape, dtype=bool)
    if shaping.strength < 1:
        kept |= confidence[window] <= 1 - shaping.strength
    if shaping.band > 0:
        kept |= _distance_to_border(coarse[window]) > shaping.band
    kept &= moved[window]
    np.copyto(result[window], coarse[window], where=kept)
    return result


def _distance_to_border(ids: Ids) -> NDArray[np.float32]:
    """Return how far each pixel is from one that has another id beside it, in pixels."""
    inside = np.ones(ids.shape, dtype=np.uint8)
    beside = ids[:, 1:] != ids[:, :-1]
    above = ids[1:] != ids[:-1]
    inside[:, 1:][beside] = 0
    inside[:, :-1][beside] = 0
    inside[1:][above] = 0
    inside[:-1][above] = 0
    if inside.all():
        return np.full(ids.shape, np.inf, dtype=np.float32)
    # The pixels at the border are within a distance of 1 of it.
    return np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5), dtype=np.float32) + 1
