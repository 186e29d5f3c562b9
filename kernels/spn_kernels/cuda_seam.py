"""The one import of Numba's CUDA target, so that the package behind it can be exchanged."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from types import ModuleType


class CudaUnavailableError(RuntimeError):
    """A CUDA tensor came in, but the kernels for CUDA cannot be compiled here."""


def simulated() -> bool:
    """Say whether kernels run in Numba's CUDA simulator, on the CPU."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") not in ("", "0")


@lru_cache(maxsize=1)
def cuda_module() -> ModuleType:
    """Return ``numba.cuda`` as the package numba-cuda provides it.

    Raises
    ------
    CudaUnavailableError
        The package is missing, or cannot be imported beside the others.
    """
    if find_spec("numba_cuda") is None:
        raise CudaUnavailableError(
            "tensors on CUDA need the package numba-cuda: install spn-annotator[cuda], "
            "or [cuda12] for drivers older than CUDA 13"
        )
    try:
        from numba import cuda
    except Exception as error:
        raise CudaUnavailableError(
            f"numba-cuda is installed but cannot be imported ({error}); "
            "its release must fit those of numba and numpy"
        ) from error
    if not simulated() and getattr(cuda, "implementation", "") != "NVIDIA":
        raise CudaUnavailableError(
            "numba found its old built-in CUDA target instead of numba-cuda; "
            "install spn-annotator[cuda] again"
        )
    return cuda
