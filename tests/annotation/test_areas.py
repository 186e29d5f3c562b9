"""Pixels of objects are counted again only where something changed, a piece at a time if wanted."""

from __future__ import annotations

import numpy as np

from spn_annotator.annotation.areas import ObjectAreas
from spn_annotator.annotation.planes import Tile


class Map:
    """An object map of four tiles that notes which of them are read."""

    def __init__(self) -> None:
        self.tiles = np.zeros((2, 2, 8, 8), np.uint16)
        self.stamps = np.zeros((2, 2), np.int64)
        self.read: list[Tile] = []
        self.areas = ObjectAreas(self.stamps, self._tile)

    def _tile(self, tile: Tile) -> np.ndarray:
        self.read.append(tile)
        return self.tiles[tile]

    def paint(self, tile: Tile, object_id: int) -> None:
        self.tiles[tile] = object_id
        self.stamps[tile] += 1


def test_only_tiles_that_changed_are_read_again() -> None:
    found = Map()
    assert found.areas.counts() == {0: 256}
    assert len(found.read) == 4
    found.paint((1, 0), 7)
    assert found.areas.counts() == {0: 192, 7: 64}
    assert found.read[4:] == [(1, 0)]
    assert found.areas.count()
    assert len(found.read) == 5


def test_counting_stops_when_the_time_is_over_and_goes_on_from_there() -> None:
    found = Map()
    done = [found.areas.count(seconds=-1.0) for _ in range(4)]
    assert done == [False, False, False, True]
    assert sorted(found.read) == [(0, 0), (0, 1), (1, 0), (1, 1)], "none is read twice"
    assert found.areas.counts() == {0: 256}


def test_a_part_of_the_work_done_before_does_not_change_the_counts() -> None:
    found = Map()
    found.areas.count(seconds=-1.0)
    found.paint((0, 0), 3)
    found.paint((1, 1), 3)
    assert found.areas.counts() == {0: 128, 3: 128}
    assert found.areas.tiles_of(3) == [(0, 0), (1, 1)]
