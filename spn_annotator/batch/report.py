"""What a run did, image by image."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import spn_annotator
from spn_annotator.batch.places import Place

REPORT_NAME = "report.json"
PAGE_NAME = "report.html"


class JobStatus(StrEnum):
    """How a job ended."""

    REFINED = "refined"
    KEPT = "kept"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Fingerprint:
    """What a file held when it was read or written.

    Attributes
    ----------
    sha256 : str
        Of its content.
    size : int
        In bytes.
    version : str or None
        What the store elsewhere calls this state of it.
    """

    sha256: str
    size: int
    version: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"sha256": self.sha256, "bytes": self.size, "version": self.version}

    @classmethod
    def from_json(cls, data: Any) -> Fingerprint | None:
        """Undo :meth:`to_json`; None for what is no fingerprint."""
        if not isinstance(data, Mapping) or not isinstance(data.get("sha256"), str):
            return None
        return cls(data["sha256"], int(data.get("bytes") or 0), data.get("version"))


@dataclass(frozen=True)
class JobReport:
    """How one image fared.

    Attributes
    ----------
    stem : str
        Name of the image without its suffix.
    status : JobStatus
        How it ended; ``kept`` is a result of an earlier run that is still right.
    image, mask, output : Place, Path or None
        The files; ``output`` only if it was written or kept.
    seconds : float
        Time for reading, refining and writing.
    changed : int or None
        Pixels that have another label than in the coarse mask, unknown ones included.
    confidence : float or None
        Mean over the pixels, 0 to 1.
    expected_iou : float or None
        The IoU to expect of the result, 0 to 1: see :mod:`spn_annotator.annotation.quality`. None
        also where an earlier version of the program refined it and recorded no such figure.
    error : str or None
        One line: why it failed or was skipped.
    pixels : int or None
        Of the image.
    inputs : mapping of str to Fingerprint
        ``image`` and ``mask`` as they were read.
    result : Fingerprint or None
        Of the file that was written.
    attempts : int
        How often it was tried.
    device : str or None
        Where it was refined.
    full : bool
        Whether it failed because the disk is full: the rest would fail alike.
    """

    stem: str
    status: JobStatus
    image: Place | Path | None = None
    mask: Place | Path | None = None
    output: Place | Path | None = None
    seconds: float = 0.0
    changed: int | None = None
    confidence: float | None = None
    expected_iou: float | None = None
    error: str | None = None
    pixels: int | None = None
    inputs: Mapping[str, Fingerprint] = field(default_factory=dict)
    result: Fingerprint | None = None
    attempts: int = 1
    device: str | None = None
    full: bool = False

    @property
    def is_done(self) -> bool:
        """Whether its result is there."""
        return self.status in (JobStatus.REFINED, JobStatus.KEPT)

    @property
    def changed_share(self) -> float | None:
        """Return which part of the pixels changed, 0 to 1."""
        if self.changed is None or not self.pixels:
            return None
        return self.changed / self.pixels

    def to_json(self) -> dict[str, Any]:
        """Return the report of the image as plain values."""
        share = self.changed_share
        return {
            "stem": self.stem,
            "status": self.status.value,
            "image": _text(self.image),
            "mask": _text(self.mask),
            "output": _text(self.output),
            "seconds": round(self.seconds, 4),
            "changed_pixels": self.changed,
            "changed_share": None if share is None else round(share, 6),
            "expected_iou": None if self.expected_iou is None else round(self.expected_iou, 6),
            "mean_confidence": None if self.confidence is None else round(self.confidence, 6),
            "pixels": self.pixels,
            "inputs": {name: item.to_json() for name, item in self.inputs.items()},
            "result": None if self.result is None else self.result.to_json(),
            "attempts": self.attempts,
            "device": self.device,
            "error": self.error,
        }


@dataclass(frozen=True)
class BatchReport:
    """What a whole run did.

    Attributes
    ----------
    jobs : tuple of JobReport
        In the order of the plan.
    device : str or None
        Where the model ran; None if nothing was refined.
    seconds : float
        From the first image to the last, without loading the model.
    processes : int
        That refined.
    """

    jobs: tuple[JobReport, ...]
    device: str | None
    seconds: float
    processes: int = 1

    def count(self, status: JobStatus) -> int:
        """Return how many jobs ended so."""
        return sum(job.status is status for job in self.jobs)

    @property
    def is_clean(self) -> bool:
        """Whether no image failed and none was left out by a cancelled run."""
        return not (self.count(JobStatus.FAILED) or self.count(JobStatus.CANCELLED))

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        counts = Counter(job.status.value for job in self.jobs)
        return {
            "program": f"spn-annotator {spn_annotator.__version__}",
            "device": self.device,
            "processes": self.processes,
            "seconds": round(self.seconds, 4),
            "counts": {status.value: counts[status.value] for status in JobStatus},
            "images": [job.to_json() for job in self.jobs],
        }

    def write(self, folder: Place | Path) -> Place:
        """Write ``report.json`` into a folder, whole or not at all, and return its place.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        place = Place.of(folder) / REPORT_NAME
        text = json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
        place.write_bytes(text.encode("utf-8", "backslashreplace") + b"\n")
        return place


def worst_first(jobs: Iterable[JobReport]) -> list[JobReport]:
    """Return the jobs whose expected IoU is known, the lowest first, as the window orders them."""
    known = [(job.expected_iou, job) for job in jobs if job.expected_iou is not None]
    return [job for _, job in sorted(known, key=lambda pair: pair[0])]


def most_changed_first(jobs: Iterable[JobReport]) -> list[JobReport]:
    """Return the jobs in which something changed, those with the largest changed share first."""
    known = [(share, job) for job in jobs if (share := job.changed_share)]
    return [job for _, job in sorted(known, key=lambda pair: -pair[0])]


def _text(path: Place | Path | None) -> str | None:
    return None if path is None else path.as_posix()
