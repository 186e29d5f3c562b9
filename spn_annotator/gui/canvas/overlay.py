"""What is painted, turned into colours: per device pixel, and only where something has changed.

The overlay is made at the resolution of the screen, never of the image: a 10,000 × 10,000 map
needs no coloured copy of itself, an outline is one or two screen pixels wide at every zoom, and
the work follows the size of the changed rectangle on the screen. NumPy only, no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

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
    line : int
        Width of outlines in device pixels.
    """

    mode: OverlayMode = OverlayMode.FILL
    opacity: float = 0.45
    strokes: bool = True
    proposal: bool = True
    line: int = 1


@dataclass(frozen=True)
class OverlaySource:
    """The maps that the overlay shows, all H×W uint16.

    Parameters
    ----------
    objects : array
        Object ids, 0 = nothing.
    rough, sure : array
        Strokes: 0 none, 1 nothing / surely nothing, id + 1 an object.
    proposal : array or None
        Object ids of the proposal.
    """

    objects: Ids
    rough: Ids
    sure: Ids
    proposal: Ids | None = None


def premultiplied(color: tuple[int, int, int], alpha: float) -> int:
    """Return a colour as 0xAARRGGBB with its channels multiplied by alpha (0 … 1)."""
    red, green, blue = (round(channel * alpha) for channel in color)
    return (round(255 * alpha) << 24) | (red << 16) | (green << 8) | blue


def _mixed(
    color: tuple[int, int, int], other: tuple[int, int, int], part: float
) -> tuple[int, int, int]:
    red, green, blue = (round(a * (1 - part) + b * part) for a, b in zip(color, other, strict=True))
    return red, green, blue


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
        if first_x >= last_x or first_y >= last_y:
            return
        self._prepare(style.opacity)
        target = out[y0 + first_y : y0 + last_y, x0 + first_x : x0 + last_x]
        columns = columns[first_x : last_x + 2 * pad].clip(0, width - 1)
        rows = rows[first_y : last_y + 2 * pad].clip(0, height - 1)
        pattern_x = np.arange(x0 + first_x, x0 + last_x) - int(view.left)
        pattern_y = (np.arange(y0 + first_y, y0 + last_y) - int(view.top))[:, None]
        index = (rows[:, None], columns)
        self._compose(target, index, pad, (pattern_x, pattern_y), source, style)

    def _compose(
        self,
        target: Argb,
        index: tuple[NDArray[np.intp], NDArray[np.intp]],
        pad: int,
        pattern: tuple[NDArray[np.intp], NDArray[np.intp]],
        source: OverlaySource,
        style: OverlayStyle,
    ) -> None:
        inner = (slice(pad, -pad), slice(pad, -pad))
        rows, columns = index
        bare = (rows[pad:-pad], columns[pad:-pad])
        padded = source.objects[index]
        ids = padded[inner]
        drawn = style.mode is not OverlayMode.HIDDEN
        if style.mode is OverlayMode.FILL:
            np.take(self._fill, ids, out=target, mode="clip")
        proposed = None
        if source.proposal is not None and style.proposal and drawn:
            proposed = source.proposal[index]
            self._paint_change(target, ids, proposed[inner], pattern)
        if drawn:
            _put(target, _borders(padded, pad, style.line), self._line, ids)
        if style.strokes and drawn:
            self._paint_strokes(target, source.rough[bare], source.sure[bare], pattern)
        if proposed is not None:
            row, column = np.nonzero(_borders(proposed, pad, style.line, outside=True))
            # (x + 2y): dashes along both axes and both diagonals.
            dash = (pattern[0][column] + 2 * pattern[1][row, 0]) // _DASH % 2 == 0
            target[row, column] = np.where(dash, np.uint32(_WHITE), np.uint32(_INK))

    def _paint_change(
        self,
        target: Argb,
        ids: Ids,
        proposed: Ids,
        pattern: tuple[NDArray[np.intp], NDArray[np.intp]],
    ) -> None:
        changed = ids != proposed
        if not changed.any():
            return
        x, y = pattern
        row, column = np.nonzero(changed)
        old, new = ids[row, column], proposed[row, column]
        stripe = (x[column] - y[row, 0]) % 7 < 2
        removed = np.where(stripe, self._removed[old], np.uint32(0))
        target[row, column] = np.where(new != 0, self._added[new], removed)

    def _paint_strokes(
        self,
        target: Argb,
        rough: Ids,
        sure: Ids,
        pattern: tuple[NDArray[np.intp], NDArray[np.intp]],
    ) -> None:
        x, y = pattern
        if rough.any():
            # Every second row of dots is shifted: a texture, not a grid of lines.
            dots = (y % 6 < 1) & ((x + 5 * ((y // 6) % 2)) % 10 < 1)
            _put(target, dots & (rough != 0), self._rough, rough)
        if sure.any():
            hatch = (x + y) % 8 < 2
            _put(target, hatch & (sure != 0), self._sure, sure)


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
    row, column = np.nonzero(where)
    shades = colors[ids[row, column]]
    seen = shades != 0
    target[row[seen], column[seen]] = shades[seen]


def _borders(padded: Ids, pad: int, line: int, *, outside: bool = False) -> NDArray[np.bool_]:
    """Return where an id other than 0 (or any, if ``outside``) is near another one."""
    height, width = padded.shape
    ids = padded[pad : height - pad, pad : width - pad]
    border = np.zeros(ids.shape, np.bool_)
    for step in range(1, line + 1):
        for dy, dx in ((step, 0), (-step, 0), (0, step), (0, -step)):
            other = padded[pad + dy : height - pad + dy, pad + dx : width - pad + dx]
            border |= ids != other
    if not outside:
        border &= ids != 0
    return border
