"""What a refinement returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spn_annotator.annotation.quality import expected_iou

LabelMap = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels, half-open: rows y0 to y1, columns x0 to x1."""

    y0: int
    x0: int
    y1: int
    x1: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Return the index of the rectangle in an (H, W) array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    @property
    def shape(self) -> tuple[int, int]:
        """Return (height, width)."""
        return self.y1 - self.y0, self.x1 - self.x0

    def grown(self, shape: tuple[int, int]) -> Window:
        """Return the rectangle with a pixel more on each side, inside an array of a shape."""
        height, width = shape
        return Window(
            max(0, self.y0 - 1),
            max(0, self.x0 - 1),
            min(height, self.y1 + 1),
            min(width, self.x1 + 1),
        )

    def slices_in(self, outer: Window) -> tuple[slice, slice]:
        """Return the index of the rectangle in an array that holds a larger one."""
        return (
            slice(self.y0 - outer.y0, self.y1 - outer.y0),
            slice(self.x0 - outer.x0, self.x1 - outer.x0),
        )


@dataclass(frozen=True)
class LabelProbability:
    """The probability of one label inside a window; outside it is 0.

    In half precision: many labels on a large image have to fit into memory.
    """

    window: Window
    values: npt.NDArray[np.float16]


class Probabilities(Mapping[int, Float32]):
    """The probability of each label that was refined, made whole when asked for.

    Objects are small and images large, so only each label's window is kept.
    """

    def __init__(self, shape: tuple[int, int], parts: dict[int, LabelProbability]) -> None:
        self._shape = shape
        self._parts = parts

    def __getitem__(self, label: int) -> Float32:
        """Return (H, W) float32 in [0, 1]."""
        part = self._parts[label]
        whole = np.zeros(self._shape, np.float32)
        whole[part.window.slices] = part.values
        return whole

    def __iter__(self) -> Iterator[int]:
        """Iterate over the label ids."""
        return iter(self._parts)

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self._parts)


@dataclass(frozen=True)
class Proposal:
    """What refinement returned and nobody has accepted yet.

    Attributes
    ----------
    label_map : (H, W), dtype of the coarse mask
    confidence : (H, W) float32 in [0, 1]
        How sure the model is of each pixel's label; 1 where it was held or not asked.
    probabilities : mapping of label id to (H, W) float32 in [0, 1]
        Each label's probability against the rest.
    changed : int
        Pixels whose label differs from the coarse mask; formerly unknown ones count.
    seconds : float
        Wall time of the call.
    device : str
        Where it ran, ``"cpu"`` or ``"cuda:0"``.
    """

    label_map: LabelMap
    confidence: Float32
    probabilities: Probabilities
    changed: int
    seconds: float
    device: str

    @property
    def expected_iou(self) -> float:
        """The IoU to expect, 0 to 1, by which proposals can be put in order for a review.

        Computed at each call, see :func:`spn_annotator.annotation.quality.expected_iou`; where ids
        are objects and 0 is the rest, the mean over the objects.
        """
        return expected_iou(self.label_map, self.confidence)
