"""The kernels as operators of torch: one node for autograd, ``torch.compile`` and export."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from spn_kernels import cpu, parallel
from spn_kernels.cpu_backward import backward_planes
from spn_kernels.memory import recurring
from spn_kernels.sharing import NO_WEIGHT, array_of, chunks_of, gather, shares_of, task


def scan_into(
    x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int, out: torch.Tensor
) -> None:
    """Scan into ``out`` (N, C, D, H, W), contiguous."""
    if x.device.type == "cuda":
        from spn_kernels.cuda import scan_into_cuda  # raises where the extra is missing

        return scan_into_cuda(x, gates, directions, mode, out)
    values, raw, target = array_of(x), array_of(gates), out.detach().numpy()
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    weight = NO_WEIGHT[values.dtype]
    wanted = -(-parallel.threads() // (n * groups * len(directions)))
    tasks = [
        task(
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
        for a, b in chunks_of(size, wanted)
    ]
    parallel.run(tasks)


@torch.library.custom_op("spn_kernels::scan", mutates_args=(), device_types="cpu")
def scan_op(x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int) -> torch.Tensor:
    """X (N, C, H, W), raw gates (N, G, D, J, H, W) -> (N, C, D, H, W)."""
    n, channels, height, width = x.shape
    dtype = np.dtype(np.float32 if x.dtype == torch.float32 else np.float64)
    out = torch.from_numpy(recurring((n, channels, len(directions), height, width), dtype))
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
    values, raw, result, received = array_of(x), array_of(gates), array_of(out), array_of(grad)
    n, channels = values.shape[:2]
    groups = raw.shape[1]
    size = channels // groups
    # Directions add to one dx and channels to one set of gate gradients. Where that leaves threads
    # idle, parts of the work get their own of the one or the other, whichever is less to add up.
    wanted = -(-parallel.threads() // (n * groups))
    if size > raw.shape[2] * raw.shape[3]:
        chunks = chunks_of(size, wanted)
        parts = shares_of(directions, -(-wanted // len(chunks)))
    else:
        parts = shares_of(directions, wanted)
        chunks = chunks_of(size, -(-wanted // len(parts)))
    # Apart, so that the first, which is returned, holds no other's memory.
    dx = [recurring(values.shape, values.dtype) for _ in parts]
    dgates = [recurring(raw.shape, raw.dtype) for _ in chunks]

    def work(part: int, chunk: int, i: int, g: int) -> None:
        first, last = chunks[chunk]
        those = slice(g * size + first, g * size + last)
        for add, d in enumerate(parts[part]):
            backward_planes(
                values[i, those],
                raw[i, g, d],
                result[i, those],
                received[i, those],
                d,
                dx[part][i, those],
                dgates[chunk][i, g, d],
                directions[d],
                mode,
                add > 0,
            )

    parallel.run(
        [
            task(work, part, chunk, i, g)
            for i in range(n)
            for g in range(groups)
            for part in range(len(parts))
            for chunk in range(len(chunks))
        ]
    )
    gather(dx, np.add)
    gather(dgates, np.add)
    return torch.from_numpy(dx[0]), torch.from_numpy(dgates[0])


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
