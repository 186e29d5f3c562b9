"""What training minimises."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch.nn import functional

from spn_annotator.network.model import Refined

PARTS = ("loss", "final", "unary", "dice")
"""The figures that :func:`refinement_loss` returns beside the loss."""


class Whole(NamedTuple):
    """A step of which the masks at hand are a share.

    Attributes
    ----------
    weight : () tensor
        Sum of the weights of all pixels.
    masks : int
        Number of masks.
    """

    weight: torch.Tensor
    masks: int


def _dice(probability: torch.Tensor, truth: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    p, t = probability * valid, truth * valid
    overlap = (p * t).sum((1, 2))
    return 1 - (2 * overlap + 50) / (p.sum((1, 2)) + t.sum((1, 2)) + 50)


def refinement_loss(
    result: Refined, truth: torch.Tensor, weight: torch.Tensor, *, whole: Whole | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return boundary-weighted cross-entropy of result and unary, plus Dice, and its parts.

    Parameters
    ----------
    truth, weight : (N, H, W) float32
        See :class:`spn_annotator.training.data.Batch`.
    whole : Whole, optional
        Of what the masks are a share; the losses of all shares add up to that of the whole.

    Returns
    -------
    loss : () tensor
    parts : (4,) tensor without gradient, see :data:`PARTS`
    """
    if whole is None:
        whole = Whole(weight.sum(), len(truth))
    total = whole.weight.clamp(min=1.0)
    # Propagation can drive a probability to 0 or 1 exactly; cross-entropy needs room there.
    probability = result.probability[:, 0].clamp(1e-4, 1 - 1e-4)
    entropy = functional.binary_cross_entropy(probability, truth, reduction="none")
    final = (entropy * weight).sum() / total
    unary = (
        functional.binary_cross_entropy_with_logits(result.unary[:, 0], truth, reduction="none")
        * weight
    ).sum() / total
    dice = _dice(probability, truth, (weight > 0).float()).sum() / whole.masks
    loss = final + 0.5 * unary + 0.5 * dice
    return loss, torch.stack([loss, final, unary, dice]).detach()
