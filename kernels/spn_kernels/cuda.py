"""Scans of torch tensors on CUDA, forward and backward, on torch's current stream."""

from __future__ import annotations

import torch

from spn_kernels.cuda_kernels import MOST_THREADS, TILE, cuda, kernels
from spn_kernels.gates import MODES, normalize_gates

_SHARED_BYTES = 48 * 1024
"""Shared memory that every device grants a block without being asked."""

_BLOCKS_WANTED = 256
"""Blocks that keep a large device busy in the backward pass."""

_ARITHMETIC = {
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.float32: torch.float32,
    torch.float64: torch.float64,
}


class LineTooLongError(ValueError):
    """The lines of an image do not fit into the shared memory of a block."""


def _threads(m: int) -> int:
    return min(MOST_THREADS, -(-m // 32) * 32)


def pack(directions: list[int]) -> int:
    """Return the codes of up to eight directions in one number, two bits each."""
    return sum(code << (2 * i) for i, code in enumerate(directions))


def forward_plan(
    m: int, item: int, *, horizontal: bool, limit: int = _SHARED_BYTES
) -> tuple[int, int, bool]:
    """Return threads, bytes of shared memory, and whether results go through a tile.

    Parameters
    ----------
    m : int
        Elements of the longest line.
    item : int
        Bytes of an element.

    Raises
    ------
    LineTooLongError
        Two lines do not fit into ``limit`` bytes.
    """
    lines = 2 * (m + 2) * item
    if lines > limit:
        raise LineTooLongError(
            f"x: lines of {m} elements of {item} bytes do not fit into {limit} bytes of shared "
            "memory; split the image into tiles"
        )
    tile = m * (TILE + 1) * item
    tiled = horizontal and lines + tile <= limit
    return _threads(m), lines + (tile if tiled else 0), tiled


def _flat(tensor: torch.Tensor) -> object:
    return cuda.as_cuda_array(tensor.detach().reshape(-1))


def _stream(device: torch.device) -> object:
    return cuda.external_stream(torch.cuda.current_stream(device).cuda_stream)


def scan_cuda(
    x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int
) -> torch.Tensor:
    """Return all scans, (N, C, D, H, W); half types are computed in float32."""
    kind = _ARITHMETIC[x.dtype]
    values, raw = x.to(kind).contiguous(), gates.to(kind).contiguous()
    n, channels, height, width = values.shape
    groups, planes = raw.shape[1], raw.shape[3]
    out = values.new_empty((n, channels, len(directions), height, width))
    m = max(
        height if any(d < 2 for d in directions) else 0,
        width if any(d >= 2 for d in directions) else 0,
    )
    horizontal = any(d < 2 for d in directions)
    threads, shared, tiled = forward_plan(m, values.element_size(), horizontal=horizontal)
    kernel = kernels(str(kind).removeprefix("torch."), planes - (mode == 2), mode).forward
    launch = kernel[(len(directions), channels, n), threads, _stream(x.device), shared]
    launch(
        _flat(values), _flat(raw), _flat(out), pack(directions), channels, groups, height, width,
        tiled,
    )  # fmt: skip
    return out.to(x.dtype)


def scan_backward_cuda(
    x: torch.Tensor,
    gates: torch.Tensor,
    out: torch.Tensor,
    grad: torch.Tensor,
    directions: list[int],
    mode: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of x and of the raw gates."""
    kind = _ARITHMETIC[x.dtype]
    values, raw, result, received = (t.to(kind).contiguous() for t in (x, gates, out, grad))
    n, channels, height, width = values.shape
    groups, planes = raw.shape[1], raw.shape[3]
    kept = planes - (mode == 2)
    d = len(directions)
    m = max(height, width)
    shared = 6 * (m + 2) * values.element_size()
    if shared > _SHARED_BYTES:
        raise LineTooLongError(
            f"x: the gradient of lines of {m} elements does not fit into {_SHARED_BYTES} bytes "
            "of shared memory; train on smaller crops"
        )
    chunks = max(1, min(channels // groups, _BLOCKS_WANTED // (d * n * groups)))
    dx = values.new_empty((n, channels, d, height, width))
    dgates = values.new_empty((n, chunks, groups, d, kept, height, width))
    kernel = kernels(str(kind).removeprefix("torch."), kept, mode).backward
    launch = kernel[(d, chunks, n * groups), _threads(m), _stream(x.device), shared]
    launch(
        _flat(values), _flat(raw), _flat(result), _flat(received), _flat(dx), _flat(dgates),
        pack(directions), channels, groups, chunks, height, width,
    )  # fmt: skip
    normalized = dgates.sum(1)
    if mode:
        with torch.enable_grad():
            leaf = raw.detach().requires_grad_()
            normalized = torch.autograd.grad(normalize_gates(leaf, MODES[mode]), leaf, normalized)[
                0
            ]
    return dx.sum(2).to(x.dtype), normalized.to(gates.dtype)
