"""The processes that train a model together, one a device, and what passes between them.

A run is the same whatever the number of processes: each works on its share of a step's images,
and their gradients are added up. One process in single precision needs nothing but torch;
everything else goes through Lightning Fabric, the extra ``train``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Literal

import torch
from torch.multiprocessing.spawn import ProcessRaisedException

from spn_annotator import errors
from spn_annotator.errors import SpnAnnotatorError, UsageError

if TYPE_CHECKING:
    from lightning_fabric import Fabric

Precision = Literal["32", "bf16-mixed"]


class Team:
    """A single process.

    Attributes
    ----------
    rank, size : int
        Number of this process, and of how many.
    device : torch.device
        Where it computes.
    """

    rank = 0
    size = 1

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def precision(self) -> AbstractContextManager[object]:
        """Return the context of a forward pass."""
        return nullcontext()

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        """Return the sum over the processes, the same in each of them."""
        return values

    def sum_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Put the sum over the processes into each gradient that there is."""

    def wait(self) -> None:
        """Wait until all processes are here."""


class FabricTeam(Team):
    """One of several processes, or one in another precision."""

    def __init__(self, fabric: Fabric) -> None:
        super().__init__(fabric.device)
        self.rank, self.size = fabric.global_rank, fabric.world_size
        self._fabric = fabric

    def precision(self) -> AbstractContextManager[object]:
        """Return the context of a forward pass."""
        return self._fabric.autocast()

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        """Return the sum over the processes, the same in each of them."""
        if self.size == 1:
            return values
        found = self._fabric.all_reduce(values.detach().clone(), reduce_op="sum")
        assert isinstance(found, torch.Tensor)
        return found

    def sum_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Put the sum over the processes into each gradient that there is.

        All at once: the model is small, and which weights have a gradient is the same everywhere.
        """
        gradients = [p.grad for p in parameters if p.grad is not None]
        if self.size == 1 or not gradients:
            return
        total = self.sum(torch.cat([g.flatten() for g in gradients]))
        parts = total.split([g.numel() for g in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def wait(self) -> None:
        """Wait until all processes are here."""
        self._fabric.barrier()


def started_outside() -> int:
    """Return how many processes torchrun has started on this machine, 0 if it was not used."""
    return int(os.environ["LOCAL_WORLD_SIZE"]) if "TORCHELASTIC_RUN_ID" in os.environ else 0


def _in_process(fabric: Fabric, work: Callable[[Team], None]) -> None:
    work(FabricTeam(fabric))


def _told_by_child(text: str) -> SpnAnnotatorError | None:
    """Return the mistake that ended a process, None if it was a defect; ``text`` is its end."""
    found = re.search(r"^spn_annotator\.errors\.(\w+): (.*)$", text, flags=re.MULTILINE)
    kind = getattr(errors, found.group(1), None) if found else None
    return kind(found.group(2)) if found and kind is not None else None


def launch(
    work: Callable[[Team], None], *, device: str, devices: int = 1, precision: Precision = "32"
) -> None:
    """Call ``work`` in as many processes as there are devices, and return when all are done.

    Parameters
    ----------
    work : callable
        Can be pickled where there are several processes.
    device : "cpu" or "cuda"
    devices : int
        Processes on this machine, each with a device of its own; on a CPU they share it. Under
        torchrun it is torchrun that says how many.

    Raises
    ------
    UsageError
        Lightning Fabric is not installed, or there are not that many devices.
    SpnAnnotatorError
        What ``work`` raises.
    """
    outside = started_outside()
    if outside and devices not in (1, outside):
        raise UsageError(
            f"--devices {devices} contradicts the {outside} processes that torchrun has started",
            remedy="Leave --devices out under torchrun",
        )
    devices = outside or devices
    if device == "cuda" and devices > torch.cuda.device_count():
        raise UsageError(
            f"{devices} GPUs are asked for, {torch.cuda.device_count()} are there",
            remedy="Give --devices a smaller number",
        )
    if not outside and devices == 1 and precision == "32":
        work(Team(torch.device(device)))
        return
    try:
        from lightning_fabric import Fabric
        from lightning_fabric.strategies.ddp import DDPStrategy
    except ImportError as error:
        raise UsageError(
            "training on several devices or with bf16 needs Lightning Fabric",
            remedy="Install it with: pip install 'spn-annotator[train]'",
        ) from error
    world = int(os.environ["WORLD_SIZE"]) if outside else devices
    strategy = DDPStrategy(start_method="popen" if outside else "spawn") if world > 1 else "auto"
    fabric = Fabric(
        accelerator="gpu" if device == "cuda" else "cpu",
        strategy=strategy,
        devices=devices,
        num_nodes=world // devices,
        precision=precision,
    )
    try:
        if outside:
            fabric.launch()
            _in_process(fabric, work)
        else:
            fabric.launch(_in_process, work)  # pyright: ignore[reportArgumentType]  (its stub)
    except ProcessRaisedException as error:
        told = _told_by_child(str(error))
        if told is None:
            raise
        raise told from None
