"""An image with smaller copies of itself: a zoomed-out view is quick and does not flicker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spn_annotator.cv import cv2

Rgb = NDArray[np.uint8]

#: Halving stops when the longer side is at most this.
_SMALLEST = 512


class Picture:
    """An RGB image and its halves; made off the GUI thread, then only read.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array, C-contiguous
        The image; not copied.
    halves : sequence of arrays
        Each half the size of the one before, the first half the size of ``rgb``.
    """

    def __init__(self, rgb: Rgb, halves: Sequence[Rgb] = ()) -> None:
        self.rgb = rgb
        self._levels = (rgb, *halves)

    @classmethod
    def build(cls, rgb: Rgb) -> Picture:
        """Make the halves; takes about a third of the image's own memory."""
        halves: list[Rgb] = []
        level = rgb
        while max(level.shape[:2]) > _SMALLEST:
            height, width = level.shape[:2]
            size = (max(1, width // 2), max(1, height // 2))
            level = np.ascontiguousarray(
                cv2.resize(level, size, interpolation=cv2.INTER_AREA), dtype=np.uint8
            )
            halves.append(level)
        return cls(rgb, halves)

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
        chosen = self._levels[0]
        for level in self._levels[1:]:
            if level.shape[1] < self.width * zoom or level.shape[0] < self.height * zoom:
                break
            chosen = level
        return chosen

    def level_within(self, area: int, most: int) -> Rgb:
        """Return the largest copy in which a part of so many pixels takes at most ``most``."""
        for level in self._levels[:-1]:
            share = level.shape[0] * level.shape[1] / (self.width * self.height)
            if area * share <= most:
                return level
        return self._levels[-1]
