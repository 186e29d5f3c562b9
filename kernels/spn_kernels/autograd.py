"""The scan as one differentiable torch function on the CPU."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from spn_kernels import cpu

VERTICAL = ("down", "up")
REVERSED = ("left", "up")


@lru_cache(maxsize=1)
def _pool(pid: int) -> ThreadPoolExecutor:
    # Keyed by process, so that a forked child does not wait for threads it does not have.
    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="spn-kernels")
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)
    return pool


def _run(tasks: Iterable[Callable[[], object]]) -> None:
    """Run tasks on at most ``torch.get_num_threads()`` threads and wait for them."""
    todo = list(tasks)
    threads = min(torch.get_num_threads(), len(todo))
    if threads <= 1:
        for task in todo:
            task()
        return

    def work(first: int) -> None:
        for task in todo[first::threads]:
            task()

    futures = [_pool(os.getpid()).submit(work, i) for i in range(1, threads)]
    work(0)
    for future in futures:
        future.result()


def _lines(array: torch.Tensor, direction: str) -> np.ndarray:
    """Return the array with the axis of the scan first of the last two, contiguous."""
    if direction not in VERTICAL:
        array = array.transpose(-1, -2)
    return array.contiguous().numpy()


def _image(array: np.ndarray, direction: str) -> torch.Tensor:
    tensor = torch.from_numpy(array)
    return tensor if direction in VERTICAL else tensor.transpose(-1, -2)


class ScanFunction(torch.autograd.Function):
    """x (N, C, H, W), gates (N, G, D, K, H, W), D names -> (N, C, D, H, W)."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, gates: torch.Tensor, directions: tuple[str, ...]
    ) -> torch.Tensor:
        """Scan in every direction."""
        n, channels, height, width = x.shape
        groups = gates.shape[1]
        out = x.new_empty((n, channels, len(directions), height, width))
        plain_x, plain_g = x.detach(), gates.detach()
        tasks: list[Callable[[], object]] = []
        results = []
        for d, direction in enumerate(directions):
            lines_x = _lines(plain_x, direction)
            lines_g = _lines(plain_g[:, :, d], direction)
            lines_o = np.empty_like(lines_x)
            results.append(lines_o)
            for i in range(n):
                for c in range(channels):
                    group = c * groups // channels
                    tasks.append(
                        _task(
                            cpu.scan_rows,
                            lines_x[i, c],
                            lines_g[i, group],
                            lines_o[i, c],
                            direction in REVERSED,
                        )
                    )
        _run(tasks)
        for d, direction in enumerate(directions):
            out[:, :, d] = _image(results[d], direction)
        ctx.save_for_backward(x, gates, out)
        ctx.directions = directions
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx: Any, *grads: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, None]:
        """Return the gradients of x and gates."""
        x, gates, out = ctx.saved_tensors
        grad = grads[0]
        n, channels = x.shape[:2]
        groups = gates.shape[1]
        dx = torch.zeros_like(x)
        dgates = torch.empty_like(gates, memory_format=torch.contiguous_format)
        tasks: list[Callable[[], object]] = []
        results = []
        for d, direction in enumerate(ctx.directions):
            lines_x = _lines(x, direction)
            lines_g = _lines(gates[:, :, d], direction)
            lines_o = _lines(out[:, :, d], direction)
            lines_d = _lines(grad[:, :, d], direction)
            dx_d, dg_d = np.zeros_like(lines_x), np.zeros_like(lines_g)
            results.append((dx_d, dg_d))
            for i in range(n):
                for group in range(groups):
                    members = [c for c in range(channels) if c * groups // channels == group]
                    tasks.append(
                        _group_task(
                            (lines_x[i], lines_g[i, group], lines_o[i], lines_d[i]),
                            (dx_d[i], dg_d[i, group]),
                            members,
                            direction in REVERSED,
                        )
                    )
        _run(tasks)
        for d, direction in enumerate(ctx.directions):
            dx += _image(results[d][0], direction)
            dgates[:, :, d] = _image(results[d][1], direction)
        return dx, dgates, None


def _task(kernel: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: kernel(*arguments)


def _group_task(
    inputs: tuple[np.ndarray, ...],
    outputs: tuple[np.ndarray, np.ndarray],
    members: list[int],
    reverse: bool,
) -> Callable[[], object]:
    x, gates, out, grad = inputs
    dx, dgates = outputs

    def run() -> None:
        # Channels of a group one after the other: their gate gradients add up without atomics.
        for c in members:
            cpu.scan_rows_backward(x[c], gates, out[c], grad[c], dx[c], dgates, reverse)

    return run
