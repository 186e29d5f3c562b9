"""Numba CUDA kernels: a whole scan in one block, all directions in one launch.

A block takes one image, one channel (forward) or one group of channels (backward) and one
direction; a thread takes one element of the line, or several where a line is longer than the block.
The last line lies in shared memory, twice, so one barrier a line is enough, and what the next line
needs is loaded before it. Vertical scans read whole lines. In horizontal ones a thread reads along
its own row, eight neighbours of which share a 32-byte sector, and results go through a tile in
shared memory, so that they leave in whole sectors too.

Arrays are flat; the layouts are those of ``library``. Arithmetic is float32 or float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Any

import numpy as np

from spn_kernels.cuda_seam import cuda_module

# A name of the module, because the simulator puts its own module in the place of this one.
cuda = cuda_module()

TILE = 8
"""Columns that are collected before a horizontal scan writes them: a sector of float32."""

MOST_THREADS = 1024


@dataclass(frozen=True)
class Kernels:
    """Compiled on first use, for one dtype, number of connections and normalisation."""

    forward: Any
    backward: Any


@cache
def kernels(dtype: str, connections: int, mode: int) -> Kernels:
    """Return the kernels for a dtype (``"float32"`` or ``"float64"``), 1 or 3, and a mode.

    Modes are those of ``cpu``: 0 gates as they are, 1 signed, 2 convex.
    """
    item = np.dtype(dtype)
    zero, one = item.type(0), item.type(1)
    three = connections == 3

    @cuda.jit(device=True)
    def gates_at(raw, at, plane):
        """Return the normalised gates (before, same, after) at one pixel."""
        a, e = zero, zero
        b = raw[at]
        if three:
            a, b, e = b, raw[at + plane], raw[at + 2 * plane]
        if mode == 1:
            total = abs(a) + abs(b) + abs(e)
            if total > one:
                a, b, e = a / total, b / total, e / total
        elif mode == 2:
            d = raw[at + (3 if three else 1) * plane]
            top = max(b, d)
            if three:
                top = max(top, max(a, e))
                a, e = exp(a - top), exp(e - top)
            b, d = exp(b - top), exp(d - top)
            factor = one / (a + b + e + d)
            a, b, e = a * factor, b * factor, e * factor
        return a, b, e

    @cuda.jit
    def forward(x, raw, out, codes, channels, groups, height, width, tiled):
        """X (N, C, H, W), raw (N, G, D, J, H, W) -> out (N, C, D, H, W), all flat.

        Grid (D, C, N). Shared memory: two lines with a closed cell at either end, and for
        ``tiled`` a tile of TILE columns.
        """
        d, c, n = cuda.blockIdx.x, cuda.blockIdx.y, cuda.blockIdx.z
        directions = cuda.gridDim.x
        code = (codes >> (2 * d)) & 3
        horizontal = code < 2
        reverse = code == 1 or code == 3
        length = width if horizontal else height
        m = height if horizontal else width
        step_t = 1 if horizontal else width
        step_k = width if horizontal else 1
        plane = height * width
        planes = (3 if three else 1) + (1 if mode == 2 else 0)
        group = c * groups // channels
        x_base = (n * channels + c) * plane
        g_base = ((n * groups + group) * directions + d) * planes * plane
        o_base = ((n * channels + c) * directions + d) * plane
        shared = cuda.shared.array(0, item)
        padded = m + 2
        tile_base = 2 * padded
        first, threads = cuda.threadIdx.x, cuda.blockDim.x
        if first == 0:
            for half in range(2):
                shared[half * padded] = zero
                shared[half * padded + m + 1] = zero
        # What a thread's first element needs is loaded a line ahead.
        next_x, ga, gb, gc = zero, zero, zero, zero
        if first < m:
            start = (length - 1 if reverse else 0) * step_t + first * step_k
            next_x = x[x_base + start]
        for step in range(length):
            t = length - 1 - step if reverse else step
            now, before = (step % 2) * padded, (1 - step % 2) * padded
            here_x, a, b, e = next_x, ga, gb, gc
            if first < m and step + 1 < length:
                ahead = (t - 1 if reverse else t + 1) * step_t + first * step_k
                next_x = x[x_base + ahead]
                ga, gb, gc = gates_at(raw, g_base + ahead, plane)
            k = first
            while k < m:
                at = t * step_t + k * step_k
                if k != first:
                    here_x = x[x_base + at]
                    if step > 0:
                        a, b, e = gates_at(raw, g_base + at, plane)
                value = here_x
                if step > 0:
                    value += b * (shared[before + k + 1] - here_x)
                    if three:
                        if k > 0:
                            value += a * (shared[before + k] - here_x)
                        if k + 1 < m:
                            value += e * (shared[before + k + 2] - here_x)
                shared[now + k + 1] = value
                if tiled and horizontal:
                    shared[tile_base + k * (TILE + 1) + t % TILE] = value
                else:
                    out[o_base + at] = value
                k += threads
            cuda.syncthreads()
            if tiled and horizontal:
                edge = t % TILE == 0 if reverse else t % TILE == TILE - 1
                if edge or step == length - 1:
                    start = t - t % TILE
                    count = min(TILE, width - start)
                    i = first
                    while i < m * TILE:
                        row, column = i // TILE, i % TILE
                        if column < count:
                            done = column >= t % TILE if reverse else column <= t % TILE
                            if done:
                                value = shared[tile_base + row * (TILE + 1) + column]
                                out[o_base + row * width + start + column] = value
                        i += threads
                    cuda.syncthreads()

    @cuda.jit
    def backward(x, raw, out, grad, dx, dgates, codes, channels, groups, chunks, height, width):
        """Gradients: dx (N, C, D, H, W), dgates (N, chunks, G, D, K, H, W) of normalised gates.

        Grid (D, chunks, N * G): a block goes through its share of a group's channels one after
        the other and adds to gate gradients that no other block touches. Shared memory: two
        buffers of what goes on to the next line, for each of the neighbours.
        """
        d, chunk = cuda.blockIdx.x, cuda.blockIdx.y
        n, g = cuda.blockIdx.z // groups, cuda.blockIdx.z % groups
        directions = cuda.gridDim.x
        code = (codes >> (2 * d)) & 3
        horizontal = code < 2
        reverse = code == 1 or code == 3
        length = width if horizontal else height
        m = height if horizontal else width
        step_t = 1 if horizontal else width
        step_k = width if horizontal else 1
        plane = height * width
        kept = 3 if three else 1
        planes = kept + (1 if mode == 2 else 0)
        g_base = ((n * groups + g) * directions + d) * planes * plane
        d_base = (((n * chunks + chunk) * groups + g) * directions + d) * kept * plane
        size = channels // groups
        c_first = g * size + size * chunk // chunks
        c_last = g * size + size * (chunk + 1) // chunks
        shared = cuda.shared.array(0, item)
        padded = m + 2
        first, threads = cuda.threadIdx.x, cuda.blockDim.x
        for c in range(c_first, c_last):
            x_base = (n * channels + c) * plane
            o_base = ((n * channels + c) * directions + d) * plane
            i = first
            while i < 6 * padded:
                shared[i] = zero
                i += threads
            cuda.syncthreads()
            for step in range(length):
                t = step if reverse else length - 1 - step
                now, before = (step % 2) * 3 * padded, (1 - step % 2) * 3 * padded
                last = step == length - 1
                back = (t + 1 if reverse else t - 1) * step_t
                k = first
                while k < m:
                    at = t * step_t + k * step_k
                    # What the pixels of the line after this one send here.
                    value = grad[o_base + at] + shared[before + padded + k + 1]
                    if three:
                        if k + 1 < m:
                            value += shared[before + k + 2]
                        if k > 0:
                            value += shared[before + 2 * padded + k]
                    if last:
                        dx[o_base + at] = value
                        if c == c_first:
                            for j in range(kept):
                                dgates[d_base + j * plane + at] = zero
                    else:
                        a, b, e = gates_at(raw, g_base + at, plane)
                        here_x = x[x_base + at]
                        stays = one - b
                        shared[now + padded + k + 1] = b * value
                        old = (
                            zero
                            if c == c_first
                            else dgates[d_base + (1 if three else 0) * plane + at]
                        )
                        behind = out[o_base + back + k * step_k]
                        dgates[d_base + (1 if three else 0) * plane + at] = old + value * (
                            behind - here_x
                        )
                        if three:
                            shared[now + k + 1] = a * value
                            shared[now + 2 * padded + k + 1] = e * value
                            for side in range(2):
                                j = 2 * side
                                inside = k + 1 < m if side else k > 0
                                old = zero if c == c_first else dgates[d_base + j * plane + at]
                                add = zero
                                if inside:
                                    other = k + 1 if side else k - 1
                                    behind = out[o_base + back + other * step_k]
                                    add = value * (behind - here_x)
                                    stays -= e if side else a
                                dgates[d_base + j * plane + at] = old + add
                        dx[o_base + at] = stays * value
                    k += threads
                cuda.syncthreads()

    return Kernels(forward, backward)
