"""The course of a run: a table as CSV and its drawing as SVG, both brought up to date as it goes.

Drawn by hand: a plotting library would weigh more than the rest of what training needs.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from spn_annotator.errors import FormatError
from spn_annotator.training.losses import PARTS

_COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#be185d")
_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _GAP = 760, 190, 56, 120, 28, 34
_STYLE = (
    "text {font: 12px sans-serif; fill: #333} .title {font-weight: bold} .grid {stroke: #ddd} "
    "polyline {fill: none; stroke-width: 1.8}"
)

Table = dict[str, list[float]]
"""Columns of equal length by name; ``nan`` where a figure is missing."""


def columns(kinds: Iterable[str]) -> list[str]:
    """Return the names of the columns for these kinds of coarse masks."""
    return ["step", "seconds", *PARTS, *(f"{m}_{k}" for k in kinds for m in ("iou", "mba"))]


def start_curves(path: Path, kinds: Iterable[str], *, done: int) -> float:
    """Make the table ready for the steps after ``done`` and return the seconds spent until there.

    What an interrupted run wrote of steps that it does again is taken out.
    """
    names = columns(kinds)
    table = read_curves(path) if done and path.is_file() else {}
    if list(table) != names:
        table = {name: [] for name in names}
    kept = [row for row in zip(*table.values(), strict=True) if row[0] <= done]
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(names)
    for row in kept:
        append_row(temporary, row)
    temporary.replace(path)
    return kept[-1][1] if kept else 0.0


def append_row(path: Path, row: Sequence[float]) -> None:
    """Add a row; the first two figures are whole numbers."""
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(
            [f"{row[0]:.0f}", f"{row[1]:.0f}", *(f"{value:.5f}" for value in row[2:])]
        )


def read_curves(path: Path) -> Table:
    """Return the table of a run.

    Raises
    ------
    FormatError
        The file is no such table.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            names, *rows = list(csv.reader(file))
        values = [[float(cell) for cell in row] for row in rows]
        if names[:1] != ["step"]:
            raise ValueError("no column of steps")
        if not values:
            return {name: [] for name in names}
        return {n: list(c) for n, c in zip(names, zip(*values, strict=True), strict=True)}
    except ValueError as error:
        raise FormatError(
            f"this is no table that training wrote ({error})",
            path=path,
            remedy="Remove it; the run goes on without what it held",
        ) from error


def _ticks(low: float, high: float) -> list[float]:
    """Return three to six round numbers within a range."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _panel(title: str, steps: list[float], lines: Table, top: float) -> list[str]:
    """Return the drawing of one panel whose upper edge lies at ``top``."""
    known = [v for values in lines.values() for v in values if math.isfinite(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.05
    low, high = low - room, high + room
    first, last = min(0.0, *steps), max(steps)
    width = _WIDTH - _LEFT - _RIGHT

    def at(step: float, value: float) -> tuple[float, float]:
        return (
            _LEFT + (step - first) / (last - first or 1) * width,
            top + _PANEL - (value - low) / (high - low) * _PANEL,
        )

    parts = [f'<text x="{_LEFT}" y="{top - 8}" class="title">{escape(title)}</text>']
    for tick in _ticks(low, high):
        y = at(first, tick)[1]
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + width}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    for i, (name, values) in enumerate(lines.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        pairs = zip(steps, values, strict=True)
        points = [at(s, v) for s, v in pairs if math.isfinite(v)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" stroke="{colour}"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in points[-1:]
        ]
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 10}" y="{top + 12 + 17 * i}" '
            f'style="fill:{colour}">{escape(name)}</text>'
        )
    return parts


def draw_curves(table: Table, path: Path) -> None:
    """Draw loss, IoU and mBA over the steps; without a row there is nothing to draw."""
    steps = table["step"]
    if not steps:
        return
    panels = [("loss", {name: table[name] for name in PARTS})]
    for key, title in (("iou", "IoU, held-out images"), ("mba", "mBA, held-out images")):
        lines = {
            name.removeprefix(f"{key}_"): [100 * value for value in values]
            for name, values in table.items()
            if name.startswith(f"{key}_")
        }
        if any(math.isfinite(v) for values in lines.values() for v in values):
            panels.append((title, lines))
    height = _TOP + len(panels) * (_PANEL + _GAP) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    for i, (title, lines) in enumerate(panels):
        parts += _panel(title, steps, lines, _TOP + i * (_PANEL + _GAP))
    width = _WIDTH - _LEFT - _RIGHT
    first, last = min(0.0, *steps), max(steps)
    for tick in _ticks(first, last if last > first else first + 1):
        x = _LEFT + (tick - first) / (last - first or 1) * width
        parts.append(f'<text x="{x:.1f}" y="{height - 26}" text-anchor="middle">{tick:g}</text>')
    parts.append(
        f'<text x="{_LEFT + width / 2}" y="{height - 8}" text-anchor="middle">steps</text>'
    )
    path.write_text("\n".join([*parts, "</svg>"]), encoding="utf-8")
