"""How tensors are handed to the kernels for the CPU, and how their work is dealt out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

from spn_kernels import parallel

NO_WEIGHT: dict[np.dtype, np.ndarray] = {
    np.dtype(t): np.empty((0, 0), t) for t in (np.float32, np.float64)
}
"""In the place of a weight, where ``cpu.scan_planes`` needs none."""


def array_of(tensor: torch.Tensor) -> np.ndarray:
    """Return a tensor on the CPU as an array, contiguous; a copy only where it is not that yet."""
    return tensor.detach().contiguous().numpy()


def is_plain_call(*tensors: torch.Tensor) -> bool:
    """Say whether kernels may be called as they are: nobody compiles, nor asks for gradients."""
    if torch.compiler.is_compiling():
        return False
    return not (torch.is_grad_enabled() and any(t.requires_grad for t in tensors))


def chunks_of(channels: int, wanted: int) -> list[tuple[int, int]]:
    """Return at most ``wanted`` ranges that cover the channels."""
    count = max(1, min(channels, wanted))
    bounds = [channels * i // count for i in range(count + 1)]
    return list(pairwise(bounds))


def shares_of(directions: list[int], wanted: int) -> list[list[int]]:
    """Deal the indices of the directions out to at most ``wanted`` parts.

    In turn, because horizontal scans take longer than vertical ones and stand side by side.
    """
    count = max(1, min(len(directions), wanted))
    return [list(range(i, len(directions), count)) for i in range(count)]


def task(kernel: Callable[..., object], *arguments: object) -> Callable[[], object]:
    """Return a call that takes nothing."""
    return lambda: kernel(*arguments)


def gather(parts: Sequence[np.ndarray], combine: np.ufunc) -> None:
    """Combine arrays of one shape, contiguous, into the first of them, on all threads."""
    if len(parts) < 2:
        return
    flat = [part.reshape(-1) for part in parts]

    def work(first: int, last: int) -> None:
        total = flat[0][first:last]
        for other in flat[1:]:
            combine(total, other[first:last], out=total)

    parallel.run([task(work, a, b) for a, b in chunks_of(flat[0].size, parallel.threads())])
