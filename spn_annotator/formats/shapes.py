"""Polygons and other shapes from elsewhere, filled as the tool fills them that wrote them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from spn_annotator.errors import FormatError

_REMEDY = "Export the file again"
_STEPS = 20_000_000  # pixels that the lines of one shape may run through


def points_of(values: Any, shape: tuple[int, int], path: Path | str, *, least: int) -> np.ndarray:
    """Return the points of a shape.

    Parameters
    ----------
    values : list
        Pairs ``[x, y]``, or x and y in turn.
    shape : (int, int)
        Height and width of the image; points may lie outside, but not far.
    path : Path or str
        For messages.
    least : int
        How many points there must be.

    Returns
    -------
    (N, 2) float64 array

    Raises
    ------
    FormatError
        They are no points, not finite, too few, or far outside of the image.
    """
    flat: list[Any] = []
    for item in values if isinstance(values, list) else []:
        flat += item if isinstance(item, list) and len(item) == 2 else [item]
    numbers = all(type(item) in (int, float) for item in flat)
    if not isinstance(values, list) or not numbers or len(flat) % 2 or len(flat) < 2 * least:
        raise FormatError(
            f"has a shape that is no list of {least} points or more", path=path, remedy=_REMEDY
        )
    far = 10 * max(shape) + 1000
    # Compared as Python's numbers: an int may be larger than any float.
    if not all(math.isfinite(item) and -far < item < far for item in _floats(flat, path)):
        raise FormatError("has a shape far outside of its image", path=path, remedy=_REMEDY)
    points = np.array(flat, np.float64).reshape(-1, 2)
    steps = np.abs(np.diff(points, axis=0, append=points[:1])).max(axis=1).sum()
    if steps + len(points) > _STEPS:
        raise FormatError("has a shape with an outline too long", path=path, remedy=_REMEDY)
    return points


def _floats(values: list[Any], path: Path | str) -> list[float]:
    try:
        return [float(value) for value in values]
    except OverflowError as error:
        raise FormatError(
            "has a shape far outside of its image", path=path, remedy=_REMEDY
        ) from error


def fill_coco(polygons: list[np.ndarray], shape: tuple[int, int]) -> tuple[np.ndarray, int, int]:
    """Return what pycocotools makes of polygons taken together.

    Returns
    -------
    (h, w) bool array
        Only the rectangle that they lie in.
    int, int
        Its first column and row.
    """
    from spn_annotator.formats.coco import rasterised

    x, y, right, bottom = _box(np.concatenate(polygons), shape)
    width, height = right - x, bottom - y
    if width < 1 or height < 1:
        return np.zeros((0, 0), bool), 0, 0
    corner = np.array((x, y))
    return rasterised([item - corner for item in polygons], (height, width)), x, y


class LabelmeCanvas:
    """Draws labelme's shapes as labelme does.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the image.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._picture = Image.new("1", (shape[1], shape[0]))
        self._draw = ImageDraw.Draw(self._picture)

    def fill(self, kind: str, points: np.ndarray) -> tuple[np.ndarray, int, int] | None:
        """Return the mask of a shape, None for shapes without an area.

        Parameters
        ----------
        kind : str
            ``polygon``, ``rectangle``, ``oriented_rectangle`` or ``circle``; others have no area.
        points : (N, 2) array

        Returns
        -------
        (h, w) bool array
            Only the rectangle that it lies in.
        int, int
            Its first column and row.
        """
        pairs = [(float(x), float(y)) for x, y in points]
        reach = points
        if kind in ("polygon", "oriented_rectangle") and len(pairs) > 2:
            self._draw.polygon(pairs, outline=1, fill=1)
        elif kind == "rectangle" and len(pairs) == 2:
            (x0, y0), (x1, y1) = pairs
            corners = [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
            self._draw.rectangle(corners, outline=1, fill=1)
        elif kind == "circle" and len(pairs) == 2:
            (x, y), edge = pairs[0], pairs[1]
            radius = math.hypot(x - edge[0], y - edge[1])
            box = [x - radius, y - radius, x + radius, y + radius]
            self._draw.ellipse(box, outline=1, fill=1)
            reach = np.array(box).reshape(2, 2)
        else:
            return None
        x, y, right, bottom = _box(reach, self._shape)
        if right <= x or bottom <= y:
            return np.zeros((0, 0), bool), 0, 0
        mask = np.array(self._picture.crop((x, y, right, bottom)))
        self._draw.rectangle([x, y, right, bottom], outline=0, fill=0)
        return mask, x, y


def _box(points: np.ndarray, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of all pixels that points can reach, inside the image."""
    low = np.maximum(np.floor(points.min(axis=0)) - 1, 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0)) + 2, (shape[1], shape[0])).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])
