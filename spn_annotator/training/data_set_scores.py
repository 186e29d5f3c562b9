"""The tables of face parsing and of scenes: scores over a whole data set in its own layout.

Pixels are counted over all images before a score is taken. Predictions are one folder of PNG label
maps named after the images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any, Literal

import numpy as np

from spn_annotator.errors import MaskSizeError, SpnAnnotatorError, UsageError
from spn_annotator.formats.masks import read_label_map
from spn_annotator.training.confusion import Confusion
from spn_annotator.training.layouts import LAYOUTS, Layout, LayoutName

HELEN_PARTS: Mapping[str, tuple[int, ...]] = {
    "skin": (1,),
    "brows": (2, 3),
    "eyes": (4, 5),
    "nose": (6,),
    "upper lip": (7,),
    "inner mouth": (8,),
    "lower lip": (9,),
    "mouth": (7, 8, 9),
    "hair": (10,),
}
"""The columns of the HELEN tables; left and right are one part, lips and inner mouth the mouth."""

HELEN_OVERALL = ("brows", "eyes", "nose", "mouth")
"""Parts whose counts are pooled for the overall F-score; skin and hair are not among them."""


@dataclass(frozen=True)
class LayoutEvaluation:
    """Scores over a data set.

    Attributes
    ----------
    layout, split : str
        Such as ``"voc"`` and ``"val"``.
    measure : str
        What ``scores`` holds: ``"F"`` or ``"IoU"``.
    images : int
        Images that were counted; those without a usable prediction count as all wrong.
    scores : dict of str to float
        By part or class, 0 to 1; ``nan`` for what occurs nowhere.
    overall_name : str
        What the overall score is: ``"overall"`` or ``"mean IoU"``.
    overall : float
    missing : tuple of str
        Images without a prediction.
    failures : dict of str to str
        By image, why its truth or its prediction could not be read. Where it is the truth, the
        image is not counted.
    """

    layout: LayoutName
    split: str
    measure: Literal["F", "IoU"]
    images: int
    scores: dict[str, float]
    overall_name: str
    overall: float
    missing: tuple[str, ...]
    failures: dict[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether every image met a prediction that could be scored."""
        return not self.missing and not self.failures

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values for a JSON file."""

        def value(score: float) -> float | None:
            return None if isnan(score) else score

        return {
            "layout": self.layout,
            "split": self.split,
            "measure": self.measure,
            "images": self.images,
            "scores": {name: value(score) for name, score in self.scores.items()},
            self.overall_name: value(self.overall),
            "missing": list(self.missing),
            "failures": dict(self.failures),
        }


def part_scores(
    counts: Confusion, parts: Mapping[str, tuple[int, ...]], overall: tuple[str, ...]
) -> tuple[dict[str, float], float]:
    """Return the F-score of each part, and that of some of them with their counts pooled."""
    scores = {name: counts.f_score(ids) for name, ids in parts.items()}
    return scores, counts.f_score(*(parts[name] for name in overall))


def evaluate_layout(
    root: Path | str, pred: Path | str, *, layout: LayoutName, split: str | None = None
) -> LayoutEvaluation:
    """Score label maps against a data set in its own layout.

    Parameters
    ----------
    root : Path or str
        The data set, see :data:`spn_annotator.training.layouts.LAYOUTS`.
    pred : Path or str
        Folder of ``NAME.png``, ids as in the layout's labels.
    layout : "helen" or "voc"
    split : str, optional
        Name of the list; the first of the layout's splits if left out.

    Returns
    -------
    LayoutEvaluation
        HELEN: F-score of each part and overall. VOC: IoU of each class and their mean. An image
        without a prediction, or with one of another size, counts as wrong everywhere.

    Raises
    ------
    UsageError, FormatError
        The folder has another layout, a list is missing or broken, or there is no such split.

    References
    ----------
    Smith et al., "Exemplar-Based Face Parsing", CVPR 2013; Everingham et al., "The PASCAL Visual
    Object Classes Challenge: A Retrospective", IJCV 2015, section 4.4.
    """
    root, pred = Path(root), Path(pred)
    found = LAYOUTS[layout]
    split = found.splits[0] if split is None else split
    if split not in found.splits:
        raise UsageError(
            f"the layout {layout} has no split {split!r}", remedy=f"Use {', '.join(found.splits)}"
        )
    if not pred.is_dir():
        raise UsageError(
            "is no folder (predictions)", path=pred, remedy="Name a folder of PNG label maps"
        )
    counts, images, missing, failures = _counted(found, root, pred, split)
    if layout == "helen":
        scores, overall = part_scores(counts, HELEN_PARTS, HELEN_OVERALL)
    else:
        scores = dict(zip(found.labels, counts.class_ious(), strict=True))
        overall = counts.mean_iou()
    return LayoutEvaluation(
        layout=layout,
        split=split,
        measure="F" if layout == "helen" else "IoU",
        images=images,
        scores=scores,
        overall_name="overall" if layout == "helen" else "mean IoU",
        overall=overall,
        missing=tuple(missing),
        failures=failures,
    )


def _counted(
    layout: Layout, root: Path, pred: Path, split: str
) -> tuple[Confusion, int, list[str], dict[str, str]]:
    """Return the counts, of how many images, and what was missing or could not be read."""
    classes = len(layout.labels)
    counts, images = Confusion.empty(classes), 0
    missing: list[str] = []
    failures: dict[str, str] = {}
    for stem in layout.stems(root, split):
        try:
            truth = layout.truth(root, stem)
        except SpnAnnotatorError as error:
            failures[stem] = str(error)
            continue
        path = pred / f"{stem}.png"
        guess = np.full(truth.shape, classes, np.uint16)  # no class: wrong everywhere
        if not path.is_file():
            missing.append(stem)
        else:
            try:
                guess = _prediction(path, truth.shape)
            except SpnAnnotatorError as error:
                failures[stem] = str(error)
        counts = counts.plus(truth, guess, ignore=layout.ignore)
        images += 1
    return counts, images, missing, failures


def _prediction(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    array = read_label_map(path, unknown=None).array
    if array.shape != shape:
        raise MaskSizeError(
            f"is {array.shape[1]} x {array.shape[0]} pixels, "
            f"but its truth is {shape[1]} x {shape[0]}",
            path=path,
            remedy="Predict at the size of the truth",
        )
    return array
