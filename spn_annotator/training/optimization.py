"""How fast which weights are moved, and where they start from."""

from __future__ import annotations

import math
from pathlib import Path

import torch

from spn_annotator.errors import ModelFileError, UsageError
from spn_annotator.network.backbone_file import FETCH, load_backbone
from spn_annotator.network.checkpoint import load_model
from spn_annotator.network.model import SpnRefiner
from spn_annotator.training.config import TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """Return the rate of a step, counted from 0."""
    warm = min(1.0, (step + 1) / max(1, config.warm_up_steps))
    if config.decay_steps is None:
        shape = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / config.steps))
    else:
        shape = min(1.0, (config.steps - step) / config.decay_steps)
    return config.learning_rate * warm * shape


def parameter_groups(model: SpnRefiner, config: TrainConfig) -> list[dict[str, object]]:
    """Return the optimiser's groups of weights, each with its share of the learning rate."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        key = name.startswith("backbone."), parameter.ndim > 1
        groups.setdefault(key, []).append(parameter)
    return [
        {
            "params": parameters,
            "weight_decay": config.weight_decay if decays else 0.0,
            "share": config.backbone_rate if backbone else 1.0,
        }
        for (backbone, decays), parameters in groups.items()
    ]


@torch.no_grad()
def follow(average: SpnRefiner, model: SpnRefiner, config: TrainConfig, step: int) -> None:
    """Move the average of the weights towards those after a step, counted from 0."""
    keep = min(config.ema, (step + 1) / (step + 10))
    for a, p in zip(average.parameters(), model.parameters(), strict=True):
        a.lerp_(p, 1 - keep)


def initial_weights(
    config: TrainConfig, *, initial: Path | None, backbone: Path | None
) -> dict[str, torch.Tensor]:
    """Return the weights a new run starts from, those that stay random left out.

    Parameters
    ----------
    initial : Path, optional
        A model of the same shape, or of one that lacks the backbone alone.
    backbone : Path, optional
        A file that ``scripts/fetch_backbone.py`` wrote, for what ``initial`` does not hold.

    Raises
    ------
    UsageError
        The model has a backbone and no file says what is in it, or the other way round.
    ModelFileError
        A file is damaged or holds another model.
    """
    has_backbone = config.model.backbone != "none"
    if initial is not None:
        start = load_model(initial)
        adds = has_backbone and start.config.backbone == "none" and backbone is not None
        if backbone is not None and not adds:
            raise UsageError(
                "--initial and --backbone contradict each other",
                remedy="A model to start from has its backbone inside: leave --backbone out",
            )
        expected = start.config.model_copy(update={"backbone": config.model.backbone})
        if (expected if adds else start.config) != config.model:
            raise ModelFileError(
                "this model has another shape than the configuration asks for",
                path=initial,
                remedy="Put its configuration into the [model] table, or start without --initial",
            )
        return start.state_dict() | (_backbone_weights(backbone) if adds and backbone else {})
    if backbone is not None and not has_backbone:
        raise UsageError(
            "the configuration asks for a model without a backbone",
            path=backbone,
            remedy='Put backbone = "efficientnet-lite0" into its [model] table, or leave '
            "--backbone out",
        )
    if backbone is None and has_backbone:
        raise UsageError(
            "this model's backbone starts from weights that are not given",
            remedy=f"Get them with `{FETCH}`, then give --backbone backbone.safetensors",
        )
    if backbone is None:
        return {}
    return _backbone_weights(backbone)


def _backbone_weights(path: Path) -> dict[str, torch.Tensor]:
    return {f"backbone.{name}": tensor for name, tensor in load_backbone(path).items()}
