"""From what a network returns to gates that keep the propagation stable."""

from __future__ import annotations

from typing import Literal

import torch

Normalization = Literal["convex", "signed"] | None

MODES: tuple[Normalization, ...] = (None, "signed", "convex")
"""Normalisations in the order of the codes that the kernels take."""


def normalize_gates(gates: torch.Tensor, normalization: Normalization) -> torch.Tensor:
    """Return gates with a sum of absolute values of at most 1 at each pixel.

    That sum is the condition for stability in section 3.2 of Liu et al. 2017 (Gershgorin).

    Parameters
    ----------
    gates : (N, G, D, K, H, W)
        ``"convex"``: K = connections + 1 logits, the last for keeping x. ``"signed"`` and ``None``:
        K = connections.
    normalization : {"convex", "signed", None}
        ``"convex"`` is a softmax, so a maximum principle holds. ``"signed"`` divides by
        max(1, sum of absolute values); results may leave the range of x. ``None`` returns the
        gates as they are.

    Returns
    -------
    (N, G, D, connections, H, W)
    """
    if normalization == "convex":
        return torch.softmax(gates, dim=3)[:, :, :, :-1]
    if normalization == "signed":
        return gates / gates.abs().sum(dim=3, keepdim=True).clamp(min=1.0)
    return gates
