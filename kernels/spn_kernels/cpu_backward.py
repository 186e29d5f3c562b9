"""Numba kernels for the gradients of the scans in ``cpu``, in the same form.

Lines are visited against the scan. The gate is read at the pixel that receives, so what a line
sends back goes to the next one alone, and channels that share gates add to one line of gate
gradients before these go through the normalisation.
"""

from __future__ import annotations

import numpy as np

from spn_kernels.cpu import BLOCK, normalize_line
from spn_kernels.simd import jit, transpose


@jit
def backward_line(x, gates, u, previous, here, dx, dgates, v, carried):
    """Take one line of gradients ``here`` (M,) apart.

    Adds to ``dx`` and to line ``v`` of ``dgates`` (K, T, M); writes what goes on to the previous
    line to ``carried``. ``previous`` is that line's result, ``gates`` (K, T, M) are read at ``u``.
    """
    m = x.shape[0]
    one = x.dtype.type(1)
    if gates.shape[0] == 1 or m == 1:
        middle = gates.shape[0] // 2
        g, d = gates[middle, u, :m], dgates[middle, v, :m]
        for i in range(m):
            dx[i] += (one - g[i]) * here[i]
            d[i] += here[i] * (previous[i] - x[i])
            carried[i] = g[i] * here[i]
        return
    ga, gb, gc = gates[0, u, :m], gates[1, u, :m], gates[2, u, :m]
    da, db, dc = dgates[0, v, :m], dgates[1, v, :m], dgates[2, v, :m]
    a, b, c = ga[1:-1], gb[1:-1], gc[1:-1]
    # Who hears from pixel i: i + 1 through its gate before, i - 1 through its gate after.
    a_next, c_last = ga[2:], gc[:-2]
    h_last, h, h_next = here[:-2], here[1:-1], here[2:]
    before, same, after = previous[:-2], previous[1:-1], previous[2:]
    values, target, sink = x[1:-1], dx[1:-1], carried[1:-1]
    to_a, to_b, to_c = da[1:-1], db[1:-1], dc[1:-1]
    # One loop an output: with more, the compiler gives up on proving that arrays do not overlap.
    for i in range(m - 2):
        target[i] += (one - a[i] - b[i] - c[i]) * h[i]
    for i in range(m - 2):
        to_a[i] += h[i] * (before[i] - values[i])
    for i in range(m - 2):
        to_b[i] += h[i] * (same[i] - values[i])
    for i in range(m - 2):
        to_c[i] += h[i] * (after[i] - values[i])
    for i in range(m - 2):
        sink[i] = b[i] * h[i] + a_next[i] * h_next[i] + c_last[i] * h_last[i]
    e = m - 1
    first, last = here[0], here[e]
    dx[0] += (one - gb[0] - gc[0]) * first
    db[0] += first * (previous[0] - x[0])
    dc[0] += first * (previous[1] - x[0])
    dx[e] += (one - ga[e] - gb[e]) * last
    da[e] += last * (previous[e - 1] - x[e])
    db[e] += last * (previous[e] - x[e])
    carried[0] = gb[0] * first + ga[1] * here[1]
    carried[e] = gb[e] * last + gc[e - 1] * here[e - 1]


@jit
def normalize_line_backward(raw, t, gates, u, dgates, v, draw, w, mode):
    """Write gradients of raw gates, line ``w`` of ``draw`` (K or K + 1, T, M).

    ``dgates`` are those of the normalised gates, read at line ``v``; ``raw`` is read at ``t``.
    """
    k, m = gates.shape[0], gates.shape[2]
    one = gates.dtype.type(1)
    zero = gates.dtype.type(0)
    if mode == 0:
        for j in range(k):
            d, o = dgates[j, v], draw[j, w]
            for i in range(m):
                o[i] = d[i]
        return
    common = np.zeros(m, gates.dtype)
    total = np.zeros(m, gates.dtype)
    for j in range(k):
        g, d = gates[j, u], dgates[j, v]
        for i in range(m):
            common[i] += g[i] * d[i]
    if mode == 2:
        for j in range(k):
            g, d, o = gates[j, u], dgates[j, v], draw[j, w]
            for i in range(m):
                o[i] = g[i] * (d[i] - common[i])
                total[i] += g[i]
        o = draw[k, w]
        for i in range(m):
            o[i] = (total[i] - one) * common[i]
        return
    for j in range(k):
        a = raw[j, t]
        for i in range(m):
            total[i] += abs(a[i])
    for j in range(k):
        a, d, o = raw[j, t], dgates[j, v], draw[j, w]
        for i in range(m):
            if total[i] <= one:
                o[i] = d[i]
            else:
                sign = one if a[i] > zero else (-one if a[i] < zero else zero)
                o[i] = (d[i] - sign * common[i]) / total[i]


@jit
def backward_vertical(x, raw, out, grad, d, dx, draw, reverse, mode):
    """Gradients of a scan of rows; arguments as in :func:`backward_planes`."""
    channels, length, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    gates = np.empty((k, 1, width), x.dtype)
    dgates = np.empty((k, 1, width), x.dtype)
    here = np.empty(width, x.dtype)
    carried = np.zeros((channels, width), x.dtype)
    for step in range(length):
        t = step if reverse else length - 1 - step
        first = step == length - 1
        if not first and mode != 0:
            normalize_line(raw, t, gates, 0, mode)
        current, u = (raw, t) if mode == 0 else (gates, 0)
        dgates[:] = 0
        for c in range(channels):
            line, back = grad[c, d, t], carried[c]
            for i in range(width):
                here[i] = line[i] + back[i]
            if first:
                target = dx[c, t]
                for i in range(width):
                    target[i] += here[i]
            else:
                previous = out[c, d, t + 1 if reverse else t - 1]
                backward_line(x[c, t], current, u, previous, here, dx[c, t], dgates, 0, back)
        if first:
            draw[:, t] = 0
        else:
            normalize_line_backward(raw, t, current, u, dgates, 0, draw, t, mode)


@jit
def _block_backward(lines, count, current, column, first, reverse, dx_lines, dgates, back):
    """Gradients of one channel's first ``count`` of ``lines``: x, result and gradient (3, B, M)."""
    m = column.shape[0]
    here = np.empty(m, lines.dtype)
    for step in range(count):
        i = step if reverse else count - 1 - step
        g = lines[2, i, :m]
        for r in range(m):
            here[r] = g[r] + back[r]
        target = dx_lines[i, :m]
        inside = i < count - 1 if reverse else i > 0
        if inside:
            previous = lines[1, i + 1 if reverse else i - 1, :m]
            backward_line(lines[0, i, :m], current, i, previous, here, target, dgates, i, back)
        elif first:
            for r in range(m):
                target[r] += here[r]
        else:
            backward_line(lines[0, i, :m], current, i, column, here, target, dgates, i, back)


@jit
def backward_horizontal(x, raw, out, grad, d, dx, draw, reverse, mode):
    """Gradients of a scan of columns; arguments as in :func:`backward_planes`."""
    channels, height, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    stride = height + BLOCK  # see scan_horizontal
    raw_lines = np.zeros((raw.shape[0], BLOCK, stride), x.dtype)
    draw_lines = np.zeros((raw.shape[0], BLOCK, stride), x.dtype)
    gates = np.zeros((k, BLOCK, stride), x.dtype)
    dgates = np.zeros((k, BLOCK, stride), x.dtype)
    lines = np.empty((3, BLOCK, stride), x.dtype)
    dx_lines = np.empty((BLOCK, stride), x.dtype)
    column = np.empty(height, x.dtype)
    carried = np.zeros((channels, height), x.dtype)
    blocks = (width + BLOCK - 1) // BLOCK
    for step in range(blocks):
        start = (step if reverse else blocks - 1 - step) * BLOCK
        stop = min(start + BLOCK, width)
        count = stop - start
        first = step == blocks - 1
        for j in range(raw.shape[0]):
            transpose(raw[j, :, start:stop], raw_lines[j, :count, :height])
        if mode != 0:
            for i in range(count):
                normalize_line(raw_lines, i, gates, i, mode)
        current = raw_lines if mode == 0 else gates
        dgates[:] = 0
        for c in range(channels):
            transpose(x[c, :, start:stop], lines[0, :count, :height])
            transpose(out[c, d, :, start:stop], lines[1, :count, :height])
            transpose(grad[c, d, :, start:stop], lines[2, :count, :height])
            transpose(dx[c, :, start:stop], dx_lines[:count, :height])
            if not first:
                before = stop if reverse else start - 1
                for r in range(height):
                    column[r] = out[c, d, r, before]
            _block_backward(
                lines, count, current, column, first, reverse, dx_lines, dgates, carried[c]
            )
            transpose(dx_lines[:count, :height], dx[c, :, start:stop])
        for i in range(count):
            at_start = first and i == (count - 1 if reverse else 0)
            if at_start:
                draw_lines[:, i] = 0
            else:
                normalize_line_backward(raw_lines, i, current, i, dgates, i, draw_lines, i, mode)
        for j in range(raw.shape[0]):
            transpose(draw_lines[j, :count, :height], draw[j, :, start:stop])


@jit
def backward_planes(x, raw, out, grad, d, dx, draw, direction, mode):
    """Gradients of :func:`spn_kernels.cpu.scan_planes` with ``merge`` = store.

    Parameters
    ----------
    x : (C, H, W)
        What was scanned.
    out, grad : (C, D, H, W)
        The result and the gradient of the result, at index ``d`` of the second axis.
    raw : (K or K + 1, H, W)
        Gates before normalisation.
    dx : (C, H, W)
        Added to.
    draw : (K or K + 1, H, W)
        Written.
    """
    if direction >= 2:
        backward_vertical(x, raw, out, grad, d, dx, draw, direction == 3, mode)
    else:
        backward_horizontal(x, raw, out, grad, d, dx, draw, direction == 1, mode)
