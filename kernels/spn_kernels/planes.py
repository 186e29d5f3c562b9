"""Between the planes that scans read and the layout that convolutions are quickest in.

A network that computes gates at half the size ends with a pixel shuffle. From convolutions whose
channels lie together (``torch.channels_last``) that gives planes whose channels still lie together,
and putting each plane in a piece costs as much as a convolution. Here both are one step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from spn_kernels import parallel
from spn_kernels.memory import empty
from spn_kernels.sharing import chunks_of, is_plain_call, task
from spn_kernels.simd import columns_to_lines, jit, lines_to_columns

_GAP = 16
"""Elements between lines, which must not all fall into the same few places of the cache."""


@jit
def _spread_rows(source, target, first, last):
    """Put ``source`` (h, w, 4 C), its rows from ``first`` to ``last``, into (C, 2 h, 2 w)."""
    width, channels = source.shape[1:]
    lines = np.empty((channels, width + _GAP), source.dtype)
    for y in range(first, last):
        columns_to_lines(source[y], lines[:, :width])
        for i in range(channels // 2):
            row = target[i // 2, 2 * y + i % 2]
            for x in range(width):
                row[2 * x] = lines[2 * i, x]
                row[2 * x + 1] = lines[2 * i + 1, x]


@jit
def _gather_rows(source, target, first, last):
    """Put ``source`` (C, 2 h, 2 w) into ``target`` (h, w, 4 C), rows from ``first`` to ``last``."""
    width, channels = target.shape[1:]
    lines = np.empty((channels, width + _GAP), source.dtype)
    for y in range(first, last):
        for i in range(channels // 2):
            row = source[i // 2, 2 * y + i % 2]
            for x in range(width):
                lines[2 * i, x] = row[2 * x]
                lines[2 * i + 1, x] = row[2 * x + 1]
        lines_to_columns(lines[:, :width], target[y])


def _has_kernel(x: torch.Tensor) -> bool:
    return x.device.type == "cpu" and x.dtype == torch.float32 and is_plain_call(x)


def _run(kernel: Callable[..., object], source: np.ndarray, target: np.ndarray, rows: int) -> None:
    """Call a kernel for each image, its rows dealt out to all threads."""
    parts = chunks_of(rows, -(-parallel.threads() // len(source)))
    parallel.run(
        [task(kernel, *pair, a, b) for pair in zip(source, target, strict=True) for a, b in parts]
    )


def depth_to_space(x: torch.Tensor) -> torch.Tensor:
    """Return ``torch.nn.functional.pixel_shuffle(x, 2)``, each plane in one piece.

    Parameters
    ----------
    x : (N, 4 C, H, W)
        Quickest in float32 on a CPU, with ``torch.channels_last`` and without gradients.

    Returns
    -------
    (N, C, 2 H, 2 W), contiguous
    """
    lies_together = x.ndim == 4 and x.is_contiguous(memory_format=torch.channels_last)
    if not (lies_together and x.shape[1] % 4 == 0 and _has_kernel(x)):
        return functional.pixel_shuffle(x, 2).contiguous()
    n, channels, height, width = x.shape
    target = empty((n, channels // 4, 2 * height, 2 * width), np.dtype(np.float32))
    _run(_spread_rows, x.detach().permute(0, 2, 3, 1).numpy(), target, height)
    return torch.from_numpy(target)


def space_to_depth(x: torch.Tensor) -> torch.Tensor:
    """Return ``torch.nn.functional.pixel_unshuffle(x, 2)``, the channels of a pixel together.

    Parameters
    ----------
    x : (N, C, 2 H, 2 W)
        Quickest in float32 on a CPU, contiguous and without gradients.

    Returns
    -------
    (N, 4 C, H, W), ``torch.channels_last``
    """
    even = x.ndim == 4 and x.shape[2] % 2 == x.shape[3] % 2 == 0
    if not (even and x.is_contiguous() and _has_kernel(x)):
        shuffled = functional.pixel_unshuffle(x, 2)
        return shuffled.contiguous(memory_format=torch.channels_last)
    n, channels, height, width = x.shape
    target = empty((n, height // 2, width // 2, 4 * channels), np.dtype(np.float32))
    _run(_gather_rows, x.detach().numpy(), target, height // 2)
    return torch.from_numpy(target).permute(0, 3, 1, 2)
