"""Which device a refinement runs on, and in what precision."""

from __future__ import annotations

from typing import Literal, get_args

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


Precision = Literal["auto", "32", "bf16"]
"""Of the network's convolutions; everything else is in single precision."""


def convolution_type(precision: Precision, device: torch.device) -> torch.dtype:
    """Return the type that convolutions are worked out in.

    ``auto`` is bfloat16 where the CPU multiplies it in hardware (AVX-512 BF16: AMD since Zen 4;
    AMX: Intel's server processors since 2023), which takes a half to two thirds of the time, and
    single precision everywhere else. See docs/adr/0015-bf16-on-cpus-that-multiply-it.md.

    Raises
    ------
    UsageError
        There is no such precision.
    """
    if precision not in get_args(Precision):
        raise UsageError(f"there is no precision {precision!r}", remedy="Use auto, 32 or bf16")
    if precision == "auto":
        short = device.type == "cpu" and has_fast_bf16()
    else:
        short = precision == "bf16"
    return torch.bfloat16 if short else torch.float32


def has_fast_bf16() -> bool:
    """Return whether this CPU, and the torch that runs on it, multiply bfloat16 in hardware."""
    # The functions are torch's own and may be gone in another version: then there is none.
    instructions = (
        getattr(torch.cpu, name, lambda: False)
        for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    )
    # By itself it says yes where bfloat16 has to be taken apart, which is slow.
    kernels = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    return torch.backends.mkldnn.is_available() and any(f() for f in instructions) and kernels()


def limit_threads(threads: int) -> None:
    """Let torch, and the kernels with it, compute on so many threads in this process."""
    torch.set_num_threads(threads)


def _has_kernels() -> bool:
    try:
        cuda_module()
    except CudaUnavailableError:
        return False
    return True
