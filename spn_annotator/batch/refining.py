"""Refine the coarse masks of a data set: plan, do, record, report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from spn_annotator.batch.engine import Engine, InProcessEngine, Stop
from spn_annotator.batch.interrupt import stopping_on_signals
from spn_annotator.batch.lock import RunLock
from spn_annotator.batch.manifest import Manifest
from spn_annotator.batch.page import write_page
from spn_annotator.batch.places import Place
from spn_annotator.batch.plan import Job, plan_jobs
from spn_annotator.batch.pool import PoolEngine
from spn_annotator.batch.refiners import (
    ModelChoice,
    ProposalLike,
    RefinerLike,
    RefinerMaker,
    checksum_of,
    limit_threads,
)
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings, chosen_processes, chosen_threads
from spn_annotator.batch.work import Outcome, Task
from spn_annotator.errors import SaveError, SpnAnnotatorError, UsageError
from spn_annotator.formats.atomic import remove_leftovers
from spn_annotator.formats.masks import Unknown

__all__ = ["Progress", "ProposalLike", "RefinerLike", "refine_folder", "run_jobs"]

Progress = Callable[[JobReport, int, int], None]
"""Called after each job with its report, the number of jobs done and that of all jobs."""


def refine_folder(
    *,
    images: Place | Path | str,
    coarse: Place | Path | str,
    out: Place | Path | str,
    make_refiner: RefinerMaker,
    unknown: Unknown = "auto",
    labels: Collection[int] | None = None,
    progress: Progress | None = None,
) -> BatchReport:
    """Refine every image that has a coarse mask, in this process; see :func:`run_jobs`.

    Parameters
    ----------
    images, coarse, out : Place, Path or str
        See :func:`spn_annotator.batch.plan.plan_jobs`.
    make_refiner : callable
        Loads the model; called once, after the arguments have been found good.
    unknown, labels : see :class:`spn_annotator.batch.settings.BatchSettings`
    progress : callable, optional
        See :data:`Progress`.
    """
    jobs = plan_jobs(images=images, coarse=coarse, out=out)
    settings = BatchSettings.with_labels(labels, unknown=unknown, processes=1)
    return run_jobs(jobs, out=out, maker=make_refiner, settings=settings, progress=progress)


def run_jobs(
    jobs: Sequence[Job],
    *,
    out: Place | Path | str,
    maker: RefinerMaker,
    settings: BatchSettings,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> BatchReport:
    """Do jobs and write results, ``manifest.jsonl``, ``report.json`` and ``report.html``.

    An image that fails is reported and the others still come out. No file is ever half written.

    Parameters
    ----------
    jobs : sequence of Job
        With different stems.
    out : Place, Path or str
        Folder of the results; made if missing.
    maker : callable
        Loads the model in each process that refines.
    settings : BatchSettings
    progress : callable, optional
        See :data:`Progress`. What it raises ends the run as ``stop`` does, and passes through.
    stop : Stop, optional
        Ends the run when asked: what is being refined is finished, the rest is cancelled.

    Returns
    -------
    BatchReport
        As in ``report.json``.

    Raises
    ------
    UsageError
        ``out`` cannot be written to, or another run writes to it.
    ModelFileError
        From ``maker``.
    SaveError
        The disk is full, or a record cannot be written. What was done is kept; run again with
        ``resume`` to go on.
    KeyboardInterrupt
        After Ctrl+C, once what was in flight is finished and reported.
    """
    out = Place.of(out)
    stop = stop or Stop()
    lock = RunLock.acquire(out) if _is_there(out) else None
    try:
        checksum = checksum_of(maker)
        engine = make_engine(maker, settings, len(jobs))
        try:
            if lock is None:
                _make(out)
                lock = RunLock.acquire(out)
            elif not out.is_remote:
                remove_leftovers(out.path)
            with stopping_on_signals(stop) as interrupted:
                report = _Run(jobs, out, checksum, settings, progress, stop).do(engine)
        finally:
            engine.close()
    finally:
        if lock is not None:
            lock.release()
    if interrupted():
        raise KeyboardInterrupt
    return report


def make_engine(maker: RefinerMaker, settings: BatchSettings, jobs: int) -> Engine:
    """Return the engine that the settings ask for, with the model loaded.

    Raises
    ------
    UsageError
        Ray is asked for and not installed, or the cluster is not there.
    ModelFileError
        From ``maker``.
    """
    if settings.engine == "ray":
        from spn_annotator.batch.ray_engine import RayEngine

        return RayEngine(maker, settings)
    on_gpu = isinstance(maker, ModelChoice) and maker.runs_on_gpu()
    processes = chosen_processes(settings, jobs=jobs, on_gpu=on_gpu)
    if processes == 1:
        if settings.threads is not None:
            limit_threads(settings.threads)
        return InProcessEngine(maker(), settings)
    threads = chosen_threads(settings, processes=processes)
    return PoolEngine(maker, settings, processes=processes, threads=threads)


class _Run:
    """The jobs of one run, and what became of them so far."""

    def __init__(
        self,
        jobs: Sequence[Job],
        out: Place,
        checksum: str,
        settings: BatchSettings,
        progress: Progress | None,
        stop: Stop,
    ) -> None:
        self._jobs = jobs
        self._out = out
        self._settings = settings
        self._progress = progress
        self._stop = stop
        self._manifest = Manifest.open(out, model=checksum, settings=settings)
        self._reports: dict[int, JobReport] = {}
        self._again: list[Task] = []
        self._failed: dict[int, JobReport] = {}  # of those that are to be tried again
        self._error: BaseException | None = None

    def do(self, engine: Engine) -> BatchReport:
        begin = perf_counter()
        tasks = [self._task(number, job) for number, job in enumerate(self._jobs)]
        while tasks and not self._stop.is_asked:
            engine.run(tasks, self._take, self._stop)
            tasks, self._again = self._again, []
        for task in tasks:  # a stop came before they could be tried again
            failed = self._failed.get(task.number)
            if failed is not None:
                self._reports[task.number] = failed
                self._manifest.add(failed)
        report = self._sum_up(perf_counter() - begin, engine.processes)
        if self._error is not None:
            self._write_what_can_be_written(report)
            raise self._error
        self._manifest.close()
        report.write(self._out)
        self._write_page(report)
        return report

    def _write_page(self, report: BatchReport) -> None:
        shaping = self._manifest.basis["settings"]
        labels = shaping["labels"]
        facts = {
            "program": f"spn-annotator {shaping['program']}",
            "model": self._manifest.basis["model"],
            "results": str(self._out),
            "unknown value": str(shaping["unknown"]),
            "labels that may change": "all" if labels is None else ", ".join(map(str, labels)),
            "processes": str(report.processes),
        }
        write_page(report, self._out, facts=facts, unknown=self._settings.unknown)

    def _task(self, number: int, job: Job) -> Task:
        previous = self._manifest.previous(job.stem) if self._settings.resume else None
        return Task(number, job, previous)

    def _take(self, outcome: Outcome) -> None:
        """Record an outcome; what goes wrong here ends the run and is raised after it."""
        try:
            self._record(outcome)
        except BaseException as error:  # noqa: BLE001
            self._error = self._error or error
            self._stop.ask()

    def _record(self, outcome: Outcome) -> None:
        task, report = outcome.task, outcome.report
        failed = report.status is JobStatus.FAILED
        if report.full:
            raise SaveError(
                f"{self._out}: the disk is full",
                remedy="Make room and run again with --resume to go on",
            )
        if failed and task.job.problem is None and task.attempt <= self._settings.retry:
            self._failed[task.number] = report
            self._again.append(replace(task, attempt=task.attempt + 1))
            return
        self._reports[task.number] = report
        self._manifest.add(report)
        if self._progress is not None:
            self._progress(report, len(self._reports), len(self._jobs))
        if failed and self._settings.fail_fast:
            self._stop.ask()

    def _sum_up(self, seconds: float, processes: int) -> BatchReport:
        reports = tuple(
            self._reports.get(number)
            or JobReport(job.stem, JobStatus.CANCELLED, job.image, job.mask)
            for number, job in enumerate(self._jobs)
        )
        devices = [r.device for r in reports if r.status is JobStatus.REFINED and r.device]
        return BatchReport(reports, devices[-1] if devices else None, seconds, processes)

    def _write_what_can_be_written(self, report: BatchReport) -> None:
        for write in (
            self._manifest.close,
            lambda: report.write(self._out),
            lambda: self._write_page(report),
        ):
            with suppress(SpnAnnotatorError, OSError):
                write()


def _is_there(out: Place) -> bool:
    # A store elsewhere has no folders that could be missing.
    return out.is_remote or out.exists()


def _make(out: Place) -> None:
    try:
        out.make_folder()
    except SaveError as error:
        raise UsageError(error.message, path=error.path, remedy=error.remedy) from error
