"""Numba kernels for the CPU: scans of the planes that share a set of gates.

Every scan works on whole lines through slices, which is what lets the compiler use SIMD. Vertical
scans read the lines where they lie. Horizontal ones turn blocks of columns (whole cache lines)
into lines with SIMD transposes, scan those in the cache and turn the result back, so memory is
still read and written once. Gates are normalised line by line on the way.

Kernels release the GIL and use one thread; ``parallel`` gives work to threads, so no threading
layer of Numba is involved and any number of Python threads may call at once.
"""

from __future__ import annotations

import numpy as np

from spn_kernels.simd import exp_nonpositive, jit, transpose

RIGHT, LEFT, DOWN, UP = range(4)
"""Codes of the directions."""

AS_IS, SIGNED, CONVEX = range(3)
"""Codes of the normalisations."""

STORE, MAX, WEIGHT_SET, WEIGHT_ADD, SCALE_SET, SCALE_ADD = range(6)
"""What becomes of a scanned line: kept, or merged into the output by maximum, weights, scale."""

BLOCK = 16
"""Columns that a horizontal scan turns into lines at a time: one cache line of float32."""


@jit
def normalize_line(raw, t, gates, u, mode):
    """Normalise line ``t`` of ``raw`` (K or K + 1, T, M) into line ``u`` of ``gates`` (K, U, M).

    See :func:`spn_kernels.normalize_gates`. Lines are taken out one plane at a time, because only
    such a slice is known to be contiguous when it is compiled.
    """
    k, m = gates.shape[0], gates.shape[2]
    one = gates.dtype.type(1)
    if mode == 0:
        for j in range(k):
            source, target = raw[j, t], gates[j, u]
            for i in range(m):
                target[i] = source[i]
    elif mode == 1:
        if k == 1:
            a, o = raw[0, t], gates[0, u]
            for i in range(m):
                o[i] = a[i] / max(one, abs(a[i]))
        else:
            a, b, c = raw[0, t], raw[1, t], raw[2, t]
            oa, ob, oc = gates[0, u], gates[1, u], gates[2, u]
            for i in range(m):
                factor = one / max(one, abs(a[i]) + abs(b[i]) + abs(c[i]))
                oa[i] = a[i] * factor
                ob[i] = b[i] * factor
                oc[i] = c[i] * factor
    elif k == 1:
        a, d, o = raw[0, t], raw[1, t], gates[0, u]
        for i in range(m):
            top = a[i] if a[i] > d[i] else d[i]
            ea, ed = exp_nonpositive(a[i] - top), exp_nonpositive(d[i] - top)
            o[i] = ea / (ea + ed)
    else:
        a, b, c, d = raw[0, t], raw[1, t], raw[2, t], raw[3, t]
        oa, ob, oc = gates[0, u], gates[1, u], gates[2, u]
        for i in range(m):
            ab = a[i] if a[i] > b[i] else b[i]
            cd = c[i] if c[i] > d[i] else d[i]
            top = ab if ab > cd else cd
            ea, eb = exp_nonpositive(a[i] - top), exp_nonpositive(b[i] - top)
            ec, ed = exp_nonpositive(c[i] - top), exp_nonpositive(d[i] - top)
            factor = one / (ea + eb + ec + ed)
            oa[i] = ea * factor
            ob[i] = eb * factor
            oc[i] = ec * factor


@jit
def scan_line(x, gates, t, previous, out):
    """Write one line: x + sum of gate times (neighbour on the previous line - x).

    The gates are line ``t`` of ``gates`` (K, T, M).

    In this form a constant comes back exactly, and a neighbour outside gives its weight back.
    """
    m = x.shape[0]
    if gates.shape[0] == 1 or m == 1:
        g = gates[gates.shape[0] // 2, t, :m]
        for i in range(m):
            out[i] = x[i] + g[i] * (previous[i] - x[i])
        return
    ga, gb, gc = gates[0, t, :m], gates[1, t, :m], gates[2, t, :m]
    a, b, c = ga[1:-1], gb[1:-1], gc[1:-1]
    before, same, after = previous[:-2], previous[1:-1], previous[2:]
    inner, target = x[1:-1], out[1:-1]
    for i in range(m - 2):
        v = inner[i]
        target[i] = v + a[i] * (before[i] - v) + b[i] * (same[i] - v) + c[i] * (after[i] - v)
    v = x[0]
    out[0] = v + gb[0] * (previous[0] - v) + gc[0] * (previous[1] - v)
    e = m - 1
    v = x[e]
    out[e] = v + ga[e] * (previous[e - 1] - v) + gb[e] * (previous[e] - v)


@jit
def merge_line(line, out, weight, scale, merge):
    """Put a scanned line into the output as ``merge`` says."""
    m = line.shape[0]
    if merge == 0:
        for i in range(m):
            out[i] = line[i]
    elif merge == 1:
        for i in range(m):
            out[i] = line[i] if line[i] > out[i] or line[i] != line[i] else out[i]
    elif merge == 2:
        for i in range(m):
            out[i] = weight[i] * line[i]
    elif merge == 3:
        for i in range(m):
            out[i] += weight[i] * line[i]
    elif merge == 4:
        for i in range(m):
            out[i] = scale * line[i]
    else:
        for i in range(m):
            out[i] += scale * line[i]


@jit
def scan_vertical(x, raw, out, d, weight, scale, reverse, mode, merge):
    """Scan the rows of ``x`` (C, H, W) with one set of gates ``raw`` (K or K + 1, H, W)."""
    channels, length, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    gates = np.empty((k, 1, width), x.dtype)
    lines = np.empty((2, channels, width), x.dtype)
    for step in range(length):
        t = length - 1 - step if reverse else step
        if step and mode != 0:
            normalize_line(raw, t, gates, 0, mode)
        current, u = (raw, t) if mode == 0 else (gates, 0)
        w = weight[t] if weight.shape[0] else weight.reshape(-1)
        for c in range(channels):
            line = out[c, d, t] if merge == 0 else lines[step % 2, c]
            if step == 0:
                for i in range(width):
                    line[i] = x[c, t, i]
            elif merge == 0:
                scan_line(x[c, t], current, u, out[c, d, t + 1 if reverse else t - 1], line)
            else:
                scan_line(x[c, t], current, u, lines[1 - step % 2, c], line)
            if merge != 0:
                merge_line(line, out[c, d, t], w, scale, merge)


@jit
def scan_horizontal(x, raw, out, d, weight, scale, reverse, mode, merge):
    """Scan the columns of ``x`` (C, H, W) with one set of gates ``raw`` (K or K + 1, H, W)."""
    channels, height, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    # Lines a power of two apart would all fall into the same few places of the cache.
    stride = height + BLOCK
    raw_lines = np.zeros((raw.shape[0], BLOCK, stride), x.dtype)
    gates = np.zeros((k, BLOCK, stride), x.dtype)
    x_lines = np.empty((BLOCK, stride), x.dtype)
    lines = np.empty((BLOCK, stride), x.dtype)
    merged = np.empty((BLOCK, stride), x.dtype)
    weights = np.empty((BLOCK, stride), x.dtype)
    last = np.empty((channels, height), x.dtype)
    blocks = (width + BLOCK - 1) // BLOCK
    for step in range(blocks):
        start = (blocks - 1 - step if reverse else step) * BLOCK
        stop = min(start + BLOCK, width)
        count = stop - start
        for j in range(raw.shape[0]):
            transpose(raw[j, :, start:stop], raw_lines[j, :count, :height])
        if mode != 0:
            for i in range(count):
                normalize_line(raw_lines, i, gates, i, mode)
        current = raw_lines if mode == 0 else gates
        if weight.shape[0]:
            transpose(weight[:, start:stop], weights[:count, :height])
        for c in range(channels):
            transpose(x[c, :, start:stop], x_lines[:count, :height])
            for line in range(count):
                i = count - 1 - line if reverse else line
                if line:
                    previous = lines[i + 1 if reverse else i - 1, :height]
                    scan_line(x_lines[i, :height], current, i, previous, lines[i, :height])
                elif step:
                    scan_line(x_lines[i, :height], current, i, last[c], lines[i, :height])
                else:
                    for r in range(height):
                        lines[i, r] = x_lines[i, r]
            end = 0 if reverse else count - 1
            for r in range(height):
                last[c, r] = lines[end, r]
            if merge == 0:
                transpose(lines[:count, :height], out[c, d, :, start:stop])
                continue
            if merge == 1 or merge == 3 or merge == 5:
                transpose(out[c, d, :, start:stop], merged[:count, :height])
            for i in range(count):
                merge_line(lines[i, :height], merged[i, :height], weights[i, :height], scale, merge)
            transpose(merged[:count, :height], out[c, d, :, start:stop])


@jit
def scan_planes(x, raw, out, d, weight, scale, direction, mode, merge):
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
        scan_vertical(x, raw, out, d, weight, scale, direction == 3, mode, merge)
    else:
        scan_horizontal(x, raw, out, d, weight, scale, direction == 1, mode, merge)
