"""The second look: what the model makes of its own result, with or without a correction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from spn_annotator.network.inputs import ColorBins, mask_planes
from spn_annotator.training.config import TrainConfig
from spn_annotator.training.data import Batch
from spn_annotator.training.synthesis import correction


def takes_second_look(config: TrainConfig, step: int) -> bool:
    """Say whether the model sees its own result in this step."""
    return np.random.default_rng((config.seed, step, 1)).random() < config.second_pass


def second_pass(batch: Batch, probability: torch.Tensor, config: TrainConfig, step: int) -> Batch:
    """Return the batch with the model's own result as the coarse masks, some with a correction.

    Parameters
    ----------
    probability : (N, 1, H, W)
        What the model returned for the batch.
    """
    guesses = (probability[:, 0] > 0.5).cpu().numpy()
    planes = []
    first = 0
    for j, (number, count) in enumerate(
        zip(batch.numbers.tolist(), batch.counts.tolist(), strict=True)
    ):
        bins = ColorBins.of(batch.rgb[j].numpy())
        for k in range(count):
            guess = guesses[first + k]
            rng = np.random.default_rng((config.seed, step, 3, number, k))
            sure = None
            if rng.random() < config.correction:
                truth = batch.truth[first + k].numpy() > 0.5
                valid = batch.weight[first + k].numpy() > 0
                sure = correction(truth, guess, valid, rng)
            coarse = np.where(guess, np.int8(1), np.int8(-1))
            planes.append(torch.from_numpy(mask_planes(bins, coarse, sure)))
        first += count
    return replace(batch, planes=torch.stack(planes))
