"""How CUDA kernels read and write numbers: stored in 2, 4 or 8 bytes, computed in float32 or more.

Half precision is read and written in place. Processors before compute capability 8 have no
instruction for bfloat16 and Numba's simulator has no such type, so kernels see its bits as uint16:
they are the upper half of a float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from spn_kernels.cuda_seam import cuda_module, simulated

# A name of each module with kernels, because the simulator puts its own in the place of this one.
cuda = cuda_module()

MOST_THREADS = 1024
"""Threads of the largest block."""

_MOST_REGISTERS = 64
"""Of a thread, so that the largest block fits on every device."""


def device(function: Callable[..., Any]) -> Any:
    """Return a function that kernels call; none of ours asks for the thread it runs in."""
    # The simulator takes plain functions, and wrapped ones slow it down several times.
    return function if simulated() else cuda.jit(device=True)(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Return a kernel that can be launched with ``MOST_THREADS``."""
    if simulated():
        return cuda.jit(function)
    return cuda.jit(max_registers=_MOST_REGISTERS)(function)


# Without a sign there is no question whether to count from the end.
_index = np.uint64


@dataclass(frozen=True)
class Storage:
    """Functions for one way to store numbers: ``load(array, at)``, ``store(array, at, value)``."""

    number: type[np.floating[Any]]
    """In which values are computed."""
    item: np.dtype[Any]
    """The same, as arrays in kernels ask for it."""
    load: Any
    store: Any


@cache
def storage(name: str) -> Storage:
    """Return how ``"float16"``, ``"bfloat16"``, ``"float32"`` or ``"float64"`` is read and written.

    Kernels get arrays of that type, and of uint16 for bfloat16.
    """
    if name == "bfloat16":
        return Storage(np.float32, np.dtype(np.float32), _load_bfloat16(), _store_bfloat16())
    stored = np.dtype(name).type
    number = np.float64 if name == "float64" else np.float32

    def load(array, at):
        return number(array[_index(at)])

    def store(array, at, value):
        array[_index(at)] = stored(value)

    return Storage(number, np.dtype(number), device(load), device(store))


def _load_bfloat16():
    def load(array, at):
        return np.uint32(np.uint32(array[_index(at)]) << np.uint32(16)).view(np.float32)

    return device(load)


def _store_bfloat16():
    def store(array, at, value):
        number = np.float32(value)
        bits = number.view(np.uint32)
        if number == number:
            # To the nearest, and where two are as near to the even one.
            odd = (bits >> np.uint32(16)) & np.uint32(1)
            bits = np.uint32(bits + np.uint32(0x7FFF) + odd)
        else:
            bits = np.uint32(bits | np.uint32(0x400000))  # rounding would make it infinite
        array[_index(at)] = np.uint16(bits >> np.uint32(16))

    return device(store)
