"""Which device a refinement runs on."""

from __future__ import annotations

import torch
from spn_kernels import CudaUnavailableError
from spn_kernels.cuda_seam import cuda_module

from spn_annotator.errors import UsageError


def resolve_device(name: str) -> torch.device:
    """Return the device for ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.

    Raises
    ------
    UsageError
        The name means nothing, or there is no such device on this machine.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() and _has_kernels() else "cpu")
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda") or (number and not number.isdigit()):
        raise UsageError(f"there is no device {name!r}", remedy="Use auto, cpu, cuda or cuda:N")
    if kind == "cuda" and int(number or 0) >= torch.cuda.device_count():
        raise UsageError(
            f"the device {name!r} was asked for, but this machine has "
            f"{torch.cuda.device_count()} CUDA devices that torch can use",
            remedy="Use --device auto or cpu, or run `spn-annotator doctor`",
        )
    if kind == "cuda" and not _has_kernels():
        raise UsageError(
            "the device 'cuda' was asked for, but the kernels for it are not installed",
            remedy="Install spn-annotator[cuda], or use --device cpu",
        )
    return torch.device(name)


def limit_threads(threads: int) -> None:
    """Let torch, and the kernels with it, compute on so many threads in this process."""
    torch.set_num_threads(threads)


def _has_kernels() -> bool:
    try:
        cuda_module()
    except CudaUnavailableError:
        return False
    return True
