"""Numba kernels for the CPU: one scan over the rows of one plane.

Every kernel walks along axis 0 and works on whole rows through slices, which is what lets the
compiler use SIMD; a horizontal scan is a vertical one on transposed planes. Kernels release the
GIL and use one thread; ``ops`` gives planes to threads, so no threading layer of Numba is involved
and any number of Python threads may call at once.
"""

from __future__ import annotations

import numba
import numpy as np

_jit = numba.njit(nogil=True, cache=True, error_model="numpy")


@_jit
def scan_rows(x, gates, out, reverse):
    """Write the scan of ``x`` (L, W) with ``gates`` (K, L, W) to ``out`` (L, W).

    Row t of the result is x + sum of gate times (neighbour on the previous row - x), which gives
    a constant back exactly. ``reverse`` starts at the last row.
    """
    length, width = x.shape
    three = gates.shape[0] == 3
    middle = 1 if three else 0
    for step in range(length):
        t = length - 1 - step if reverse else step
        row_x = x[t]
        row_o = out[t]
        if step == 0:
            for k in range(width):
                row_o[k] = row_x[k]
            continue
        previous = out[t + 1] if reverse else out[t - 1]
        g0 = gates[middle, t]
        if not three or width == 1:
            for k in range(width):
                row_o[k] = row_x[k] + g0[k] * (previous[k] - row_x[k])
            continue
        gm = gates[0, t]
        gp = gates[2, t]
        inner = width - 2
        xi, oi = row_x[1:-1], row_o[1:-1]
        pm, p0, pp = previous[:-2], previous[1:-1], previous[2:]
        am, a0, ap = gm[1:-1], g0[1:-1], gp[1:-1]
        for k in range(inner):
            v = xi[k]
            oi[k] = v + am[k] * (pm[k] - v) + a0[k] * (p0[k] - v) + ap[k] * (pp[k] - v)
        v = row_x[0]
        row_o[0] = v + g0[0] * (previous[0] - v) + gp[0] * (previous[1] - v)
        e = width - 1
        v = row_x[e]
        row_o[e] = v + gm[e] * (previous[e - 1] - v) + g0[e] * (previous[e] - v)


@_jit
def scan_rows_backward(x, gates, out, grad, dx, dgates, reverse):
    """Add the gradients of one scan to ``dx`` (L, W) and ``dgates`` (K, L, W).

    ``out`` is what the scan returned and ``grad`` (L, W) the gradient of it. Rows are visited
    against the scan; the gate is read at the receiving pixel, so nothing is scattered across rows
    but the one that is next.
    """
    length, width = x.shape
    three = gates.shape[0] == 3
    middle = 1 if three else 0
    here = np.empty(width, x.dtype)
    carried = np.zeros(width, x.dtype)
    for step in range(length):
        t = step if reverse else length - 1 - step
        row_g = grad[t]
        row_dx = dx[t]
        for k in range(width):
            here[k] = row_g[k] + carried[k]
        if step == length - 1:
            for k in range(width):
                row_dx[k] += here[k]
            return
        row_x = x[t]
        previous = out[t + 1] if reverse else out[t - 1]
        g0 = gates[middle, t]
        d0 = dgates[middle, t]
        if not three:
            for k in range(width):
                row_dx[k] += (1 - g0[k]) * here[k]
                d0[k] += here[k] * (previous[k] - row_x[k])
                carried[k] = g0[k] * here[k]
            continue
        gm, gp = gates[0, t], gates[2, t]
        dm, dp = dgates[0, t], dgates[2, t]
        for k in range(width):
            row_dx[k] += (1 - g0[k]) * here[k]
            d0[k] += here[k] * (previous[k] - row_x[k])
            carried[k] = g0[k] * here[k]
        if width == 1:
            continue
        hi, xi, gi, di, dxi = here[1:], row_x[1:], gm[1:], dm[1:], row_dx[1:]
        pi, ci = previous[:-1], carried[:-1]
        for k in range(width - 1):
            dxi[k] -= gi[k] * hi[k]
            di[k] += hi[k] * (pi[k] - xi[k])
            ci[k] += gi[k] * hi[k]
        hi, xi, gi, di, dxi = here[:-1], row_x[:-1], gp[:-1], dp[:-1], row_dx[:-1]
        pi, ci = previous[1:], carried[1:]
        for k in range(width - 1):
            dxi[k] -= gi[k] * hi[k]
            di[k] += hi[k] * (pi[k] - xi[k])
            ci[k] += gi[k] * hi[k]
