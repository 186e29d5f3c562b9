"""The scan in plain torch operations, a few a line: for devices without a kernel of their own.

Slow, since every line is several launches, but differentiable by autograd and right everywhere;
also what the kernels are compared with.
"""

from __future__ import annotations

import torch
from torch.nn import functional


def scan_torch(x: torch.Tensor, gates: torch.Tensor, directions: tuple[str, ...]) -> torch.Tensor:
    """Same arguments and result as :func:`spn_kernels.scan`."""
    repeats = x.shape[1] // gates.shape[1]
    connections = gates.shape[3]
    offsets = (0,) if connections == 1 else (-1, 0, 1)
    scans = []
    for d, direction in enumerate(directions):
        g = gates[:, :, d].repeat_interleave(repeats, dim=1)  # N, C, K, H, W
        values = x
        if direction in ("right", "left"):
            g, values = g.transpose(-1, -2), values.transpose(-1, -2)
        if direction in ("left", "up"):
            g, values = g.flip(-2), values.flip(-2)
        width = values.shape[-1]
        lines = [values[..., 0, :]]
        for t in range(1, values.shape[-2]):
            here, behind = values[..., t, :], lines[-1]
            padded = functional.pad(behind, (1, 1))
            line = here
            for k, j in enumerate(offsets):
                pull = g[:, :, k, t] * (padded[..., 1 + j : 1 + j + width] - here)
                if j < 0:  # a neighbour outside the image gives its weight back
                    pull = functional.pad(pull[..., 1:], (1, 0))
                elif j > 0:
                    pull = functional.pad(pull[..., :-1], (0, 1))
                line = line + pull
            lines.append(line)
        out = torch.stack(lines, dim=-2)
        if direction in ("left", "up"):
            out = out.flip(-2)
        scans.append(out.transpose(-1, -2) if direction in ("right", "left") else out)
    return torch.stack(scans, dim=2)
