"""Outlines made into masks, and masks painted as one stroke. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from spn_annotator.annotation import Point, Rect
from spn_annotator.gui.i18n import mark
from spn_annotator.gui.tools.base import Mask, PointerEvent, ToolContext


def polygon_mask(points: Sequence[Point], shape: tuple[int, int]) -> tuple[Rect, Mask]:
    """Return the pixels whose centres lie inside a closed line, by the even-odd rule.

    Parameters
    ----------
    points : sequence of (float, float)
        ``(x, y)`` in image coordinates; they may lie outside of the image.
    shape : (int, int)
        Height and width of the image.

    Returns
    -------
    (Rect, (h, w) bool array)
        The smallest rectangle around the line inside the image, and the mask of its size.
    """
    line = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if len(line) < 3:
        return Rect.empty(), np.zeros((0, 0), dtype=bool)
    rect = Rect(
        math.floor(line[:, 0].min()),
        math.floor(line[:, 1].min()),
        math.ceil(line[:, 0].max()),
        math.ceil(line[:, 1].max()),
    ).clip(shape)
    if rect.is_empty:
        return rect, np.zeros((0, 0), dtype=bool)
    following = np.roll(line, -1, axis=0)
    upper = np.where((line[:, 1] <= following[:, 1])[:, None], line, following)
    lower = np.where((line[:, 1] <= following[:, 1])[:, None], following, line)
    # The rows whose centres an edge crosses: its upper end counts, its lower one does not.
    first = np.clip(np.ceil(upper[:, 1] - 0.5), rect.y0, rect.y1).astype(np.int64)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), rect.y0, rect.y1).astype(np.int64)
    counts = last - first
    edges = np.repeat(np.arange(len(line)), counts)
    rows = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[edges]
    height = np.where(lower[:, 1] > upper[:, 1], lower[:, 1] - upper[:, 1], 1.0)
    share = (rows + 0.5 - upper[edges, 1]) / height[edges]
    crossing = upper[edges, 0] + share * (lower[edges, 0] - upper[edges, 0])
    # From the first pixel centre right of a crossing on, inside and outside change places.
    columns = np.clip(np.ceil(crossing - 0.5), rect.x0, rect.x1).astype(np.int64) - rect.x0
    flips = np.zeros((rect.height, rect.width + 1), dtype=np.uint8)
    np.add.at(flips, (rows - rect.y0, columns), 1)
    mask = np.bitwise_and(np.cumsum(flips[:, :-1], axis=1, dtype=np.uint8), 1).astype(bool)
    return rect, mask


def box_rect(start: Point, end: Point, shape: tuple[int, int], *, square: bool = False) -> Rect:
    """Return the pixels of a box from one corner to the other, both in it, inside the image."""
    (x0, y0), (x1, y1) = start, end
    if square:
        side = max(abs(x1 - x0), abs(y1 - y0))
        x1, y1 = x0 + math.copysign(side, x1 - x0), y0 + math.copysign(side, y1 - y0)
    return Rect(
        math.floor(min(x0, x1)),
        math.floor(min(y0, y1)),
        math.floor(max(x0, x1)) + 1,
        math.floor(max(y0, y1)) + 1,
    ).clip(shape)


def corners(rect: Rect) -> tuple[Point, ...]:
    """Return the corners of a rectangle as points."""
    x0, y0, x1, y1 = (float(value) for value in (rect.x0, rect.y0, rect.x1, rect.y1))
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def paint_mask(
    context: ToolContext, event: PointerEvent, where: Rect, mask: Mask, *, erase: bool
) -> None:
    """Paint the true pixels of a mask as one step of the history."""
    if where.is_empty or not mask.any():
        context.say(mark("There is no pixel inside; draw it larger"))
        return
    edit = context.begin_stroke(event, erase=erase)
    if edit is None:
        return
    try:
        rect = edit.fill(where, mask)
    except BaseException:
        context.stroke_painted(edit.cancel())
        context.stroke_ended(edit)
        raise
    edit.commit()
    context.stroke_painted(rect)
    context.stroke_ended(edit)
