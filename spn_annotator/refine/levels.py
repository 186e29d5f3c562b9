"""One image at one scale: its guidance, computed in tiles, and masks refined on it.

A small image has one level. A large one is refined on a reduced copy first, where the model sees
whole objects, and then at twice the size again and again, only in the tiles where labels meet.
Guidance is cut into tiles of a fixed grid and kept, so that the next stroke finds it there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from spn_annotator.cv import cv2
from spn_annotator.network.inputs import ColorBins, mask_planes
from spn_annotator.network.model import STRIDE, Guidance, SpnRefiner
from spn_annotator.refine.proposal import Float32, Window

BASE_SIDE = 640
"""Longest side, in pixels, that is refined in one piece."""

TILE = 576
"""Longest side of the pieces of a larger image, a multiple of the stride."""

OVERLAP = 96
"""Pixels that neighbouring pieces share at least."""


def _padded(array: np.ndarray) -> np.ndarray:
    """Mirror the lower and right edge so that both sides are multiples of the stride."""
    height, width = array.shape[:2]
    down, right = -height % STRIDE, -width % STRIDE
    if not (down or right):
        return array
    # A side shorter than the padding is repeated instead: it cannot be mirrored that far.
    border = cv2.BORDER_REFLECT_101 if down < height and right < width else cv2.BORDER_REPLICATE
    return cv2.copyMakeBorder(array, 0, down, 0, right, border)


def _spread(size: int, most: int) -> list[tuple[int, int]]:
    """Return where equally long pieces of a side begin and end, none longer than ``most``."""
    if size <= most:
        return [(0, size)]
    count = -(-(size - OVERLAP) // (most - OVERLAP))
    side = -(-(size + (count - 1) * OVERLAP) // count)
    side += -side % STRIDE  # what is less would be padded with what is mirrored
    starts = [i * (size - side) // (count - 1) for i in range(count)]
    return [(start, start + side) for start in starts]


class Level:
    """An image at one scale, (H, W, 3) uint8 RGB, and what the model says about it.

    ``kept`` tiles' guidance is held ready for the next mask, some 30 MB each.
    """

    def __init__(
        self,
        rgb: npt.NDArray[np.uint8],
        model: SpnRefiner,
        device: torch.device,
        *,
        enlarged: int = 1,
        kept: int = 2,
    ) -> None:
        self.rgb = rgb
        # An enlarged image shows as much of an object only in a piece enlarged as well.
        self._base, self._tile = BASE_SIDE * enlarged, TILE * enlarged
        self.shape: tuple[int, int] = (rgb.shape[0], rgb.shape[1])
        self._model = model
        self._device = device
        self._kept = kept
        self._bins: ColorBins | None = None
        self._guidance: OrderedDict[Window, Guidance] = OrderedDict()

    @property
    def bins(self) -> ColorBins:
        """Return the colour bins of the image."""
        if self._bins is None:
            self._bins = ColorBins.of(self.rgb)
        return self._bins

    def tiles(self) -> list[Window]:
        """Return windows that cover the image and overlap; one if it is small.

        As few as will do, all of one size and evenly spread.
        """
        height, width = self.shape
        if max(self.shape) <= self._base:
            return [Window(0, 0, height, width)]
        rows, columns = _spread(height, self._tile), _spread(width, self._tile)
        return [Window(y0, x0, y1, x1) for y0, y1 in rows for x0, x1 in columns]

    def guidance(self, tile: Window) -> Guidance:
        """Return the guidance of one of :meth:`tiles`, computed when first asked for."""
        found = self._guidance.get(tile)
        if found is not None:
            self._guidance.move_to_end(tile)
            return found
        _guide([self], tile)
        while len(self._guidance) > self._kept:
            self._guidance.popitem(last=False)
        return self._guidance[tile]

    def refine(
        self,
        tile: Window,
        coarse: npt.NDArray[np.int8],
        sure: npt.NDArray[np.int8] | None,
        view: Window,
    ) -> Float32:
        """Return the probability of one object inside a part of a tile.

        Parameters
        ----------
        coarse, sure : (h, w) int8, of the view
            1 object, -1 rest, 0 unknown; see :func:`mask_planes`.
        view : Window
            Inside the tile; its upper left corner lies on the stride's grid of the tile.

        Returns
        -------
        (h, w) float32 in [0, 1]
        """
        h, w = view.shape
        bins = ColorBins(_padded(self.bins.index[view.slices]))
        planes = mask_planes(bins, _padded(coarse), None if sure is None else _padded(sure))
        rows, columns = planes.shape[1:]
        top, left = view.y0 - tile.y0, view.x0 - tile.x0
        guidance = _part(self.guidance(tile), top, left, rows, columns)
        tensor = torch.from_numpy(planes)[None].to(self._device)
        result = self._model(tensor, guidance)
        return result.probability[0, 0, :h, :w].cpu().numpy()


def guide_together(levels: Sequence[Level]) -> None:
    """Compute the guidance of levels of one shape and one tile each in a single pass.

    On a GPU that is quicker than one after the other; the figures agree but for rounding.
    """
    _guide(levels, levels[0].tiles()[0])


def _guide(levels: Sequence[Level], tile: Window) -> None:
    """Compute and keep the guidance of the same tile of levels of one shape."""
    first = levels[0]
    # Stacking copies: a caller's image may be read-only, which torch warns of.
    stacked = np.stack([_padded(level.rgb[tile.slices]) for level in levels])
    rgb = torch.from_numpy(stacked).to(first._device).permute(0, 3, 1, 2).float() / 255
    found = first._model.guide(rgb.contiguous(memory_format=torch.channels_last))
    for i, level in enumerate(levels):
        part = Guidance(tuple(f[i : i + 1] for f in found.features), found.ties[i : i + 1])
        level._guidance[tile] = part


def _part(guidance: Guidance, top: int, left: int, rows: int, columns: int) -> Guidance:
    features = tuple(
        f[
            :,
            :,
            top // s : (top + rows) // s,
            left // s : (left + columns) // s,
        ]
        for f, s in zip(guidance.features, (2, 4, 8, 16, 32), strict=True)
    )
    ties = guidance.ties[..., top : top + rows, left : left + columns]
    return Guidance(features, ties)


@dataclass(frozen=True)
class PreparedImage:
    """What a refiner knows of an image before any mask; of use to that refiner alone."""

    levels: list[Level]
    closer: Level | None = None


def feather(tile: Window, shape: tuple[int, int]) -> Float32:
    """Return weights (h, w) in (0, 1] that fall towards the sides a tile shares with others."""

    def ramp(start: int, stop: int, size: int) -> Float32:
        t = np.arange(stop - start, dtype=np.float32) + 0.5
        low = np.minimum(t / OVERLAP, 1) if start > 0 else np.ones_like(t)
        high = np.minimum((stop - start - t) / OVERLAP, 1) if stop < size else np.ones_like(t)
        return np.minimum(low, high)

    rows, columns = ramp(tile.y0, tile.y1, shape[0]), ramp(tile.x0, tile.x1, shape[1])
    return rows[:, None] * columns[None, :]
