"""The table at the end of a run."""

from __future__ import annotations

from pathlib import Path

from spn_annotator.batch.report import REPORT_NAME, BatchReport, JobStatus
from spn_annotator.formats.tables import console, plain, table

_STYLES = {
    JobStatus.REFINED: "green",
    JobStatus.SKIPPED: "yellow",
    JobStatus.FAILED: "bold red",
    JobStatus.CANCELLED: "yellow",
}


def print_batch(report: BatchReport, *, out: Path) -> None:
    """Print a line for each image, then every reason in full, then the sum."""
    screen = console()
    rows = table("image", "status", "seconds", "changed pixels", "mean confidence")
    for job in report.jobs:
        rows.add_row(
            plain(job.stem),
            plain(job.status.value, _STYLES[job.status]),
            plain(f"{job.seconds:.2f}" if job.seconds else ""),
            plain("" if job.changed is None else f"{job.changed:,}"),
            plain("" if job.confidence is None else f"{job.confidence:.3f}"),
        )
    screen.print(rows)
    for job in report.jobs:
        if job.error:
            line = f"{job.status.value} {job.stem}: {job.error}"
            screen.print(plain(line, _STYLES[job.status]), soft_wrap=True)
    counts = ", ".join(
        f"{report.count(status)} {status.value}" for status in JobStatus if report.count(status)
    )
    where = f" on {report.device}" if report.device else ""
    screen.print(
        plain(f"{counts} in {report.seconds:.1f} s{where}. Report: {out / REPORT_NAME}"),
        soft_wrap=True,
    )
