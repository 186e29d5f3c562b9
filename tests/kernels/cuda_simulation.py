"""Runs the CUDA kernels in Numba's simulator against the reference; started by test_cuda.py.

``--all`` runs every case, which takes minutes; without it a seeded choice.

A process of its own, because the simulator is chosen when numba.cuda is imported first.
"""

from __future__ import annotations

import itertools
import sys

import numpy as np
import torch
from spn_kernels import reference
from spn_kernels.cuda import pack
from spn_kernels.cuda_kernels import TILE, kernels
from spn_kernels.cuda_seam import simulated
from spn_kernels.gates import normalize_gates

DIRECTIONS = ("right", "left", "down", "up")
SHAPES = [
    # images, channels, groups, height, width, threads
    (1, 2, 1, 3, 5, 6),
    (2, 2, 2, 3, 9, 2),  # fewer threads than elements: several elements a thread
    (1, 1, 1, 1, 1, 2),
    (1, 1, 1, 1, 9, 3),
    (1, 1, 1, 9, 1, 3),
    (1, 4, 2, 4, 17, 5),  # two channels a group, more than two tiles
]
TOLERANCE = {"float32": 5e-5, "float64": 1e-11}


def close(found, expected, dtype, what):
    worst = np.abs(found - expected).max()
    if not worst <= TOLERANCE[dtype]:  # NaN where nothing was written fails here too
        sys.exit(f"{what}: off by {worst}")


def check(dtype, mode, normalization, connections, shape):
    n, c, g, h, w, threads = shape
    rng = np.random.default_rng(sum(shape))
    x = rng.normal(size=(n, c, h, w)).astype(dtype)
    planes = connections + (mode == 2)
    raw = rng.normal(size=(n, g, 4, planes, h, w)).astype(dtype) * (0.3 if mode == 0 else 2)
    raw = raw.astype(dtype)
    gates = normalize_gates(torch.from_numpy(raw).double(), normalization).numpy()
    kernel, m = kernels(dtype, connections, mode), max(h, w)
    what = f"{dtype} {normalization} {connections} {shape}"
    # All directions in the usual order, or some of them in another.
    for codes in ([3, 0],) if shape[1] == 1 else ([0, 1, 2, 3],):
        names = [DIRECTIONS[i] for i in codes]
        chosen = np.ascontiguousarray(raw[:, :, : len(codes)])
        expected = reference.scan(x, gates[:, :, : len(codes)], names)
        out = np.empty(0)
        for tiled in (False, True):
            out = np.full((n, c, len(codes), h, w), np.nan, dtype)
            shared = (2 * (m + 2) + (m * (TILE + 1) if tiled else 0)) * x.itemsize
            kernel.forward[(len(codes), c, n), threads, 0, shared](
                x.ravel(), chosen.ravel(), out.reshape(-1), pack(codes), c, g, h, w, tiled
            )
            close(out, expected, dtype, f"forward {what} tiled={tiled}")
        grad = rng.normal(size=out.shape).astype(dtype)
        dx_expected, dg_expected = reference.scan_backward(
            x, gates[:, :, : len(codes)], names, grad
        )
        for chunks in {1, c // g}:
            dx = np.full(out.shape, np.nan, dtype)
            dg = np.full((n, chunks, g, len(codes), connections, h, w), np.nan, dtype)
            kernel.backward[(len(codes), chunks, n * g), threads, 0, 6 * (m + 2) * x.itemsize](
                x.ravel(), chosen.ravel(), out.ravel(), grad.ravel(), dx.reshape(-1),
                dg.reshape(-1), pack(codes), c, g, chunks, h, w,
            )  # fmt: skip
            close(dx.sum(2), dx_expected, dtype, f"dx {what} chunks={chunks}")
            close(dg.sum(1), dg_expected, dtype, f"dgates {what} chunks={chunks}")


def main():
    assert simulated()
    modes = list(enumerate((None, "signed", "convex")))
    cases = list(itertools.product(modes, TOLERANCE, (1, 3), SHAPES))
    if "--all" not in sys.argv:
        # Every mode and number of connections once, on shapes and dtypes that are drawn.
        rng = np.random.default_rng(0)
        pairs = list(itertools.product(modes, (1, 3)))
        shapes = rng.permutation(len(SHAPES))
        dtypes = rng.permutation([*TOLERANCE] * 3)
        cases = [
            (mode, str(dtypes[i]), connections, SHAPES[shapes[i]])
            for i, (mode, connections) in enumerate(pairs)
        ]
    for (mode, normalization), dtype, connections, shape in cases:
        check(dtype, mode, normalization, connections, shape)
    print(f"{len(cases)} cases agree")


if __name__ == "__main__":
    main()
