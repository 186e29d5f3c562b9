"""The three pixel maps of a document, and edits of them that can be undone.

Everything that must know "the state before" works in tiles of 256 x 256 pixels: an edit copies a
tile when it first touches it, so its cost follows the painted area, never the size of the image.
"""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spn_annotator.annotation.geometry import Rect
from spn_annotator.errors import ShapeError

if TYPE_CHECKING:
    from spn_annotator.annotation.moment import Moment

TILE = 256
OBJECT, ROUGH, SURE = 0, 1, 2
PLANE_NAMES = ("object", "rough", "sure")

Tile = tuple[int, int]
"""Row and column of a tile."""
TileArrays = tuple[np.ndarray, np.ndarray, np.ndarray]

# What a patch costs beside its bytes, roughly: the Python objects around them.
_PATCH_OVERHEAD = 200


@dataclass(frozen=True, slots=True)
class TilePatch:
    """The difference (exclusive or) that an edit made to one plane in one tile.

    One difference leads both ways: it is applied to the state after to get the state before, and
    the other way round. It is stored as runs of equal values, compressed with zlib.
    """

    plane: int
    tile: Tile
    runs: int
    data: bytes

    @classmethod
    def between(cls, plane: int, tile: Tile, before: np.ndarray, after: np.ndarray) -> TilePatch:
        """Return the patch that leads from one state of a tile to another."""
        delta = np.bitwise_xor(before, after).reshape(-1)
        starts = np.flatnonzero(delta[1:] != delta[:-1]) + 1
        lengths = np.diff(starts, prepend=0, append=delta.size).astype(np.uint32)
        values = delta[np.concatenate(([0], starts))]
        data = zlib.compress(lengths.tobytes() + values.tobytes(), 1)
        return cls(plane, tile, len(values), data)

    def delta(self, shape: tuple[int, int]) -> np.ndarray:
        """Return the difference as an array of the tile's shape, or (1, 1) where it is uniform."""
        raw = zlib.decompress(self.data)
        values = np.frombuffer(raw, np.uint16, offset=4 * self.runs)
        if self.runs == 1:  # most tiles of a big stroke
            return values.reshape(1, 1)
        lengths = np.frombuffer(raw, np.uint32, count=self.runs)
        return np.repeat(values, lengths).reshape(shape)

    @property
    def nbytes(self) -> int:
        """Memory it holds in bytes, roughly."""
        return len(self.data) + _PATCH_OVERHEAD


class Planes:
    """Object map, rough map and sure map of one image, all ``(height, width)`` uint16.

    Attributes
    ----------
    stamps : np.ndarray
        ``(tile rows, tile columns)`` int64: the document revision in which a tile last changed.
    keep : dict or None
        If set, each tile is copied into it before it changes for the first time.
    moments : set of Moment
        Those who read the maps as they were: each tile is left with them before it changes.
    stroked : np.ndarray
        ``(tile rows, tile columns)`` bool: where strokes may lie; elsewhere are none.
    """

    def __init__(self, shape: tuple[int, int], arrays: Sequence[np.ndarray | None]) -> None:
        self.shape = shape
        # zeros are not touched here: on most systems a map without strokes costs no memory.
        made = [
            np.zeros(shape, np.uint16) if array is None else as_map(array, shape)
            for array in arrays
        ]
        self.arrays: TileArrays = (made[OBJECT], made[ROUGH], made[SURE])
        self.grid = (-(-shape[0] // TILE), -(-shape[1] // TILE))
        self.stamps = np.zeros(self.grid, dtype=np.int64)
        self.keep: dict[Tile, TileArrays] | None = None
        self.moments: weakref.WeakSet[Moment] = weakref.WeakSet()
        self.stroked = np.zeros(self.grid, dtype=bool)
        if any(array is not None for array in arrays[ROUGH:]):
            for tile in self.tiles():
                self.stroked[tile] = any(view.any() for view in self.views(tile)[ROUGH:])

    def tile_rect(self, tile: Tile) -> Rect:
        """Return the pixels of a tile."""
        row, column = tile
        return Rect(column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE).clip(
            self.shape
        )

    def tiles(self, rect: Rect | None = None) -> Iterator[Tile]:
        """Yield the tiles that ``rect`` (clipped; None: the whole image) touches, row by row."""
        rect = Rect.of_shape(self.shape) if rect is None else rect.clip(self.shape)
        if rect.is_empty:
            return
        for row in range(rect.y0 // TILE, (rect.y1 - 1) // TILE + 1):
            for column in range(rect.x0 // TILE, (rect.x1 - 1) // TILE + 1):
                yield row, column

    def views(self, tile: Tile) -> TileArrays:
        """Return the tile of each plane, as views."""
        index = self.tile_rect(tile).slices
        return self.arrays[OBJECT][index], self.arrays[ROUGH][index], self.arrays[SURE][index]

    def copy_tile(self, tile: Tile) -> TileArrays:
        """Return copies of a tile of each plane; a plane without a value costs no memory."""
        one, two, three = self.views(tile)
        if not self.stroked[tile]:
            return _copy(one), _blank(two), _blank(three)
        return _copy(one), _copy(two), _copy(three)

    def apply(self, patches: Iterable[TilePatch], *, revision: int) -> None:
        """Take the planes over each patch, to the other of its two states."""
        for patch in patches:
            self.toggle(patch)
            self.stamps[patch.tile] = revision

    def leave(self, tile: Tile, copies: TileArrays | None = None) -> None:
        """Give a tile that is about to change to those who want to know its former state.

        Parameters
        ----------
        tile : Tile
        copies : (np.ndarray, np.ndarray, np.ndarray), optional
            Its maps, if they have been copied already.
        """
        moments = [moment for moment in self.moments if moment.needs(tile)]
        keeps = self.keep is not None and tile not in self.keep
        if copies is None and (moments or keeps):
            copies = self.copy_tile(tile)
        if copies is None:
            return
        if self.keep is not None:
            self.keep.setdefault(tile, copies)
        for moment in moments:
            moment.keep(tile, copies)

    def toggle(self, patch: TilePatch) -> None:
        """Take a tile of one plane to the other of a patch's two states."""
        self.leave(patch.tile)
        if patch.plane != OBJECT:
            self.stroked[patch.tile] = True
        view = self.views(patch.tile)[patch.plane]
        np.bitwise_xor(view, patch.delta(view.shape), out=view)


class PlaneEdit:
    """Collects what is needed to undo a run of writes.

    Call `touch` before writing to a tile, then write into the planes directly; end with `patches`
    or `restore`.

    Parameters
    ----------
    planes : Planes
    locked_objects : np.ndarray or None
        Boolean table by object id: pixels of these objects stay as they are once
        `restore_locked` was called for their tiles.
    """

    def __init__(self, planes: Planes, locked_objects: np.ndarray | None = None) -> None:
        self.planes = planes
        self.before: dict[Tile, TileArrays] = {}
        self._known: list[TilePatch] = []
        self._locked_objects = locked_objects
        self._locked: dict[Tile, np.ndarray] = {}

    def touch(self, tile: Tile) -> None:
        """Remember a tile as it is, once."""
        if tile in self.before:
            return
        copies = self.planes.copy_tile(tile)
        self.before[tile] = copies
        self.planes.leave(tile, copies)
        self.planes.stroked[tile] = True  # perhaps: what is written comes after this
        if self._locked_objects is not None:
            locked = self._locked_objects[copies[OBJECT]]
            if locked.any():
                self._locked[tile] = locked

    def take(self, patch: TilePatch) -> None:
        """Make a difference that is known already, in a tile that is not touched otherwise."""
        self.planes.toggle(patch)
        self._known.append(patch)

    def was_blank(self, tile: Tile, plane: int) -> bool:
        """Return whether a plane of a touched tile held no value before."""
        return is_blank(self.before[tile][plane])

    def restore_locked(self, tile: Tile) -> None:
        """Put the locked pixels of a touched tile back."""
        locked = self._locked.get(tile)
        if locked is not None:
            views = self.planes.views(tile)
            for view, before in zip(views, self.before[tile], strict=True):
                np.copyto(view, before, where=locked)

    def restore(self) -> None:
        """Put everything back and forget it."""
        for tile, copies in self.before.items():
            for view, before in zip(self.planes.views(tile), copies, strict=True):
                view[...] = before
        for patch in self._known:
            self.planes.toggle(patch)
        self._known.clear()
        self.before.clear()
        self._locked.clear()

    def patches(self, *, revision: int) -> tuple[TilePatch, ...]:
        """Return the differences made, and stamp the tiles that have any with the revision."""
        found = list(self._known)
        for patch in found:
            self.planes.stamps[patch.tile] = revision
        for tile, copies in self.before.items():
            views = self.planes.views(tile)
            for plane, (before, after) in enumerate(zip(copies, views, strict=True)):
                if not np.array_equal(before, after):
                    found.append(TilePatch.between(plane, tile, before, after))
                    self.planes.stamps[tile] = revision
        return tuple(found)


def _copy(view: np.ndarray) -> np.ndarray:
    return view.copy() if view.any() else _blank(view)


def _blank(view: np.ndarray) -> np.ndarray:
    # One zero seen as a whole tile: a map without strokes stays free of charge.
    return np.broadcast_to(np.uint16(0), view.shape)


def is_blank(copy: np.ndarray) -> bool:
    """Return whether a copy made by `Planes.copy_tile` holds no value."""
    return copy.strides == (0, 0)


def as_map(array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return a copy of a map as contiguous uint16.

    Raises
    ------
    ShapeError
        It is not an integer array of that shape, or a value does not fit into 16 bits.
    """
    array = check_map(array, shape)
    return np.array(array, dtype=np.uint16, order="C")


def check_map(array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return the array if it is an integer ``(height, width)`` map that fits into 16 bits."""
    array = np.asarray(array)
    if array.shape != shape:
        raise ShapeError(f"a map must be {shape} (height, width), got {array.shape}")
    if array.dtype.kind not in "bui":
        raise ShapeError(f"a map holds integers, got {array.dtype}")
    wide = array.dtype.itemsize > 2 or array.dtype.kind == "i"
    if wide and (array.min() < 0 or array.max() > 65_535):
        raise ShapeError("a value of the map does not fit into 16 bits")
    return array


def present_values(array: np.ndarray) -> np.ndarray:
    """Return the distinct values of a uint16 map, sorted, without the memory `np.unique` takes."""
    seen = np.zeros(65_536, dtype=bool)
    rows = max(1, (1 << 20) // max(1, array.shape[1]))
    for row in range(0, array.shape[0], rows):
        seen[array[row : row + rows].reshape(-1)] = True
    return np.flatnonzero(seen)
