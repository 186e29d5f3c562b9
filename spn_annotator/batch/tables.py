"""The tables at the beginning and at the end of a run."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path

from spn_annotator.batch.dataset import BatchResult, Plan
from spn_annotator.batch.manifest import read_manifest
from spn_annotator.batch.places import Place
from spn_annotator.batch.progress import duration
from spn_annotator.batch.report import (
    PAGE_NAME,
    BatchReport,
    JobReport,
    JobStatus,
    most_changed_first,
    worst_first,
)
from spn_annotator.batch.settings import BatchSettings, chosen_processes
from spn_annotator.formats.tables import console, plain, table

_STYLES = {
    JobStatus.REFINED: "green",
    JobStatus.KEPT: "green",
    JobStatus.SKIPPED: "yellow",
    JobStatus.FAILED: "bold red",
    JobStatus.CANCELLED: "yellow",
}

LISTED = 40
"""Images up to which each has a line; above, the table tells those that ask for attention."""

_REASONS = 20
_OF_EACH = 5  # probably worst, most changed


def print_batch(report: BatchReport, *, out: Place | Path) -> None:
    """Print a line for each image, then every reason in full, then the sum.

    Of a large run the lines are those of failed, probably worst and most changed images.
    """
    screen = console()
    rows = table("image", "status", "seconds", "changed pixels", "expected IoU")
    shown = _worth_a_line(report)
    for job in shown:
        rows.add_row(
            plain(job.stem),
            plain(job.status.value, _STYLES[job.status]),
            plain(f"{job.seconds:.2f}" if job.seconds else ""),
            plain("" if job.changed is None else f"{job.changed:,}"),
            plain("" if job.expected_iou is None else f"{job.expected_iou:.3f}"),
        )
    screen.print(rows)
    if len(shown) < len(report.jobs):
        screen.print(plain(f"… and {len(report.jobs) - len(shown):,} more: see {PAGE_NAME}", "dim"))
    reasons = [job for job in report.jobs if job.error]
    for job in reasons[: _REASONS if len(report.jobs) > LISTED else None]:
        line = f"{job.status.value} {job.stem}: {job.error}"
        screen.print(plain(line, _STYLES[job.status]), soft_wrap=True)
    counts = ", ".join(
        f"{report.count(status):,} {status.value}" for status in JobStatus if report.count(status)
    )
    where = f" on {report.device}" if report.device else ""
    refined = report.count(JobStatus.REFINED)
    rate = f", {refined / report.seconds:.2f} images/s" if refined > 1 and report.seconds else ""
    took = f"{report.seconds:.1f} s" if report.seconds < 60 else duration(report.seconds)
    page = Place.of(out) / PAGE_NAME
    screen.print(plain(f"{counts} in {took}{where}{rate}. Report: {page}"), soft_wrap=True)


def print_delivery(result: BatchResult) -> None:
    """Print what became of the results after the refinement, if anything was to."""
    screen = console()
    if result.delivered is not None:
        screen.print(
            plain(f"{result.delivered.stored:,} proposals stored for review"), soft_wrap=True
        )
        for name, reason in result.delivered.left[:_REASONS]:
            screen.print(plain(f"not stored {name}: {reason}", "yellow"), soft_wrap=True)
    if result.export is not None:
        screen.print(
            plain(f"{result.export.images:,} images exported to {result.export.folder}"),
            soft_wrap=True,
        )
        for name, reason in result.export.skipped[:_REASONS]:
            screen.print(plain(f"not exported {name}: {reason}", "yellow"), soft_wrap=True)


def print_plan(plan: Plan, settings: BatchSettings) -> None:
    """Print what a run would do."""
    screen = console()
    ready = [j for j in plan.jobs if j.problem is None and j.image and j.mask]
    bad = [j for j in plan.jobs if j.problem is not None]
    skipped = len(plan.jobs) - len(ready) - len(bad)
    recorded = 0
    if settings.resume:
        known = read_manifest(plan.out)
        recorded = sum(1 for j in ready if (r := known.get(j.stem)) is not None and r.is_done)
    rows = table("would be done", "images")
    rows.add_row(plain("refined or found to be right" if recorded else "refined"), _n(ready))
    if recorded:
        rows.add_row(plain("of these with a result on record"), f"{recorded:,}")
    rows.add_row(plain("skipped, for want of a mask or an image"), f"{skipped:,}")
    rows.add_row(plain("failed before they begin"), f"{len(bad):,}")
    screen.print(rows)
    for job in bad[:_REASONS]:
        screen.print(plain(f"would fail {job.stem}: {job.problem}", "red"), soft_wrap=True)
    processes = chosen_processes(settings, jobs=max(1, len(plan.jobs)), on_gpu=False)
    workers = "1 process" if processes == 1 else f"{processes} processes"
    where = "on Ray" if settings.engine == "ray" else f"with {workers} on the CPU"
    then = "" if plan.into is None else f", then as proposals into {plan.into}"
    line = f"Dry run: nothing was written. It would go {where} to {plan.out}{then}"
    screen.print(plain(line), soft_wrap=True)


def _n(jobs: Sized) -> str:
    return f"{len(jobs):,}"


def _worth_a_line(report: BatchReport) -> list[JobReport]:
    if len(report.jobs) <= LISTED:
        return list(report.jobs)
    failed = [job for job in report.jobs if job.status is JobStatus.FAILED][:_REASONS]
    done = [job for job in report.jobs if job.is_done]
    looked_at = (*failed, *worst_first(done)[:_OF_EACH], *most_changed_first(done)[:_OF_EACH])
    chosen = {job.stem for job in looked_at}
    return [job for job in report.jobs if job.stem in chosen]
