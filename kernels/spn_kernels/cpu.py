"""Numba kernels for the CPU: scans of the planes that share a set of gates.

Every scan works on whole lines (``lines``). Vertical scans read the lines where they lie.
Horizontal ones turn blocks of columns (whole cache lines) into lines with SIMD transposes, scan
those in the cache and turn the result back, so memory is still read and written once. Gates are
normalised line by line on the way.

Kernels release the GIL and use one thread; ``parallel`` gives work to threads, so no threading
layer of Numba is involved and any number of Python threads may call at once.
"""

from __future__ import annotations

import numpy as np

from spn_kernels.lines import merge_line, normalize_line, scan_line
from spn_kernels.simd import columns_to_lines, jit, lines_to_columns

RIGHT, LEFT, DOWN, UP = range(4)
"""Codes of the directions."""

AS_IS, SIGNED, CONVEX = range(3)
"""Codes of the normalisations."""

STORE, MAX, WEIGHT_SET, WEIGHT_ADD = range(4)
"""What becomes of a scanned line: kept, or merged into the output by maximum or with weights."""

PADDING = 32
"""Elements between the lines of a block: a power of two apart, all would fall into the same few
places of the cache."""


@jit
def block_of(height):
    """Return how many columns a horizontal scan turns into lines at a time: whole cache lines.

    More of them use each row better, as long as the lines stay in a processor's second cache.
    """
    return 64 if height <= 512 else 32


@jit
def scan_vertical(x, raw, out, d, weight, reverse, mode, merge):
    """Scan the rows of ``x`` (C, H, W) with one set of gates ``raw`` (K or K + 1, H, W)."""
    channels, length, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    gates = np.empty((k, 1, width), x.dtype)
    lines = np.empty((2 * channels, width), x.dtype)  # in turn written to and read from
    weighs = merge == 2 or merge == 3
    directions = out.shape[1]
    x_rows, out_rows = x.reshape(-1, width), out.reshape(-1, width)
    for step in range(length):
        t = length - 1 - step if reverse else step
        if step and mode != 0:
            normalize_line(raw, t, gates, 0, mode, width)
        # Arrays are not chosen by a condition: that would count references for every line.
        for c in range(channels):
            i, o = c * length + t, (c * directions + d) * length + t
            if merge == 0:
                p = o + 1 if reverse else o - 1
                if step == 0:
                    for r in range(width):
                        out_rows[o, r] = x_rows[i, r]
                elif mode == 0:
                    scan_line(x_rows, i, raw, t, out_rows, p, out_rows, o, width)
                else:
                    scan_line(x_rows, i, gates, 0, out_rows, p, out_rows, o, width)
                continue
            now, p = c + step % 2 * channels, c + (step + 1) % 2 * channels
            if step == 0:
                for r in range(width):
                    lines[now, r] = x_rows[i, r]
            elif mode == 0:
                scan_line(x_rows, i, raw, t, lines, p, lines, now, width)
            else:
                scan_line(x_rows, i, gates, 0, lines, p, lines, now, width)
            if weighs:
                merge_line(lines[now], out[c, d, t], weight[t], merge)
            else:
                merge_line(lines[now], out[c, d, t], lines[now], merge)


@jit
def _scan_block(x_lines, gates, last, c, lines, m, count, first, reverse):
    """Scan ``count`` lines (B, M); row ``c`` of ``last`` is the line before and is replaced."""
    for step in range(count):
        i = count - 1 - step if reverse else step
        if step:
            p = i + 1 if reverse else i - 1
            scan_line(x_lines, i, gates, i, lines, p, lines, i, m)
        elif first:
            for r in range(m):
                lines[i, r] = x_lines[i, r]
        else:
            scan_line(x_lines, i, gates, i, last, c, lines, i, m)
    end = 0 if reverse else count - 1
    for r in range(m):
        last[c, r] = lines[end, r]


@jit
def scan_horizontal(x, raw, out, d, weight, reverse, mode, merge):
    """Scan the columns of ``x`` (C, H, W) with one set of gates ``raw`` (K or K + 1, H, W)."""
    channels, height, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    stride, block = height + PADDING, block_of(height)
    raw_lines = np.zeros((raw.shape[0], block, stride), x.dtype)
    gates = np.zeros((k, block, stride), x.dtype)
    x_lines = np.empty((block, stride), x.dtype)
    lines = np.empty((block, stride), x.dtype)
    merged = np.empty((block, stride), x.dtype)
    weights = np.empty((block, stride), x.dtype)
    last = np.empty((channels, height), x.dtype)
    weighs = merge == 2 or merge == 3
    blocks = (width + block - 1) // block
    for step in range(blocks):
        start = (blocks - 1 - step if reverse else step) * block
        stop = min(start + block, width)
        count = stop - start
        for j in range(raw.shape[0]):
            columns_to_lines(raw[j, :, start:stop], raw_lines[j, :count, :height])
        if mode != 0:
            for i in range(count):
                normalize_line(raw_lines, i, gates, i, mode, height)
        if weighs:
            columns_to_lines(weight[:, start:stop], weights[:count, :height])
        for c in range(channels):
            columns_to_lines(x[c, :, start:stop], x_lines[:count, :height])
            if mode == 0:
                _scan_block(x_lines, raw_lines, last, c, lines, height, count, step == 0, reverse)
            else:
                _scan_block(x_lines, gates, last, c, lines, height, count, step == 0, reverse)
            if merge == 0:
                lines_to_columns(lines[:count, :height], out[c, d, :, start:stop])
                continue
            if merge == 1 or merge == 3:
                columns_to_lines(out[c, d, :, start:stop], merged[:count, :height])
            for i in range(count):
                merge_line(lines[i, :height], merged[i, :height], weights[i, :height], merge)
            lines_to_columns(merged[:count, :height], out[c, d, :, start:stop])


@jit
def scan_planes(x, raw, out, d, weight, direction, mode, merge):
    """Scan ``x`` (C, H, W) in one direction, a code of this module.

    Parameters
    ----------
    raw : (K or K + 1, H, W)
        Gates before normalisation; all arrays have contiguous rows.
    out : (C, D, H, W)
        Takes the result, or what it is merged into, at index ``d`` of the second axis.
    weight : (H, W), or (0, 0) where ``merge`` needs none
    """
    if direction >= 2:
        scan_vertical(x, raw, out, d, weight, direction == 3, mode, merge)
    else:
        scan_horizontal(x, raw, out, d, weight, direction == 1, mode, merge)
