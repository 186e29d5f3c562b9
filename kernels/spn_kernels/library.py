"""The kernels as operators of torch: one node for autograd, ``torch.compile`` and export."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from spn_kernels import cpu, parallel
from spn_kernels.cpu_backward import backward_planes

_NO_WEIGHT: dict[np.dtype, np.ndarray] = {
    np.dtype(t): np.empty((0, 0), t) for t in (np.float32, np.float64)
}


def _empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return an array that begins at a cache line.

    NumPy asks the system for huge pages, which makes first use of the memory much cheaper, but
    begins anywhere; blocks of columns would then lie across two lines each.
    """
    size = int(np.prod(shape)) * dtype.itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().contiguous().numpy()


def _chunks(channels: int, wanted: int) -> list[tuple[int, int]]:
    """Return at most ``wanted`` ranges that cover the channels."""
    count = max(1, min(channels, wanted))
    bounds = [channels * i // count for i in range(count + 1)]
    return list(pairwise(bounds))


def _shares(directions: list[int], wanted: int) -> list[list[int]]:
    """Deal the indices of the directions out to at most ``wanted`` parts.

    In turn, because horizontal scans take longer than vertical ones and stand side by side.
    """
    count = max(1, min(len(directions), wanted))
    return [list(range(i, len(directions), count)) for i in range(count)]


def _task(kernel: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: kernel(*arguments)


def scan_into(
    x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int, out: torch.Tensor
) -> None:
    """Scan into ``out`` (N, C, D, H, W), contiguous."""
    if x.device.type == "cuda":
        from spn_kernels.cuda import scan_into_cuda  # raises where the extra is missing

        return scan_into_cuda(x, gates, directions, mode, out)
    values, raw, target = _array(x), _array(gates), out.detach().numpy()
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    weight = _NO_WEIGHT[values.dtype]
    wanted = -(-parallel.threads() // (n * groups * len(directions)))
    tasks = [
        _task(
            cpu.scan_planes,
            values[i, g * size + a : g * size + b],
            raw[i, g, d],
            target[i, g * size + a : g * size + b],
            d,
            weight,
            direction,
            mode,
            cpu.STORE,
        )
        for i in range(n)
        for g in range(groups)
        for d, direction in enumerate(directions)
        for a, b in _chunks(size, wanted)
    ]
    parallel.run(tasks)


@torch.library.custom_op("spn_kernels::scan", mutates_args=(), device_types="cpu")
def scan_op(x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int) -> torch.Tensor:
    """X (N, C, H, W), raw gates (N, G, D, J, H, W) -> (N, C, D, H, W)."""
    n, channels, height, width = x.shape
    dtype = np.dtype(np.float32 if x.dtype == torch.float32 else np.float64)
    out = torch.from_numpy(_empty((n, channels, len(directions), height, width), dtype))
    scan_into(x, gates, directions, mode, out)
    return out


@scan_op.register_kernel("cuda")
def _(x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int) -> torch.Tensor:
    from spn_kernels.cuda import scan_cuda  # raises where the extra is missing

    return scan_cuda(x, gates, directions, mode)


@scan_op.register_fake
def _(x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int) -> torch.Tensor:
    return x.new_empty((*x.shape[:2], len(directions), *x.shape[2:]))


@torch.library.custom_op("spn_kernels::scan_backward", mutates_args=(), device_types="cpu")
def scan_backward_op(
    x: torch.Tensor,
    gates: torch.Tensor,
    out: torch.Tensor,
    grad: torch.Tensor,
    directions: list[int],
    mode: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of x and of the raw gates; ``out`` and ``grad`` are (N, C, D, H, W)."""
    values, raw, result, received = _array(x), _array(gates), _array(out), _array(grad)
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    # Directions add to one dx; where that leaves threads idle, each part gets a dx of its own.
    parts = _shares(directions, -(-parallel.threads() // (n * groups)))
    dx = _empty((len(parts), *values.shape), values.dtype)
    dgates = _empty(raw.shape, raw.dtype)

    def work(part: int, i: int, g: int) -> None:
        those = slice(g * size, (g + 1) * size)
        for add, d in enumerate(parts[part]):
            backward_planes(
                values[i, those],
                raw[i, g, d],
                result[i, those],
                received[i, those],
                d,
                dx[part, i, those],
                dgates[i, g, d],
                directions[d],
                mode,
                add > 0,
            )

    parallel.run(
        [
            _task(work, part, i, g)
            for i in range(n)
            for g in range(groups)
            for part in range(len(parts))
        ]
    )
    total = dx[0]
    for other in dx[1:]:
        total += other
    return torch.from_numpy(total), torch.from_numpy(dgates)


@scan_backward_op.register_kernel("cuda")
def _(
    x: torch.Tensor,
    gates: torch.Tensor,
    out: torch.Tensor,
    grad: torch.Tensor,
    directions: list[int],
    mode: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    from spn_kernels.cuda import scan_backward_cuda

    return scan_backward_cuda(x, gates, out, grad, directions, mode)


@scan_backward_op.register_fake
def _(
    x: torch.Tensor,
    gates: torch.Tensor,
    out: torch.Tensor,
    grad: torch.Tensor,
    directions: list[int],
    mode: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    return x.new_empty(x.shape), gates.new_empty(gates.shape)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    x, gates, ctx.directions, ctx.mode = inputs
    ctx.save_for_backward(x, gates, output)


def _backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None, None]:
    x, gates, out = ctx.saved_tensors
    dx, dgates = scan_backward_op(x, gates, out, grad, ctx.directions, ctx.mode)
    return dx, dgates, None, None


scan_op.register_autograd(_backward, setup_context=_setup)


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
    values, raw, target = _array(x), _array(gates), out.detach().numpy()
    weighted = None if weights is None else _array(weights)
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    need = -(-parallel.threads() // (n * groups))
    chunks = _chunks(size, need)
    parts = _shares(directions, -(-need // len(chunks)))
    buffers = [target, *(_empty(target.shape, target.dtype) for _ in parts[1:])]
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
            weight = _NO_WEIGHT[values.dtype] if weighted is None else weighted[i, d]
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
            _task(work, part, i, g * size + a, g * size + b, g)
            for i in range(n)
            for g in range(groups)
            for a, b in chunks
            for part in range(len(parts))
        ]
    )
    for buffer in buffers[1:]:
        if merge == "max":
            np.maximum(target, buffer, out=target)
        else:
            target += buffer
