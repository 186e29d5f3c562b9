"""What refinement returned and nobody has accepted yet."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np

from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.planes import Tile, TileArrays


@dataclass(frozen=True, eq=False)
class Proposal:
    """A proposed object map.

    Attributes
    ----------
    object_map : np.ndarray
        ``(height, width)`` uint16 object ids, read-only.
    confidence8 : np.ndarray or None
        ``(height, width)`` uint8, read-only: 0 = a guess, 255 = certain.
    revision : int
        The document's revision it was computed from.
    rect : Rect
        Where it differed from the object map when it came.
    state : int
        Which state of the pixels it was computed from (for the document's own use).
    base : dict
        Tiles as they were when it came, kept when they change afterwards (the same).
    """

    object_map: np.ndarray
    confidence8: np.ndarray | None
    revision: int
    rect: Rect
    state: int
    base: dict[Tile, TileArrays] = field(repr=False)

    @property
    def confidence(self) -> np.ndarray | None:
        """``(height, width)`` float32 from 0 to 1, computed from `confidence8` at each call."""
        if self.confidence8 is None:
            return None
        return self.confidence8.astype(np.float32) / np.float32(255)

    def changed_since(self, tile: Tile, now: TileArrays) -> np.ndarray | None:
        """Return where the maps differ from what it was computed from; None: nowhere."""
        before = self.base.get(tile)
        if before is None:
            return None
        differs = np.zeros(now[0].shape, dtype=bool)
        for old, new in zip(before, now, strict=True):
            differs |= old != new
        return differs if differs.any() else None

    def packed(self) -> PackedProposal:
        """Return a form that takes less memory, for the history."""
        data = zlib.compress(self.object_map.tobytes(), 1)
        confidence_bytes = 0 if self.confidence8 is None else self.confidence8.nbytes
        base_bytes = sum(array.nbytes for arrays in self.base.values() for array in arrays)
        return PackedProposal(
            shape=self.object_map.shape,
            data=data,
            nbytes=len(data) + confidence_bytes + base_bytes,
            confidence8=self.confidence8,
            revision=self.revision,
            rect=self.rect,
            state=self.state,
            base=self.base,
        )


@dataclass(frozen=True, eq=False)
class PackedProposal:
    """A `Proposal` with its object map compressed."""

    shape: tuple[int, ...]
    data: bytes = field(repr=False)
    confidence8: np.ndarray | None
    revision: int
    rect: Rect
    state: int
    base: dict[Tile, TileArrays] = field(repr=False)
    nbytes: int
    """Memory it held when it was packed, in bytes."""

    def unpacked(self) -> Proposal:
        """Return the proposal it was made from."""
        flat = np.frombuffer(zlib.decompress(self.data), dtype=np.uint16)  # read-only
        return Proposal(
            object_map=flat.reshape(self.shape),
            confidence8=self.confidence8,
            revision=self.revision,
            rect=self.rect,
            state=self.state,
            base=self.base,
        )


def quantised_confidence(confidence: np.ndarray) -> np.ndarray:
    """Return confidences of 0 to 1 as uint8 0 to 255; what is not a number counts as 0."""
    quantised = np.empty(confidence.shape, dtype=np.uint8)
    rows = max(1, (1 << 16) // max(1, confidence.shape[1]))  # stays in the processor's cache
    for row in range(0, confidence.shape[0], rows):
        band = np.multiply(confidence[row : row + rows], np.float32(255), dtype=np.float32)
        band += np.float32(0.5)
        np.fmax(band, 0, out=band)  # NaN gives way to the number
        np.fmin(band, 255, out=band)
        quantised[row : row + rows] = band
    return quantised
