"""Histograms as SVG that stands in a page by itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

BINS = 20
_WIDTH, _HEIGHT = 440, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 14, 24


def histogram(
    values: Sequence[float], *, top: float, unit: str, label: str, bottom: float = 0.0
) -> str:
    """Return a histogram of values from ``bottom`` to ``top`` in twenty bars.

    Parameters
    ----------
    values : sequence of float
        What lies beyond the axis counts into the first or the last bar.
    bottom, top : float
        The ends of the axis, ``top`` the larger one.
    unit : str
        ``"%"`` shows values as percentages; else they are shown as they are.
    label : str
        What a screen reader says of the picture.
    """
    counts = [0] * BINS
    for value in values:
        place = int((value - bottom) / (top - bottom) * BINS + 1e-9)  # a value on an edge: above it
        counts[min(BINS - 1, max(0, place))] += 1
    most = max(counts, default=0) or 1
    edges = [bottom + (top - bottom) * number / BINS for number in range(BINS + 1)]
    width = (_WIDTH - _LEFT - _RIGHT) / BINS
    height = _HEIGHT - _TOP - _BOTTOM
    floor = _HEIGHT - _BOTTOM
    parts = []
    for number, count in enumerate(counts):
        if not count:
            continue
        tall = max(2.0, height * count / most)
        low, high = (_shown(edge, unit) for edge in edges[number : number + 2])
        parts.append(
            f'<rect class="bar" x="{_LEFT + number * width + 1:.1f}" y="{floor - tall:.1f}" '
            f'width="{width - 2:.1f}" height="{tall:.1f}" rx="2" fill="#2f7fb5">'
            f"<title>{low} to {high}: {_images(count)}</title></rect>"
        )
    for edge in range(0, BINS + 1, 5):
        anchor = "start" if edge == 0 else "end" if edge == BINS else "middle"
        shown = _shown(edges[edge], unit)
        parts.append(_text(shown, _LEFT + edge * width, _HEIGHT - 7, anchor))
    parts.append(_text(f"{most:,}", _LEFT - 6, _TOP + 8, "end"))
    parts.append(_text("0", _LEFT - 6, floor, "end"))
    right = _WIDTH - _RIGHT
    line = f'x1="{_LEFT}" y1="{floor}" x2="{right}" y2="{floor}"'
    parts.append(f'<line class="axis" stroke="#b5b8bd" {line}/>')
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">'
        + "".join(parts)
        + "</svg>"
    )


def nice_top(values: Sequence[float]) -> float:
    """Return a round upper end of the axis for values of 0 to 1."""
    most = max(values, default=1.0)
    return next((top for top in (0.02, 0.05, 0.1, 0.2, 0.4) if most <= top), 1.0)


def nice_bottom(values: Sequence[float]) -> float:
    """Return a round lower end of the axis for values of 0 to 1, of which most may be near 1."""
    least = min(values, default=0.0)
    return next((bottom for bottom in (0.9, 0.8, 0.6) if bottom <= least), 0.0)


def _text(text: str, x: float, y: float, anchor: str) -> str:
    # Attributes besides the style sheet, for viewers that do not apply it to drawings.
    look = f'fill="#7b818c" font-size="11" text-anchor="{anchor}"'
    return f'<text {look} x="{x:.1f}" y="{y:.1f}">{text}</text>'


def _shown(value: float, unit: str) -> str:
    return f"{100 * value:g} %" if unit == "%" else f"{value:g}"


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"
