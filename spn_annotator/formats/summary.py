"""What commands say about imports and exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console

from spn_annotator.formats.export import REPORT_NAME, ExportReport
from spn_annotator.formats.report import Overlaps
from spn_annotator.formats.tables import console, plain

_SHOWN = 10


def print_export(report: ExportReport) -> None:
    """Print what an export wrote, and all kinds of things that it could not."""
    screen = console()
    counted = f"{count(report.images, 'image')} with {count(report.objects, 'object')}"
    screen.print(plain(f"Written: {counted}, in {report.folder}"))
    print_left(screen, report.skipped, report.failed, report.dropped)
    print_notes(screen, report.notes)
    print_overlaps(screen, report.overlaps)
    loss = report.polygons
    if loss is not None:
        screen.print(
            plain(
                f"Polygons: {loss.changed:,} of {count(loss.objects, 'object')} do not come back "
                f"to the pixel; IoU at least {loss.lowest:.4f}, {loss.mean:.4f} on average"
            )
        )
    if report.renamed:
        screen.print(plain(f"{count(len(report.renamed), 'image')} got another file name"))
    screen.print(plain(f"All of it: {report.folder / REPORT_NAME}"))


def print_left(
    screen: Console, skipped: Iterable[tuple[str, str]], failed: int, dropped: int
) -> None:
    """Print what was left out, the first few of it by name."""
    entries = list(skipped)
    if failed or dropped:
        lost = f"{count(failed, 'image')} and {count(dropped, 'object')} left out"
        screen.print(plain(f"Not written: {lost}", "bold red"))
    for name, reason in entries[:_SHOWN]:
        screen.print(plain(f"  {name}: {reason.removeprefix(f'{name}: ')}"))
    if len(entries) > _SHOWN:
        screen.print(plain(f"  … and {len(entries) - _SHOWN:,} more"))


def print_notes(screen: Console, notes: Mapping[str, tuple[str, ...]]) -> None:
    """Print what was changed on the way, each kind once."""
    for text, names in notes.items():
        screen.print(plain(f"Note, {count(len(names), 'image')}: {text}", "yellow"))


def print_overlaps(screen: Console, overlaps: Overlaps) -> None:
    """Print how many pixels belonged to two objects, and which names no label has."""
    if overlaps.pixels:
        where = count(overlaps.images, "image")
        screen.print(plain(f"Overlaps: {count(overlaps.pixels, 'pixel')} in {where}", "yellow"))
    for name in overlaps.unknown:
        screen.print(plain(f"Note: no label is called {name!r}, so it wins nothing", "yellow"))


def count(number: int, word: str) -> str:
    """Return a number with its word: ``1 image``, ``2 images``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
