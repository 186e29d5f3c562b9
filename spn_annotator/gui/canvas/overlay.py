"""What is painted, turned into colours: per device pixel, and only where something has changed.

The overlay is made at the resolution of the screen, never of the image: a 10,000 × 10,000 map
needs no coloured copy of itself, an outline is one or two screen pixels wide at every zoom, and
the work follows the size of the changed rectangle on the screen. NumPy only, no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation.planes import TILE, Tile
from spn_annotator.gui.canvas.view_transform import ViewTransform

Ids = NDArray[np.uint16]
Argb = NDArray[np.uint32]
DeviceRect = tuple[int, int, int, int]

_IDS = 65536

#: Length of a dash and a gap of a proposal's outline, in device pixels.
_DASH = 5
_WHITE = 0xFFFFFFFF
_INK = 0xFF14171C


class OverlayMode(StrEnum):
    """How labels are drawn."""

    FILL = "fill"
    OUTLINE = "outline"
    HIDDEN = "hidden"

    def following(self) -> OverlayMode:
        """Return the mode that comes next when the key is pressed."""
        modes = list(OverlayMode)
        return modes[(modes.index(self) + 1) % len(modes)]


@dataclass(frozen=True)
class OverlayStyle:
    """How the overlay looks.

    Parameters
    ----------
    mode : OverlayMode
        Labels filled, as outlines, or not drawn.
    opacity : float
        Opacity of a fill, 0 … 1.
    strokes : bool
        Whether rough strokes are marked by dots and sure ones by hatching.
    proposal : bool
        Whether the proposal is drawn; off while someone looks at what was before.
    confidence : bool
        Whether pixels are tinted of which the proposal is not sure.
    line : int
        Width of outlines in device pixels.
    """

    mode: OverlayMode = OverlayMode.FILL
    opacity: float = 0.45
    strokes: bool = True
    proposal: bool = True
    confidence: bool = False
    line: int = 1


class ProposedTiles(Protocol):
    """Tiles of a map that differs from another one in few of them."""

    def get(self, tile: Tile, /) -> Ids | None:
        """Return the ids of a tile; None where the maps are equal."""
        ...


@dataclass(frozen=True)
class OverlaySource:
    """The maps that the overlay shows, all H×W uint16.

    Parameters
    ----------
    objects : array
        Object ids, 0 = nothing.
    rough, sure : array
        Strokes: 0 none, 1 nothing / surely nothing, id + 1 an object.
    proposal : array, ProposedTiles or None
        Object ids of the proposal, or the tiles in which they differ from ``objects``.
    confidence : (H, W) uint8 array or None
        How sure the proposal is: 0 = a guess, 255 = certain.
    """

    objects: Ids
    rough: Ids
    sure: Ids
    proposal: Ids | ProposedTiles | None = None
    confidence: NDArray[np.uint8] | None = None


def premultiplied(color: tuple[int, int, int], alpha: float) -> int:
    """Return a colour as 0xAARRGGBB with its channels multiplied by alpha (0 … 1)."""
    red, green, blue = (round(channel * alpha) for channel in color)
    return (round(255 * alpha) << 24) | (red << 16) | (green << 8) | blue


def _mixed(
    color: tuple[int, int, int], other: tuple[int, int, int], part: float
) -> tuple[int, int, int]:
    red, green, blue = (round(a * (1 - part) + b * part) for a, b in zip(color, other, strict=True))
    return red, green, blue


#: Pixels of which the proposal is surer than this (of 255) are not tinted.
_SURE_ENOUGH = 230
_UNSURE = (255, 64, 160)
_TINT = np.array(
    [premultiplied(_UNSURE, 0.85 * (1 - value / _SURE_ENOUGH)) for value in range(_SURE_ENOUGH)],
    dtype=np.uint32,
)


class OverlayPainter:
    """Colours for object ids, and the painting of device rectangles with them."""

    def __init__(self) -> None:
        self._colors: dict[int, tuple[int, int, int]] = {}
        self._opacity = -1.0
        self._fill = np.zeros(_IDS, np.uint32)
        self._line = np.zeros(_IDS, np.uint32)
        self._added = np.zeros(_IDS, np.uint32)
        self._removed = np.zeros(_IDS, np.uint32)
        self._rough = np.zeros(_IDS, np.uint32)
        self._sure = np.zeros(_IDS, np.uint32)

    def set_colors(self, colors: Mapping[int, tuple[int, int, int]]) -> bool:
        """Set the colour of each visible object id; an id that is missing is not drawn.

        Returns
        -------
        bool
            Whether anything changed, so that the whole overlay has to be painted again.
        """
        if dict(colors) == self._colors:
            return False
        self._colors = dict(colors)
        self._opacity = -1.0
        return True

    def _prepare(self, opacity: float) -> None:
        if opacity == self._opacity:
            return
        self._opacity = opacity
        tables = (self._fill, self._line, self._added, self._removed, self._rough, self._sure)
        for table in tables:
            table[:] = 0
        # Strokes that say "nothing here" have no colour of their own.
        self._rough[1] = premultiplied((20, 23, 28), 0.8)
        self._sure[1] = premultiplied((20, 23, 28), 0.9)
        for number, color in self._colors.items():
            self._fill[number] = premultiplied(color, opacity)
            self._line[number] = premultiplied(color, 1.0)
            self._added[number] = premultiplied(
                _mixed(color, (255, 255, 255), 0.35), min(1.0, 0.3 + 0.6 * opacity)
            )
            self._removed[number] = premultiplied(color, 0.85)
            if number + 1 < _IDS:
                self._rough[number + 1] = premultiplied(_mixed(color, (255, 255, 255), 0.6), 0.9)
                self._sure[number + 1] = premultiplied(_mixed(color, (255, 255, 255), 0.75), 0.95)

    def paint(
        self,
        out: Argb,
        rect: DeviceRect,
        *,
        view: ViewTransform,
        source: OverlaySource,
        style: OverlayStyle,
    ) -> None:
        """Paint one rectangle of the viewport.

        Parameters
        ----------
        out : (viewport height, viewport width) uint32 array
            Premultiplied 0xAARRGGBB; changed inside ``rect`` only.
        rect : tuple of int
            Half-open device rectangle inside the viewport.
        view : ViewTransform
            Where the image lies.
        source, style : OverlaySource, OverlayStyle
            What is drawn and how.
        """
        x0, y0, x1, y1 = rect
        if x1 <= x0 or y1 <= y0:
            return
        out[y0:y1, x0:x1] = 0
        height, width = source.objects.shape
        pad = max(style.line, 2)
        columns = _indices(x0, x1, pad, view.left, view.zoom, width)
        rows = _indices(y0, y1, pad, view.top, view.zoom, height)
        first_x, last_x = _inside(columns, pad, width)
        first_y, last_y = _inside(rows, pad, height)
        if first_x >= last_x or first_y >= last_y or style.mode is OverlayMode.HIDDEN:
            return
        self._prepare(style.opacity)
        target = out[y0 + first_y : y0 + last_y, x0 + first_x : x0 + last_x]
        columns = columns[first_x : last_x + 2 * pad].clip(0, width - 1)
        rows = rows[first_y : last_y + 2 * pad].clip(0, height - 1)
        # Patterns lie on the image, not on the window: they do not swim when it is moved.
        corner = (x0 + first_x - int(view.left), y0 + first_y - int(view.top))
        self._compose(target, (rows, columns), pad, corner, source, style)

    def _compose(
        self,
        target: Argb,
        index: tuple[NDArray[np.intp], NDArray[np.intp]],
        pad: int,
        corner: tuple[int, int],
        source: OverlaySource,
        style: OverlayStyle,
    ) -> None:
        rows, columns = index
        inner = (slice(pad, -pad), slice(pad, -pad))
        bare = (rows[pad:-pad], columns[pad:-pad])
        padded = _sampled(source.objects, rows, columns)
        ids = padded[inner]
        if style.mode is OverlayMode.FILL:
            np.take(self._fill, ids, out=target, mode="clip")
        proposed = None
        if source.proposal is not None and style.proposal:
            proposed = _proposed(source.proposal, padded, rows, columns)
            self._paint_change(target, ids, proposed[inner], corner)
            if source.confidence is not None and style.confidence:
                _tint(target, _sampled(source.confidence, *bare))
        _put(target, _borders(padded, pad, style.line), self._line, ids)
        if style.strokes:
            self._paint_strokes(target, source, bare, corner)
        if proposed is not None:
            row, column = _true_of(_borders(proposed, pad, style.line, outside=True))
            # (x + 2y): dashes along both axes and both diagonals.
            dash = (column + corner[0] + 2 * (row + corner[1])) // _DASH % 2 == 0
            target[row, column] = np.where(dash, np.uint32(_WHITE), np.uint32(_INK))

    def _paint_change(self, target: Argb, ids: Ids, proposed: Ids, corner: tuple[int, int]) -> None:
        row, column = _true_of(ids != proposed)
        if not len(row):
            return
        old, new = ids[row, column], proposed[row, column]
        stripe = (column + corner[0] - row - corner[1]) % 7 < 2
        removed = np.where(stripe, self._removed[old], np.uint32(0))
        target[row, column] = np.where(new != 0, self._added[new], removed)

    def _paint_strokes(
        self,
        target: Argb,
        source: OverlaySource,
        index: tuple[NDArray[np.intp], NDArray[np.intp]],
        corner: tuple[int, int],
    ) -> None:
        # Dots: every second row of them is shifted, for a texture instead of a grid of lines.
        # Hatching: where (x + y) % 8 is 0 or 1. Both are looked up at their own pixels only.
        dots = [(0, 0, 12, 10), (6, 5, 12, 10)]
        hatch = [(y, x - y, 8, 8) for y in range(8) for x in (0, 1)]
        for plane, colors, lattices in (
            (source.rough, self._rough, dots),
            (source.sure, self._sure, hatch),
        ):
            for y, x, step_y, step_x in lattices:
                first_y, first_x = (y - corner[1]) % step_y, (x - corner[0]) % step_x
                rows, columns = index[0][first_y::step_y], index[1][first_x::step_x]
                ids = plane[rows[:, None], columns]
                if ids.any():
                    _put(target[first_y::step_y, first_x::step_x], ids != 0, colors, ids)


def _sampled(
    plane: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[Any]:
    """Return ``plane[rows][:, columns]`` of ascending indices; a view where they have no gap."""
    top, left = int(rows[0]), int(columns[0])
    part = plane[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    if part.shape == (len(rows), len(columns)):
        return part
    # Not part.take(rows): of a part of an array that would copy all of it first.
    return part[rows - top].take(columns - left, axis=1)


def _proposed(
    proposal: Ids | ProposedTiles, ground: Ids, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Ids:
    """Return what is proposed for ascending rows and columns, of which ``ground`` is the map."""
    if isinstance(proposal, np.ndarray):
        return _sampled(proposal, rows, columns)
    sampled = ground
    for row, down in _tile_runs(rows):
        for column, across in _tile_runs(columns):
            tile = proposal.get((row, column))
            if tile is not None:
                if sampled is ground:
                    sampled = ground.copy()
                part = tile[rows[down] - row * TILE]
                sampled[down, across] = part.take(columns[across] - column * TILE, axis=1)
    return sampled


def _tile_runs(indices: NDArray[np.intp]) -> list[tuple[int, slice]]:
    """Return the tile rows (or columns) that ascending indices lie in, and where each does."""
    numbers = range(int(indices[0]) // TILE, int(indices[-1]) // TILE + 1)
    ends = np.searchsorted(indices, [TILE * (number + 1) for number in numbers]).tolist()
    starts = [0, *ends[:-1]]
    return [
        (number, slice(start, end))
        for number, start, end in zip(numbers, starts, ends, strict=True)
        if end > start
    ]


def _true_of(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the true pixels; several times faster than ``np.nonzero``."""
    row, column = np.divmod(np.flatnonzero(mask), mask.shape[1])
    return row, column


def _tint(target: Argb, confidence: NDArray[np.uint8]) -> None:
    """Lay a colour over pixels of a proposal, the stronger the less sure they are."""
    row, column = _true_of(confidence < _SURE_ENOUGH)
    tint = _TINT[confidence[row, column]].view(np.uint8).reshape(-1, 4)
    ground = target[row, column].view(np.uint8).reshape(-1, 4)
    left = 255 - tint[:, 3:].astype(np.uint16)  # bytes lie blue, green, red, alpha
    mixed = tint + (ground * left + 127) // 255
    target[row, column] = mixed.astype(np.uint8).view(np.uint32)[:, 0]


def _indices(
    start: int, stop: int, pad: int, offset: float, zoom: float, size: int
) -> NDArray[np.intp]:
    """Return the image index under the centre of each device pixel, -1 or size when outside."""
    centres = np.arange(start - pad, stop + pad) + (0.5 - offset)
    return np.floor(centres / zoom).clip(-1, size).astype(np.intp)


def _inside(indices: NDArray[np.intp], pad: int, size: int) -> tuple[int, int]:
    """Return the half-open range of unpadded positions that lie on the image."""
    body = indices[pad : len(indices) - pad]
    return int(np.searchsorted(body, 0)), int(np.searchsorted(body, size))


def _put(target: Argb, where: NDArray[np.bool_], colors: Argb, ids: Ids) -> None:
    """Set few pixels to the colours of their ids; colour 0 leaves them as they are."""
    row, column = _true_of(where)
    shades = colors[ids[row, column]]
    seen = shades != 0
    target[row[seen], column[seen]] = shades[seen]


def _borders(padded: Ids, pad: int, line: int, *, outside: bool = False) -> NDArray[np.bool_]:
    """Return where an id other than 0 (or any, if ``outside``) is near another one."""
    height, width = padded.shape
    high, wide = height - 2 * pad, width - 2 * pad
    ids = padded[pad : height - pad, pad : width - pad]
    border = np.zeros(ids.shape, np.bool_)
    for step in range(1, line + 1):
        # One comparison of neighbours serves both of them.
        beside = (
            padded[pad : height - pad, pad - step : width - pad]
            != (padded[pad : height - pad, pad : width - pad + step])
        )
        border |= beside[:, :wide]
        border |= beside[:, step:]
        above = (
            padded[pad - step : height - pad, pad : width - pad]
            != (padded[pad : height - pad + step, pad : width - pad])
        )
        border |= above[:high]
        border |= above[step:]
    if not outside:
        border &= ids != 0
    return border
