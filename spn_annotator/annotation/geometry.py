"""Rectangles and brush shapes on the pixel grid.

Image coordinates: x to the right, y down, in pixels. The pixel in column ``c`` and row ``r`` covers
the square from ``(c, r)`` to ``(c + 1, r + 1)``; its centre is ``(c + 0.5, r + 0.5)``. Positions of
a pointer are points of that plane, not column and row numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spn_annotator.errors import ShapeError

Point = tuple[float, float]

# A brush of this radius, in pixels, or less marks the pixels a thin line runs through.
THIN_RADIUS = 0.5
# Shorter extents than this, in pixels, count as none: the division by them would only make noise.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Rect:
    """A half-open rectangle of pixels: columns ``x0 <= c < x1``, rows ``y0 <= r < y1``."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def empty(cls) -> Rect:
        """Return the rectangle that holds no pixel."""
        return cls(0, 0, 0, 0)

    @classmethod
    def of_shape(cls, shape: tuple[int, int]) -> Rect:
        """Return the rectangle of a whole ``(height, width)`` array."""
        return cls(0, 0, shape[1], shape[0])

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    @property
    def width(self) -> int:
        """Columns."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Rows."""
        return max(0, self.y1 - self.y0)

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the rectangle in an ``(height, width)`` array; the rectangle must be clipped."""
        if self.is_empty:
            return slice(0, 0), slice(0, 0)
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def union(self, other: Rect) -> Rect:
        """Return the smallest rectangle that holds both; an empty one adds nothing."""
        if self.is_empty:
            return Rect.empty() if other.is_empty else other
        if other.is_empty:
            return self
        return Rect(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def intersection(self, other: Rect) -> Rect:
        """Return the pixels that lie in both, ``Rect.empty()`` if there are none."""
        rect = Rect(
            max(self.x0, other.x0),
            max(self.y0, other.y0),
            min(self.x1, other.x1),
            min(self.y1, other.y1),
        )
        return Rect.empty() if rect.is_empty else rect

    def clip(self, shape: tuple[int, int]) -> Rect:
        """Return the part that lies inside an ``(height, width)`` image."""
        return self.intersection(Rect.of_shape(shape))


@dataclass(frozen=True, slots=True)
class Spans:
    """A shape with one run of pixels a row: columns ``starts[i] <= c < ends[i]`` in row ``y0 + i``.

    Rows without a pixel have ``ends <= starts``. Everything lies inside the image.
    """

    y0: int
    starts: np.ndarray
    ends: np.ndarray

    @property
    def rect(self) -> Rect:
        """The smallest rectangle around the shape."""
        filled = np.flatnonzero(self.ends > self.starts)
        if filled.size == 0:
            return Rect.empty()
        return Rect(
            int(self.starts[filled].min()),
            self.y0 + int(filled[0]),
            int(self.ends[filled].max()),
            self.y0 + int(filled[-1]) + 1,
        )

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """Yield ``(row, first column, column after the last)`` of each row that has pixels."""
        for offset, (start, end) in enumerate(
            zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        ):
            if start < end:
                yield self.y0 + offset, start, end

    def bands(self, height: int) -> Iterator[Rect]:
        """Yield the rectangle around the shape in each band of ``height`` rows (from row 0 on)."""
        row, end_row = self.y0, self.y0 + len(self.starts)
        while row < end_row:
            stop = min((row // height + 1) * height, end_row)
            part = slice(row - self.y0, stop - self.y0)
            rect = Spans(row, self.starts[part], self.ends[part]).rect
            if not rect.is_empty:
                yield rect
            row = stop

    def mask(self, rect: Rect) -> np.ndarray:
        """Return the shape inside ``rect`` as a boolean array of the rectangle's size."""
        mask = np.zeros((rect.height, rect.width), dtype=bool)
        for row, start, end in self.rows():
            if rect.y0 <= row < rect.y1:
                mask[row - rect.y0, max(0, start - rect.x0) : max(0, end - rect.x0)] = True
        return mask


def capsule_spans(start: Point, end: Point, radius: float, shape: tuple[int, int]) -> Spans | None:
    """Return the pixels that a round brush covers on its way from ``start`` to ``end``.

    Covered is a pixel whose centre is nearer than ``radius`` to the segment, and the pixel that
    holds an end point, so that every click marks something. With a radius of 0.5 or less the
    brush is a thin line, connected over corners: a click marks exactly one pixel.

    The time grows with the number of rows, not with the area.

    Parameters
    ----------
    start, end : (float, float)
        Points ``(x, y)`` in image coordinates; they may lie outside of the image or be equal.
    radius : float
        Radius of the brush in pixels, above 0.
    shape : (int, int)
        Height and width of the image in pixels.

    Returns
    -------
    Spans or None
        The shape clipped to the image; None if no pixel of the image is covered.

    Raises
    ------
    ShapeError
        A coordinate is not finite, or the radius is not above 0.
    """
    if not all(math.isfinite(value) for value in (*start, *end, radius)):
        raise ShapeError(f"a stroke needs finite numbers, got {start}, {end}, radius {radius}")
    if radius <= 0:
        raise ShapeError(f"the radius of a stroke must be above 0, got {radius}")
    if radius <= THIN_RADIUS:
        spans = _thin_spans(start, end, shape)
    else:
        spans = _thick_spans(start, end, radius, shape)
    return None if spans is None or spans.rect.is_empty else spans


def _thick_spans(start: Point, end: Point, radius: float, shape: tuple[int, int]) -> Spans | None:
    height, width = shape
    first = max(0, math.floor(min(start[1], end[1]) - radius))
    last = min(height, math.ceil(max(start[1], end[1]) + radius) + 1)
    if first >= last:
        return None
    y = np.arange(first, last) + 0.5

    # A capsule is convex: in each row the two discs and the body between them make one interval.
    low = np.full(y.shape, np.inf)
    high = np.full(y.shape, -np.inf)
    for centre_x, centre_y in (start, end):
        square = radius * radius - (y - centre_y) ** 2
        inside = square > 0
        half = np.sqrt(np.where(inside, square, 0.0))
        low = np.where(inside, np.minimum(low, centre_x - half), low)
        high = np.where(inside, np.maximum(high, centre_x + half), high)
    body_low, body_high = _body_interval(start, end, radius, y)
    inside = body_low < body_high
    low = np.where(inside, np.minimum(low, body_low), low)
    high = np.where(inside, np.maximum(high, body_high), high)

    # The centres c + 0.5 strictly between low and high.
    starts = np.floor(np.clip(low, -1.0, width + 1.0) - 0.5).astype(np.int64) + 1
    ends = np.ceil(np.clip(high, -1.0, width + 1.0) - 0.5).astype(np.int64)
    empty = ends <= starts
    for px, py in (start, end):
        column, row = math.floor(px), math.floor(py) - first
        if 0 <= row < len(starts) and 0 <= column < width:
            starts[row] = column if empty[row] else min(starts[row], column)
            ends[row] = column + 1 if empty[row] else max(ends[row], column + 1)
            empty[row] = False
    return Spans(first, np.clip(starts, 0, width), np.clip(ends, 0, width))


def _body_interval(
    start: Point, end: Point, radius: float, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where each row crosses the rectangle between the two discs (low >= high: nowhere)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    dy_row = y - start[1]
    low = np.full(y.shape, -np.inf)
    high = np.full(y.shape, np.inf)
    if abs(dx) <= _TINY and abs(dy) <= _TINY:
        return high, low
    if abs(dy) > _TINY:  # nearer than the radius to the infinite line
        middle = start[0] + dy_row * dx / dy
        half = radius * length / abs(dy)
        low, high = middle - half, middle + half
    else:
        low = np.where(np.abs(dy_row) < radius, low, np.inf)
    if abs(dx) > _TINY:  # between the two ends
        one = start[0] - dy_row * dy / dx
        two = one + length * length / dx
        low = np.maximum(low, np.minimum(one, two))
        high = np.minimum(high, np.maximum(one, two))
    else:
        along = dy_row * dy
        low = np.where((along >= 0) & (along <= length * length), low, np.inf)
    return low, high


def _thin_spans(start: Point, end: Point, shape: tuple[int, int]) -> Spans | None:
    """The pixels at the ends, and one a step along the longer axis: where the line is half-way."""
    height, width = shape
    by_rows = abs(end[1] - start[1]) > abs(end[0] - start[0])
    if by_rows:
        rows, columns = _thin_line((start[1], start[0]), (end[1], end[0]), limit=height)
    else:
        columns, rows = _thin_line(start, end, limit=width)
    ends_x = [math.floor(start[0]), math.floor(end[0])]
    ends_y = [math.floor(start[1]), math.floor(end[1])]
    columns = np.concatenate((columns, np.clip(ends_x, -1, width)))
    rows = np.concatenate((rows, np.clip(ends_y, -1, height)))
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    rows, columns = rows[inside], columns[inside]
    if rows.size == 0:
        return None
    first, count = int(rows.min()), int(rows.max()) - int(rows.min()) + 1
    starts = np.full(count, width, dtype=np.int64)
    ends = np.zeros(count, dtype=np.int64)
    # The line is monotone: its pixels in one row are neighbours.
    np.minimum.at(starts, rows - first, columns)
    np.maximum.at(ends, rows - first, columns + 1)
    return Spans(first, starts, ends)


def _thin_line(start: Point, end: Point, *, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pixel numbers along the first (longer) axis, within ``0..limit``, and across it."""
    if start[0] > end[0]:
        start, end = end, start
    along = np.arange(max(0, math.floor(start[0])), min(limit - 1, math.floor(end[0])) + 1)
    extent = end[0] - start[0]
    if extent < _TINY:
        return along, np.full(along.shape, math.floor(start[1]), dtype=np.int64)
    share = (np.clip(along + 0.5, start[0], end[0]) - start[0]) / extent
    across = np.clip(start[1] + share * (end[1] - start[1]), -(2.0**62), 2.0**62)
    return along, np.floor(across).astype(np.int64)
