"""Whether a mask fits its image and the settings of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spn_annotator.errors import FormatError, MaskSizeError
from spn_annotator.formats.masks import LabelMapFile


def check_size(image: Path, mask: Path, rgb: np.ndarray, file: LabelMapFile) -> None:
    """Make sure that a mask has the size of its image.

    Raises
    ------
    MaskSizeError
        It has another.
    """
    height, width = rgb.shape[:2]
    have_height, have_width = file.array.shape
    if (have_width, have_height) == (width, height):
        return
    if (have_height, have_width) == (width, height):
        remedy = f"It lies on its side: the camera's orientation of {image.name} is applied first"
    else:
        remedy = "Give the mask the size of its image"
    raise MaskSizeError(
        f"is {have_width} x {have_height} pixels, but its image {image.name} is {width} x {height}",
        path=mask,
        remedy=remedy,
    )


def known_labels(labels: tuple[int, ...], file: LabelMapFile, mask: Path) -> list[int]:
    """Return the labels as the refiner knows them.

    Raises
    ------
    FormatError
        The mask does not have one of them.
    """
    values = set(np.flatnonzero(np.bincount(file.array.ravel())).tolist()) - {file.unknown}
    for label in labels:
        if label not in values:
            have = ", ".join(str(value) for value in sorted(values)) or "none"
            raise FormatError(
                f"has no label {label}", path=mask, remedy=f"Choose among its labels: {have}"
            )
    if file.is_binary:
        return sorted({int(label > 0) for label in labels})
    return sorted(set(labels))
