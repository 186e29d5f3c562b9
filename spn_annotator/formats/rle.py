"""Run lengths of COCO files that come from elsewhere, decoded without trusting them.

Runs go down the columns, zeros first. The compressed form writes each length in groups of five
bits, lowest first, as the ASCII characters from 48 on; the sixth bit says that another group
follows. From the fourth length on it is the difference to the one two places before (pycocotools,
``maskApi``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.errors import FormatError

_REMEDY = "Export the file again"


def decode_rle(
    segmentation: Any, shape: tuple[int, int], path: Path | str
) -> tuple[np.ndarray, int]:
    """Return the columns of a mask that hold something.

    Parameters
    ----------
    segmentation : dict
        ``size`` and ``counts``, a list of numbers or compressed text.
    shape : (int, int)
        Height and width of the image, which ``size`` has to be.
    path : Path or str
        For messages.

    Returns
    -------
    (H, w) bool array
        Of ``w`` columns, none for an empty mask.
    int
        The first of them.

    Raises
    ------
    FormatError
        It is no run-length code of that size.
    """
    height, width = shape
    if list(_field(segmentation, "size", path)) != [height, width]:
        raise FormatError(
            f"has a mask of the size {_field(segmentation, 'size', path)!r:.60} in an image of "
            f"{height} x {width}",
            path=path,
            remedy=_REMEDY,
        )
    counts = _field(segmentation, "counts", path)
    runs = _uncompressed(counts, path) if isinstance(counts, str) else _listed(counts, path)
    if (runs < 0).any() or int(runs.max(initial=0)) > height * width:
        raise FormatError("has a mask with impossible run lengths", path=path, remedy=_REMEDY)
    ends = np.cumsum(runs)
    if (int(ends[-1]) if len(ends) else 0) != height * width:
        raise FormatError(
            "has a mask whose run lengths do not add up to the image", path=path, remedy=_REMEDY
        )
    ones = slice(1, None, 2)
    if not runs[ones].any():
        return np.zeros((height, 0), bool), 0
    first, last = int((ends - runs)[ones][runs[ones] > 0][0]), int(ends[ones][runs[ones] > 0][-1])
    left, right = first // height, -(-last // height)
    # Only the columns from the first to the last one that holds something are spread out.
    low, high = left * height, right * height
    spread = np.clip(ends, low, high)
    values = np.arange(len(runs)) % 2 == 1
    flat = np.repeat(values, np.diff(spread, prepend=low))
    return flat.reshape(right - left, height).T, left


def _field(segmentation: Any, name: str, path: Path | str) -> Any:
    value = segmentation.get(name)
    if not isinstance(value, (list, str)):
        raise FormatError(f"has a mask without {name}", path=path, remedy=_REMEDY)
    return value


def _listed(counts: list[Any], path: Path | str) -> np.ndarray:
    if not all(type(value) is int and -1 <= value < 2**40 for value in counts):
        raise FormatError("has a mask with impossible run lengths", path=path, remedy=_REMEDY)
    return np.array(counts, dtype=np.int64)


def _uncompressed(text: str, path: Path | str) -> np.ndarray:
    try:
        codes = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - 48
    except UnicodeEncodeError:
        codes = np.array([-1])
    if not len(codes):
        return np.zeros(0, np.int64)
    ends = np.flatnonzero((codes & 0x20) == 0)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    wrong = (codes < 0) | (codes > 63)
    # Seven groups hold 35 bits, more than any image has pixels.
    if wrong.any() or not len(ends) or ends[-1] != len(codes) - 1 or (ends - starts).max() > 6:
        raise FormatError("has a mask whose code is damaged", path=path, remedy=_REMEDY)
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    values = np.add.reduceat((codes & 0x1F) << (5 * place), starts)
    negative = (codes[ends] & 0x10) != 0
    values -= np.where(negative, np.int64(1) << (5 * (ends - starts + 1)), 0)
    # Differences to two places before, from the fourth number on.
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values
