"""The straightforward CUDA scan that the kernels are compared with: a launch for each line."""

from __future__ import annotations

import torch
from spn_kernels.cuda import flat, stream_of
from spn_kernels.cuda_seam import cuda_module, simulated

# A name of the module, because the simulator puts its own module in the place of this one.
cuda = cuda_module()


@cuda.jit
def _line(x, gates, out, d, channels, groups, height, width, horizontal, t, before, count):
    """Scan line ``t`` of all planes in direction ``d`` of four, three-way; ``before`` or -1."""
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i >= count:
        return
    m = height if horizontal else width
    k, which = i % m, i // m
    n, c = which // channels, which % channels
    step_t, step_k = (1, width) if horizontal else (width, 1)
    plane = height * width
    at = t * step_t + k * step_k
    g_base = ((n * groups + c * groups // channels) * 4 + d) * 3 * plane
    o_base = (which * 4 + d) * plane
    here = x[which * plane + at]
    value = here
    if before >= 0:
        for j in range(3):
            other = k + j - 1
            if 0 <= other < m:
                behind = out[o_base + before * step_t + other * step_k]
                value += gates[g_base + j * plane + at] * (behind - here)
    out[o_base + at] = value


def scan_line_by_line(x: torch.Tensor, gates: torch.Tensor, out: torch.Tensor) -> None:
    """Scan in the four directions into ``out`` (N, C, 4, H, W), gates three-way as they are."""
    n, channels, height, width = x.shape
    threads = 8 if simulated() else 256
    stream = stream_of(x.device)
    arrays = [flat(t) for t in (x, gates, out)]
    for d in range(4):
        horizontal, reverse = d < 2, d % 2 == 1
        length, m = (width, height) if horizontal else (height, width)
        count = n * channels * m
        launch = _line[-(-count // threads), threads, stream]
        for step in range(length):
            t = length - 1 - step if reverse else step
            before = -1 if step == 0 else (t + 1 if reverse else t - 1)
            launch(
                *arrays, d, channels, gates.shape[1], height, width, horizontal, t, before, count
            )
