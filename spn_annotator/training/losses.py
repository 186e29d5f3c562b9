"""What training minimises."""

from __future__ import annotations

import torch
from torch.nn import functional

from spn_annotator.network.model import Refined


def _dice(probability: torch.Tensor, truth: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    p, t = probability * valid, truth * valid
    overlap = (p * t).sum((1, 2))
    return 1 - (2 * overlap + 50) / (p.sum((1, 2)) + t.sum((1, 2)) + 50)


def refinement_loss(
    result: Refined, truth: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, dict[str, float]]:
    """Return boundary-weighted cross-entropy of result and unary, plus Dice, and its parts.

    Parameters
    ----------
    truth, weight : (N, H, W) float32
        See :class:`spn_annotator.training.data.Batch`.
    """
    total = weight.sum().clamp(min=1.0)
    # Propagation can drive a probability to 0 or 1 exactly; cross-entropy needs room there.
    probability = result.probability[:, 0].clamp(1e-4, 1 - 1e-4)
    entropy = functional.binary_cross_entropy(probability, truth, reduction="none")
    final = (entropy * weight).sum() / total
    unary = (
        functional.binary_cross_entropy_with_logits(result.unary[:, 0], truth, reduction="none")
        * weight
    ).sum() / total
    dice = _dice(probability, truth, (weight > 0).float()).mean()
    loss = final + 0.5 * unary + 0.5 * dice
    return loss, {"final": final.item(), "unary": unary.item(), "dice": dice.item()}
