"""One image, in three steps that can overlap with those of other images: load, refine, save."""

from __future__ import annotations

import errno
import hashlib
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from spn_annotator.annotation.quality import expected_iou
from spn_annotator.batch.earlier import known_by_version, result_stands, same_inputs
from spn_annotator.batch.fitting import check_size, known_labels
from spn_annotator.batch.places import sha256
from spn_annotator.batch.plan import Job
from spn_annotator.batch.refiners import PreparesMany, RefinerLike
from spn_annotator.batch.report import Fingerprint, JobReport, JobStatus
from spn_annotator.batch.scratch import Scratch, scratch_folder
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import FormatError, SpnAnnotatorError
from spn_annotator.formats.images import read_image
from spn_annotator.formats.masks import LabelMapFile, read_label_map, write_label_map

TOGETHER = 8
"""Images of one size that a GPU takes in at once."""

_log = logging.getLogger(__name__)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Task:
    """A job, with what an earlier run says of it.

    Attributes
    ----------
    number : int
        Place of the job in the plan.
    job : Job
    previous : JobReport or None
        What was made of it with the same model and settings.
    attempt : int
        From 1.
    """

    number: int
    job: Job
    previous: JobReport | None = None
    attempt: int = 1


@dataclass(frozen=True)
class Loaded:
    """An image and its coarse mask, read and found to fit."""

    task: Task
    report: JobReport
    rgb: np.ndarray
    file: LabelMapFile
    seconds: float
    sure: np.ndarray | None = None

    @property
    def size(self) -> int:
        """Return the bytes it takes."""
        return self.rgb.nbytes + self.file.array.nbytes


@dataclass(frozen=True)
class Refined:
    """A result that is not written yet."""

    task: Task
    report: JobReport
    result: LabelMapFile
    seconds: float
    confidence: np.ndarray | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a task."""

    task: Task
    report: JobReport


class Steps:
    """The three steps, each for use from one thread; they share nothing that changes.

    Parameters
    ----------
    refiner : RefinerLike
    settings : BatchSettings
    """

    def __init__(self, refiner: RefinerLike, settings: BatchSettings) -> None:
        self._refiner = refiner
        self._settings = settings
        on_gpu = isinstance(refiner, PreparesMany) and refiner.device.startswith("cuda")
        self.together = TOGETHER if on_gpu else 1
        """How many images of one size are taken in at once, at most."""

    def load(self, task: Task) -> Loaded | Outcome:
        """Read what a job needs; the outcome at once if there is nothing to refine."""
        report = untouched(task)
        begin = perf_counter()
        if report.status is not JobStatus.FAILED or task.job.problem is not None:
            return Outcome(task, report)
        with _caught() as caught, scratch_folder() as folder:
            loaded = self._load(task, report, folder, begin)
        return loaded if caught.error is None else _failure(task, report, caught, begin)

    def _load(
        self, task: Task, report: JobReport, folder: Scratch, begin: float
    ) -> Loaded | Outcome:
        job = task.job
        assert job.image is not None
        assert job.mask is not None
        places = {"image": job.image, "mask": job.mask}
        if job.sure is not None:
            places["sure"] = job.sure
        versions = {name: place.version() for name, place in places.items()}
        if known_by_version(task.previous, versions) and result_stands(task.previous, job, folder):
            return _kept(task, dict(task.previous.inputs) if task.previous else {}, begin)
        paths = {name: folder.fetch(place, name) for name, place in places.items()}
        inputs = {
            name: Fingerprint(sha256(path), path.stat().st_size, versions[name])
            for name, path in paths.items()
        }
        if job.labels is not None:
            text = repr(sorted(job.labels)).encode()
            inputs["labels"] = Fingerprint(hashlib.sha256(text).hexdigest(), len(text))
        image, mask = paths["image"], paths["mask"]
        if same_inputs(task.previous, inputs) and result_stands(task.previous, job, folder):
            return _kept(task, inputs, begin)
        file = read_label_map(mask, unknown=self._settings.unknown)
        if self._settings.labels is not None:
            known_labels(self._settings.labels, file, mask)
        rgb = read_image(image, page=job.page)
        check_size(image, mask, rgb, file)
        pixels = rgb.shape[0] * rgb.shape[1]
        report = replace(report, inputs=inputs, pixels=pixels)
        sure = None if job.sure is None else read_label_map(paths["sure"], unknown=None).array
        return Loaded(task, report, rgb, file, perf_counter() - begin, sure)

    def prepare(self, group: Sequence[Loaded]) -> list[tuple[Loaded, Any]]:
        """Return images of one size with what :meth:`refine` takes for each: taken in at once."""
        if len(group) == 1 or not isinstance(self._refiner, PreparesMany):
            return [(loaded, None) for loaded in group]
        begin = perf_counter()
        try:
            images = self._refiner.prepare([loaded.rgb for loaded in group])
        except Exception as error:  # noqa: BLE001  (one by one each fails for itself, or none does)
            _log.debug("%d images at once", len(group), exc_info=error)
            self.together = max(1, len(group) // 2)  # the memory of the GPU may be short
            return [(loaded, None) for loaded in group]
        share = (perf_counter() - begin) / len(group)
        timed = (replace(loaded, seconds=loaded.seconds + share) for loaded in group)
        return list(zip(timed, images, strict=True))

    def refine(self, loaded: Loaded, image: Any = None) -> Refined | Outcome:
        """Refine what was loaded; ``image`` is what the refiner takes for it, if not the pixels."""
        begin = perf_counter() - loaded.seconds
        with _caught() as caught:
            refined = self._refine(loaded, begin, loaded.rgb if image is None else image)
        if caught.error is None:
            return refined
        return _failure(loaded.task, loaded.report, caught, begin)

    def _refine(self, loaded: Loaded, begin: float, image: Any) -> Refined:
        file, mask = loaded.file, loaded.task.job.mask
        labels = self._settings.labels
        chosen = None if labels is None else known_labels(labels, file, Path(str(mask)))
        if loaded.task.job.labels is not None:
            chosen = list(loaded.task.job.labels)
        held = {} if loaded.sure is None else {"sure": loaded.sure}
        self._refiner.set_image(image)
        proposal = self._refiner.refine(file.ids(), labels=chosen, unknown=file.unknown, **held)
        label_map = proposal.label_map
        if file.unknown is not None and (label_map == file.unknown).any():
            raise FormatError(
                f"{mask}: still has unknown pixels after refinement",
                remedy="Paint at least one label into it",
            )
        report = replace(loaded.report, changed=int(proposal.changed), device=proposal.device)
        certain = None
        confidence = float(np.mean(proposal.confidence)) if proposal.confidence.size else math.nan
        if math.isfinite(confidence):
            # In 8 bit, as a project keeps it: both put the images in the same order.
            certain = np.round(255 * np.clip(proposal.confidence, 0, 1)).astype(np.uint8)
            quality = expected_iou(label_map, certain)
            report = replace(report, confidence=confidence, expected_iou=quality)
        result = file.with_ids(label_map)
        kept = certain if loaded.task.job.confidence is not None else None
        return Refined(loaded.task, report, result, perf_counter() - begin, kept)

    def save(self, refined: Refined) -> Outcome:
        """Write a result where it belongs, whole or not at all."""
        job, begin = refined.task.job, perf_counter() - refined.seconds
        with _caught() as caught, scratch_folder() as folder:
            if job.confidence is not None and refined.confidence is not None:
                beside = folder.target(job.confidence, "confidence.png")
                write_label_map(beside, refined.confidence)
                folder.send(beside, job.confidence)
            written = folder.target(job.output, "result.png")
            write_label_map(written, refined.result.array, like=refined.result)
            result = Fingerprint(sha256(written), written.stat().st_size)
            folder.send(written, job.output)
        if caught.error is not None:
            return _failure(refined.task, refined.report, caught, begin)
        report = replace(
            refined.report,
            status=JobStatus.REFINED,
            output=job.output,
            result=result,
            seconds=perf_counter() - begin,
        )
        return Outcome(refined.task, report)


def untouched(task: Task) -> JobReport:
    """Return the report of a job before anything is done: failed, unless nothing is to be done."""
    job = task.job
    report = JobReport(job.stem, JobStatus.FAILED, job.image, job.mask, attempts=task.attempt)
    if job.problem is not None:
        return replace(report, error=job.problem)
    if job.mask is None or job.image is None:
        missing = "no coarse mask" if job.mask is None else "no image"
        return replace(report, status=JobStatus.SKIPPED, error=f"{missing} of this stem")
    return report


def _kept(task: Task, inputs: dict[str, Fingerprint], begin: float) -> Outcome:
    previous, job = task.previous, task.job
    assert previous is not None
    report = replace(
        previous,
        status=JobStatus.KEPT,
        image=job.image,
        mask=job.mask,
        output=job.output,
        inputs=inputs,
        seconds=perf_counter() - begin,
    )
    return Outcome(task, report)


# -- what goes wrong -------------------------------------------------------------------------------


class _Caught:
    error: Exception | None = None


@contextmanager
def _caught() -> Iterator[_Caught]:
    """Keep an error of the block: one image must not cost the others."""
    caught = _Caught()
    try:
        yield caught
    except Exception as error:  # noqa: BLE001
        caught.error = error


def _failure(task: Task, report: JobReport, caught: _Caught, begin: float) -> Outcome:
    error, job = caught.error, task.job
    full = _is_disk_full(error)
    if isinstance(error, SpnAnnotatorError):
        text = str(error)
    elif isinstance(error, FileNotFoundError):
        text = f"{error.filename or job.image}: does not exist. Check the name and the folder"
    else:
        _log.debug("job %s", job.stem, exc_info=error)
        what = " ".join(str(error).split()) or "no message"
        text = f"{job.image}: unexpected {type(error).__name__} ({what}). Please report it"
    seconds = perf_counter() - begin
    return Outcome(
        task,
        replace(report, status=JobStatus.FAILED, seconds=seconds, error=text, full=full),
    )


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            return True
        error = error.__cause__
    return False
