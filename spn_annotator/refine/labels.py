"""All labels of a map on one level: one pass of the model a label, then the best one a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from spn_annotator.cv import cv2
from spn_annotator.network.model import STRIDE
from spn_annotator.refine.allocation import return_freed_memory
from spn_annotator.refine.levels import Level, feather
from spn_annotator.refine.proposal import Float32, LabelProbability, Window

Ids = npt.NDArray[np.signedinteger]
"""Ids of labels or objects, (H, W), negative where unknown; the narrower type if they fit."""

MARGIN = 0.3
"""How far around an object its edge is looked for, as a part of the object's longer side."""

_LEAST_MARGIN = 40  # pixels

_BAND = 512  # rows that are compared at a time

_MANY = 2_000_000  # pixels of a map beside which memory that lies idle counts


@dataclass(frozen=True)
class LevelResult:
    """Label map (H, W), confidence (H, W) float32, and each label's probability."""

    label_map: Ids
    confidence: Float32
    parts: dict[int, LabelProbability]


def _meets(labels: Ids) -> bool:
    """Say whether a tile holds more than one label, or anything unknown."""
    return bool(labels.min() != labels.max() or labels.min() < 0)


def _view_of(labels: Ids, label: int, tile: Window) -> Window | None:
    """Return where in a tile a label's edge may lie; the whole tile if some of it is unknown."""
    part = labels[tile.slices]
    if (part < 0).any():
        return tile
    mask = (part == label).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(mask)
    if w == 0:
        return None
    margin = max(_LEAST_MARGIN, round(MARGIN * max(w, h)))
    y0 = max(0, (y - margin) // STRIDE * STRIDE)
    x0 = max(0, (x - margin) // STRIDE * STRIDE)
    y1, x1 = min(part.shape[0], y + h + margin), min(part.shape[1], x + w + margin)
    return Window(tile.y0 + y0, tile.x0 + x0, tile.y0 + y1, tile.x0 + x1)


def _signed(labels: Ids, label: int) -> npt.NDArray[np.int8]:
    signed = np.where(labels == label, np.int8(1), np.int8(-1))
    signed[labels < 0] = 0
    return signed


def halves(values: Float32) -> npt.NDArray[np.float16]:
    """Return values in half precision.

    torch has the processor do it. NumPy takes twenty times as long over numbers close to 0, which
    most probabilities are.
    """
    return torch.from_numpy(values).to(torch.float16).numpy()


class _Sum:
    """A label's probability, averaged over the tiles that saw it, inside its window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        # Half precision: many labels on a large image have to fit into memory.
        self.total = np.zeros(window.shape, np.float16)

    def add(self, view: Window, values: Float32) -> None:
        y, x = view.y0 - self.window.y0, view.x0 - self.window.x0
        self.total[y : y + view.shape[0], x : x + view.shape[1]] += halves(values)


def _bounding(views: list[Window]) -> Window:
    return Window(
        min(v.y0 for v in views),
        min(v.x0 for v in views),
        max(v.y1 for v in views),
        max(v.x1 for v in views),
    )


def refine_labels(
    level: Level,
    coarse: Ids,
    sure: Ids | None,
    ids: tuple[int, ...],
    *,
    everywhere: bool,
    halve: bool = False,
    thorough: bool = False,
) -> LevelResult:
    """Refine a label map on a level.

    Of two labels the first gets no pass of its own, nor does the background 0 among several, which
    is quicker: it is what the others leave.

    Parameters
    ----------
    coarse, sure : (H, W)
        Ids; negative where unknown, or not held.
    ids : tuple of int, ascending
        All ids that may appear.
    everywhere : bool
        False leaves alone the tiles that one label fills.
    halve : bool
        Return the result at half the level's size, both sides of which are even.
    thorough : bool
        Look for the background too where there are several labels; follows edges more closely.
    """
    if len(ids) == 1:
        shape = (level.shape[0] // 2, level.shape[1] // 2) if halve else level.shape
        whole = LabelProbability(Window(0, 0, *shape), np.ones(shape, np.float16))
        return LevelResult(
            np.full(shape, ids[0], coarse.dtype), np.ones(shape, np.float32), {ids[0]: whole}
        )
    tiles = [t for t in level.tiles() if everywhere or _meets(coarse[t.slices])]
    rest = ids[0] if len(ids) == 2 or (ids[0] == 0 and not thorough) else None
    passes = [label for label in ids if label != rest]
    views = {
        label: [(t, v) for t in tiles if (v := _view_of(coarse, label, t)) is not None]
        for label in passes
    }
    if len(tiles) == 1 and tiles[0].shape == level.shape:
        parts = {
            label: LabelProbability(view, _refined(level, coarse, sure, label, tile, view))
            for label, pairs in views.items()
            for tile, view in pairs
        }
        asked = None
    else:
        parts, asked = _tiled(level, coarse, sure, tiles, views)
        if coarse.size > _MANY:
            return_freed_memory()  # of the network's, hundreds of megabytes
    if halve:
        height, width = level.shape[0] // 2, level.shape[1] // 2
        if asked is not None:
            asked = np.asarray(asked.reshape(height, 2, width, 2).any((1, 3)))
        parts, coarse = {k: _halved(p) for k, p in parts.items()}, coarse[::2, ::2]
    if asked is None and rest is not None and len(parts) == 1:
        return _object_or_rest(coarse, rest, *parts.popitem())
    return _best(coarse, ids, rest, parts, asked)


def _refined(
    level: Level, coarse: Ids, sure: Ids | None, label: int, tile: Window, view: Window
) -> npt.NDArray[np.float16]:
    """Return the probability of one label in a view of a tile."""
    held = None if sure is None else _signed(sure[view.slices], label)
    values = level.refine(tile, _signed(coarse[view.slices], label), held, view)
    return halves(np.clip(values, 0, 1, out=values))


def _tiled(
    level: Level,
    coarse: Ids,
    sure: Ids | None,
    tiles: list[Window],
    views: dict[int, list[tuple[Window, Window]]],
) -> tuple[dict[int, LabelProbability], npt.NDArray[np.bool_]]:
    """Return each label's probability, and where any was asked for."""
    sums = {k: _Sum(_bounding([v for _, v in pairs])) for k, pairs in views.items() if pairs}
    weight = np.zeros(level.shape, np.float32)
    for tile in tiles:
        weights = feather(tile, level.shape)
        weight[tile.slices] += weights
        for label, pairs in views.items():
            for t, view in pairs:
                if t != tile:
                    continue
                values = _refined(level, coarse, sure, label, tile, view)
                y, x = view.y0 - tile.y0, view.x0 - tile.x0
                share = weights[y : y + view.shape[0], x : x + view.shape[1]]
                sums[label].add(view, values * share)
    asked = weight > 0
    return _averages(coarse, sums, weight, asked), asked


def _averages(
    coarse: Ids, sums: dict[int, _Sum], weight: Float32, asked: npt.NDArray[np.bool_]
) -> dict[int, LabelProbability]:
    """Return each label's mean over the tiles that saw it; elsewhere what the coarse map says.

    The sums become the means: on a large image there is no room for both.
    """
    parts = {}
    for label, found in sums.items():
        there = found.window.slices
        values = found.total.astype(np.float32)
        np.divide(values, weight[there], out=values, where=asked[there])
        values[~asked[there]] = (coarse[there] == label)[~asked[there]]
        np.clip(values, 0, 1, out=values)
        torch.from_numpy(found.total).copy_(torch.from_numpy(values))
        parts[label] = LabelProbability(found.window, found.total)
    return parts


def _halved(part: LabelProbability) -> LabelProbability:
    """Return the probability at half the size; windows begin at even rows and columns."""
    rows, columns = part.values.shape[0] // 2, part.values.shape[1] // 2
    values = part.values[: 2 * rows, : 2 * columns].astype(np.float32)
    small = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
    y0, x0 = part.window.y0 // 2, part.window.x0 // 2
    return LabelProbability(Window(y0, x0, y0 + rows, x0 + columns), halves(small))


def _object_or_rest(coarse: Ids, rest: int, label: int, part: LabelProbability) -> LevelResult:
    """Do as :func:`_best` for the commonest case, one label and the rest, looked at everywhere."""
    there = part.window.slices
    values = part.values.astype(np.float32)
    best = np.full(coarse.shape, rest, coarse.dtype)
    best[there][values > 0.5] = label
    confidence = np.ones(coarse.shape, np.float32)
    confidence[there] = np.abs(2 * values - 1)
    left = np.ones(coarse.shape, np.float16)
    left[there] = halves(1 - values)
    whole = LabelProbability(Window(0, 0, *coarse.shape), left)
    return LevelResult(best, confidence, {label: part, rest: whole})


def _best(
    coarse: Ids,
    ids: tuple[int, ...],
    rest: int | None,
    parts: dict[int, LabelProbability],
    asked: npt.NDArray[np.bool_] | None,
) -> LevelResult:
    """Give each pixel its most probable label; where nothing was ``asked``, the coarse one.

    ``asked`` is None where all was.
    """
    height, width = coarse.shape
    best = np.empty((height, width), coarse.dtype)
    confidence = np.empty((height, width), np.float32)
    left = np.empty((height, width), np.float16) if rest is not None else None
    # In bands of rows: a dozen arrays of a large image would not fit into memory.
    for start in range(0, height, _BAND):
        rows = slice(start, min(start + _BAND, height))
        first, second = (np.zeros((rows.stop - start, width), np.float32) for _ in range(2))
        remains = np.ones_like(first)  # of the probability, for the label without a pass
        winner = np.full(first.shape, -1 if rest is None else rest, coarse.dtype)
        for label in ids:
            found = parts.get(label)
            if found is None:
                continue
            y0, y1 = max(found.window.y0, start), min(found.window.y1, rows.stop)
            if y1 <= y0:
                continue
            there = slice(y0 - start, y1 - start), slice(found.window.x0, found.window.x1)
            values = found.values[y0 - found.window.y0 : y1 - found.window.y0].astype(np.float32)
            wins = values > first[there]
            second[there] = np.where(wins, first[there], np.maximum(second[there], values))
            first[there] = np.where(wins, values, first[there])
            if rest is not None:
                remains[there] -= values
            winner[there][wins] = label
        if rest is not None and left is not None:
            # Not 1 - first: where two labels meet, half and half, nothing is left for a third.
            np.maximum(remains, 0, out=remains)
            left[rows] = halves(remains)
            wins = remains >= first
            winner[wins] = rest
            second = np.where(wins, first, np.maximum(second, remains))
            first = np.where(wins, remains, first)
        # A pixel that no label's window reaches keeps its coarse label.
        before = coarse[rows]
        keep = winner < 0
        if asked is not None:
            keep |= ~asked[rows]
        known = keep & (before >= 0)
        winner[known] = before[known]
        winner[keep & (before < 0)] = ids[0]
        certain = (first - second) / np.maximum(first + second, 1e-6)
        if asked is not None:
            certain[known & ~asked[rows]] = 1.0
        best[rows], confidence[rows] = winner, np.clip(certain, 0, 1)
    if rest is not None and left is not None:
        parts = {**parts, rest: LabelProbability(Window(0, 0, height, width), left)}
    return LevelResult(best, confidence, parts)
