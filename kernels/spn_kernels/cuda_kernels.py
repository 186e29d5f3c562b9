"""Numba CUDA kernels of the scans: a whole scan in one block, all directions in one launch.

A block takes one image and one channel, and one direction (``forward``) or several, one after the
other, that it merges (``merge``); a thread takes one element of the line, or several where a line
is longer than the block. The last line lies in shared memory, twice, so one barrier a line is
enough.

Vertical scans read whole lines, each ahead of its turn. Horizontal ones would touch a sector of
memory (32 bytes) for every number. So they bring TILE columns into shared memory a plane at a
time, row by row in whole sectors, keep the gates of their own row in registers and send results
out the same way, where the shared memory of a block holds the tile: up to 1,024 rows.

Arrays are flat; the layouts are those of ``library``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from spn_kernels.cuda_parts import parts
from spn_kernels.cuda_seam import cuda_module
from spn_kernels.cuda_storage import device, kernel, storage

# A name of the module, because the simulator puts its own module in the place of this one.
cuda = cuda_module()

TILE = 8
"""Columns that a horizontal scan brings at a time: a sector of float32."""

STORE, MAX, WEIGHT_SET, WEIGHT_ADD = range(4)
"""What becomes of a scan, as in ``cpu``: kept, or merged into what earlier directions left."""


@dataclass(frozen=True)
class Kernels:
    """Compiled on first use, for one storage, number of connections and normalisation."""

    forward: Any
    merge: Any


@cache
def kernels(name: str, connections: int, mode: int, target: str | None = None) -> Kernels:
    """Return the kernels for a storage (``"bfloat16"``, ...), 1 or 3, and a mode of ``cpu``.

    ``target`` is the storage of what is written, if another.
    """
    part, stored, written = parts(name, connections, mode), storage(name), storage(target or name)
    line_layout, gates_at = part.lines, part.gates_at
    normalize, advance = part.normalize, part.advance
    load, number, item = stored.load, stored.number, stored.item
    load_target, store_target = written.load, written.store
    zero, one = number(0), number(1)
    three = connections == 3
    planes = connections + (1 if mode == 2 else 0)

    def merging(x, weights, dest, at, x_base, w_base, own_base, t_base, how, share):
        """Return what a result is multiplied with and what it meets there."""
        factor, old = one, zero
        if how >= WEIGHT_SET:
            factor = share if w_base < 0 else load(weights, w_base + at)
            if how == WEIGHT_SET and own_base >= 0:
                old = load(weights, own_base + at) * load(x, x_base + at)
        if how % 2 == 1:  # MAX and WEIGHT_ADD
            old = load_target(dest, t_base + at)
        return factor, old

    meet = device(merging)

    def blending(value, factor, old, how):
        if how == MAX:
            # A NaN on either side stays.
            return value if value > old or value != value else old
        return value if how == STORE else value * factor + old

    blend = device(blending)

    def by_lines(
        x, raw, weights, dest, shared, first, threads, x_base, g_base, w_base, own_base, t_base,
        horizontal, reverse, height, width, how, share,
    ):  # fmt: skip
        """Scan lines where they lie, an element of the next one loaded before its turn."""
        length, m, step_t, step_k = line_layout(horizontal, height, width)
        plane = height * width
        next_x, next_a, next_b, next_e, next_f, next_o = zero, zero, zero, zero, one, zero
        for step in range(-1, length):
            here_x, a, b, e, f, o = next_x, next_a, next_b, next_e, next_f, next_o
            if first < m and step + 1 < length:
                t = length - 2 - step if reverse else step + 1
                at = np.int32(t * step_t + first * step_k)
                next_x = load(x, x_base + at)
                next_a, next_b, next_e, _ = gates_at(raw, g_base + at, plane)
                next_f, next_o = meet(
                    x, weights, dest, at, x_base, w_base, own_base, t_base, how, share
                )
            if step >= 0:
                t = length - 1 - step if reverse else step
                now, before = (step % 2) * m, (1 - step % 2) * m
                k = first
                while k < m:
                    at = np.int32(t * step_t + k * step_k)
                    if k != first:
                        here_x = load(x, x_base + at)
                        a, b, e, _ = gates_at(raw, g_base + at, plane)
                        f, o = meet(
                            x, weights, dest, at, x_base, w_base, own_base, t_base, how, share
                        )
                    value = here_x
                    if step > 0:
                        value = advance(shared, before, k, m, here_x, a, b, e)
                    shared[now + k] = value
                    store_target(dest, t_base + at, blend(value, f, o, how))
                    k += threads
                cuda.syncthreads()

    scan_lines = device(by_lines)

    def bringing(source, base, shared, cell, first, threads, height, width, start):
        """Bring TILE columns of a plane into the tile, whole sectors of a row at a time.

        The first number of the thread goes to ``cell``, the others below that.

        Columns and rows outside come out as those at the edge: nothing asks for them, and to leave
        them out would take a condition for every number.
        """
        column = np.int32(min(max(start + first % TILE, 0), width - 1))
        row, step = first // TILE, threads // TILE
        got = cuda.local.array(TILE, item)
        # All of them are on their way before the first is put down.
        for i in range(TILE):
            at = np.int32(np.int32(min(row + i * step, height - 1)) * width + column)
            got[i] = load(source, base + at)
        for i in range(TILE):
            shared[cell + np.int32(i * step * (TILE + 1))] = got[i]

    bring = device(bringing)

    def taking(source, base, hold, shared, cell, mine, first, threads, height, width, start):
        """Bring columns and keep those of the thread's own row, which begins at ``mine``."""
        bring(source, base, shared, cell, first, threads, height, width, start)
        cuda.syncthreads()
        for i in range(TILE):
            hold[i] = shared[mine + i]
        cuda.syncthreads()

    take = device(taking)

    def by_tiles(
        x, raw, weights, dest, shared, first, threads, x_base, g_base, w_base, own_base, t_base,
        reverse, height, width, how, share,
    ):  # fmt: skip
        """Scan columns tile by tile; needs as many threads as rows, a multiple of TILE.

        Threads without a row do the work of one, and what they find is not written.
        """
        plane = height * width
        # A row of the tile, after the two lines, has its columns in the order of the scan.
        mine = np.int32(2 * threads + first * (TILE + 1))
        order = TILE - 1 - first % TILE if reverse else first % TILE
        cell = np.int32(2 * threads + first // TILE * (TILE + 1) + order)
        # Loops over these are unrolled, so that they become registers.
        hold_a, hold_b = cuda.local.array(TILE, item), cuda.local.array(TILE, item)
        hold_e = cuda.local.array(TILE, item)
        for begin in range(0, width, TILE):
            start = np.int32(width - TILE - begin if reverse else begin)
            base = g_base
            if three:
                take(raw, base, hold_a, shared, cell, mine, first, threads, height, width, start)
                base += plane
            take(raw, base, hold_b, shared, cell, mine, first, threads, height, width, start)
            base += plane
            if three:
                take(raw, base, hold_e, shared, cell, mine, first, threads, height, width, start)
                base += plane
            if mode == 2:
                bring(raw, base, shared, cell, first, threads, height, width, start)
                cuda.syncthreads()
            if mode != 0:
                for i in range(TILE):
                    a, e, d = zero, zero, zero
                    if three:
                        a, e = hold_a[i], hold_e[i]
                    if mode == 2:
                        d = shared[mine + i]
                    a, hold_b[i], e, _ = normalize(a, hold_b[i], e, d)
                    if three:
                        hold_a[i], hold_e[i] = a, e
            if mode == 2:
                cuda.syncthreads()
            # x stays in the tile, and each of its cells gives way to the result.
            bring(x, x_base, shared, cell, first, threads, height, width, start)
            cuda.syncthreads()
            for i in range(TILE):
                now, before = (i % 2) * threads, (1 - i % 2) * threads
                value = shared[mine + i]
                if begin + i > 0:
                    a, e = zero, zero
                    if three:
                        a, e = hold_a[i], hold_e[i]
                    value = advance(shared, before, first, height, value, a, hold_b[i], e)
                shared[now + first] = value
                shared[mine + i] = value
                cuda.syncthreads()
            column, step = start + first % TILE, threads // TILE
            if 0 <= column < width:
                for i in range(TILE):
                    row = first // TILE + i * step
                    if row < height:
                        at = np.int32(row * width + column)
                        f, o = meet(
                            x, weights, dest, at, x_base, w_base, own_base, t_base, how, share
                        )
                        value = shared[cell + np.int32(i * step * (TILE + 1))]
                        store_target(dest, t_base + at, blend(value, f, o, how))
            cuda.syncthreads()

    scan_tiles = device(by_tiles)

    @kernel
    def forward(x, raw, out, codes, channels, groups, height, width, tiled):
        """X (N, C, H, W), raw (N, G, D, J, H, W) -> out (N, C, D, H, W), all flat.

        Grid (D, C, N). Shared memory: two lines, and for ``tiled`` a tile of TILE columns.
        """
        d, c, n = cuda.blockIdx.x, cuda.blockIdx.y, cuda.blockIdx.z
        directions, plane = cuda.gridDim.x, height * width
        code = (codes >> (2 * d)) & 3
        shared = cuda.shared.array(0, item)
        x_base = (n * channels + c) * plane
        g_base = ((n * groups + c * groups // channels) * directions + d) * planes * plane
        t_base = ((n * channels + c) * directions + d) * plane
        if tiled and code < 2:
            scan_tiles(
                x, raw, x, out, shared, cuda.threadIdx.x, cuda.blockDim.x, x_base, g_base, -1, -1,
                t_base, code == 1, height, width, STORE, one,
            )  # fmt: skip
        else:
            scan_lines(
                x, raw, x, out, shared, cuda.threadIdx.x, cuda.blockDim.x, x_base, g_base, -1, -1,
                t_base, code < 2, code % 2 == 1, height, width, STORE, one,
            )  # fmt: skip

    @kernel
    def merge(
        x, raw, weights, target, extra, codes, directions, channels, groups, weighing, height,
        width, tiled,
    ):  # fmt: skip
        """X (N, C, H, W), raw (N, G, D, J, H, W), weights (N, V, H, W) -> target (N, C, H, W).

        Grid (P, C, N). For P = 2 the vertical directions go into ``extra`` instead, at the same
        time as the horizontal ones into ``target``. ``weighing`` is V, 0 for the mean, or -1 for
        the maximum. Shared memory as for ``forward``.
        """
        p, c, n = cuda.blockIdx.x, cuda.blockIdx.y, cuda.blockIdx.z
        plane = height * width
        shared = cuda.shared.array(0, item)
        x_base = (n * channels + c) * plane
        group = n * groups + c * groups // channels
        share = one / number(directions)
        own_base = -1
        if weighing > directions and p == 0:
            own_base = (n * weighing + directions) * plane
        dest = target if p == 0 else extra
        done = False
        for d in range(directions):
            code = (codes >> (2 * d)) & 3
            if cuda.gridDim.x == 2 and (code >= 2) != (p == 1):
                continue
            if weighing < 0:
                how = MAX if done else STORE
            else:
                how = WEIGHT_ADD if done else WEIGHT_SET
            g_base = (group * directions + d) * planes * plane
            w_base = (n * weighing + d) * plane if weighing > 0 else -1
            if tiled and code < 2:
                scan_tiles(
                    x, raw, weights, dest, shared, cuda.threadIdx.x, cuda.blockDim.x, x_base,
                    g_base, w_base, own_base, x_base, code == 1, height, width, how, share,
                )  # fmt: skip
            else:
                scan_lines(
                    x, raw, weights, dest, shared, cuda.threadIdx.x, cuda.blockDim.x, x_base,
                    g_base, w_base, own_base, x_base, code < 2, code % 2 == 1, height, width, how,
                    share,
                )  # fmt: skip
            # What this direction wrote, another thread may read for the next one.
            cuda.syncthreads()
            done = True

    return Kernels(forward, merge)
