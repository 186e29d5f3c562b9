"""Memory for results that are made again and again, as the gradients of every step of a training.

Memory that is freed goes back to the system, which clears each page it hands out again: for the
gradients of gates, twelve planes and more, that takes as long as computing them. So what a result
has freed waits here for the next one of its size.
"""

from __future__ import annotations

import math

import numpy as np

MOST_KEPT = 256 << 20
"""Bytes that wait at most; the sizes that were asked for first go first."""

_LEAST_KEPT = 1 << 20  # less does not go back to the system at once

_LINE = 64  # bytes of a cache line

# By size. Single operations on lists and dictionaries need no lock, which could be held already by
# the very thread in which a result happens to end.
_waiting: dict[int, list[np.ndarray]] = {}


class _Lease:
    """Memory of one result; waits for the next when the last array or tensor on it is gone."""

    def __init__(self, memory: np.ndarray) -> None:
        self._memory = memory
        self.__array_interface__ = memory.__array_interface__

    def __del__(self) -> None:
        _keep(self._memory)


def _keep(memory: np.ndarray) -> None:
    size = memory.nbytes
    if not _LEAST_KEPT <= size <= MOST_KEPT:
        return
    _waiting.setdefault(size, []).append(memory)
    over = waiting_bytes() - MOST_KEPT
    for other in list(_waiting):
        while over > 0 and _taken(other) is not None:
            over -= other


def _taken(size: int) -> np.ndarray | None:
    try:
        return _waiting[size].pop()
    except (KeyError, IndexError):
        return None


def waiting_bytes() -> int:
    """Return how much memory waits for a next result."""
    return sum(size * len(blocks) for size, blocks in list(_waiting.items()))


def drop_waiting() -> None:
    """Give back to the system what waits for a next result."""
    _waiting.clear()


def empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return an array that begins at a cache line; what is in it may be anything.

    NumPy asks the system for huge pages, which makes first use of the memory much cheaper, but
    begins anywhere; blocks of columns would then lie across two lines each.
    """
    return _aligned(np.empty(math.prod(shape) * dtype.itemsize + _LINE, np.uint8), shape, dtype)


def recurring(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Do as :func:`empty`, for a result that is made again when this one is gone."""
    size = math.prod(shape) * dtype.itemsize + _LINE
    memory = _taken(size)
    if memory is None:
        memory = np.empty(size, np.uint8)
    return _aligned(np.asarray(_Lease(memory)), shape, dtype)


def _aligned(memory: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    start = -memory.ctypes.data % _LINE
    return memory[start : start + memory.nbytes - _LINE].view(dtype).reshape(shape)
