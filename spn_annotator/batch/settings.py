"""What a run is asked to do."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import spn_annotator
from spn_annotator.errors import UsageError
from spn_annotator.formats.masks import Unknown

EngineName = Literal["local", "ray"]


@dataclass(frozen=True)
class BatchSettings:
    """How a run is done.

    Attributes
    ----------
    unknown : int, None or "auto"
        Value of the coarse masks that means unknown; see :mod:`spn_annotator.formats.masks`.
    labels : tuple of int or None
        Ids that may change, as the masks have them; all without it.
    processes : int or None
        Processes that refine; 1 works in the calling one, None chooses by cores and images.
    threads : int or None
        Threads of each process; None shares the cores out evenly.
    retry : int
        How often an image that failed is tried again.
    fail_fast : bool
        Whether the first failure ends the run.
    resume : bool
        Whether results of an earlier run that are still right are kept.
    engine : "local" or "ray"
        Where the processes run.
    address : str or None
        Of the Ray cluster; None starts one on this machine.

    Raises
    ------
    UsageError
        A number is out of its range.
    """

    unknown: Unknown = "auto"
    labels: tuple[int, ...] | None = None
    processes: int | None = None
    threads: int | None = None
    retry: int = 0
    fail_fast: bool = False
    resume: bool = False
    engine: EngineName = "local"
    address: str | None = None

    def __post_init__(self) -> None:
        for name, least in (("processes", 1), ("threads", 1), ("retry", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise UsageError(f"{name} must be at least {least}, found {value}")

    @classmethod
    def with_labels(cls, labels: Collection[int] | None, **others: Any) -> BatchSettings:
        """Return settings with the labels in order and once each."""
        return cls(labels=None if labels is None else tuple(sorted(set(labels))), **others)

    def that_shape_results(self) -> dict[str, Any]:
        """Return what a result depends on, besides its inputs and the model."""
        return {
            "program": spn_annotator.__version__,
            "unknown": self.unknown,
            "labels": None if self.labels is None else list(self.labels),
        }


def usable_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


_IMAGES_WORTH_A_PROCESS = 4
_MEMORY_OF_A_PROCESS = 2 << 30  # bytes; model and libraries take 1.2 GB, 12 megapixels 1.5 GB


def chosen_processes(settings: BatchSettings, *, jobs: int, on_gpu: bool) -> int:
    """Return how many processes refine so many images here."""
    if settings.processes is not None:
        return max(1, min(settings.processes, jobs))
    if on_gpu:
        return 1  # one process keeps a GPU busy; two would share its memory
    by_memory = max(1, _free_memory() // _MEMORY_OF_A_PROCESS)
    return max(1, min(usable_cores(), by_memory, jobs // _IMAGES_WORTH_A_PROCESS))


def chosen_threads(settings: BatchSettings, *, processes: int) -> int:
    """Return how many threads each of so many processes uses."""
    return settings.threads or max(1, usable_cores() // processes)


def _free_memory() -> int:
    """Return bytes of memory that are free, generously where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 64 << 30
