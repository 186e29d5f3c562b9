"""Areas that belong together by their colour: flood fill and superpixels. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import Rect
from spn_annotator.cv import cv2
from spn_annotator.gui.canvas.picture import Picture

Mask = NDArray[np.bool_]

#: More pixels than this are not cut into superpixels: a smaller copy of the image is taken.
SUPERPIXEL_AREA = 1_500_000

_COMPACTNESS = 12.0
_ROUNDS = 5


def flood_mask(
    rgb: NDArray[np.uint8], x: int, y: int, *, tolerance: int, contiguous: bool
) -> tuple[Rect, Mask]:
    """Return the pixels whose colour is near that of one pixel.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        What is looked at.
    x, y : int
        The pixel, inside of it.
    tolerance : int
        How much each channel may differ, 0 … 255.
    contiguous : bool
        Only what hangs together with the pixel, over sides.

    Returns
    -------
    (Rect, (h, w) bool array)
        The smallest rectangle around what was found, and the mask of its size.
    """
    image = np.ascontiguousarray(rgb)
    smooth = np.asarray(cv2.GaussianBlur(image, (3, 3), 0), dtype=np.uint8)
    seed = smooth[y, x].astype(np.int16)
    low = np.clip(seed - tolerance, 0, 255).astype(np.uint8)
    high = np.clip(seed + tolerance, 0, 255).astype(np.uint8)
    # The image itself, up to its edges; and the blurred one, where single pixels are noise.
    near = np.asarray(cv2.inRange(image, low, high)) | np.asarray(cv2.inRange(smooth, low, high))
    if contiguous:
        found = np.zeros((near.shape[0] + 2, near.shape[1] + 2), np.uint8)
        cv2.floodFill(near, found, (x, y), 0, 0, 0, 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8))
        near = found[1:-1, 1:-1]
    left, top, width, height = cv2.boundingRect(near)
    rect = Rect(left, top, left + width, top + height)
    return rect, near[rect.slices] > 0


@dataclass(frozen=True, eq=False)
class Superpixels:
    """Part of an image, cut into small areas along its edges.

    Parameters
    ----------
    rect : Rect
        The part, in image pixels.
    numbers : (h, w) int32 array
        The number of each cell's area, 0 …; a cell is one pixel of the copy that was cut.
    scale_x, scale_y : float
        Image pixels for each cell.
    boxes : list of (slice, slice) or None
        Where each number is.
    """

    rect: Rect
    numbers: NDArray[np.int32]
    scale_x: float
    scale_y: float
    boxes: list[tuple[slice, slice] | None] = field(repr=False)

    def at(self, x: float, y: float) -> tuple[int, Rect, Mask] | None:
        """Return number, place and mask, in image pixels, of the area at a point of the image."""
        column = math.floor((x - self.rect.x0) / self.scale_x)
        row = math.floor((y - self.rect.y0) / self.scale_y)
        height, width = self.numbers.shape
        if not (0 <= column < width and 0 <= row < height):
            return None
        number = int(self.numbers[row, column])
        box = self.boxes[number]
        if box is None:
            return None
        rows, columns = box
        where = Rect(
            self.rect.x0 + math.ceil(columns.start * self.scale_x - 0.5),
            self.rect.y0 + math.ceil(rows.start * self.scale_y - 0.5),
            self.rect.x0 + math.ceil(columns.stop * self.scale_x - 0.5),
            self.rect.y0 + math.ceil(rows.stop * self.scale_y - 0.5),
        ).intersection(self.rect)
        at_x = _cells(where.x0 - self.rect.x0, where.x1 - self.rect.x0, self.scale_x, width)
        at_y = _cells(where.y0 - self.rect.y0, where.y1 - self.rect.y0, self.scale_y, height)
        return number, where, self.numbers[at_y[:, None], at_x] == number

    def borders(self) -> Mask:
        """Return the cells, (h, w), that have another area to the right or below."""
        border = np.zeros(self.numbers.shape, dtype=bool)
        border[:, :-1] |= self.numbers[:, 1:] != self.numbers[:, :-1]
        border[:-1] |= self.numbers[1:] != self.numbers[:-1]
        return border


def _cells(start: int, stop: int, scale: float, size: int) -> NDArray[np.intp]:
    centres = (np.arange(start, stop) + 0.5) / scale
    return np.clip(np.floor(centres), 0, size - 1).astype(np.intp)


def superpixels(picture: Picture, rect: Rect, *, side: float) -> Superpixels:
    """Cut a part of an image into superpixels (SLIC, Achanta et al. 2012).

    Parameters
    ----------
    picture : Picture
        The image; a smaller copy of it is cut where the part is large.
    rect : Rect
        The part, inside the image and not empty.
    side : float
        Side of a superpixel in image pixels, about.
    """
    from scipy import ndimage
    from skimage.segmentation import slic

    level = picture.level_within(rect.area, SUPERPIXEL_AREA)
    scale_x, scale_y = picture.width / level.shape[1], picture.height / level.shape[0]
    rows = slice(math.floor(rect.y0 / scale_y), math.ceil(rect.y1 / scale_y))
    columns = slice(math.floor(rect.x0 / scale_x), math.ceil(rect.x1 / scale_x))
    part = level[rows, columns]
    covered = Rect(
        round(columns.start * scale_x),
        round(rows.start * scale_y),
        round((columns.start + part.shape[1]) * scale_x),
        round((rows.start + part.shape[0]) * scale_y),
    ).clip((picture.height, picture.width))
    count = max(1, round(rect.area / max(side, 2.0 * max(scale_x, scale_y)) ** 2))
    numbers = np.asarray(
        slic(
            part,
            n_segments=count,
            compactness=_COMPACTNESS,
            max_num_iter=_ROUNDS,
            sigma=0.8,
            start_label=0,
            channel_axis=2,
        ),
        dtype=np.int32,
    )
    boxes = ndimage.find_objects(numbers + 1)
    return Superpixels(
        covered,
        numbers,
        covered.width / numbers.shape[1],
        covered.height / numbers.shape[0],
        list(boxes),
    )
