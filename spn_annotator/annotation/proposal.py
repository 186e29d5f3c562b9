"""What refinement returned and nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.planes import (
    OBJECT,
    TILE,
    Planes,
    Tile,
    TileArrays,
    TilePatch,
    as_map,
    check_map,
)
from spn_annotator.annotation.quality import expected_iou
from spn_annotator.errors import CallOrderError, ShapeError


@dataclass(frozen=True, slots=True)
class ProposedTile:
    """What a proposal says of one tile.

    Attributes
    ----------
    patch : TilePatch
        Leads from the object map it was computed from to the proposed one, and back.
    ids : frozenset of int
        What the pixels that differ held before and are to hold.
    """

    patch: TilePatch
    ids: frozenset[int]


class ExpectedIou:
    """The IoU to expect of a proposal, computed when it is first asked for, on any thread.

    Parameters
    ----------
    object_map, confidence : np.ndarray
        As for `expected_iou`; let go once it is computed.
    """

    def __init__(self, object_map: np.ndarray, confidence: np.ndarray) -> None:
        self._maps: tuple[np.ndarray, np.ndarray] | None = (object_map, confidence)
        self._value = 0.0

    def value(self) -> float:
        """Return it, 0 to 1."""
        maps = self._maps
        if maps is not None:
            self._value = expected_iou(*maps)
            self._maps = None
        return self._value


@dataclass(frozen=True, eq=False)
class Proposal:
    """A proposed object map, kept as what differs from the map it was computed from.

    Attributes
    ----------
    planes : Planes
        The document's maps.
    tiles : mapping
        What it says of the tiles in which it differs.
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
    model : str
        Name of the model that made it, empty if it was not told.
    keeps_sure : bool
        Whether it is known to hold, on sure strokes, what they say.
    expected : ExpectedIou or None
        How good it is likely to be; None without a confidence.
    """

    planes: Planes = field(repr=False)
    tiles: Mapping[Tile, ProposedTile] = field(repr=False)
    confidence8: np.ndarray | None
    revision: int
    rect: Rect
    state: int
    base: dict[Tile, TileArrays] = field(repr=False)
    model: str = ""
    keeps_sure: bool = False
    expected: ExpectedIou | None = None

    @property
    def confidence(self) -> np.ndarray | None:
        """``(height, width)`` float32 from 0 to 1, computed from `confidence8` at each call."""
        if self.confidence8 is None:
            return None
        return self.confidence8.astype(np.float32) / np.float32(255)

    @property
    def object_map(self) -> np.ndarray:
        """``(height, width)`` uint16 object ids, read-only; made at each call.

        Raises
        ------
        CallOrderError
            It is not the document's proposal any more: the maps have gone on without it.
        """
        if self.planes.keep is not self.base:
            raise CallOrderError("this proposal was accepted, dropped or replaced")
        array = self.planes.arrays[OBJECT].copy()
        for tile, arrays in self.base.items():
            array[self.planes.tile_rect(tile).slices] = arrays[OBJECT]
        for tile in self.tiles:
            place = self.planes.tile_rect(tile).slices
            array[place] = self.proposed(tile, self.planes.views(tile))
        array.flags.writeable = False
        return array

    @property
    def nbytes(self) -> int:
        """Memory it holds in the history, in bytes, roughly."""
        size = 0 if self.confidence8 is None else self.confidence8.nbytes
        size += sum(proposed.patch.nbytes for proposed in self.tiles.values())
        return size + sum(array.nbytes for arrays in self.base.values() for array in arrays)

    def proposed(self, tile: Tile, now: TileArrays) -> np.ndarray:
        """Return what it proposes for a tile.

        Parameters
        ----------
        tile : Tile
        now : (np.ndarray, np.ndarray, np.ndarray)
            The maps of the tile.

        Returns
        -------
        np.ndarray
            ``(height, width)`` uint16 ids, not to be written to.
        """
        before = self.base.get(tile, now)[OBJECT]
        known = self.tiles.get(tile)
        if known is None:
            return before
        return np.bitwise_xor(before, known.patch.delta(before.shape))

    def changed_since(self, tile: Tile, now: TileArrays) -> np.ndarray | None:
        """Return where the maps differ from what it was computed from; None: nowhere."""
        before = self.base.get(tile)
        if before is None:
            return None
        differs = np.zeros(now[0].shape, dtype=bool)
        for old, new in zip(before, now, strict=True):
            differs |= old != new
        return differs if differs.any() else None

    def resolved(self, tile: Tile, now: TileArrays) -> np.ndarray:
        """Return what it says of a tile; pixels changed since it was computed are as they are now.

        Parameters
        ----------
        tile : Tile
        now : (np.ndarray, np.ndarray, np.ndarray)
            The maps of the tile.

        Returns
        -------
        np.ndarray
            ``(height, width)`` uint16 ids, not to be written to.
        """
        changed = self.changed_since(tile, now)
        proposed = self.proposed(tile, now)
        return proposed if changed is None else np.where(changed, now[OBJECT], proposed)


@dataclass(frozen=True, eq=False)
class PreparedProposal:
    """What `Document.set_proposal` needs to know of a map, so that it need not look at it.

    Attributes
    ----------
    shape : (int, int)
        Of the map.
    tiles, confidence8, rect, keeps_sure, expected
        As in `Proposal`.
    values : frozenset of int
        The ids it holds where it differs.
    """

    shape: tuple[int, int]
    tiles: Mapping[Tile, ProposedTile] = field(repr=False)
    confidence8: np.ndarray | None
    rect: Rect
    values: frozenset[int]
    keeps_sure: bool
    expected: ExpectedIou | None


def prepare_proposal(
    object_map: np.ndarray,
    *,
    against: np.ndarray,
    sure: np.ndarray | None = None,
    confidence: np.ndarray | None = None,
) -> PreparedProposal:
    """Look through what refinement returned; works on any thread.

    Parameters
    ----------
    object_map : np.ndarray
        ``(height, width)`` object ids. A uint16 array is taken over, not copied: do not write to
        it afterwards.
    against : np.ndarray
        ``(height, width)`` uint16: the object map of the revision that refinement has seen.
    sure : np.ndarray, optional
        ``(height, width)`` uint16: its sure strokes. The proposal holds what they say, whatever
        refinement returned, and is quicker to accept.
    confidence : np.ndarray, optional
        ``(height, width)`` 0 to 1; kept in steps of 1/255.

    Raises
    ------
    ShapeError
        An array has another shape, type or range.
    """
    shape = (against.shape[0], against.shape[1])
    array = check_map(object_map, shape)
    if array.dtype != np.uint16:
        array = as_map(array, shape)
    if confidence is not None and confidence.shape != shape:
        raise ShapeError(f"the confidence must be {shape}, got {confidence.shape}")
    confidence8 = None if confidence is None else quantised_confidence(confidence)
    tiles: dict[Tile, ProposedTile] = {}
    found = Rect.empty()
    holds = np.zeros(65_536, dtype=bool)
    for tile in _differing(array, against):
        at = Rect(tile[1] * TILE, tile[0] * TILE, (tile[1] + 1) * TILE, (tile[0] + 1) * TILE).clip(
            shape
        )
        before, after = against[at.slices], array[at.slices]
        if sure is not None:
            said = sure[at.slices]
            wrong = (said > 0) & (after != said - np.uint16(1))
            if wrong.any():
                after = np.where(wrong, said - np.uint16(1), after)
        differs = before != after
        if not differs.any():
            continue
        found = found.union(bounds(differs, at))
        own, former = _present(after[differs]), _present(before[differs])
        holds[own] = True
        tiles[tile] = ProposedTile(
            TilePatch.between(OBJECT, tile, before, after), frozenset([*own, *former])
        )
    return PreparedProposal(
        shape=shape,
        tiles=tiles,
        confidence8=confidence8,
        rect=found,
        values=frozenset(np.flatnonzero(holds).tolist()),
        keeps_sure=sure is not None,
        expected=None if confidence8 is None else ExpectedIou(array, confidence8),
    )


def _differing(one: np.ndarray, other: np.ndarray) -> Iterator[Tile]:
    """Yield the tiles in which two maps of one shape differ, row by row."""
    rows = min(TILE, 1 << max(0, ((1 << 17) // max(1, one.shape[1])).bit_length() - 1))
    for top in range(0, one.shape[0], TILE):
        columns: set[int] = set()
        for row in range(top, min(top + TILE, one.shape[0]), rows):  # in the processor's cache
            end = min(row + rows, top + TILE)
            differs = (one[row:end] != other[row:end]).any(axis=0)
            columns.update((np.flatnonzero(differs) // TILE).tolist())
        for column in sorted(columns):
            yield top // TILE, column


def _present(values: np.ndarray) -> list[int]:
    """Return the distinct ones of a few uint16 values."""
    seen = np.zeros(int(values.max(initial=0)) + 1, dtype=bool)
    seen[values] = True
    return np.flatnonzero(seen).tolist()


def bounds(mask: np.ndarray, rect: Rect) -> Rect:
    """Return the rectangle around the true pixels of a mask that lies at ``rect``."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return Rect.empty()
    return Rect(
        rect.x0 + int(columns[0]),
        rect.y0 + int(rows[0]),
        rect.x0 + int(columns[-1]) + 1,
        rect.y0 + int(rows[-1]) + 1,
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
