"""From an image, a coarse mask and sure pixels to the planes the model reads. NumPy and OpenCV.

The colour model is the one idea of GrabCut (Rother et al. 2004) that a small network cannot learn
by itself: how likely each colour is inside this object against outside it, in this image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from spn_kernels import parallel

from spn_annotator.cv import cv2

UInt8Image = npt.NDArray[np.uint8]
Float32 = npt.NDArray[np.float32]

_BINS = 16
_LLR_LIMIT = 4.0
_FLOOR = 2e-4


@dataclass(frozen=True)
class ColorBins:
    """The bin of each pixel's colour in a 16 x 16 x 16 histogram, (H, W) uint16."""

    index: npt.NDArray[np.uint16]

    @classmethod
    def of(cls, rgb: UInt8Image) -> ColorBins:
        """Return the bins of an image (H, W, 3)."""
        index = np.zeros(rgb.shape[:2], np.uint16)
        for channel in range(3):  # no copies of all three: large images have to fit into memory
            index *= _BINS
            index += rgb[..., channel] >> 4
        return cls(index)


def _smooth(histogram: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    cube = histogram.reshape(_BINS, _BINS, _BINS)
    for axis in range(3):
        edges = np.concatenate([cube.take([0], axis), cube, cube.take([-1], axis)], axis)
        lower, middle, upper = (edges.take(range(i, i + _BINS), axis) for i in range(3))
        cube = 0.25 * lower + 0.5 * middle + 0.25 * upper
    return cube.reshape(-1)


def appearance(
    bins: ColorBins, inside: npt.NDArray[np.bool_], outside: npt.NDArray[np.bool_]
) -> Float32:
    """Return the log-likelihood ratio of each pixel's colour, object against rest.

    Parameters
    ----------
    bins : ColorBins of (H, W)
    inside, outside : (H, W) bool
        Pixels that are known to lie in and out of the object; may be empty.

    Returns
    -------
    (H, W) float32 in [-1, 1]: the natural logarithm, clipped to 4, over 4; all 0 where one side
        is unknown.
    """
    size = _BINS**3
    histograms = []
    for where in (inside, outside):
        # Whole numbers in float32, which is exact up to 16 million pixels of one colour.
        counts = cv2.calcHist([bins.index], [0], where.view(np.uint8), [size], [0, size])
        counts = counts.ravel().astype(np.float64)  # of OpenCV 4 it has a second axis
        total = counts.sum()
        if total == 0:
            return np.zeros(inside.shape, np.float32)
        histograms.append(_smooth(counts / total) + _FLOOR)
    ratio = np.log(histograms[0] / histograms[1])
    ratio = (np.clip(ratio, -_LLR_LIMIT, _LLR_LIMIT) / _LLR_LIMIT).astype(np.float32)
    return ratio[bins.index]


def mask_planes(
    bins: ColorBins,
    coarse: npt.NDArray[np.int8],
    sure: npt.NDArray[np.int8] | None = None,
) -> Float32:
    """Return what the model reads of one mask.

    Parameters
    ----------
    bins : ColorBins of (H, W)
    coarse : (H, W) int8
        1 object, -1 rest, 0 unknown.
    sure : (H, W) int8, optional
        The same for pixels the annotator is sure of; they also count in ``coarse``.

    Returns
    -------
    (7, H, W) float32: the mask; where it is known; the colour model; means of the mask over
    9 x 9, 33 x 33 and 129 x 129 pixels, of the known ones among them and drawn to 0 where these
    are fewer than a thousandth; the sure pixels.
    """
    if sure is not None:
        coarse = np.where(sure != 0, sure, coarse)
    # Written where they belong: fresh memory costs more than what is worked out here.
    planes = np.empty((7, *coarse.shape), np.float32)
    signed, known, ratio, held = planes[0], planes[1], planes[2], planes[6]
    signed[:] = coarse
    known[:] = coarse != 0
    everywhere = bool(known.all())

    def colours() -> None:
        ratio[:] = appearance(bins, coarse > 0, coarse < 0)

    def surroundings(mean: Float32, radius: int) -> None:
        window = (2 * radius + 1, 2 * radius + 1)
        cv2.boxFilter(signed, -1, window, dst=mean, borderType=cv2.BORDER_REPLICATE)
        count = np.float32(1.0)
        if not everywhere:
            count = cv2.boxFilter(known, -1, window, borderType=cv2.BORDER_REPLICATE)
        mean /= count + np.float32(1e-3)

    held[:] = 0 if sure is None else sure
    sizes = zip(planes[3:6], (4, 16, 64), strict=True)
    parallel.run([colours, *(partial(surroundings, *pair) for pair in sizes)])
    return planes
