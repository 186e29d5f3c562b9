"""A whole run, from images to delivered results: what commands and scripts call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spn_annotator.batch.delivery import (
    Delivered,
    check_project,
    export_results,
    store_proposals,
)
from spn_annotator.batch.engine import Stop
from spn_annotator.batch.listing import is_pattern
from spn_annotator.batch.places import Place
from spn_annotator.batch.plan import Job, plan_jobs
from spn_annotator.batch.refiners import ModelChoice, RefinerMaker
from spn_annotator.batch.refining import Progress, run_jobs
from spn_annotator.batch.report import BatchReport
from spn_annotator.batch.settings import BatchSettings, EngineName
from spn_annotator.batch.staging import (
    CONFIDENCE_NAME,
    FREE,
    Staged,
    is_project,
    stage_dataset,
    stage_project,
)
from spn_annotator.errors import UsageError
from spn_annotator.formats.export import ExportReport
from spn_annotator.formats.images import IMAGE_SUFFIXES
from spn_annotator.formats.masks import Unknown

RUN_FOLDER = ".spn-batch"
"""Folder in a project for results that go back into it; hidden, so that no scan finds it."""

EXPORT_NAME = "export"


@dataclass(frozen=True)
class Plan:
    """What a run will do.

    Attributes
    ----------
    jobs : tuple of Job
    out : Place
        Folder of the results.
    staged : Staged or None
        What is known beyond the masks, of a project or a data set.
    into : Path or None
        Project that gets the results as proposals.
    export : tuple of str
        Formats that the results are written in besides.
    """

    jobs: tuple[Job, ...]
    out: Place
    staged: Staged | None = None
    into: Path | None = None
    export: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchResult:
    """What a run made.

    Attributes
    ----------
    report : BatchReport
    out : Place
        Folder of the results.
    export : ExportReport or None
    delivered : Delivered or None
        What was stored in the project.
    """

    report: BatchReport
    out: Place
    export: ExportReport | None = None
    delivered: Delivered | None = None

    @property
    def is_clean(self) -> bool:
        """Whether every image came out and arrived."""
        return (
            self.report.is_clean
            and (self.export is None or self.export.is_clean)
            and (self.delivered is None or not self.delivered.left)
        )


def plan_batch(
    images: Place | Path | str,
    coarse: Place | Path | str | None = None,
    *,
    out: Place | Path | str | None = None,
    into: Path | str | None = None,
    export: Collection[str] = (),
    format_name: str | None = None,
    write: bool = True,
) -> Plan:
    """Find out what a run has to do; annotations of data sets become coarse masks in ``out``.

    Parameters
    ----------
    images : Place, Path or str
        A folder, a pattern (``photos/**/*.jpg``), a file or a URL; without ``coarse`` a project or
        a data set that has images and annotations both.
    coarse : Place, Path or str, optional
        Masks, as ``images``; or a data set in another format, such as a COCO file.
    out : Place, Path or str, optional
        Folder of the results; may be left out with ``into``.
    into : Path or str, optional
        A project that gets the results as proposals.
    export : collection of str
        Formats to write the results in besides, into ``out/export``.
    format_name : str, optional
        Format of the data set; found out if left out.
    write : bool
        False writes nothing, so the plan can be looked at and not be done.

    Raises
    ------
    UsageError
        The arguments contradict each other, or there is nothing to do.
    SpnAnnotatorError
        Something cannot be read or written.
    """
    source = Place.of(images)
    target = None if into is None else Path(into)
    if target is not None:
        check_project(target)
    if out is None:
        if target is None:
            raise UsageError("no place for the results was given", remedy="Use --out or --into")
        out = target / RUN_FOLDER
    folder = Place.of(out)
    if (target is not None or export) and folder.is_remote:
        raise UsageError(
            f"{folder}: results for --into and --export have to lie on this machine first",
            remedy="Give a local folder as --out",
        )
    _check_formats(export)
    staged = None
    if coarse is None and is_project(source):
        staged = stage_project(source.path, out=folder, confidence=target is not None, write=write)
    elif coarse is None or _is_dataset(source, Place.of(coarse), format_name):
        data = source if coarse is None else Place.of(coarse)
        known = None if coarse is None else source
        staged = stage_dataset(
            data.path, images=known, out=folder, format_name=format_name, write=write
        )
    jobs = (
        plan_jobs(images=source, coarse=coarse, out=folder)
        if staged is None and coarse is not None
        else (staged.jobs if staged is not None else [])
    )
    if target is not None:
        jobs = [replace(j, confidence=folder / CONFIDENCE_NAME / f"{j.stem}.png") for j in jobs]
        if staged is not None and not (is_project(source) and _same(source.path, target)):
            staged = replace(staged, image_ids={})  # numbers of another project
    return Plan(tuple(jobs), folder, staged, target, tuple(export))


def run_batch(
    plan: Plan,
    *,
    maker: RefinerMaker,
    settings: BatchSettings,
    progress: Progress | None = None,
    stop: Stop | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> BatchResult:
    """Do what was planned; see :func:`spn_annotator.batch.refining.run_jobs` for what it raises.

    Parameters
    ----------
    note : callable
        Told what is being done after the refinement.
    """
    if plan.staged is not None:
        # Maps of objects: no value of theirs means "binary", and 65535 is no object.
        settings = replace(settings, unknown=FREE)
    report = run_jobs(
        plan.jobs, out=plan.out, maker=maker, settings=settings, progress=progress, stop=stop
    )
    delivered = exported = None
    if plan.into is not None:
        note("Storing proposals")
        delivered = store_proposals(
            report,
            plan.into,
            staged=plan.staged,
            model=_name_of(maker),
            confidences={j.stem: j.confidence for j in plan.jobs if j.confidence is not None},
        )
    if plan.export:
        note("Exporting")
        where = plan.out.path / EXPORT_NAME
        exported = export_results(report, where, plan.export, staged=plan.staged)
    return BatchResult(report, plan.out, exported, delivered)


def refine_dataset(
    images: Place | Path | str,
    coarse: Place | Path | str | None = None,
    *,
    out: Place | Path | str | None = None,
    into: Path | str | None = None,
    export: Collection[str] = (),
    format_name: str | None = None,
    model: Path | str | None = None,
    device: str = "auto",
    unknown: Unknown = "auto",
    labels: Collection[int] | None = None,
    processes: int | None = None,
    threads: int | None = None,
    retry: int = 0,
    fail_fast: bool = False,
    resume: bool = False,
    engine: EngineName = "local",
    address: str | None = None,
    progress: Progress | None = None,
) -> BatchResult:
    """Refine the coarse masks of a data set: what ``spn-annotator refine`` does.

    A script that lets several processes work has to call this below
    ``if __name__ == "__main__":``, as everything that spawns processes in Python.

    Parameters
    ----------
    images, coarse, out, into, export, format_name
        See :func:`plan_batch`.
    model : Path or str, optional
        A model file; the one that ships with the program if left out.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
    unknown, labels, processes, threads, retry, fail_fast, resume, engine, address
        See :class:`spn_annotator.batch.settings.BatchSettings`.
    progress : callable, optional
        Called after each image with its report, the number of images done and that of all.

    Returns
    -------
    BatchResult

    Raises
    ------
    SpnAnnotatorError
        The arguments contradict each other, the model does not load, or ``out`` cannot be written
        to. A single image that fails raises nothing: the report says it.

    Examples
    --------
    >>> from spn_annotator import refine_dataset
    >>> result = refine_dataset("images", "coarse", out="refined", processes=1)
    >>> result.report.is_clean
    True
    >>> [(job.stem, job.status.value) for job in result.report.jobs]
    [('cat', 'refined')]
    """
    plan = plan_batch(images, coarse, out=out, into=into, export=export, format_name=format_name)
    settings = BatchSettings.with_labels(
        labels,
        unknown=unknown,
        processes=processes,
        threads=threads,
        retry=retry,
        fail_fast=fail_fast,
        resume=resume,
        engine=engine,
        address=address,
    )
    maker = ModelChoice(None if model is None else Path(model), device)
    return run_batch(plan, maker=maker, settings=settings, progress=progress)


def _is_dataset(images: Place, coarse: Place, format_name: str | None) -> bool:
    """Return whether coarse annotations are something else than mask files."""
    if format_name is not None:
        return True
    if coarse.is_remote or is_pattern(coarse) or "**" in images.text:
        return False
    path = coarse.path
    if path.is_file():
        return path.suffix.lower() not in IMAGE_SUFFIXES
    if not path.is_dir():
        return False
    return not any(item.suffix.lower() in IMAGE_SUFFIXES for item in path.iterdir()) and any(
        path.iterdir()
    )


def _check_formats(export: Sequence[str] | Collection[str]) -> None:
    if not export:
        return
    from spn_annotator.formats.registry import writable_names

    for name in export:
        if name not in writable_names():
            raise UsageError(
                f"there is no export format {name}",
                remedy=f"Choose among {', '.join(writable_names())}",
            )


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _name_of(maker: RefinerMaker) -> str:
    return maker.name if isinstance(maker, ModelChoice) else type(maker).__name__
