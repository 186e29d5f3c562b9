"""What one call of the refiner asks for: its arrays checked, brought to a size, held to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spn_annotator.annotation.planes import present_values
from spn_annotator.cv import cv2
from spn_annotator.errors import ShapeError
from spn_annotator.refine.labels import Ids, LevelResult
from spn_annotator.refine.proposal import Float32, LabelMap, Window

Unknown = Literal["auto"] | int | None

SPARSE_SHARE = 0.5
"""Share of unknown pixels from which a mask counts as strokes."""

_NOTHING = -1  # unknown, inside this package


@dataclass(frozen=True)
class Request:
    """A call's arrays, checked, with -1 for unknown or not held."""

    coarse: Ids
    sure: Ids | None  # the coarse mask itself where that is but strokes
    dtype: np.dtype
    ids: tuple[int, ...]
    movable: tuple[int, ...]
    region: Window | None

    @property
    def strokes(self) -> bool:
        """Whether all that is known are strokes among unknown pixels."""
        return self.sure is self.coarse


def checked(
    shape: tuple[int, int],
    coarse: LabelMap,
    sure: LabelMap | None,
    *,
    labels: Iterable[int] | None,
    region: tuple[int, int, int, int] | None,
    unknown: Unknown,
) -> Request:
    """Check the arguments of `Refiner.refine`, which says what they are.

    Raises
    ------
    ShapeError
        An array has another shape or dtype, the region is empty, or no pixel is known.
    """
    for name, array in (("coarse mask", coarse), ("sure mask", sure)):
        if array is None:
            continue
        if not isinstance(array, np.ndarray) or array.shape != shape:
            found = getattr(array, "shape", type(array).__name__)
            raise ShapeError(f"the {name} must have the image's shape {shape}, found {found}")
        if array.dtype not in (np.uint8, np.uint16):
            raise ShapeError(f"the {name} must be uint8 or uint16, found {array.dtype}")
    if sure is not None and sure.dtype != coarse.dtype:
        raise ShapeError(f"the sure mask must be {coarse.dtype} as coarse, found {sure.dtype}")
    top = int(np.iinfo(coarse.dtype).max)
    value = top if unknown == "auto" else unknown
    known = {int(v) for v in present_values(coarse)} - {value}
    if sure is not None:
        known |= {int(v) for v in present_values(sure)} - {top}
    kind = np.int16 if max(known, default=0) <= np.iinfo(np.int16).max else np.int32
    wide = coarse.astype(kind)
    if value is not None:
        wide[coarse == value] = _NOTHING
    held = None
    if sure is not None and (sure != top).any():
        held = sure.astype(kind)
        held[sure == top] = _NOTHING
        wide = np.where(held >= 0, held, wide)
    if (wide == _NOTHING).mean() > SPARSE_SHARE:
        held = wide  # strokes among unknown pixels are all that is known: they are held
    # What lies under sure strokes alone is no longer there.
    ids = tuple(sorted(known)) if sure is None else _present(wide)
    if not ids:
        raise ShapeError(
            "the coarse mask is unknown everywhere",
            remedy="Paint at least one stroke, or say which value is unknown",
        )
    movable = ids if labels is None else tuple(v for v in ids if v in set(labels))
    window = None
    if region is not None:
        x0, y0, x1, y1 = (int(v) for v in region)
        window = Window(max(0, y0), max(0, x0), min(shape[0], y1), min(shape[1], x1))
        if window.y1 <= window.y0 or window.x1 <= window.x0:
            raise ShapeError(f"the region {region} has no pixel in an image of shape {shape}")
    return Request(wide, held, coarse.dtype, ids, movable, window)


def _present(labels: Ids) -> tuple[int, ...]:
    """Return the ids in a map, ascending."""
    if labels.dtype == np.int16:  # without sorting all of it
        found = present_values(labels.view(np.uint16))
        return tuple(int(v) for v in found if v <= np.iinfo(np.int16).max)
    return tuple(int(v) for v in np.unique(labels) if v >= 0)


def restrict(request: Request, result: LevelResult, label_map: Ids, confidence: Float32) -> None:
    """Let pixels pass from one movable label to another only, and unknown ones to a movable."""
    known = request.coarse >= 0
    fixed = known & ~np.isin(request.coarse, request.movable)
    stray = ~fixed & ~np.isin(label_map, request.movable)
    label_map[fixed | (stray & known)] = request.coarse[fixed | (stray & known)]
    confidence[fixed] = 1.0
    open_to = stray & ~known
    best = np.zeros(label_map.shape, np.float32)
    for label in request.movable:
        part = result.parts.get(label)
        if part is None:
            continue
        here = part.window.slices
        wins = open_to[here] & (part.values >= best[here])
        label_map[here][wins] = label
        best[here][wins] = part.values[wins]


def reduced_labels(labels: Ids, shape: tuple[int, int]) -> Ids:
    """Return the label map at another size; thin strokes survive a reduction."""
    if labels.shape == shape:
        return labels
    height, width = labels.shape
    rows = (np.arange(height) * shape[0]) // height
    columns = (np.arange(width) * shape[1]) // width
    nearest = labels[
        np.minimum((2 * np.arange(shape[0]) + 1) * height // (2 * shape[0]), height - 1)
    ][:, np.minimum((2 * np.arange(shape[1]) + 1) * width // (2 * shape[1]), width - 1)]
    if shape[0] > height or (labels >= 0).mean() > SPARSE_SHARE:
        return nearest
    # Mostly unknown: a cell takes a known pixel if it has one.
    out = nearest.copy()
    ys, xs = np.nonzero(labels >= 0)
    out[rows[ys], columns[xs]] = labels[ys, xs]
    return out


def enlarged_labels(labels: Ids, shape: tuple[int, int]) -> Ids:
    """Return the label map at a larger size."""
    size = (shape[1], shape[0])
    if labels.dtype == np.int16:
        return cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST_EXACT)
    values = labels.astype(np.float32)  # exact: ids have 16 bits
    return cv2.resize(values, size, interpolation=cv2.INTER_NEAREST_EXACT).astype(np.int32)
