"""Scans of few channels on many threads: lines are cut into strips that are scanned at once.

A pixel hears from three pixels of the line before. So what a strip can find without its neighbours
narrows by a pixel at each inner end with every line, and the gap between two strips widens by as
much. Blocks of lines are done in two rounds: all strips, then all gaps. Every pixel is computed
once, from the same numbers as in a whole scan, so the result is the same bit for bit.

Columns are turned into lines a block at a time, so little memory is needed beside the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import gcd

import numpy as np

from spn_kernels import parallel
from spn_kernels.cpu import BLOCK
from spn_kernels.lines import normalize_line, scan_part
from spn_kernels.simd import columns_to_lines, jit, lines_to_columns

NARROWEST = 256
"""Pixels of a strip below which threads would wait for each other more than they work."""

MOST = 8
"""Strips of a line at most."""

_LINES = 2 * BLOCK
"""Lines of a block."""


@jit
def scan_trapezoid(
    x, raw, gates, last, out, first, count, reverse, begins, mode, start, stop, widen_start,
    widen_stop,
):  # fmt: skip
    """Scan part of ``count`` lines from ``first`` on, the last one first if ``reverse``.

    Parameters
    ----------
    x, out : (T, M)
    raw : (K or K + 1, T, M)
        Gates before normalisation.
    gates : (K, 1, M)
        Space for those of a line.
    last : (M,)
        The line before, unless the scan ``begins`` here.
    start, stop : int
        Elements of the first line; with every further line ``widen_start`` and ``widen_stop``
        (-1, 0 or 1) are added to them.
    """
    for n in range(count):
        a, b = start + n * widen_start, stop + n * widen_stop
        if a >= b:
            continue
        t = first + (count - 1 - n if reverse else n)
        if n == 0 and begins:
            for i in range(a, b):
                out[t, i] = x[t, i]
            continue
        if mode != 0:
            normalize_line(raw[:, :, a:b], t, gates[:, :, a:b], 0, mode)
        before = t + 1 if reverse else t - 1
        if n == 0:
            if mode == 0:
                scan_part(x[t], raw, t, last, out[t], a, b)
            else:
                scan_part(x[t], gates, 0, last, out[t], a, b)
        elif mode == 0:
            scan_part(x[t], raw, t, out[before], out[t], a, b)
        else:
            scan_part(x[t], gates, 0, out[before], out[t], a, b)


def strips_for(shape: tuple[int, ...], directions: list[int], threads: int) -> int:
    """Return into how many strips to cut the lines of planes (N, C, H, W) so that threads are busy.

    1: there are scans enough, or lines are too short.
    """
    n, channels, height, width = shape
    scans = n * channels * len(directions)
    if not 0 < scans < threads:
        return 1
    shortest = min(height if direction < 2 else width for direction in directions)
    return max(1, min(threads // gcd(threads, scans), MOST, shortest // NARROWEST))


@dataclass(frozen=True)
class _Scan:
    """A scan in progress; arrays as in :func:`scan_trapezoid`, in the layout of the image."""

    x: np.ndarray
    raw: np.ndarray
    out: np.ndarray
    direction: int
    mode: int
    bounds: list[int]
    gates: np.ndarray
    last: np.ndarray
    turned_x: np.ndarray
    turned_raw: np.ndarray
    turned_out: np.ndarray

    @property
    def horizontal(self) -> bool:
        return self.direction < 2

    @property
    def length(self) -> int:
        return self.x.shape[1 if self.horizontal else 0]

    def block(self, step: int) -> tuple[int, int]:
        """Return the first line of a block and their number."""
        blocks = -(-self.length // _LINES)
        first = (blocks - 1 - step if self.direction % 2 else step) * _LINES
        return first, min(_LINES, self.length - first)

    def bring(self, step: int) -> list[Callable[[], object]]:
        """Return tasks that turn the columns of a block into lines."""
        if not self.horizontal:
            return []
        first, count = self.block(step)
        tasks = []
        for a, b in pairwise(self.bounds):
            rows, lines = slice(a, b), slice(first, first + count)
            planes = [(self.x, self.turned_x), *zip(self.raw, self.turned_raw, strict=True)]
            tasks += [
                partial(columns_to_lines, plane[rows, lines], turned[:count, rows])
                for plane, turned in planes
            ]
        return tasks

    def scan(self, step: int, *, gaps: bool) -> list[Callable[[], object]]:
        """Return tasks that scan the strips of a block, or the gaps they left."""
        first, count = self.block(step)
        reverse = self.direction % 2 == 1
        if self.horizontal:
            x, raw, out = self.turned_x, self.turned_raw, self.turned_out
            last, first = self.last, 0
        else:
            x, raw, out = self.x, self.raw, self.out
            before = first + count if reverse else first - 1
            last = out[before] if step else self.last
        at = self.bounds
        # One connection sends nothing aside: there are no gaps.
        sends = 1 if self.gates.shape[0] == 3 else 0
        if gaps:
            parts = [(b, b, -1, 1) for b in at[1:-1]] if sends else []
        else:
            inner = [0, *(sends for _ in at[1:-1]), 0]
            parts = [(at[i], at[i + 1], inner[i], -inner[i + 1]) for i in range(len(at) - 1)]
        begins = step == 0
        return [
            partial(
                scan_trapezoid, x, raw, self.gates, last, out, first, count, reverse, begins,
                self.mode, *part,
            )
            for part in parts
        ]  # fmt: skip

    def send(self, step: int) -> list[Callable[[], object]]:
        """Return tasks that turn the lines of a block into columns of the result."""
        if not self.horizontal:
            return []
        first, count = self.block(step)
        self.last[:] = self.turned_out[0 if self.direction % 2 else count - 1]
        return [
            partial(
                lines_to_columns, self.turned_out[:count, a:b], self.out[a:b, first : first + count]
            )
            for a, b in pairwise(self.bounds)
        ]


def _begin(
    x: np.ndarray, raw: np.ndarray, out: np.ndarray, direction: int, mode: int, strips: int
) -> _Scan:
    m = x.shape[0] if direction < 2 else x.shape[1]
    kept = raw.shape[0] - (mode == 2)
    # Lines a power of two apart would all fall into the same few places of the cache.
    lines, stride = (_LINES, m + BLOCK) if direction < 2 else (0, 0)
    # Bounds of strips lie on cache lines.
    bounds = [0, *(m * i // strips // 16 * 16 for i in range(1, strips)), m]
    return _Scan(
        x,
        raw,
        out,
        direction,
        mode,
        bounds,
        np.empty((kept, 1, m), x.dtype),
        np.empty(m, x.dtype),
        np.empty((lines, stride), x.dtype)[:, :m],
        np.empty((raw.shape[0], lines, stride), x.dtype)[:, :, :m],
        np.empty((lines, stride), x.dtype)[:, :m],
    )


def scan_in_strips(
    x: np.ndarray,
    raw: np.ndarray,
    out: np.ndarray,
    directions: Sequence[int],
    mode: int,
    strips: int,
) -> None:
    """Scan all planes at the same time, each in strips.

    Parameters
    ----------
    x : (N, C, H, W)
    raw : (N, G, D, K or K + 1, H, W)
        Gates before normalisation; C is a multiple of G.
    out : (N, C, D, H, W)
        Written.
    directions : sequence of int
        D codes of ``cpu``.
    mode : int
        A normalisation's code.
    strips : int
        Of each line; at least 144 pixels each where there are three connections.
    """
    size = x.shape[1] // raw.shape[1]
    scans = [
        _begin(x[i, c], raw[i, c // size, d], out[i, c, d], direction, mode, strips)
        for i in range(x.shape[0])
        for c in range(x.shape[1])
        for d, direction in enumerate(directions)
    ]
    for step in range(max(-(-scan.length // _LINES) for scan in scans)):
        going = [scan for scan in scans if step * _LINES < scan.length]
        parallel.run([task for scan in going for task in scan.bring(step)])
        parallel.run([task for scan in going for task in scan.scan(step, gaps=False)])
        parallel.run([task for scan in going for task in scan.scan(step, gaps=True)])
        parallel.run([task for scan in going for task in scan.send(step)])
