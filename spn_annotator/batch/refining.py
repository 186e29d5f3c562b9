"""Refine the coarse masks of a folder, on this machine, one image after the other."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from spn_annotator.batch.plan import Job, plan_jobs
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.errors import (
    FormatError,
    MaskSizeError,
    SaveError,
    SpnAnnotatorError,
    UsageError,
)
from spn_annotator.formats.atomic import make_folder
from spn_annotator.formats.images import read_image, read_size
from spn_annotator.formats.masks import LabelMapFile, Unknown, read_label_map, write_label_map

_log = logging.getLogger(__name__)


class ProposalLike(Protocol):
    """What this module takes from a :class:`spn_annotator.refine.Proposal`."""

    @property
    def label_map(self) -> np.ndarray:
        """(H, W) ids, dtype of the coarse mask."""
        ...

    @property
    def confidence(self) -> np.ndarray:
        """(H, W) float32, 0 to 1."""
        ...

    @property
    def changed(self) -> int:
        """Number of pixels that differ from the coarse mask."""
        ...

    @property
    def device(self) -> str:
        """Where it was computed."""
        ...


class RefinerLike(Protocol):
    """What this module asks of a :class:`spn_annotator.refine.Refiner`; tests bring their own."""

    def set_image(self, rgb: np.ndarray, /) -> Any:
        """Take an image, (H, W, 3) uint8 RGB."""
        ...

    def refine(
        self,
        coarse: np.ndarray,
        /,
        *,
        labels: Collection[int] | None = None,
        unknown: Unknown = "auto",
    ) -> ProposalLike:
        """Return a proposal for a coarse mask of the image."""
        ...


Progress = Callable[[JobReport, int, int], None]
"""Called after each job with its report, the number of jobs done and that of all jobs."""


def refine_folder(
    *,
    images: Path | str,
    coarse: Path | str,
    out: Path | str,
    make_refiner: Callable[[], RefinerLike],
    unknown: Unknown = "auto",
    labels: Collection[int] | None = None,
    progress: Progress | None = None,
) -> BatchReport:
    """Refine every image that has a coarse mask, and write masks and ``report.json``.

    An image that fails is reported and the others still come out. No file is ever half written,
    and no file that came in is overwritten.

    Parameters
    ----------
    images, coarse : Path or str
        Folders whose files are matched by stem, or one file each.
    out : Path or str
        Folder of the results; made if missing.
    make_refiner : callable
        Loads the model; called once, after the arguments have been found good.
    unknown : int, None or "auto"
        Value of the coarse masks that means unknown; see :mod:`spn_annotator.formats.masks`.
    labels : collection of int, optional
        Ids that may change, as the masks have them; an image whose mask lacks one of them fails.
    progress : callable, optional
        See :data:`Progress`.

    Returns
    -------
    BatchReport
        As in ``report.json``.

    Raises
    ------
    UsageError
        The folders contradict each other, nothing matches, or ``out`` cannot be written to.
    ModelFileError
        From ``make_refiner``.
    SaveError
        The report cannot be written.
    KeyboardInterrupt
        After the report of what was done has been written.
    """
    images, coarse, out = Path(images), Path(coarse), Path(out)
    jobs = plan_jobs(images=images, coarse=coarse, out=out)
    refiner = make_refiner()
    try:
        make_folder(out)
    except SaveError as error:
        raise UsageError(error.message, path=error.path, remedy=error.remedy) from error
    run = _Run(refiner, unknown=unknown, labels=labels)
    reports: list[JobReport] = []
    begin = perf_counter()
    try:
        for job in jobs:
            report = run.do(job)
            reports.append(report)
            if progress is not None:
                progress(report, len(reports), len(jobs))
    except KeyboardInterrupt:
        left = jobs[len(reports) :]
        reports += [JobReport(job.stem, JobStatus.CANCELLED, job.image, job.mask) for job in left]
        BatchReport(tuple(reports), run.device, perf_counter() - begin).write(out)
        raise
    result = BatchReport(tuple(reports), run.device, perf_counter() - begin)
    result.write(out)
    return result


class _Run:
    """The jobs of one run, with what they share."""

    def __init__(
        self, refiner: RefinerLike, *, unknown: Unknown, labels: Collection[int] | None
    ) -> None:
        self._refiner = refiner
        self._unknown: Unknown = unknown
        self._labels = labels
        self.device: str | None = None

    def do(self, job: Job) -> JobReport:
        """Do one job; whatever goes wrong becomes its report."""
        report = JobReport(job.stem, JobStatus.FAILED, job.image, job.mask)
        if job.problem is not None:
            return replace(report, error=job.problem)
        if job.mask is None or job.image is None:
            missing = "no coarse mask" if job.mask is None else "no image"
            return replace(report, status=JobStatus.SKIPPED, error=f"{missing} of this stem")
        begin = perf_counter()
        try:
            changed, confidence = self._refine(job.image, job.mask, job.output)
        except SpnAnnotatorError as error:
            return replace(report, seconds=perf_counter() - begin, error=str(error))
        except Exception as error:  # noqa: BLE001  (one image must not cost the others)
            _log.debug("job %s", job.stem, exc_info=True)
            text = " ".join(str(error).split()) or "no message"
            problem = f"{job.image}: unexpected {type(error).__name__} ({text}). Please report it"
            return replace(report, seconds=perf_counter() - begin, error=problem)
        return replace(
            report,
            status=JobStatus.REFINED,
            output=job.output,
            seconds=perf_counter() - begin,
            changed=changed,
            confidence=confidence,
        )

    def _refine(self, image: Path, mask: Path, output: Path) -> tuple[int, float | None]:
        file = read_label_map(mask, unknown=self._unknown)
        _check_size(image, mask, file)
        ids = file.ids()
        labels = None if self._labels is None else _known_labels(self._labels, file, mask)
        self._refiner.set_image(read_image(image))
        proposal = self._refiner.refine(ids, labels=labels, unknown=file.unknown)
        self.device = proposal.device
        label_map = proposal.label_map
        if file.unknown is not None and (label_map == file.unknown).any():
            raise FormatError(
                "still has unknown pixels after refinement",
                path=mask,
                remedy="Paint at least one label into it",
            )
        write_label_map(output, file.with_ids(label_map).array, like=file)
        confidence = float(np.mean(proposal.confidence)) if proposal.confidence.size else math.nan
        return int(proposal.changed), confidence if math.isfinite(confidence) else None


def _check_size(image: Path, mask: Path, file: LabelMapFile) -> None:
    width, height = read_size(image)
    have_height, have_width = file.array.shape
    if (have_width, have_height) == (width, height):
        return
    if (have_height, have_width) == (width, height):
        remedy = f"It lies on its side: the camera's orientation of {image.name} is applied first"
    else:
        remedy = "Give the mask the size of its image"
    raise MaskSizeError(
        f"is {have_width} x {have_height} pixels, but its image {image.name} is {width} x {height}",
        path=mask,
        remedy=remedy,
    )


def _known_labels(labels: Collection[int], file: LabelMapFile, mask: Path) -> list[int]:
    """Return the labels as the refiner knows them, after proving that the mask has them."""
    values = set(np.flatnonzero(np.bincount(file.array.ravel())).tolist()) - {file.unknown}
    for label in labels:
        if label not in values:
            have = ", ".join(str(value) for value in sorted(values)) or "none"
            raise FormatError(
                f"has no label {label}", path=mask, remedy=f"Choose among its labels: {have}"
            )
    if file.is_binary:
        return sorted({int(label > 0) for label in labels})
    return sorted(set(labels))
