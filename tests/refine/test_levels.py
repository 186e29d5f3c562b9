"""How a large image is cut into pieces."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
import pytest
import torch

from spn_annotator.network.model import STRIDE, SpnRefiner
from spn_annotator.refine.levels import BASE_SIDE, OVERLAP, TILE, Level, feather

NO_MODEL = cast(SpnRefiner, None)
"""Cutting needs none."""


def tiles(height: int, width: int, *, enlarged: int = 1):
    rgb = np.zeros((height, width, 3), np.uint8)
    return Level(rgb, NO_MODEL, torch.device("cpu"), enlarged=enlarged).tiles()


@pytest.mark.parametrize(
    ("height", "width", "count"),
    [
        (512, 512, 1),
        (BASE_SIDE, BASE_SIDE, 1),
        (BASE_SIDE + 1, 40, 2),
        (1024, 1024, 4),
        (750, 1000, 4),
        (1080, 1920, 12),
        (1500, 2000, 12),
        (3000, 4000, 63),
    ],
)
def test_a_large_image_is_cut_into_few_pieces_of_one_size(height, width, count):
    found = tiles(height, width)
    assert len(found) == count
    assert len({tile.shape for tile in found}) == 1
    covered = np.zeros((height, width), np.uint8)
    for tile in found:
        assert 0 <= tile.y0 < tile.y1 <= height
        assert 0 <= tile.x0 < tile.x1 <= width
        covered[tile.slices] += 1
    assert covered.min() == 1


@pytest.mark.parametrize("size", [641, 700, 1055, 1056, 1057, 1536, 2049, 9999])
def test_pieces_overlap_and_need_no_padding(size):
    pieces = sorted(tiles(size, 64), key=lambda tile: tile.y0)
    assert pieces[0].y0 == 0
    assert pieces[-1].y1 == size
    for one, other in pairwise(pieces):
        assert one.y1 - other.y0 >= OVERLAP
    for tile in pieces:
        assert tile.shape[0] <= TILE
        assert tile.shape[0] % STRIDE == 0
    # Together their weights leave no pixel out.
    weights = np.zeros((size, 64), np.float32)
    for tile in pieces:
        weights[tile.slices] += feather(tile, (size, 64))
    assert weights.min() > 0.5


def test_an_enlarged_image_is_cut_into_enlarged_pieces():
    assert len(tiles(2 * BASE_SIDE, 2 * BASE_SIDE, enlarged=2)) == 1
    assert len(tiles(1500, 2000, enlarged=2)) == 4
