"""What the benchmarks have in common: the machine's name, tables, JSON files and SVG figures."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import PackageNotFoundError, version
from math import ceil, floor, isfinite, log10
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"

COLORS = ("#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#475569", "#0891b2")


def peak_bytes() -> int | None:
    """Return the peak of this process's memory, None where the system does not tell."""
    try:
        # Not getrusage, whose peak on Linux takes in that of the process this one came from.
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def machine(*packages: str) -> dict[str, str]:
    """Return what the figures depend on: processor, cores, system, versions of packages."""
    found = {
        "processor": _processor(),
        "cores": str(os.cpu_count() or "unknown"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass  # no Linux
    return platform.processor() or platform.machine()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under headings; the first column is text, the others are figures."""
    texts = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(headings))]
    for row in texts:
        first, *others = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip(), flush=True)


def verdict(value: float, bar: float, *, more: bool, digits: int = 2, unit: str = "") -> str:
    """Return a figure with its bar, as in ``3.20 (bar: at least 4, missed)``."""
    good = value >= bar if more else value <= bar
    side = "at least" if more else "at most"
    return f"{value:.{digits}f}{unit} (bar: {side} {bar:g}{unit}, {'met' if good else 'missed'})"


def write_json(path: Path, content: object) -> None:
    """Write figures to a file; its folder is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What no image gave is null: NaN is no JSON.
    text = json.dumps(_plain(content), indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"wrote {path}", flush=True)


def _plain(content: object) -> object:
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, float):
        return round(content, 6) if isfinite(content) else None
    return content


@dataclass(frozen=True)
class Series:
    """Points of one colour: (x, y), a text beside each, joined by a line or not."""

    points: tuple[tuple[float, float], ...]
    texts: tuple[str, ...] = ()
    name: str = ""
    line: bool = False


@dataclass(frozen=True)
class Chart:
    """A figure with two axes, drawn as an SVG without any library.

    Attributes
    ----------
    x_title, y_title : str
    series : tuple of Series
    log_x, log_y : bool
        Axes in powers of ten; all values must be positive then.
    x_ticks : tuple of (value, text)
        Marks on the x axis; chosen by the values if left out.
    """

    x_title: str
    y_title: str
    series: tuple[Series, ...]
    log_x: bool = False
    log_y: bool = False
    x_ticks: tuple[tuple[float, str], ...] = ()
    width: int = 640
    height: int = 400
    title: str = ""
    guides: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = field(default=())


_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 30, 40, 56


def draw(chart: Chart, path: Path) -> None:
    """Write a chart as an SVG; its folder is made if missing."""
    at, (x_low, x_high), (y_low, y_high) = _scales(chart)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chart.width}" height="{chart.height}">',
        "<style>text {font: 13px sans-serif} .small {font-size: 11px}</style>",
        f'<rect width="{chart.width}" height="{chart.height}" fill="white"/>',
        f'<text x="{chart.width / 2}" y="20" text-anchor="middle">{escape(chart.title)}</text>',
    ]
    floor_y, left_x = chart.height - _BOTTOM, _LEFT
    parts.append(
        f'<path d="M {left_x} {_TOP} V {floor_y} H {chart.width - _RIGHT}" fill="none" '
        'stroke="#333"/>'
    )
    for value, text in chart.x_ticks or _ticks(x_low, x_high, log=chart.log_x):
        x = at(value, 10**y_low if chart.log_y else y_low)[0]
        parts.append(f'<path d="M {x:.1f} {floor_y} v 5" stroke="#333"/>')
        parts.append(
            f'<text class="small" x="{x:.1f}" y="{floor_y + 18}" text-anchor="middle">'
            f"{escape(text)}</text>"
        )
    for value, text in _ticks(y_low, y_high, log=chart.log_y):
        y = at(10**x_low if chart.log_x else x_low, value)[1]
        parts.append(f'<path d="M {left_x} {y:.1f} h -5" stroke="#333"/>')
        parts.append(
            f'<text class="small" x="{left_x - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{escape(text)}</text>"
        )
    for (ax, ay), (bx, by) in ((at(*a), at(*b)) for a, b in chart.guides):
        parts.append(f'<path d="M {ax:.1f} {ay:.1f} L {bx:.1f} {by:.1f}" stroke="#999"/>')
    # Texts stay off all points.
    points = (at(x, y) for series in chart.series for x, y in series.points)
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    for number, series in enumerate(chart.series):
        parts += _draw_series(series, COLORS[number % len(COLORS)], at, taken, chart.width)
    parts += _legend(chart)
    middle = (chart.width + _LEFT - _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{chart.height - 12}" text-anchor="middle">'
        f"{escape(chart.x_title)}</text>"
    )
    parts.append(
        f'<text x="18" y="{chart.height / 2}" transform="rotate(-90 18 {chart.height / 2})" '
        f'text-anchor="middle">{escape(chart.y_title)}</text></svg>'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")
    print(f"wrote {path}", flush=True)


Place = Callable[[float, float], tuple[float, float]]


def _scales(chart: Chart) -> tuple[Place, tuple[float, float], tuple[float, float]]:
    """Return where a point lies in the picture, and the range of both axes."""
    points = [point for series in chart.series for point in series.points]
    if not points:
        raise ValueError("a chart needs at least one point")
    points += [end for guide in chart.guides for end in guide]
    xs = [log10(x) if chart.log_x else x for x, _ in points]
    ys = [log10(y) if chart.log_y else y for _, y in points]

    def spread(values: list[float]) -> tuple[float, float]:
        low, high = min(values), max(values)
        margin = 0.08 * (high - low) or 0.5
        return low - margin, high + margin

    x_range, y_range = spread(xs), spread(ys)

    def at(x: float, y: float) -> tuple[float, float]:
        x, y = log10(x) if chart.log_x else x, log10(y) if chart.log_y else y
        across = (x - x_range[0]) / (x_range[1] - x_range[0])
        up = (y - y_range[0]) / (y_range[1] - y_range[0])
        return (
            _LEFT + across * (chart.width - _LEFT - _RIGHT),
            chart.height - _BOTTOM - up * (chart.height - _BOTTOM - _TOP),
        )

    return at, x_range, y_range


def _ticks(low: float, high: float, *, log: bool) -> list[tuple[float, str]]:
    if log:
        marks = [m * 10.0**e for e in range(floor(low), ceil(high) + 1) for m in (1, 2, 5)]
        return [(mark, f"{mark:g}") for mark in marks if low <= log10(mark) <= high]
    step = 10.0 ** floor(log10((high - low) / 2))
    step = next(step * m for m in (1, 2, 5, 10) if (high - low) / (step * m) <= 8)
    first = ceil(low / step)
    return [(i * step, f"{i * step:g}") for i in range(first, floor(high / step) + 1)]


Box = tuple[float, float, float, float]

_BESIDE = 8
"""Pixels up or down at which a text still lies beside its point."""


def _draw_series(
    series: Series, color: str, at: Place, taken: list[Box], width: float
) -> list[str]:
    """Return the shapes of a series; its texts keep clear of the boxes taken so far."""
    parts = []
    places = [at(x, y) for x, y in series.points]
    if series.line:
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{color}" stroke-width="2"/>')
    for number, (x, y) in enumerate(places):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>')
        if number < len(series.texts):
            text = series.texts[number]
            box = _free_box(x, y, 6.2 * len(text), taken, width)
            taken.append(box)
            beside, anchor = (box[0], "start") if box[0] > x else (box[2], "end")
            middle = (box[1] + box[3]) / 2
            if abs(middle - y) > _BESIDE:  # a line says whose it is
                parts.append(
                    f'<path d="M {x:.1f} {y:.1f} L {beside:.1f} {middle:.1f}" stroke="{color}" '
                    'stroke-width="0.6"/>'
                )
            parts.append(
                f'<text class="small" x="{beside:.1f}" y="{box[3] - 3:.1f}" fill="{color}" '
                f'text-anchor="{anchor}">{escape(text)}</text>'
            )
    return parts


def _free_box(x: float, y: float, length: float, taken: list[Box], width: float) -> Box:
    """Return (left, top, right, bottom) for a text near a point, the first that is free."""
    height = 13
    # Neither out of the picture nor across the axis.
    fits = {x + 7: x + 7 + length < width, x - 7 - length: x - 7 - length > _LEFT}
    sides = [left for left, does in fits.items() if does] or [x - 7 - length]
    boxes = [
        (left, y + down - height / 2, left + length, y + down + height / 2)
        for down in (-_BESIDE, _BESIDE, -21, 21, -34, 34, -47, 47)
        for left in sides
    ]

    def is_free(box: Box) -> bool:
        return all(
            box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1]
            for other in taken
        )

    return next((box for box in boxes if is_free(box)), boxes[0])


def _legend(chart: Chart) -> list[str]:
    named = [(number, series.name) for number, series in enumerate(chart.series) if series.name]
    parts, x = [], float(_LEFT + 10)
    for number, name in named:
        color = COLORS[number % len(COLORS)]
        parts.append(f'<circle cx="{x}" cy="{_TOP - 8}" r="4" fill="{color}"/>')
        parts.append(f'<text class="small" x="{x + 8}" y="{_TOP - 4}">{escape(name)}</text>')
        x += 24 + 6.2 * len(name)
    return parts
