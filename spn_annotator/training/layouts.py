"""Data sets in their own layout: HELEN face parsing and PASCAL VOC 2012."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from spn_annotator.errors import FormatError, MaskSizeError, UsageError
from spn_annotator.formats.codecs.voc import CLASSES
from spn_annotator.formats.images import read_size
from spn_annotator.formats.masks import read_label_map

LayoutName = Literal["helen", "voc"]

HELEN_LABELS: tuple[str, ...] = (
    "background",
    "skin",
    "left brow",
    "right brow",
    "left eye",
    "right eye",
    "nose",
    "upper lip",
    "inner mouth",
    "lower lip",
    "hair",
)
"""By id, as the files ``_lbl00`` to ``_lbl10`` have them (Smith et al., CVPR 2013)."""

VOC_LABELS: tuple[str, ...] = ("background", *CLASSES)
"""By id, as the colour maps of VOC 2012 have them."""

_VOID = 255


@dataclass(frozen=True)
class Layout:
    """How a data set lies on disk.

    Attributes
    ----------
    name : "helen" or "voc"
    labels : tuple of str
        By id.
    splits : tuple of str
        Names of its lists; the first is the one that tables are made on.
    ignore : int or None
        Value in the truth that is not counted.
    stems : callable
        From the folder and a split to the names of the images. Raises UsageError and FormatError
        where the folder has another layout or the list is broken.
    truth : callable
        From the folder and a name to the label map (H, W) uint8. Raises SpnAnnotatorError where a
        file is missing, broken, or of another size or content than it should be.
    """

    name: LayoutName
    labels: tuple[str, ...]
    splits: tuple[str, ...]
    ignore: int | None
    stems: Callable[[Path, str], list[str]]
    truth: Callable[[Path, str], np.ndarray]


def _require(root: Path, *names: str, what: str) -> None:
    """Say what of a layout is missing, and where it may be meant to be."""
    if not root.is_dir():
        raise UsageError(f"is no folder ({what})", path=root, remedy="Name the data set's folder")
    missing = [name for name in names if not (root / name).exists()]
    if not missing:
        return
    inner = [
        child.name
        for child in sorted(root.iterdir())
        if child.is_dir() and all((child / name).exists() for name in names)
    ]
    remedy = (
        f"Did you mean {root / inner[0]}?"
        if inner
        else f"The layout needs {', '.join(names)} in this folder"
    )
    raise UsageError(f"has no {missing[0]} ({what})", path=root, remedy=remedy)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of the lines that are not empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(
            "this list cannot be read", path=path, remedy="Get the data set again"
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _stems(path: Path, pattern: re.Pattern[str], shape: str) -> list[str]:
    stems = []
    for number, line in _lines(path):
        found = pattern.fullmatch(line)
        if found is None:
            raise FormatError(
                f"line {number} is {line[:40]!r}, but lines look like {shape!r}",
                path=path,
                remedy="Get the data set again",
            )
        stems.append(found["stem"])
    if not stems:
        raise FormatError("this list is empty", path=path, remedy="Get the data set again")
    return stems


_STEM = r"(?P<stem>[A-Za-z0-9_][A-Za-z0-9_.-]*)"


def _helen_stems(root: Path, split: str) -> list[str]:
    _require(root, "labels", f"{split}.txt", what="HELEN layout")
    pattern = re.compile(rf"\d+\s*,\s*{_STEM}")
    return _stems(root / f"{split}.txt", pattern, "1 , 232194_1")


def _helen_truth(root: Path, stem: str) -> np.ndarray:
    """Return the most probable label of each pixel, from one picture of probabilities a label."""
    folder = root / "labels" / stem
    if not folder.is_dir():
        raise FormatError(
            "this image has no folder of labels", path=folder, remedy="Get the data set again"
        )
    best: np.ndarray | None = None
    label_map = np.zeros((0, 0), np.uint8)
    for label, name in enumerate(HELEN_LABELS):
        path = folder / f"{stem}_lbl{label:02d}.png"
        if not path.is_file():
            raise FormatError(
                f"the picture of the label {name} is missing",
                path=path,
                remedy="Get the data set again",
            )
        file = read_label_map(path, unknown=None)
        values = file.array * np.uint8(255) if file.mode == "1" else file.array
        if best is None:
            best, label_map = values.copy(), np.zeros(values.shape, np.uint8)
            continue
        if values.shape != best.shape:
            raise MaskSizeError(
                f"is {values.shape[1]} x {values.shape[0]} pixels, but the label background is "
                f"{best.shape[1]} x {best.shape[0]}",
                path=path,
                remedy="Get the data set again",
            )
        wins = values > best
        label_map[wins], best[wins] = label, values[wins]
    return label_map


def _voc_stems(root: Path, split: str) -> list[str]:
    lists = "ImageSets/Segmentation"
    _require(root, "JPEGImages", "SegmentationClass", lists, what="VOC 2012 layout")
    _require(root / lists, f"{split}.txt", what="VOC 2012 layout")
    return _stems(root / lists / f"{split}.txt", re.compile(_STEM), "2007_000033")


def _voc_truth(root: Path, stem: str) -> np.ndarray:
    path = root / "SegmentationClass" / f"{stem}.png"
    truth = read_label_map(path, unknown=None).array
    largest = int(truth[truth != _VOID].max(initial=0))
    if largest >= len(VOC_LABELS):
        raise FormatError(
            f"holds the id {largest}, but the classes of VOC 2012 end at {len(VOC_LABELS) - 1}",
            path=path,
            remedy="Take SegmentationClass of VOC 2012, not SegmentationObject",
        )
    image = root / "JPEGImages" / f"{stem}.jpg"
    width, height = read_size(image)
    if (height, width) != truth.shape:
        raise MaskSizeError(
            f"is {truth.shape[1]} x {truth.shape[0]} pixels, but its image is {width} x {height}",
            path=path,
            remedy="Get the data set again",
        )
    return truth


LAYOUTS: Mapping[LayoutName, Layout] = {
    "helen": Layout(
        name="helen",
        labels=HELEN_LABELS,
        splits=("testing", "tuning", "exemplars"),
        ignore=None,
        stems=_helen_stems,
        truth=_helen_truth,
    ),
    "voc": Layout(
        name="voc",
        labels=VOC_LABELS,
        splits=("val", "train", "trainval"),
        ignore=_VOID,
        stems=_voc_stems,
        truth=_voc_truth,
    ),
}
"""By name.

HELEN is the folder of Smith et al. (CVPR 2013) with ``images``, ``labels`` and the lists
``exemplars.txt``, ``tuning.txt`` and ``testing.txt``; VOC the folder ``VOC2012`` with
``JPEGImages``, ``SegmentationClass`` and ``ImageSets/Segmentation``.
"""
