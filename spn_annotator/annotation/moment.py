"""The maps of a document as they were at one moment, for another thread to read in its own time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from spn_annotator.annotation.planes import PLANE_NAMES, Planes, Tile, TileArrays
from spn_annotator.annotation.proposal import Proposal

NamedTile = tuple[str, Tile, np.ndarray]


class Moment:
    """The maps as they are now. To make one costs nothing, however large the image is.

    Who changes a tile afterwards leaves its former state here *before* the first pixel is written.
    A reader copies the live tile and then looks whether the former state has come: if it has, the
    copy may be half written and is thrown away; if not, no write had begun while it was made.

    Parameters
    ----------
    planes : Planes
        The maps.
    before : mapping
        Tiles an open stroke has changed, as they were before it.
    places : iterable of (int, int)
        The tiles that will be read.
    """

    def __init__(
        self, planes: Planes, before: Mapping[Tile, TileArrays], places: Iterable[Tile]
    ) -> None:
        self._planes = planes
        self._places = frozenset(places)
        self._kept = dict(before)
        self._open = True
        planes.moments.add(self)

    def keep(self, tile: Tile, copies: TileArrays) -> None:
        """Take the state of a tile that is about to change."""
        if self._open:
            self._kept.setdefault(tile, copies)

    def needs(self, tile: Tile) -> bool:
        """Whether the state of a tile is to be left here before it changes."""
        return self._open and tile in self._places and tile not in self._kept

    def tile(self, tile: Tile) -> TileArrays:
        """Return copies of the maps of a tile, not to be written to; on any thread."""
        known = self._kept.get(tile)
        if known is None:
            copies = self._planes.copy_tile(tile)
            known = self._kept.get(tile, copies)
        return known

    def close(self) -> None:
        """Say that everything was read; it is done by itself when nobody holds it any more."""
        self._open = False
        self._kept.clear()


class _Lazy(Collection[Any]):
    """Things that are made when they are looked at, each time."""

    def __contains__(self, item: object) -> bool:
        return any(item is other for other in self)


class ChangedTiles(_Lazy):
    """Tiles with the three maps in them, copied from a moment when they are read.

    Parameters
    ----------
    moment : Moment
    places : list of (int, int)
        Which tiles.
    """

    def __init__(self, moment: Moment, places: list[Tile]) -> None:
        self._moment = moment
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[Tile, TileArrays]]:
        return ((tile, self._moment.tile(tile)) for tile in self._places)

    def close(self) -> None:
        """Say that they were read and will not be read again."""
        self._moment.close()


class NamedTiles(_Lazy):
    """The same, plane by plane with its name."""

    def __init__(self, tiles: ChangedTiles) -> None:
        self._tiles = tiles

    def __len__(self) -> int:
        return len(PLANE_NAMES) * len(self._tiles)

    def __iter__(self) -> Iterator[NamedTile]:
        for tile, arrays in self._tiles:
            for name, array in zip(PLANE_NAMES, arrays, strict=True):
                yield name, tile, array


class ProposedTiles(_Lazy):
    """A proposal as it would be accepted at a moment.

    Parameters
    ----------
    moment : Moment
    proposal : Proposal or None
        With a ``base`` of its own, which does not grow any more.
    """

    def __init__(self, moment: Moment, proposal: Proposal | None) -> None:
        self._moment = moment
        self._proposal = proposal

    def __len__(self) -> int:
        proposal = self._proposal
        if proposal is None:
            return 0
        rows, columns = proposal.planes.grid
        return len(proposal.tiles) + (0 if proposal.confidence8 is None else rows * columns)

    def __iter__(self) -> Iterator[NamedTile]:
        proposal = self._proposal
        if proposal is None:
            return
        for tile in proposal.tiles:
            yield "object", tile, proposal.resolved(tile, self._moment.tile(tile))
        if proposal.confidence8 is not None:
            for tile in proposal.planes.tiles():
                place = proposal.planes.tile_rect(tile).slices
                yield "confidence", tile, proposal.confidence8[place]
