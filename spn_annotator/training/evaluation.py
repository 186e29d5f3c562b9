"""Score a folder of predicted label maps against the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from statistics import fmean
from typing import Any, Literal

import numpy as np

from spn_annotator.errors import MaskSizeError, SpnAnnotatorError, UsageError
from spn_annotator.formats.images import read_size
from spn_annotator.formats.masks import read_label_map
from spn_annotator.formats.pairing import StemFiles, files_by_stem
from spn_annotator.training.metrics import boundary_f, iou, mba

Kind = Literal["auto", "binary", "labels"]
Ignore = int | Literal["auto"] | None


@dataclass(frozen=True)
class Score:
    """The figures of one image, or their mean; each 0 to 1, or ``nan`` where nothing counts."""

    iou: float
    mba: float
    boundary_f: float

    def to_json(self) -> dict[str, float | None]:
        """Return the figures under their names, ``nan`` as None."""
        return {
            name: None if isnan(value) else value
            for name, value in (
                ("iou", self.iou),
                ("mba", self.mba),
                ("boundary_f", self.boundary_f),
            )
        }


@dataclass(frozen=True)
class Evaluation:
    """What :func:`evaluate_folders` found.

    Attributes
    ----------
    kind : "binary" or "labels"
        How the masks were read.
    scores : dict of str to Score
        By stem. An image whose prediction is missing or broken is in it, as one with no pixel
        right, so that leaving hard images out does not raise the mean.
    missing : tuple of str
        Stems that have a truth and no prediction.
    failures : dict of str to str
        By stem, why a truth or a prediction could not be scored.
    skipped : tuple of str
        Stems that have an image and no truth.
    """

    kind: Literal["binary", "labels"]
    scores: dict[str, Score]
    missing: tuple[str, ...]
    failures: dict[str, str]
    skipped: tuple[str, ...]

    @property
    def mean(self) -> Score:
        """The mean over the images, without those where nothing counts."""
        return mean_score(self.scores.values())

    @property
    def is_complete(self) -> bool:
        """Whether every truth met a prediction that could be scored."""
        return not self.missing and not self.failures

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values for a JSON file."""
        return {
            "kind": self.kind,
            "images": len(self.scores),
            "mean": self.mean.to_json(),
            "scores": {stem: score.to_json() for stem, score in self.scores.items()},
            "missing": list(self.missing),
            "failures": dict(self.failures),
            "skipped": list(self.skipped),
        }


def mean_score(scores: Iterable[Score]) -> Score:
    """Return the mean of each figure, leaving ``nan`` out; ``nan`` where nothing is left."""
    scores = list(scores)

    def mean(values: Iterable[float]) -> float:
        counted = [value for value in values if not isnan(value)]
        return fmean(counted) if counted else nan

    return Score(
        iou=mean(score.iou for score in scores),
        mba=mean(score.mba for score in scores),
        boundary_f=mean(score.boundary_f for score in scores),
    )


def score_maps(
    truth: np.ndarray, pred: np.ndarray, *, ignore: int | None = 255, binary: bool = False
) -> Score:
    """Return IoU, mean boundary accuracy and boundary F of one pair of label maps.

    Parameters
    ----------
    truth, pred : (H, W) bool, uint8 or uint16 array
        Label ids; binary ones are 0 and 1.
    ignore : int or None
        Pixels of this value in ``truth`` are not counted.
    binary : bool
        True scores the foreground, False the mean over the truth's labels.

    Raises
    ------
    ShapeError
        Not two label maps of one shape.
    """
    return Score(
        iou=iou(truth, pred, ignore=ignore, binary=binary),
        mba=mba(truth, pred, ignore=ignore),
        boundary_f=boundary_f(truth, pred, ignore=ignore, binary=binary),
    )


def evaluate_folders(
    *,
    truth: Path | str,
    pred: Path | str,
    images: Path | str | None = None,
    ignore: Ignore = "auto",
    kind: Kind = "auto",
) -> Evaluation:
    """Score predictions against the truth, file by file of the same stem.

    Parameters
    ----------
    truth, pred : Path or str
        Folders of PNG label maps, or one file each (then their stems need not agree).
    images : Path or str, optional
        Folder of the images, or one of them. With it only truths that have an image are scored,
        and those of another size than their image are failures.
    ignore : int, None or "auto"
        Value of the truth that is not counted; "auto" is 255, in 16 bit 65535.
    kind : "auto", "binary" or "labels"
        What the ids are. Binary masks score the object alone, as 1, or as 255 where no truth of
        the folder uses 1; a binary prediction with a 255 in it has its object above 127. Label
        maps score the mean over the labels of each truth. "auto" takes the truths for binary when
        none of them has an id other than 0, 1 and the ignored value.

    Raises
    ------
    UsageError
        A folder is missing or empty, or no truth is left to score.
    """
    truths = files_by_stem(truth, what="truth")
    preds = files_by_stem(pred, what="predictions")
    pictures = None if images is None else files_by_stem(images, what="images")
    stems, skipped = _stems_to_score(truths, pictures)
    failures: dict[str, str] = {}
    values = _values_used(truths, stems, failures)
    is_binary = kind == "binary" or (kind == "auto" and _look_binary(values.values(), ignore))
    object_is_1 = any(1 in used for used in values.values())
    scores: dict[str, Score] = {}
    missing: list[str] = []
    for stem in values:
        try:
            real, ignored = _read_truth(
                truths, stem, ignore=ignore, full_object=is_binary and not object_is_1
            )
            _check_size(real, pictures, stem)
        except SpnAnnotatorError as error:
            failures[stem] = str(error)
            continue
        try:
            guess = _read_pred(preds, stem, real, binary=is_binary, single=truths.is_file)
        except SpnAnnotatorError as error:
            failures[stem] = str(error)
            guess = None
        else:
            if guess is None:
                missing.append(stem)
        if guess is None:
            guess = _nothing_right(real)
        scores[stem] = score_maps(real, guess, ignore=ignored, binary=is_binary)
    return Evaluation(
        kind="binary" if is_binary else "labels",
        scores=scores,
        missing=tuple(missing),
        failures=failures,
        skipped=tuple(skipped),
    )


def _stems_to_score(truths: StemFiles, pictures: StemFiles | None) -> tuple[list[str], list[str]]:
    if pictures is None or (pictures.is_file and truths.is_file):
        return list(truths.by_stem), []
    stems = [stem for stem in truths.by_stem if stem in pictures.by_stem]
    if not stems:
        raise UsageError(
            f"has no file with the stem of an image in {pictures.source}",
            path=truths.source,
            remedy="Give truth and image the same name but for the suffix",
        )
    return stems, [stem for stem in pictures.by_stem if stem not in truths.by_stem]


def _values_used(
    truths: StemFiles, stems: list[str], failures: dict[str, str]
) -> dict[str, set[int]]:
    """Return the values each readable truth uses; the others go to ``failures``."""
    used: dict[str, set[int]] = {}
    for stem in stems:
        try:
            path = truths.mask(stem)
            if path is not None:
                array = read_label_map(path, unknown=None).array
                used[stem] = set(np.flatnonzero(np.bincount(array.ravel())).tolist())
        except SpnAnnotatorError as error:
            failures[stem] = str(error)
    return used


def _look_binary(used: Iterable[set[int]], ignore: Ignore) -> bool:
    allowed = {0, 1, 255, 65535} if ignore == "auto" else {0, 1, 255, ignore}
    return all(values <= allowed for values in used)


def _read_truth(
    truths: StemFiles, stem: str, *, ignore: Ignore, full_object: bool
) -> tuple[np.ndarray, int | None]:
    """Return a truth's ids and the value in them that is not counted."""
    path = truths.mask(stem)
    assert path is not None  # the stem came from this very folder
    array = read_label_map(path, unknown=None).array
    largest = int(array.max(initial=0))
    if full_object and largest in (255, 65535):
        return (array == largest).astype(np.uint8), None
    if ignore == "auto":
        return array, int(np.iinfo(array.dtype).max)
    return array, ignore


def _read_pred(
    preds: StemFiles, stem: str, real: np.ndarray, *, binary: bool, single: bool
) -> np.ndarray | None:
    path = preds.source if preds.is_file and single else preds.mask(stem)
    if path is None:
        return None
    array = read_label_map(path, unknown=None).array
    if array.shape != real.shape:
        raise MaskSizeError(
            f"is {array.shape[1]} x {array.shape[0]} pixels, "
            f"but its truth is {real.shape[1]} x {real.shape[0]}",
            path=path,
            remedy="Predict at the size of the truth",
        )
    largest = int(array.max(initial=0))
    if binary and largest in (255, 65535):
        return (array > largest // 2).astype(np.uint8)
    return array


def _check_size(real: np.ndarray, pictures: StemFiles | None, stem: str) -> None:
    if pictures is None:
        return
    path = pictures.source if pictures.is_file else pictures.picture(stem)
    if path is None:
        return
    width, height = read_size(path)
    if (height, width) != real.shape:
        raise MaskSizeError(
            f"is {width} x {height} pixels, but its truth is {real.shape[1]} x {real.shape[0]}",
            path=path,
            remedy="Give each image a truth of its own size",
        )


def _nothing_right(real: np.ndarray) -> np.ndarray:
    """Return a prediction that is wrong everywhere: one id that the truth does not use."""
    unused = np.flatnonzero(np.bincount(real.ravel(), minlength=65536)[:65536] == 0)
    return np.full(real.shape, unused[-1], np.uint16)
