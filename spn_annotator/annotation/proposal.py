"""What refinement returned and nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Mapping
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
from spn_annotator.errors import ShapeError


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
    model : str
        Name of the model that made it, empty if it was not told.
    tiles, values : frozenset or None
        The tiles in which it differed from the object map when it came, and the ids it holds
        there; None where that was not looked up.
    """

    object_map: np.ndarray
    confidence8: np.ndarray | None
    revision: int
    rect: Rect
    state: int
    base: dict[Tile, TileArrays] = field(repr=False)
    model: str = ""
    tiles: frozenset[Tile] | None = field(default=None, repr=False)
    values: frozenset[int] | None = field(default=None, repr=False)

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

    def packed(self, planes: Planes, before: Mapping[Tile, TileArrays]) -> PackedProposal:
        """Return a form that takes less memory, for the history.

        Parameters
        ----------
        planes : Planes
            The document's maps.
        before : mapping
            Tiles as they were before the step that the packed proposal goes into, where that step
            has changed them.
        """
        patches = []
        tiles = {*planes.tiles(self.rect), *self.base} if self.tiles is None else self.tiles
        for tile in sorted(tiles):
            known = self.base.get(tile) or before.get(tile) or planes.views(tile)
            proposed = self.object_map[planes.tile_rect(tile).slices]
            if not np.array_equal(known[OBJECT], proposed):
                patches.append(TilePatch.between(OBJECT, tile, known[OBJECT], proposed))
        confidence_bytes = 0 if self.confidence8 is None else self.confidence8.nbytes
        base_bytes = sum(array.nbytes for arrays in self.base.values() for array in arrays)
        return PackedProposal(
            patches=tuple(patches),
            nbytes=sum(patch.nbytes for patch in patches) + confidence_bytes + base_bytes,
            confidence8=self.confidence8,
            revision=self.revision,
            rect=self.rect,
            state=self.state,
            base=self.base,
            model=self.model,
            tiles=self.tiles,
            values=self.values,
        )

    def resolved(self, tile: Tile, index: tuple[slice, slice], now: TileArrays) -> np.ndarray:
        """Return what it says of a tile; pixels changed since it was computed are as they are now.

        Parameters
        ----------
        tile : Tile
        index : (slice, slice)
            The pixels of the tile.
        now : (np.ndarray, np.ndarray, np.ndarray)
            The maps of the tile.

        Returns
        -------
        np.ndarray
            ``(height, width)`` uint16 ids, not to be written to.
        """
        changed = self.changed_since(tile, now)
        proposed = self.object_map[index]
        return proposed if changed is None else np.where(changed, now[OBJECT], proposed)


@dataclass(frozen=True, eq=False)
class PackedProposal:
    """A `Proposal` whose object map is kept as what differs from the map it was computed from."""

    patches: tuple[TilePatch, ...] = field(repr=False)
    confidence8: np.ndarray | None
    revision: int
    rect: Rect
    state: int
    base: dict[Tile, TileArrays] = field(repr=False)
    model: str
    nbytes: int
    """Memory it held when it was packed, in bytes."""
    tiles: frozenset[Tile] | None = field(default=None, repr=False)
    values: frozenset[int] | None = field(default=None, repr=False)

    def unpacked(self, planes: Planes) -> Proposal:
        """Return the proposal it was made from; the maps must be as before its step."""
        array = planes.arrays[OBJECT].copy()
        for tile, arrays in self.base.items():
            array[planes.tile_rect(tile).slices] = arrays[OBJECT]
        for patch in self.patches:
            view = array[planes.tile_rect(patch.tile).slices]
            np.bitwise_xor(view, patch.delta(view.shape), out=view)
        array.flags.writeable = False
        return Proposal(
            object_map=array,
            confidence8=self.confidence8,
            revision=self.revision,
            rect=self.rect,
            state=self.state,
            base=self.base,
            model=self.model,
            tiles=self.tiles,
            values=self.values,
        )


@dataclass(frozen=True, eq=False)
class PreparedProposal:
    """What `Document.set_proposal` needs to know of a map, so that it need not look at it.

    Attributes
    ----------
    object_map, confidence8 : np.ndarray
        As in `Proposal`.
    rect : Rect
        Where the map differs from the one it was computed from.
    values : frozenset of int
        The ids it holds there.
    tiles : frozenset
        The tiles in which it differs.
    """

    object_map: np.ndarray
    confidence8: np.ndarray | None
    rect: Rect
    values: frozenset[int]
    tiles: frozenset[Tile]


def prepare_proposal(
    object_map: np.ndarray, *, against: np.ndarray, confidence: np.ndarray | None = None
) -> PreparedProposal:
    """Look through what refinement returned; works on any thread.

    Parameters
    ----------
    object_map : np.ndarray
        ``(height, width)`` object ids. A uint16 array is taken over, not copied: do not write to
        it afterwards.
    against : np.ndarray
        ``(height, width)`` uint16: the object map of the revision that refinement has seen.
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
    view = array.view()
    view.flags.writeable = False
    # Where it says what the object map says it needs no checking: most of it does.
    rect, values, tiles = differences(view, against)
    return PreparedProposal(
        object_map=view,
        confidence8=None if confidence is None else quantised_confidence(confidence),
        rect=rect,
        values=values,
        tiles=tiles,
    )


def differences(one: np.ndarray, other: np.ndarray) -> tuple[Rect, frozenset[int], frozenset[Tile]]:
    """Compare two uint16 maps of one shape.

    Returns
    -------
    (Rect, frozenset of int, frozenset of tiles)
        The rectangle around the pixels in which they differ, the distinct values that ``one`` has
        there, and the tiles they lie in.
    """
    found = Rect.empty()
    seen = np.zeros(65_536, dtype=bool)
    tiles: set[Tile] = set()
    rows = min(TILE, 1 << max(0, ((1 << 17) // max(1, one.shape[1])).bit_length() - 1))
    for top in range(0, one.shape[0], rows):  # a power of two: a band lies in one row of tiles
        band = one[top : top + rows]
        differs = band != other[top : top + rows]
        columns = np.flatnonzero(differs.any(axis=0))
        if columns.size:
            at = Rect(0, top, one.shape[1], top + differs.shape[0])
            found = found.union(bounds(differs, at))
            seen[band[differs]] = True
            tiles.update((top // TILE, column) for column in np.unique(columns // TILE).tolist())
    return found, frozenset(np.flatnonzero(seen).tolist()), frozenset(tiles)


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
