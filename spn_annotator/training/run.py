"""The training loop: from a folder of images with ground truth to a model file."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Subset

from spn_annotator.cv import cv2
from spn_annotator.errors import ModelFileError, SaveError, UsageError
from spn_annotator.network.checkpoint import read_header, save_model
from spn_annotator.network.model import SpnRefiner
from spn_annotator.training.checking import (
    guide,
    overall,
    refine,
    validate,
    validation_batches,
)
from spn_annotator.training.config import TrainConfig, read_config
from spn_annotator.training.corrections import second_pass, takes_second_look
from spn_annotator.training.curves import append_row, draw_curves, read_curves, start_curves
from spn_annotator.training.data import Batch, Steps, read_entries, split_held_out
from spn_annotator.training.losses import PARTS, Whole, refinement_loss
from spn_annotator.training.optimization import (
    follow,
    initial_weights,
    learning_rate,
    parameter_groups,
)
from spn_annotator.training.state import load_state, save_state
from spn_annotator.training.team import Precision, Team, launch, started_outside

Report = Callable[[str], None]
_SHOW_EVERY = 50


def train(
    data: Path,
    out: Path,
    config: TrainConfig,
    *,
    device: str = "cpu",
    devices: int = 1,
    precision: Precision = "32",
    resume: bool = False,
    initial: Path | None = None,
    backbone: Path | None = None,
    report: Report = print,
) -> None:
    """Train a model and write it to ``out``; beside it the curves and the state of the run.

    Parameters
    ----------
    data : Path
        Folder with a manifest, see :mod:`spn_annotator.training.data`.
    out : Path
        Model file; ``<out>.csv`` and ``<out>.svg`` get the curves, ``<out>-best`` the model that
        was best on the held-out images, ``<out>.state`` what ``resume`` needs.
    device, devices, precision
        See :func:`spn_annotator.training.team.launch`. The images of a step are shared among the
        devices.
    initial : Path, optional
        A model to start from; its shape must be the configuration's.
    backbone : Path, optional
        What a backbone starts from where there is no ``initial``.

    Raises
    ------
    SpnAnnotatorError
        Data, configuration or a saved run cannot be used.
    """
    if devices > config.images_per_step:
        raise UsageError(
            f"{config.images_per_step} images a step cannot be shared among {devices} devices",
            remedy="Give a smaller --devices, or a larger images_per_step",
        )
    _check_writable(out)
    state = out.with_suffix(".state")
    goes_on = resume and state.is_file()
    start = {}
    if not goes_on:
        start = initial_weights(config, initial=initial, backbone=backbone)
    work = partial(_run, data, out, config, start, state if goes_on else None, report)
    launch(work, device=device, devices=devices, precision=precision)


def _run(
    data: Path,
    out: Path,
    config: TrainConfig,
    start: dict[str, torch.Tensor],
    state: Path | None,
    report: Report,
    team: Team,
) -> None:
    """Do the work of one process; ``state`` is the saved run to go on from."""
    torch.manual_seed(config.seed)
    learning, held_out = split_held_out(read_entries(data, "train"), config.held_out)
    steps = Steps(learning, config, rank=team.rank, size=team.size)
    model = SpnRefiner(config.model)
    model.load_state_dict(model.state_dict() | start)
    model = model.to(team.device)
    model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    average = copy.deepcopy(model).requires_grad_(False)
    # Not fused: that takes the weights' order in memory for that of a state read from a file.
    optimizer = torch.optim.AdamW(parameter_groups(model, config), lr=config.learning_rate)
    first = 0
    if state is not None:
        first = load_state(state, model, average, optimizer, config)
    loader = DataLoader(
        Subset(steps, range(first, config.steps)),
        batch_size=None,
        num_workers=config.workers,
        multiprocessing_context="spawn" if config.workers else None,
        prefetch_factor=4 if config.workers else None,
        worker_init_fn=_single_threaded if config.workers else None,
    )
    record = None
    if team.rank == 0:
        if state is not None:
            report(f"going on after step {first}")
        record = _Record(out, config, average, optimizer, held_out, first, report)
    for step, batch in enumerate(loader, start=first):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(config, step) * group["share"]
        parts = take_step(model, batch, config, step, team)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        follow(average, model, config, step)
        if record is not None:
            record.add(step + 1, parts)
        checks = (step + 1) % config.validate_every == 0 or step + 1 == config.steps
        if checks:
            if record is not None:
                record.check(step + 1, model, team)
            team.wait()


def _single_threaded(_: int) -> None:
    """Keep OpenCV in a worker from taking the cores that the model computes on."""
    cv2.setNumThreads(1)


def take_step(
    model: SpnRefiner, batch: Batch, config: TrainConfig, step: int, team: Team
) -> torch.Tensor:
    """Put the gradients of a step into the model and return the parts of its loss."""
    with team.precision():
        guidance = guide(model, batch, team.device)
    if takes_second_look(config, step):
        with torch.no_grad(), team.precision():
            guess = refine(model, batch, guidance, team.device).probability
        batch = second_pass(batch, guess, config, step)
    with team.precision():
        result = refine(model, batch, guidance, team.device)
    truth, weight = batch.truth.to(team.device), batch.weight.to(team.device)
    whole = Whole(team.sum(weight.sum()), config.images_per_step * config.masks_per_image)
    loss, parts = refinement_loss(result, truth, weight, whole=whole)
    model.zero_grad(set_to_none=True)
    loss.backward()
    team.sum_gradients(model.parameters())
    return team.sum(parts)


class _Record:
    """What the first process tells and writes of a run."""

    def __init__(
        self,
        out: Path,
        config: TrainConfig,
        average: SpnRefiner,
        optimizer: torch.optim.Optimizer,
        held_out: list,
        first: int,
        report: Report,
    ) -> None:
        self.out, self.config, self.report = out, config, report
        self.average, self.optimizer = average, optimizer
        self.checks = validation_batches(held_out, config) if held_out else {}
        self.curves = out.with_suffix(".csv")
        self.seconds = start_curves(self.curves, config.kinds, done=first)
        self.best = _best_so_far(best_path(out), first)
        self.first, self.began = first, time.monotonic()
        self.sum, self.count = torch.zeros(len(PARTS), dtype=torch.float64), 0

    def add(self, done: int, parts: torch.Tensor) -> None:
        """Count a step, and now and then tell how it goes."""
        self.sum = self.sum.to(parts.device) + parts
        self.count += 1
        if done % _SHOW_EVERY == 0 or done == self.config.steps:
            rate = (done - self.first) / (time.monotonic() - self.began)
            self.report(
                f"step {done}/{self.config.steps}  loss {self.sum[0].item() / self.count:.4f}  "
                f"{rate:.2f} steps/s  {(self.config.steps - done) / rate / 60:.0f} min to go"
            )

    def check(self, done: int, model: SpnRefiner, team: Team) -> None:
        """Look at the held-out images, then write everything; the state comes last."""
        with team.precision():
            scores = validate(self.average, self.checks, team.device)
        text = "  ".join(f"{k} {a * 100:.2f}/{b * 100:.2f}" for k, (a, b) in scores.items())
        self.report(f"held out, IoU/mBA: {text or 'no images'}")
        elapsed = self.seconds + time.monotonic() - self.began
        flat = [v for kind in self.config.kinds for v in scores.get(kind, (math.nan, math.nan))]
        append_row(self.curves, [done, elapsed, *(self.sum / self.count).tolist(), *flat])
        draw_curves(read_curves(self.curves), self.out.with_suffix(".svg"))
        self.sum, self.count = torch.zeros_like(self.sum), 0
        about = {"steps": str(done), "seed": str(self.config.seed)}
        mean = overall(scores)
        if not math.isnan(mean):
            about["held_out"] = f"{mean:.6f}"
            if mean > self.best:
                self.best = mean
                save_model(self.average, best_path(self.out), about=about, compact=True)
        save_model(self.average, self.out, about=about, compact=True)
        state = self.out.with_suffix(".state")
        save_state(state, model, self.average, self.optimizer, done, self.config)


def best_path(out: Path) -> Path:
    """Return where the model is kept that was best on the held-out images of a run."""
    return out.with_name(f"{out.stem}-best{out.suffix}")


def _best_so_far(path: Path, first: int) -> float:
    """Return the figure of the best model that a run has kept until step ``first``."""
    if first and path.is_file():
        try:
            header = read_header(path)
        except ModelFileError:
            return -math.inf
        if int(header.get("steps", first + 1)) <= first:
            return float(header.get("held_out", -math.inf))
    return -math.inf


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
        probe.unlink(missing_ok=True)  # of several processes one is first
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
    workers: int | None = None,
    device: str = "auto",
    devices: int = 1,
    precision: Precision = "32",
    resume: bool = False,
    initial: Path | None = None,
    backbone: Path | None = None,
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
    if workers is not None:
        settings = settings.model_copy(update={"workers": workers})
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    train(
        data,
        out,
        settings,
        device=device,
        devices=devices,
        precision=precision,
        resume=resume,
        initial=initial,
        backbone=backbone,
        report=report,
    )
    if not started_outside() or int(os.environ["RANK"]) == 0:
        report(f"wrote {out}")
