"""A copy of a document's maps for another thread, brought up to date tile by tile. No Qt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import FREE, Document
from spn_annotator.annotation.moment import ChangedTiles
from spn_annotator.annotation.planes import TILE, Tile, TileArrays, is_blank

Ids = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class MapUpdate:
    """What has changed in a document's maps.

    Parameters
    ----------
    owner : object
        Stands for the document; only compared.
    shape : (int, int)
        Height and width.
    since, revision : int
        Revisions between which the tiles have changed; ``since`` is -1 for all of them.
    tiles : collection
        As `Document.changed_tiles` gives them.
    """

    owner: object
    shape: tuple[int, int]
    since: int
    revision: int
    tiles: Collection[tuple[Tile, TileArrays]]

    @classmethod
    def of(cls, document: Document, *, since: int) -> MapUpdate:
        """Take note of what has changed; the thread copies it, as it is now, when it gets to it."""
        return cls(
            document, document.shape, since, document.revision, document.changed_tiles(since)
        )


class MapMirror:
    """Object map, rough map and sure map of one document, as of one revision.

    Attributes
    ----------
    objects, rough, sure : (H, W) uint16 arrays
        As in the document.
    """

    def __init__(self) -> None:
        self._state: tuple[object, int] = (None, -1)
        self.objects: Ids = np.zeros((0, 0), np.uint16)
        self.rough: Ids = self.objects
        self.sure: Ids = self.objects

    def revision_of(self, owner: object) -> int:
        """Return the revision it is at, -1 if it holds another document; from any thread."""
        held, revision = self._state
        return revision if held is owner else -1

    def apply(self, update: MapUpdate) -> bool:
        """Take changes over; False if they do not begin where this copy is."""
        if update.since < 0:
            # Zeros are not touched: a map without strokes takes no memory.
            self.objects, self.rough, self.sure = (
                np.zeros(update.shape, np.uint16) for _ in range(3)
            )
        elif self.revision_of(update.owner) < update.since:
            return False
        blank = update.since < 0
        for (row, column), arrays in update.tiles:
            place = (
                slice(row * TILE, (row + 1) * TILE),
                slice(column * TILE, (column + 1) * TILE),
            )
            for plane, array in zip((self.objects, self.rough, self.sure), arrays, strict=True):
                if not (blank and is_blank(array)):
                    plane[place] = array
        if isinstance(update.tiles, ChangedTiles):
            update.tiles.close()
        self._state = (update.owner, update.revision)
        return True

    def coarse(self, *, unpainted_unknown: bool) -> Ids:
        """Return what goes into refinement: objects with the sure strokes laid over them.

        Parameters
        ----------
        unpainted_unknown : bool
            Whether pixels with neither stroke nor object are left to the model (65535).
        """
        coarse = self.objects.copy()
        np.subtract(self.sure, 1, out=coarse, where=self.sure > 0)
        if unpainted_unknown:
            coarse[(coarse == 0) & (self.rough == 0) & (self.sure == 0)] = FREE
        return coarse

    def held(self) -> Ids:
        """Return what refinement must keep, 65535 where nothing was said for sure."""
        return self.sure - np.uint16(1)
