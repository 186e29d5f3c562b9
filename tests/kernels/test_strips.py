"""Scans in strips against whole scans: the same bits, however lines are cut."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from spn_kernels import cpu, propagate
from spn_kernels.strips import MOST, NARROWEST, scan_in_strips, strips_for


def planes(height, width, j, directions, dtype=np.float32, channels=1):
    generator = np.random.default_rng(0)
    x = generator.random((1, channels, height, width)).astype(dtype)
    raw = 2 * generator.standard_normal((1, 1, len(directions), j, height, width))
    return x, raw.astype(dtype)


def whole(x, raw, directions, mode):
    out = np.empty((*x.shape[:2], len(directions), *x.shape[2:]), x.dtype)
    for d, direction in enumerate(directions):
        weight = np.empty((0, 0), x.dtype)
        cpu.scan_planes(x[0], raw[0, 0, d], out[0], d, weight, direction, mode, cpu.STORE)
    return out


@pytest.fixture
def eight_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(8)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    "shape", [(400, 400), (433, 517), (491, 130), (130, 461), (1, 600)], ids=str
)
@pytest.mark.parametrize("strips", [2, 3])
@pytest.mark.parametrize(("mode", "j"), [(cpu.CONVEX, 4), (cpu.SIGNED, 3), (cpu.AS_IS, 3)])
@pytest.mark.usefixtures("eight_threads")
def test_strips_are_the_whole_scan_bit_for_bit(shape, strips, mode, j):
    directions = [d for d in range(4) if shape[0 if d < 2 else 1] >= strips * 133]
    x, raw = planes(*shape, j, directions)
    if mode == cpu.AS_IS:
        raw *= 0.1
    out = np.full((1, 1, len(directions), *shape), np.nan, np.float32)
    scan_in_strips(x, raw, out, directions, mode, strips)
    assert out.size
    assert np.array_equal(out, whole(x, raw, directions, mode))


@pytest.mark.parametrize(("mode", "j"), [(cpu.CONVEX, 2), (cpu.SIGNED, 1), (cpu.AS_IS, 1)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.usefixtures("eight_threads")
def test_strips_of_two_channels_with_one_connection(mode, j, dtype):
    directions = [3, 0, 1, 2]
    x, raw = planes(300, 290, j, directions, dtype, channels=2)
    out = np.full((1, 2, 4, 300, 290), np.nan, dtype)
    scan_in_strips(x, raw, out, directions, mode, 5)
    assert np.array_equal(out, whole(x, raw, directions, mode))


@pytest.mark.parametrize(
    ("threads", "directions", "shape", "expected"),
    [
        (2, 4, (1, 1, 4096, 4096), 1),  # a scan for each thread
        (4, 4, (1, 1, 4096, 4096), 1),
        (8, 4, (2, 3, 4096, 4096), 1),
        (2, 1, (1, 1, 4096, 4096), 2),
        (8, 4, (1, 1, 4096, 4096), 2),
        (6, 4, (1, 1, 4096, 4096), 3),  # twelve parts deal out evenly, eight would not
        (64, 4, (1, 1, 32767, 32767), MOST),
        (8, 4, (1, 1, NARROWEST, 4096), 1),  # too short to share
        (8, 4, (1, 1, 4096, 2 * NARROWEST - 1), 1),
        (8, 4, (0, 1, 4096, 4096), 1),  # nothing to do
    ],
    ids=str,
)
def test_lines_are_cut_where_threads_would_idle(threads, directions, shape, expected):
    assert strips_for(shape, [3, 0, 1, 2][:directions], threads) == expected


@pytest.mark.parametrize("merge", ["none", "max", "mean", "weights", "weights and x"])
def test_propagate_on_more_threads_than_scans(merge):
    generator = torch.Generator().manual_seed(3)
    height, width = 2 * NARROWEST, 2 * NARROWEST + 37
    x = torch.rand(1, 1, height, width, generator=generator)
    gates = torch.randn(1, 1, 4, 4, height, width, generator=generator)
    how = merge
    if merge.startswith("weights"):
        how = torch.rand(1, 4 if merge == "weights" else 5, height, width, generator=generator)
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 8):
            torch.set_num_threads(threads)
            found.append(propagate(x, gates, merge=how, passes=1 if merge == "none" else 2))
    finally:
        torch.set_num_threads(before)
    if merge in ("none", "max"):
        assert torch.equal(*found)
    torch.testing.assert_close(*found, atol=1e-5, rtol=1e-5)
