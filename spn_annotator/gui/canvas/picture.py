"""An image with smaller copies of itself: a zoomed-out view is quick and does not flicker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spn_annotator.cv import cv2

Rgb = NDArray[np.uint8]

#: Halving stops when the longer side is at most this.
_SMALLEST = 512


@dataclass(frozen=True, eq=False)
class Depth:
    """The 16-bit values of a grey image, with their halves.

    Parameters
    ----------
    levels : tuple of (h, w) uint16 arrays
        The image and its halves, of the sizes of those of the Picture.
    black, white : float
        The values that are shown as black and white when nothing is adjusted.
    """

    levels: tuple[NDArray[np.uint16], ...]
    black: float
    white: float


class Picture:
    """An RGB image and its halves; made off the GUI thread, then only read.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array, C-contiguous
        The image; not copied.
    halves : sequence of arrays
        Each half the size of the one before, the first half the size of ``rgb``.
    depth : Depth, optional
        What is behind it if it is of 16 bit.
    """

    def __init__(self, rgb: Rgb, halves: Sequence[Rgb] = (), *, depth: Depth | None = None) -> None:
        self.rgb = rgb
        self.depth = depth
        self._levels = (rgb, *halves)

    @classmethod
    def build(
        cls, rgb: Rgb, grey16: tuple[NDArray[np.uint16], tuple[float, float]] | None = None
    ) -> Picture:
        """Make the halves; takes about a third of the image's own memory.

        Parameters
        ----------
        rgb : (H, W, 3) uint8 array
            The image.
        grey16 : ((H, W) uint16 array, (float, float)), optional
            Its values of 16 bit, and those of black and white.
        """
        depth = None
        if grey16 is not None:
            values, (black, white) = grey16
            levels = (values, *(half.astype(np.uint16, copy=False) for half in _halves(values)))
            depth = Depth(levels, black, white)
        return cls(rgb, _halves(rgb), depth=depth)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.rgb.shape[1]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.rgb.shape[0]

    def level(self, zoom: float) -> Rgb:
        """Return the smallest copy that still has a pixel for each device pixel at this zoom."""
        return self._levels[self._number(zoom)]

    def depth_level(self, zoom: float) -> NDArray[np.uint16] | None:
        """Return the values of 16 bit behind :meth:`level`, if there are any."""
        return None if self.depth is None else self.depth.levels[self._number(zoom)]

    def _number(self, zoom: float) -> int:
        chosen = 0
        for number, level in enumerate(self._levels[1:], start=1):
            if level.shape[1] < self.width * zoom or level.shape[0] < self.height * zoom:
                break
            chosen = number
        return chosen

    def level_within(self, area: int, most: int) -> Rgb:
        """Return the largest copy in which a part of so many pixels takes at most ``most``."""
        for level in self._levels[:-1]:
            share = level.shape[0] * level.shape[1] / (self.width * self.height)
            if area * share <= most:
                return level
        return self._levels[-1]


def _halves(level: NDArray[Any]) -> list[NDArray[Any]]:
    halves: list[NDArray[Any]] = []
    while max(level.shape[:2]) > _SMALLEST:
        height, width = level.shape[:2]
        size = (max(1, width // 2), max(1, height // 2))
        level = np.ascontiguousarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA))
        halves.append(level)
    return halves
