"""The training loop: from a folder of images with ground truth to a model file."""

from __future__ import annotations

import copy
import csv
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Subset

from spn_annotator.errors import ModelFileError, SaveError, UsageError
from spn_annotator.network.checkpoint import load_model, save_model
from spn_annotator.network.inputs import ColorBins, mask_planes
from spn_annotator.network.model import SpnRefiner
from spn_annotator.training.config import TrainConfig, read_config
from spn_annotator.training.data import (
    IGNORE,
    Batch,
    Entry,
    Steps,
    collate,
    make_example,
    read_entries,
    split_held_out,
)
from spn_annotator.training.losses import refinement_loss
from spn_annotator.training.metrics import iou, mba
from spn_annotator.training.state import load_state, save_state
from spn_annotator.training.synthesis import correction

Report = Callable[[str], None]
_SHOW_EVERY = 50


def _learning_rate(config: TrainConfig, step: int) -> float:
    warm = min(1.0, (step + 1) / max(1, config.warm_up_steps))
    if config.decay_steps is None:
        shape = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / config.steps))
    else:
        shape = min(1.0, (config.steps - step) / config.decay_steps)
    return config.learning_rate * warm * shape


def _groups(model: SpnRefiner, config: TrainConfig) -> list[dict[str, object]]:
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


def _forward(model: SpnRefiner, batch: Batch, device: torch.device):
    rgb = batch.rgb.to(device).permute(0, 3, 1, 2).float() / 255
    guidance = model.guide(rgb.contiguous(memory_format=torch.channels_last))
    planes = batch.planes.to(device).contiguous(memory_format=torch.channels_last)
    return model(planes, guidance.repeat(batch.counts))


def second_pass(
    batch: Batch, probability: torch.Tensor, config: TrainConfig, rng: np.random.Generator
) -> Batch:
    """Return the batch with the model's own result as the coarse masks, some with a correction.

    Parameters
    ----------
    probability : (N, 1, H, W)
        What the model returned for the batch.
    """
    guesses = (probability[:, 0] > 0.5).cpu().numpy()
    owner = np.repeat(np.arange(len(batch.counts)), batch.counts.numpy())
    bins = [ColorBins.of(rgb) for rgb in batch.rgb.numpy()]
    planes = []
    for i, guess in enumerate(guesses):
        truth = batch.truth[i].numpy() > 0.5
        valid = batch.weight[i].numpy() > 0
        sure = None
        if rng.random() < config.correction:
            sure = correction(truth, guess, valid, rng)
        coarse = np.where(guess, np.int8(1), np.int8(-1))
        planes.append(torch.from_numpy(mask_planes(bins[owner[i]], coarse, sure)))
    return replace(batch, planes=torch.stack(planes))


def _initial_weights(path: Path, config: TrainConfig) -> dict[str, torch.Tensor]:
    start = load_model(path)
    if start.config != config.model:
        raise ModelFileError(
            "this model has another shape than the configuration asks for",
            path=path,
            remedy="Put its configuration into the [model] table, or start without --initial",
        )
    return start.state_dict()


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


@torch.inference_mode()
def validate(
    model: SpnRefiner, batches: dict[str, list[Batch]], device: torch.device
) -> dict[str, tuple[float, float]]:
    """Return (IoU, mBA) by kind of coarse mask, in [0, 1]."""
    scores = {}
    for kind, group in batches.items():
        found = []
        for batch in group:
            result = _forward(model, batch, device).probability[0, 0] > 0.5
            predicted = result.cpu().numpy().astype(np.uint8)
            truth = batch.truth[0].numpy().astype(np.uint8)
            truth[batch.weight[0].numpy() == 0] = IGNORE
            if (truth == 1).any():
                found.append(
                    (iou(truth, predicted, ignore=IGNORE, binary=True), mba(truth, predicted))
                )
        mean = np.mean(found, 0) if found else (math.nan, math.nan)
        scores[kind] = (float(mean[0]), float(mean[1]))
    return scores


def train(
    data: Path,
    out: Path,
    config: TrainConfig,
    *,
    device: str = "cpu",
    resume: bool = False,
    initial: Path | None = None,
    report: Report = print,
) -> SpnRefiner:
    """Train a model and write it to ``out``; beside it the curves and the state of the run.

    Parameters
    ----------
    data : Path
        Folder with a manifest, see :mod:`spn_annotator.training.data`.
    out : Path
        Model file; ``<out>.csv`` gets the curves, ``<out>.state`` what ``resume`` needs.
    initial : Path, optional
        A model to start from; its shape must be the configuration's.

    Raises
    ------
    SpnAnnotatorError
        Data, configuration or a saved run cannot be used.
    """
    torch.manual_seed(config.seed)
    place = torch.device(device)
    learning, held_out = split_held_out(read_entries(data, "train"), config.held_out)
    steps = Steps(learning, config)
    model = SpnRefiner(config.model).to(place)
    model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    if initial is not None:
        model.load_state_dict(_initial_weights(initial, config))
    average = copy.deepcopy(model).requires_grad_(False)
    optimizer = torch.optim.AdamW(_groups(model, config), lr=config.learning_rate)
    _check_writable(out)
    state, curves = out.with_suffix(".state"), out.with_suffix(".csv")
    first = 0
    if resume and state.is_file():
        first = load_state(state, model, average, optimizer, config)
        report(f"going on after step {first}")
    loader = DataLoader(
        Subset(steps, range(first, config.steps)),
        batch_size=None,
        num_workers=config.workers,
        multiprocessing_context="spawn" if config.workers else None,
        prefetch_factor=4 if config.workers else None,
    )
    checks = validation_batches(held_out, config) if held_out else {}
    mode = "a" if first else "w"
    with curves.open(mode, newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if not first:
            names = [f"{m}_{k}" for k in config.kinds for m in ("iou", "mba")]
            writer.writerow(["step", "seconds", "loss", "final", "unary", "dice", *names])
        began, parts_sum, count = time.monotonic(), np.zeros(4), 0
        for step, batch in enumerate(loader, start=first):
            for group in optimizer.param_groups:
                group["lr"] = _learning_rate(config, step) * group["share"]
            rng = np.random.default_rng((config.seed, step, 1))
            if rng.random() < config.second_pass:
                with torch.no_grad():
                    guess = _forward(model, batch, place).probability
                batch = second_pass(batch, guess, config, rng)
            result = _forward(model, batch, place)
            loss, parts = refinement_loss(result, batch.truth.to(place), batch.weight.to(place))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            keep = min(config.ema, (step + 1) / (step + 10))
            with torch.no_grad():
                for a, p in zip(average.parameters(), model.parameters(), strict=True):
                    a.lerp_(p, 1 - keep)
            parts_sum += (loss.item(), parts["final"], parts["unary"], parts["dice"])
            count += 1
            done = step + 1
            if done % _SHOW_EVERY == 0 or done == config.steps:
                rate = (done - first) / (time.monotonic() - began)
                report(
                    f"step {done}/{config.steps}  loss {parts_sum[0] / count:.4f}  "
                    f"{rate:.2f} steps/s  {(config.steps - done) / rate / 60:.0f} min to go"
                )
            if done % config.validate_every == 0 or done == config.steps:
                scores = validate(average, checks, place)
                flat = [f"{v:.5f}" for pair in scores.values() for v in pair]
                elapsed = f"{time.monotonic() - began:.0f}"
                writer.writerow([done, elapsed, *(f"{v:.5f}" for v in parts_sum / count), *flat])
                file.flush()
                text = "  ".join(f"{k} {a * 100:.2f}/{b * 100:.2f}" for k, (a, b) in scores.items())
                report(f"held out, IoU/mBA: {text}")
                parts_sum, count = np.zeros(4), 0
                save_state(state, model, average, optimizer, done, config)
                save_model(average, out, about={"steps": str(done), "seed": str(config.seed)})
    return average


def _check_writable(out: Path) -> None:
    """Find out before hours of work, not after, that the model cannot be written."""
    if out.suffix != ".safetensors":
        raise UsageError(
            "a model file's name ends in .safetensors", path=out, remedy="Give --out such a name"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        probe = out.with_name(f".{out.name}.probe")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SaveError(
            f"nothing can be written to this folder ({error.strerror})",
            path=out.parent,
            remedy="Give --out a place you may write to",
        ) from error


def train_command(
    data: Path,
    out: Path,
    config: Path | None = None,
    *,
    steps: int | None = None,
    device: str = "auto",
    resume: bool = False,
    initial: Path | None = None,
    report: Report = print,
) -> None:
    """Do what ``spn-annotator train`` promises; arguments as there.

    Raises
    ------
    SpnAnnotatorError
        As :func:`train` and :func:`spn_annotator.training.config.read_config`.
    """
    settings = read_config(config)
    if steps is not None:
        settings = settings.model_copy(update={"steps": steps})
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    train(data, out, settings, device=device, resume=resume, initial=initial, report=report)
    report(f"wrote {out}")
