"""Inference in one go: all directions, the normalisation and the merge, without kept scans."""

from __future__ import annotations

import numpy as np
import torch

from spn_kernels import cpu, parallel
from spn_kernels.memory import empty
from spn_kernels.sharing import NO_WEIGHT, array_of, chunks_of, gather, shares_of, task


def merge_scans(
    x: torch.Tensor,
    gates: torch.Tensor,
    directions: list[int],
    mode: int,
    merge: str,
    weights: torch.Tensor | None,
    out: torch.Tensor,
) -> None:
    """Scan and merge in one go into ``out`` (N, C, H, W), contiguous; no scan is kept.

    ``merge`` is ``"max"``, ``"mean"`` or ``"weights"``, these (N, D or D + 1, H, W).
    """
    if x.device.type == "cuda":
        from spn_kernels.cuda import merge_scans_cuda

        return merge_scans_cuda(x, gates, directions, mode, merge, weights, out)
    values, raw, target = array_of(x), array_of(gates), out.detach().numpy()
    weighted = None if weights is None else array_of(weights)
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    need = -(-parallel.threads() // (n * groups))
    chunks = chunks_of(size, need)
    parts = shares_of(directions, -(-need // len(chunks)))
    buffers = [target, *(empty(target.shape, target.dtype) for _ in parts[1:])]
    if merge == "mean":
        share = values.dtype.type(1 / len(directions))
        weighted = np.full((n, len(directions), *values.shape[2:]), share)

    def work(part: int, i: int, first: int, last: int, g: int) -> None:
        buffer = buffers[part][i, first:last, None]
        begun = part == 0 and weighted is not None and weighted.shape[1] > len(directions)
        if begun:
            assert weighted is not None
            np.multiply(weighted[i, -1], values[i, first:last], out=buffer[:, 0])
        for d in parts[part]:
            weight = NO_WEIGHT[values.dtype] if weighted is None else weighted[i, d]
            if merge == "max":
                code = cpu.MAX if begun else cpu.STORE
            else:
                code = cpu.WEIGHT_ADD if begun else cpu.WEIGHT_SET
            cpu.scan_planes(
                values[i, first:last],
                raw[i, g, d],
                buffer,
                0,
                weight,
                directions[d],
                mode,
                code,
            )
            begun = True

    parallel.run(
        [
            task(work, part, i, g * size + a, g * size + b, g)
            for i in range(n)
            for g in range(groups)
            for a, b in chunks
            for part in range(len(parts))
        ]
    )
    gather(buffers, np.maximum if merge == "max" else np.add)
