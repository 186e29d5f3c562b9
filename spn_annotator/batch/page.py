"""The report that people look at: one HTML file that needs nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from spn_annotator.batch.before_after import before_and_after
from spn_annotator.batch.charts import histogram, nice_bottom, nice_top
from spn_annotator.batch.places import Place
from spn_annotator.batch.report import (
    PAGE_NAME,
    BatchReport,
    JobReport,
    JobStatus,
    most_changed_first,
    worst_first,
)
from spn_annotator.formats.masks import Unknown
from spn_annotator.paths import resources_dir

SHOWN = 12
"""Pictures a gallery has."""

_OPEN_ROWS = 10  # of a table of failures; the others are a click away
_MOST_ROWS = 1000  # of a table; the manifest has them all


def write_page(
    report: BatchReport,
    folder: Place | Path,
    *,
    facts: Mapping[str, str] | None = None,
    unknown: Unknown = "auto",
) -> Place:
    """Write ``report.html`` into a folder, whole or not at all, and return its place.

    Parameters
    ----------
    report : BatchReport
    folder : Place or Path
    facts : mapping of str to str, optional
        What the table at the end says: model, settings.
    unknown : int, None or "auto"
        Value of the coarse masks that means unknown.

    Raises
    ------
    SaveError
        It cannot be written.
    """
    place = Place.of(folder) / PAGE_NAME
    place.write_bytes(page(report, facts=facts or {}, unknown=unknown).encode("utf-8", "replace"))
    return place


def page(report: BatchReport, *, facts: Mapping[str, str], unknown: Unknown = "auto") -> str:
    """Return the page as HTML."""
    done = [job for job in report.jobs if job.is_done]
    unsure, moved = worst_first(done)[:SHOWN], most_changed_first(done)[:SHOWN]
    pictures = {
        job.stem: before_and_after(job, unknown)
        for job in {j.stem: j for j in unsure + moved}.values()
    }
    style = (resources_dir() / "report" / "report.css").read_text(encoding="utf-8")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Batch report: {_headline(report)}</title>",
        f"<style>{style}</style></head><body><main>",
        f"<header><h1>{_headline(report)}</h1><p class='lead'>{_lead(report)}</p></header>",
        _tiles(report),
        _failures(report),
        _charts(done),
        _gallery(
            "Least certain",
            "The results with the lowest expected IoU: look at these first.",
            unsure,
            pictures,
        ),
        _gallery(
            "Most changed",
            "Where the refined mask differs most from the coarse one.",
            moved,
            pictures,
        ),
        _left_out(report),
        _facts(facts),
        _footer(),
        "</main></body></html>",
    ]
    return "\n".join(part for part in parts if part)


def _headline(report: BatchReport) -> str:
    done = report.count(JobStatus.REFINED) + report.count(JobStatus.KEPT)
    failed = report.count(JobStatus.FAILED)
    if report.count(JobStatus.CANCELLED):
        return f"Stopped with {done:,} of {len(report.jobs):,} images refined"
    if failed:
        return f"{done:,} images refined, {failed:,} failed"
    return "1 image refined" if done == 1 else f"{done:,} images refined"


def _lead(report: BatchReport) -> str:
    refined = report.count(JobStatus.REFINED)
    where = f" on {escape(report.device)}" if report.device else ""
    many = f" with {report.processes} processes" if report.processes > 1 else ""
    return f"{_duration(report.seconds)}{where}{many}{_rate(refined, report.seconds)}."


def _rate(images: int, seconds: float) -> str:
    if not images or seconds <= 0:
        return ""
    if images < 0.1 * seconds:
        return f", {seconds / images:.0f} s per image"
    return f", {images / seconds:.2f} images/s"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def _tiles(report: BatchReport) -> str:
    looks = {
        JobStatus.REFINED: "good",
        JobStatus.KEPT: "",
        JobStatus.SKIPPED: "warn",
        JobStatus.FAILED: "bad",
        JobStatus.CANCELLED: "warn",
    }
    named = {JobStatus.KEPT: "kept from an earlier run", JobStatus.CANCELLED: "not begun"}
    tiles = [
        (looks[status] if count else "", f"{count:,}", named.get(status, status.value))
        for status in JobStatus
        if (count := report.count(status)) or status is JobStatus.REFINED
    ]
    done = [job for job in report.jobs if job.is_done]
    qualities = [job.expected_iou for job in done if job.expected_iou is not None]
    shares = [share for job in done if (share := job.changed_share) is not None]
    if qualities:
        tiles.append(("", f"{np.mean(qualities):.3f}", "expected IoU, on average"))
    if shares:
        tiles.append(("", f"{100 * np.mean(shares):.1f} %", "of the pixels changed, on average"))
    return (
        "<div class='tiles'>"
        + "".join(
            f"<div class='tile {look}'><b>{value}</b><span>{name}</span></div>"
            for look, value, name in tiles
        )
        + "</div>"
    )


def _charts(done: Sequence[JobReport]) -> str:
    qualities = [job.expected_iou for job in done if job.expected_iou is not None]
    shares = [share for job in done if (share := job.changed_share) is not None]
    charts = ""
    if shares:
        drawing = histogram(
            shares, top=nice_top(shares), unit="%", label="Histogram of the changed area"
        )
        charts += (
            "<div class='chart'><h3>Changed area</h3>"
            f"<p>Images by the share of their pixels that changed</p>{drawing}</div>"
        )
    if qualities:
        drawing = histogram(
            qualities,
            bottom=nice_bottom(qualities),
            top=1.0,
            unit="",
            label="Histogram of the expected IoU",
        )
        earlier = len(done) - len(qualities)
        missing = f"; {earlier:,} of an earlier version have none" if earlier else ""
        charts += (
            "<div class='chart'><h3>Confidence</h3>"
            f"<p>Images by the IoU that the model expects of its result{missing}</p>{drawing}</div>"
        )
    return charts and f"<div class='charts'>{charts}</div>"


def _gallery(
    title: str,
    note: str,
    jobs: Sequence[JobReport],
    pictures: Mapping[str, tuple[str, str] | None],
) -> str:
    figures = []
    for job in jobs:
        pair = pictures[job.stem]
        shown = "".join(
            f"<div><img src='{source}' alt='{what} of {escape(job.stem, quote=True)}' "
            f"loading='lazy'><span>{what}</span></div>"
            for source, what in zip(pair or (), ("before", "after"), strict=False)
        )
        share = job.changed_share
        figures_text = ", ".join(
            text
            for text in (
                None if job.expected_iou is None else f"expected IoU {job.expected_iou:.3f}",
                None if share is None else f"{100 * share:.1f} % changed",
            )
            if text
        )
        figures.append(
            f"<figure><div class='pair'>{shown}</div><figcaption>"
            f"<b title='{escape(job.stem, quote=True)}'>{escape(job.stem)}</b>"
            f"<span>{figures_text}</span></figcaption></figure>"
        )
    if not figures:
        return ""
    return (
        f"<h2>{title}</h2><p class='note'>{note}</p><div class='gallery'>{''.join(figures)}</div>"
    )


def _failures(report: BatchReport) -> str:
    failed = [job for job in report.jobs if job.status is JobStatus.FAILED]
    if not failed:
        return ""
    return (
        "<h2>Failures</h2><p class='note'>These images have no result. Mend the cause and run "
        f"again with <code>--resume</code>.</p>{_reasons(failed[:_OPEN_ROWS])}"
        f"{_folded(failed[_OPEN_ROWS:], 'more failures')}"
    )


def _left_out(report: BatchReport) -> str:
    left = [j for j in report.jobs if j.status in (JobStatus.SKIPPED, JobStatus.CANCELLED)]
    if not left:
        return ""
    return _folded(left, "images left out" if len(left) > 1 else "image left out")


def _folded(jobs: Sequence[JobReport], what: str) -> str:
    if not jobs:
        return ""
    return f"<details><summary>{len(jobs):,} {what}</summary>{_reasons(jobs)}</details>"


def _reasons(jobs: Sequence[JobReport]) -> str:
    rows = "".join(
        f"<tr><td>{escape(job.stem)}</td><td>{escape(job.error or job.status.value)}</td></tr>"
        for job in jobs[:_MOST_ROWS]
    )
    if len(jobs) > _MOST_ROWS:
        rows += f"<tr><td>…</td><td>{len(jobs) - _MOST_ROWS:,} more in manifest.jsonl</td></tr>"
    return (
        "<div class='failures'><table><thead><tr><th>image</th><th>reason</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _facts(facts: Mapping[str, str]) -> str:
    if not facts:
        return ""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in facts.items()
    )
    return f"<h2>This run</h2><div class='facts'><table><tbody>{rows}</tbody></table></div>"


def _footer() -> str:
    written = time.strftime("%Y-%m-%d %H:%M")
    return f"<footer>Every image is in manifest.jsonl. Written {written} by SPN Annotator.</footer>"
