"""How many pixels each object has, counted again only where something changed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from spn_annotator.annotation.planes import Tile


class ObjectAreas:
    """Pixel counts by object id, brought up to date tile by tile when asked.

    Parameters
    ----------
    stamps : np.ndarray
        When each tile changed last; watched, not copied.
    read : callable
        Returns the object map of one tile.
    """

    def __init__(self, stamps: np.ndarray, read: Callable[[Tile], np.ndarray]) -> None:
        self._now = stamps
        self._read = read
        self._tiles: dict[Tile, dict[int, int]] = {}
        self._stamps = np.full(stamps.shape, -1, dtype=np.int64)
        self._total: Counter[int] = Counter()

    def count(self, *, seconds: float = float("inf")) -> bool:
        """Count again where something changed, and stop when the time is over.

        Parameters
        ----------
        seconds : float
            At least one tile is counted.

        Returns
        -------
        bool
            Whether nothing is left to count.
        """
        stale = np.argwhere(self._stamps != self._now).tolist()
        end = time.monotonic() + seconds
        for done, (row, column) in enumerate(stale):
            if done and time.monotonic() > end:
                return False
            tile = (row, column)
            values = np.bincount(self._read(tile).reshape(-1))
            present = np.flatnonzero(values)
            new = dict(zip(present.tolist(), values[present].tolist(), strict=True))
            self._total.subtract(self._tiles.get(tile, {}))
            self._total.update(new)
            self._tiles[tile] = new
            self._stamps[tile] = self._now[tile]
        return True

    def counts(self) -> dict[int, int]:
        """Return pixels by object id, 0 (nothing) included; ids without a pixel are absent."""
        self.count()
        return {object_id: count for object_id, count in self._total.items() if count > 0}

    def tiles_of(self, object_id: int) -> list[Tile]:
        """Return the tiles in which an object has pixels, row by row."""
        self.counts()
        return sorted(tile for tile, counts in self._tiles.items() if object_id in counts)
