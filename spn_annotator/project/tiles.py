"""Tiles of the pixel maps as they lie in the project file: zlib, with shape and type beside."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from spn_annotator.errors import FormatError

DTYPE = "<u2"
CONFIDENCE_DTYPE = "|u1"


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


def pack_always(plane: str, tile: tuple[int, int], array: np.ndarray) -> StoredTile:
    """Return a uint16 or uint8 tile compressed, where a tile of 0 says something too."""
    dtype = CONFIDENCE_DTYPE if array.dtype == np.uint8 else DTYPE
    raw = array.astype(dtype, copy=False).tobytes()
    height, width = array.shape
    return StoredTile(plane, *tile, height, width, dtype, zlib.compress(raw, 1))


def unpack(stored: StoredTile, *, max_side: int, dtype: str = DTYPE) -> np.ndarray:
    """Return the ``(height, width)`` values of a stored tile, uint16 or uint8 as ``dtype`` says.

    Raises
    ------
    FormatError
        Type, size or content are not what they should be; nothing beyond the stated size is
        decompressed.
    """
    if stored.dtype != dtype:
        raise FormatError(f"a tile has the type {stored.dtype!r} instead of {dtype!r}")
    if not (1 <= stored.height <= max_side and 1 <= stored.width <= max_side):
        raise FormatError(f"a tile has the size {stored.height} x {stored.width}")
    kind = np.dtype(dtype)
    size = stored.height * stored.width * kind.itemsize
    try:
        decompressor = zlib.decompressobj()
        raw = decompressor.decompress(stored.data, size + 1)
    except zlib.error as error:
        raise FormatError(f"a tile cannot be decompressed ({error})") from error
    if len(raw) != size or not decompressor.eof:
        raise FormatError("a tile holds more or fewer pixels than it says")
    values = np.frombuffer(raw, kind).reshape(stored.height, stored.width)
    return values.astype(kind.newbyteorder("="))
