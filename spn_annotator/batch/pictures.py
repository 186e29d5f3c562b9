"""Small pictures of an image with a label map over it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spn_annotator.annotation.labels import Color
from spn_annotator.cv import cv2

FILL = 0.42  # how much of a label's colour lies over the photograph
_UNKNOWN_DIM = 0.45


def shrunk(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return an image at another size (width, height)."""
    how = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how))


def overlay(
    image: np.ndarray, ids: np.ndarray, colors: Mapping[int, Color], *, unknown: int | None
) -> np.ndarray:
    """Return the image with each object filled and outlined, and the unknown dimmed.

    Parameters
    ----------
    image : (h, w, 3) uint8
        At the size of the picture.
    ids : (H, W) integers
        Of any size; shrunk with soft edges.
    colors : mapping of int to color
        Of the ids that are shown.
    unknown : int or None
        Where there is one, known pixels are strokes and shown solid.
    """
    size = (image.shape[1], image.shape[0])
    result = image.astype(np.float32)
    if unknown is not None:
        known = _coverage(ids != unknown, size)
        result *= (_UNKNOWN_DIM + (1 - _UNKNOWN_DIM) * known)[..., None]
    for object_id, color in colors.items():
        inside = _coverage(ids == object_id, size)
        solid = unknown is not None  # a scribble is a thing to see, not a film over the picture
        alpha = (inside * (1.0 if solid else FILL))[..., None]
        result += alpha * (np.asarray(color, np.float32) - result)
        if not solid:
            _outline(result, inside, color)
    if unknown is not None:
        outside = _coverage(ids == 0, size)[..., None]
        result += outside * (np.asarray((245, 245, 245), np.float32) - result)
    return np.clip(np.round(result), 0, 255).astype(np.uint8)


def _outline(result: np.ndarray, inside: np.ndarray, color: Color) -> None:
    contours, _ = cv2.findContours(
        (inside > 0.5).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    line = np.zeros(inside.shape, np.uint8)
    cv2.drawContours(line, contours, -1, 255, 2, cv2.LINE_AA)
    alpha = (line / np.float32(255))[..., None]
    result += alpha * (np.asarray(color, np.float32) - result)


def _coverage(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return how much of each pixel of the new size a mask covers, 0 to 1."""
    how = cv2.INTER_AREA if size[0] < mask.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=how))
