"""What a run did, image by image."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import spn_annotator
from spn_annotator.formats.atomic import atomic_write_bytes

REPORT_NAME = "report.json"


class JobStatus(StrEnum):
    """How a job ended."""

    REFINED = "refined"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class JobReport:
    """How one image fared.

    Attributes
    ----------
    stem : str
        Name of the image without its suffix.
    status : JobStatus
        How it ended.
    image, mask, output : Path or None
        The files; ``output`` only if it was written.
    seconds : float
        Time for reading, refining and writing.
    changed : int or None
        Pixels that have another label than in the coarse mask, unknown ones included.
    confidence : float or None
        Mean over the pixels, 0 to 1.
    error : str or None
        One line: why it failed or was skipped.
    """

    stem: str
    status: JobStatus
    image: Path | None = None
    mask: Path | None = None
    output: Path | None = None
    seconds: float = 0.0
    changed: int | None = None
    confidence: float | None = None
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the report of the image as plain values."""
        return {
            "stem": self.stem,
            "status": self.status.value,
            "image": _text(self.image),
            "mask": _text(self.mask),
            "output": _text(self.output),
            "seconds": round(self.seconds, 4),
            "changed_pixels": self.changed,
            "mean_confidence": None if self.confidence is None else round(self.confidence, 6),
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
    """

    jobs: tuple[JobReport, ...]
    device: str | None
    seconds: float

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
            "seconds": round(self.seconds, 4),
            "counts": {status.value: counts[status.value] for status in JobStatus},
            "images": [job.to_json() for job in self.jobs],
        }

    def write(self, folder: Path) -> Path:
        """Write ``report.json`` into a folder, whole or not at all, and return its path.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        path = folder / REPORT_NAME
        text = json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
        atomic_write_bytes(path, text.encode("utf-8", "backslashreplace") + b"\n")
        return path


def _text(path: Path | None) -> str | None:
    return None if path is None else path.as_posix()
