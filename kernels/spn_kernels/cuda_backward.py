"""Numba CUDA kernels of the gradients, on the pattern of ``cuda_kernels``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from spn_kernels.cuda_parts import parts
from spn_kernels.cuda_seam import cuda_module
from spn_kernels.cuda_storage import kernel, storage

# A name of the module, because the simulator puts its own module in the place of this one.
cuda = cuda_module()


@dataclass(frozen=True)
class BackwardKernels:
    """Compiled on first use, for one storage, number of connections and normalisation."""

    backward: Any
    finish: Any


@cache
def backward_kernels(name: str, connections: int, mode: int) -> BackwardKernels:
    """Return the kernels for a storage (``"bfloat16"``, ...), 1 or 3, and a mode of ``cpu``."""
    part, stored = parts(name, connections, mode), storage(name)
    gates_at = part.gates_at
    load, store, item = stored.load, stored.store, stored.item
    zero, one = stored.number(0), stored.number(1)
    three = connections == 3
    kept = 3 if three else 1
    planes = kept + (1 if mode == 2 else 0)
    same = 1 if three else 0

    @kernel
    def backward(
        x, raw, out, grad, dx, dgates, codes, channels, groups, chunks, turned, height, width
    ):  # fmt: skip
        """Gradients: dx (N, C, D, H, W), dgates (N, chunks, G, D, K, H, W) of normalised gates.

        Both are of the type in which is computed. Planes of horizontal directions are (W, H),
        everywhere; x has those of all images ``turned`` (0 or 1) times N images later.

        Grid (D, chunks, N * G): a block goes through its share of a group's channels one after the
        other and adds to gate gradients that no other block touches. Shared memory: two buffers of
        what goes on to the next line, for each of the neighbours, with a closed cell at either end.
        """
        d, chunk = cuda.blockIdx.x, cuda.blockIdx.y
        n, g = cuda.blockIdx.z // groups, cuda.blockIdx.z % groups
        directions, plane = cuda.gridDim.x, height * width
        code = (codes >> (2 * d)) & 3
        reverse = code % 2 == 1
        length, m, image = height, width, n
        if code < 2:
            length, m = width, height
            image += turned * (cuda.gridDim.z // groups)
        g_base = ((n * groups + g) * directions + d) * planes * plane
        d_base = (((n * chunks + chunk) * groups + g) * directions + d) * kept * plane
        size = channels // groups
        c_first = g * size + size * chunk // chunks
        c_last = g * size + size * (chunk + 1) // chunks
        shared = cuda.shared.array(0, item)
        padded = m + 2
        first, threads = cuda.threadIdx.x, cuda.blockDim.x
        for c in range(c_first, c_last):
            x_base = (image * channels + c) * plane
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
                back = (t + 1 if reverse else t - 1) * m
                k = first
                while k < m:
                    at = t * m + k
                    # What the pixels of the line after this one send here.
                    value = load(grad, o_base + at) + shared[before + padded + k + 1]
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
                        a, b, e, _ = gates_at(raw, g_base + at, plane)
                        here_x = load(x, x_base + at)
                        stays = one - b
                        shared[now + padded + k + 1] = b * value
                        slot = d_base + same * plane + at
                        old = zero if c == c_first else dgates[slot]
                        behind = load(out, o_base + back + k)
                        dgates[slot] = old + value * (behind - here_x)
                        if three:
                            shared[now + k + 1] = a * value
                            shared[now + 2 * padded + k + 1] = e * value
                            for side in range(2):
                                slot = d_base + 2 * side * plane + at
                                inside = k + 1 < m if side else k > 0
                                old = zero if c == c_first else dgates[slot]
                                add = zero
                                if inside:
                                    other = k + 1 if side else k - 1
                                    behind = load(out, o_base + back + other)
                                    add = value * (behind - here_x)
                                    stays -= e if side else a
                                dgates[slot] = old + add
                        dx[o_base + at] = stays * value
                    k += threads
                cuda.syncthreads()

    @kernel
    def finish(raw, dgates, draw, count, chunks, together, plane):
        """Add the chunks up and go back through the normalisation, a pixel a thread.

        ``together`` is G * D; dgates (N, chunks, G * D, K, H, W) -> draw (N, G * D, J, H, W), of
        ``count`` = N * G * D * H * W pixels.
        """
        pixel = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
        if pixel >= count:
            return
        which, at = pixel // plane, pixel % plane
        n, gd = which // together, which % together
        da, db, de = zero, zero, zero
        for chunk in range(chunks):
            base = ((n * chunks + chunk) * together + gd) * kept * plane + at
            db += dgates[base + same * plane]
            if three:
                da += dgates[base]
                de += dgates[base + 2 * plane]
        base = which * planes * plane + at
        a, b, e, kept_x = gates_at(raw, base, plane)
        if mode == 2:
            # Softmax: each logit gets its weight times (its gradient less the weighted mean).
            mean = a * da + b * db + e * de
            da, db, de = a * (da - mean), b * (db - mean), e * (de - mean)
            store(draw, base + kept * plane, -kept_x * mean)
        elif mode == 1:
            total = zero
            for j in range(kept):
                total += abs(load(raw, base + j * plane))
            if total > one:
                mean = a * da + b * db + e * de
                da -= mean if a > zero else -mean if a < zero else zero
                db -= mean if b > zero else -mean if b < zero else zero
                de -= mean if e > zero else -mean if e < zero else zero
                da, db, de = da / total, db / total, de / total
        store(draw, base + same * plane, db)
        if three:
            store(draw, base, da)
            store(draw, base + 2 * plane, de)

    return BackwardKernels(backward, finish)
