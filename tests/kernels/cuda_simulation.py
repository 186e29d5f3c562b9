"""Runs the CUDA path in Numba's simulator against the reference; started by test_cuda.py.

``--all`` runs every case, which takes minutes; without it a seeded choice.

A process of its own, because the simulator is chosen when numba.cuda is imported first.
"""

from __future__ import annotations

import itertools
import sys

import numpy as np
import torch
from spn_kernels import cuda, reference
from spn_kernels.cuda_seam import simulated
from spn_kernels.gates import MODES, normalize_gates

DIRECTIONS = ("right", "left", "down", "up")
SHAPES = [
    # images, channels, groups, height, width, most threads of a block, blocks that are wanted
    (1, 2, 1, 3, 5, 8, 256),
    (2, 2, 2, 11, 9, 8, 0),  # more rows than threads: several elements a thread, no tile
    (1, 1, 1, 1, 1, 8, 256),
    (1, 1, 1, 1, 19, 8, 256),  # several tiles, the last one not full
    (1, 1, 1, 9, 1, 16, 256),
    (1, 4, 2, 4, 17, 16, 0),  # two channels a group
]
# Of a stored number: half of the distance to the next one, relative to its size, and some more.
ERROR = {
    torch.float64: 1e-11,
    torch.float32: 5e-5,
    torch.float16: 2**-11 + 1e-5,
    torch.bfloat16: 2**-8 + 1e-5,
}


def close(found, expected, dtype, what, *, times=1.0):
    expected = torch.as_tensor(expected)
    bound = times * ERROR[dtype] * max(1.0, float(expected.abs().max()))
    if found.dtype != dtype:
        sys.exit(f"{what}: {found.dtype}")
    worst = (found.double() - expected).abs().max().item()
    if not worst <= bound:  # NaN where nothing was written fails here too
        sys.exit(f"{what}: off by {worst}, more than {bound}")


def check(dtype, mode, connections, shape):
    n, c, g, h, w, cuda.MOST_THREADS, cuda._BLOCKS_WANTED = shape
    generator = torch.Generator().manual_seed(sum(shape))
    planes = connections + (mode == 2)
    # All directions in the usual order, or some of them in another.
    codes = [3, 0, 1] if c == 1 else [0, 1, 2, 3]
    names, d = [DIRECTIONS[i] for i in codes], len(codes)
    x = torch.randn(n, c, h, w, generator=generator).to(dtype)
    scale = 0.3 if mode == 0 else 2
    raw = (scale * torch.randn(n, g, d, planes, h, w, generator=generator)).to(dtype)
    # Where gates sum up to just one, the gradient of what limits that sum is a matter of taste.
    raw[(raw.double().abs().sum(3, keepdim=True) == 1).expand_as(raw)] *= 0.5
    wide, leaf = x.double(), raw.double().requires_grad_()
    gates = normalize_gates(leaf, MODES[mode])
    what = f"{dtype} {MODES[mode]} {connections} {shape}"

    scans = torch.from_numpy(reference.scan(wide, gates.detach(), names))
    out = torch.full(scans.shape, torch.nan, dtype=dtype)
    cuda.scan_into_cuda(x, raw, codes, mode, out)
    close(out, scans, dtype, f"forward {what}")

    weights = torch.rand(n, d + 1, h, w, generator=generator).to(dtype)
    with_x = torch.cat([scans, wide[:, :, None]], dim=2)
    for merge, count, expected in (
        ("max", 0, scans.amax(2)),
        ("mean", 0, scans.mean(2)),
        ("weights", d, (scans * weights[:, None, :d].double()).sum(2)),
        ("weights", d + 1, (with_x * weights[:, None].double()).sum(2)),
    ):
        merged = torch.full_like(x, torch.nan)
        given = weights[:, :count] if count else None
        cuda.merge_scans_cuda(x, raw, codes, mode, merge, given, merged)
        close(merged, expected, dtype, f"{merge} {count} {what}")

    grad = torch.randn(scans.shape, generator=generator).to(dtype)
    dx, dgates = reference.scan_backward(wide, gates.detach(), names, grad.double().numpy())
    gates.backward(torch.from_numpy(dgates))
    found_dx, found_draw = cuda.scan_backward_cuda(x, raw, out, grad, codes, mode)
    close(found_dx, dx, dtype, f"dx {what}")
    # Gate gradients are made with the results as they were stored.
    close(found_draw, leaf.grad, dtype, f"dgates {what}", times=4)


def main():
    assert simulated()
    pairs = list(itertools.product(range(3), (1, 3)))
    dtypes = list(ERROR)
    cases = [
        (dtypes[(i + j) % len(dtypes)], *pair, shape)
        for i, pair in enumerate(pairs)
        for j, shape in enumerate(SHAPES)
    ]
    if "--all" not in sys.argv:
        # Every mode and number of connections, every shape and every dtype, not each with each.
        order = np.random.default_rng(0).permutation(len(SHAPES))
        cases = [(dtypes[i % len(dtypes)], *pair, SHAPES[order[i]]) for i, pair in enumerate(pairs)]
    for case in cases:
        check(*case)
    print(f"{len(cases)} cases agree: {', '.join(sorted({str(c[0]) for c in cases}))}")


if __name__ == "__main__":
    main()
