"""Tiles of the pixel maps as they lie in the project file: zlib, with shape and type beside."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from spn_annotator.errors import FormatError

DTYPE = "<u2"


@dataclass(frozen=True, slots=True)
class StoredTile:
    """One tile of one plane, compressed."""

    plane: str
    row: int
    column: int
    height: int
    width: int
    dtype: str
    data: bytes


def pack(plane: str, tile: tuple[int, int], array: np.ndarray) -> StoredTile | None:
    """Return a uint16 tile compressed, None if all of it is 0: such tiles are not stored."""
    if not array.any():
        return None
    raw = array.astype(DTYPE, copy=False).tobytes()
    height, width = array.shape
    return StoredTile(plane, *tile, height, width, DTYPE, zlib.compress(raw, 1))


def unpack(stored: StoredTile, *, max_side: int) -> np.ndarray:
    """Return the ``(height, width)`` uint16 values of a stored tile.

    Raises
    ------
    FormatError
        Type, size or content are not what they should be; nothing beyond the stated size is
        decompressed.
    """
    if stored.dtype != DTYPE:
        raise FormatError(f"a tile has the type {stored.dtype!r} instead of {DTYPE!r}")
    if not (1 <= stored.height <= max_side and 1 <= stored.width <= max_side):
        raise FormatError(f"a tile has the size {stored.height} x {stored.width}")
    size = stored.height * stored.width * 2
    try:
        decompressor = zlib.decompressobj()
        raw = decompressor.decompress(stored.data, size + 1)
    except zlib.error as error:
        raise FormatError(f"a tile cannot be decompressed ({error})") from error
    if len(raw) != size or not decompressor.eof:
        raise FormatError("a tile holds more or fewer pixels than it says")
    return np.frombuffer(raw, DTYPE).reshape(stored.height, stored.width).astype(np.uint16)
