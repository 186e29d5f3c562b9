"""Brightness, contrast and gamma of what is shown; the image itself stays. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Adjustment:
    """How pixel values are changed for display.

    Parameters
    ----------
    brightness : float
        -1 (black) … 1 (white); added.
    contrast : float
        -1 (grey) … 1; the slope around the middle is ``(1 + c) / (1 - c)``.
    gamma : float
        0.2 … 5; above 1 lifts the shadows.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0

    @property
    def is_none(self) -> bool:
        """Whether nothing is changed."""
        return self == Adjustment()

    def table(self) -> NDArray[np.uint8]:
        """Return what each of the 256 values becomes; always the same array, not to be changed."""
        return _table(self)

    def table16(self, black: float, white: float) -> NDArray[np.uint8]:
        """Return what each of the 65,536 values becomes, where two of them are black and white."""
        return _table16(self, black, white)


def _adjusted(value: NDArray[np.floating], adjustment: Adjustment) -> NDArray[np.uint8]:
    """Return values of 0 … 1 (or beyond) as they are shown."""
    contrast = min(max(adjustment.contrast, -1.0), 0.99)
    value = (value - 0.5) * (1 + contrast) / (1 - contrast) + 0.5 + adjustment.brightness
    value = np.clip(value, 0.0, 1.0) ** (1.0 / min(max(adjustment.gamma, 0.2), 5.0))
    table = np.round(value * 255).astype(np.uint8)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=16)
def _table(adjustment: Adjustment) -> NDArray[np.uint8]:
    return _adjusted(np.linspace(0.0, 1.0, 256), adjustment)


@lru_cache(maxsize=4)
def _table16(adjustment: Adjustment, black: float, white: float) -> NDArray[np.uint8]:
    return _adjusted((np.arange(65_536) - black) / max(white - black, 1e-9), adjustment)
