"""How good a model is on images it does not learn from, while it is trained."""

from __future__ import annotations

import math

import numpy as np
import torch

from spn_annotator.network.model import Guidance, Refined, SpnRefiner
from spn_annotator.training.config import TrainConfig
from spn_annotator.training.data import IGNORE, Batch, Entry, collate, make_example
from spn_annotator.training.metrics import iou, mba

Scores = dict[str, tuple[float, float]]
"""(IoU, mBA) in [0, 1] by kind of coarse mask; ``nan`` where no image has an object."""


def guide(model: SpnRefiner, batch: Batch, device: torch.device) -> Guidance:
    """Return what the model says about the images of a batch, once for each mask on them."""
    rgb = batch.rgb.to(device).permute(0, 3, 1, 2).float() / 255
    guidance = model.guide(rgb.contiguous(memory_format=torch.channels_last))
    return guidance.repeat(batch.counts)


def refine(model: SpnRefiner, batch: Batch, guidance: Guidance, device: torch.device) -> Refined:
    """Return what the model makes of the masks of a batch."""
    planes = batch.planes.to(device).contiguous(memory_format=torch.channels_last)
    return model(planes, guidance)


def validation_batches(entries: list[Entry], config: TrainConfig) -> dict[str, list[Batch]]:
    """Return fixed batches of held-out images, by kind of coarse mask."""
    batches: dict[str, list[Batch]] = {}
    rng = np.random.default_rng(12345)
    order = rng.permutation(len(entries))[: config.validation_images]
    for kind in config.kinds:
        for i in order:
            example = make_example(
                entries[i], config, np.random.default_rng((7, int(i))), kinds=[kind]
            )
            batches.setdefault(kind, []).append(collate([example]))
    return batches


def score(batch: Batch, predicted: np.ndarray) -> tuple[float, float] | None:
    """Return (IoU, mBA) of a result (H, W) on a batch of one mask, None without an object."""
    truth = batch.truth[0].numpy().astype(np.uint8)
    truth[batch.weight[0].numpy() == 0] = IGNORE
    if not (truth == 1).any():
        return None
    return iou(truth, predicted, ignore=IGNORE, binary=True), mba(truth, predicted)


def mean_scores(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of scores, ``nan`` of none."""
    mean = np.mean(found, 0) if found else (math.nan, math.nan)
    return float(mean[0]), float(mean[1])


@torch.inference_mode()
def validate(model: SpnRefiner, batches: dict[str, list[Batch]], device: torch.device) -> Scores:
    """Return the scores by kind of coarse mask."""
    scores = {}
    for kind, group in batches.items():
        found = []
        for batch in group:
            result = refine(model, batch, guide(model, batch, device), device)
            inside = result.probability[0, 0] > 0.5
            figures = score(batch, inside.cpu().numpy().astype(np.uint8))
            if figures is not None:
                found.append(figures)
        scores[kind] = mean_scores(found)
    return scores


def overall(scores: Scores) -> float:
    """Return one figure in [0, 1]: the mean of all that are known, ``nan`` if none is."""
    known = [value for pair in scores.values() for value in pair if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
