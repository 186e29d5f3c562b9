"""Numba kernels for the gradients of the scans in ``cpu``, in the same form.

Lines are visited against the scan. The gate is read at the pixel that receives, so what a line
sends back goes to the next one alone, and channels that share gates add to one line of gate
gradients before these go through the normalisation.
"""

from __future__ import annotations

import numpy as np

from spn_kernels.cpu import PADDING, block_of
from spn_kernels.lines import (
    backward_line,
    first_line_backward,
    normalize_line,
    normalize_line_backward,
)
from spn_kernels.simd import columns_to_lines, jit, lines_to_columns


@jit
def backward_vertical(x, raw, out, grad, d, dx, draw, reverse, mode, add):
    """Gradients of a scan of rows; arguments as in :func:`backward_planes`."""
    channels, length, width = x.shape
    directions = out.shape[1]
    k = raw.shape[0] - (1 if mode == 2 else 0)
    gates = np.empty((k, 1, width), x.dtype)
    dgates = np.empty((k, 1, width), x.dtype)
    carried = np.zeros((2 * channels, width), x.dtype)  # in turn read from and written to
    x_rows, dx_rows = x.reshape(-1, width), dx.reshape(-1, width)
    out_rows, grad_rows = out.reshape(-1, width), grad.reshape(-1, width)
    for step in range(length):
        t = step if reverse else length - 1 - step
        first = step == length - 1
        if not first and mode != 0:
            normalize_line(raw, t, gates, 0, mode, width)
        for c in range(channels):
            i, start = c * length + t, (c * directions + d) * length
            g, p = start + t, start + (t + 1 if reverse else t - 1)
            now, onward = c + step % 2 * channels, c + (step + 1) % 2 * channels
            if first:
                first_line_backward(grad_rows, g, carried, now, dx_rows, i, add)
            elif mode == 0:
                # Gates as they are have nothing to go back through: their gradients are written.
                backward_line(
                    x_rows,
                    i,
                    raw,
                    t,
                    out_rows,
                    p,
                    grad_rows,
                    g,
                    dx_rows,
                    draw,
                    t,
                    carried,
                    now,
                    onward,
                    add,
                    c == 0,
                    1 if reverse else -1,
                )
            else:
                backward_line(
                    x_rows,
                    i,
                    gates,
                    0,
                    out_rows,
                    p,
                    grad_rows,
                    g,
                    dx_rows,
                    dgates,
                    0,
                    carried,
                    now,
                    onward,
                    add,
                    c == 0,
                    1 if reverse else -1,
                )
        if first:
            for j in range(draw.shape[0]):
                for r in range(width):
                    draw[j, t, r] = 0
        elif mode != 0:
            normalize_line_backward(raw, t, gates, 0, dgates, 0, draw, t, mode)


@jit
def _block_backward(
    x, result, grad, count, gates, column, first, reverse, dx, dgates, carried, c, add
):
    """Gradients of channel ``c`` on the first ``count`` lines of a block, arrays (B, M).

    ``column`` (1, M) is the result on the line before the block; rows c and C + c of ``carried``
    (2 C, M) are read and written in turn, beginning with row c, where the last one is left.
    """
    channels = carried.shape[0] // 2
    now, onward = c, c + channels
    for step in range(count):
        i = step if reverse else count - 1 - step
        if i < count - 1 if reverse else i > 0:
            p = i + 1 if reverse else i - 1
            backward_line(
                x,
                i,
                gates,
                i,
                result,
                p,
                grad,
                i,
                dx,
                dgates,
                i,
                carried,
                now,
                onward,
                add,
                c == 0,
                0,
            )
        elif first:
            first_line_backward(grad, i, carried, now, dx, i, add)
        else:
            backward_line(
                x,
                i,
                gates,
                i,
                column,
                0,
                grad,
                i,
                dx,
                dgates,
                i,
                carried,
                now,
                onward,
                add,
                c == 0,
                0,
            )
        now, onward = onward, now
    if now != c:
        for r in range(carried.shape[1]):
            carried[c, r] = carried[now, r]


@jit
def backward_horizontal(x, raw, out, grad, d, dx, draw, reverse, mode, add):
    """Gradients of a scan of columns; arguments as in :func:`backward_planes`."""
    channels, height, width = x.shape
    k = raw.shape[0] - (1 if mode == 2 else 0)
    stride, block = height + PADDING, block_of(height)  # see scan_horizontal
    raw_lines = np.zeros((raw.shape[0], block, stride), x.dtype)
    draw_lines = np.zeros((raw.shape[0], block, stride), x.dtype)
    gates = np.zeros((k, block, stride), x.dtype)
    dgates = np.zeros((k, block, stride), x.dtype)
    x_lines = np.empty((block, stride), x.dtype)
    out_lines = np.empty((block, stride), x.dtype)
    grad_lines = np.empty((block, stride), x.dtype)
    dx_lines = np.empty((block, stride), x.dtype)
    column = np.empty((1, height), x.dtype)
    carried = np.zeros((2 * channels, height), x.dtype)
    blocks = (width + block - 1) // block
    for step in range(blocks):
        start = (step if reverse else blocks - 1 - step) * block
        stop = min(start + block, width)
        count = stop - start
        first = step == blocks - 1
        for j in range(raw.shape[0]):
            columns_to_lines(raw[j, :, start:stop], raw_lines[j, :count, :height])
        if mode != 0:
            for i in range(count):
                normalize_line(raw_lines, i, gates, i, mode, height)
        for c in range(channels):
            columns_to_lines(x[c, :, start:stop], x_lines[:count, :height])
            columns_to_lines(out[c, d, :, start:stop], out_lines[:count, :height])
            columns_to_lines(grad[c, d, :, start:stop], grad_lines[:count, :height])
            if add:
                columns_to_lines(dx[c, :, start:stop], dx_lines[:count, :height])
            if not first:
                before = stop if reverse else start - 1
                for r in range(height):
                    column[0, r] = out[c, d, r, before]
            if mode == 0:
                _block_backward(
                    x_lines,
                    out_lines,
                    grad_lines,
                    count,
                    raw_lines,
                    column,
                    first,
                    reverse,
                    dx_lines,
                    draw_lines,
                    carried,
                    c,
                    add,
                )
            else:
                _block_backward(
                    x_lines,
                    out_lines,
                    grad_lines,
                    count,
                    gates,
                    column,
                    first,
                    reverse,
                    dx_lines,
                    dgates,
                    carried,
                    c,
                    add,
                )
            lines_to_columns(dx_lines[:count, :height], dx[c, :, start:stop])
        if mode != 0:
            for i in range(count):
                normalize_line_backward(raw_lines, i, gates, i, dgates, i, draw_lines, i, mode)
        if first:
            end = count - 1 if reverse else 0
            for j in range(draw.shape[0]):
                for r in range(height):
                    draw_lines[j, end, r] = 0
        for j in range(raw.shape[0]):
            lines_to_columns(draw_lines[j, :count, :height], draw[j, :, start:stop])


@jit
def backward_planes(x, raw, out, grad, d, dx, draw, direction, mode, add):
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
        Written, or where ``add`` is set added to.
    draw : (K or K + 1, H, W)
        Written.
    """
    if direction >= 2:
        backward_vertical(x, raw, out, grad, d, dx, draw, direction == 3, mode, add)
    else:
        backward_horizontal(x, raw, out, grad, d, dx, draw, direction == 1, mode, add)
