"""What else a refiner must do: leave right masks alone, settle, obey sure strokes and use them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from benchmarks.cases import UNKNOWN, Case
from spn_annotator.refine import Refiner
from spn_annotator.training.annotator import WIDEST, next_stroke
from spn_annotator.training.metrics import iou, mba


@dataclass(frozen=True)
class TruthCost:
    """What refining the truth itself costs, in points; means over the images of each set."""

    sets: dict[str, tuple[float, float]]

    @property
    def iou(self) -> float:
        """Return the mean of the sets."""
        return fmean(a for a, _ in self.sets.values())

    @property
    def mba(self) -> float:
        """Return the mean of the sets."""
        return fmean(b for _, b in self.sets.values())


def truth_cost(refiner: Refiner, cases: Iterable[Case]) -> TruthCost:
    """Refine each image's truth and return the points that it loses."""
    lost: dict[str, list[tuple[float, float]]] = {}
    seen: set[tuple[str, str]] = set()
    for case in cases:
        if (case.set, case.stem) in seen:
            continue  # of another protocol
        seen.add((case.set, case.stem))
        refiner.set_image(case.rgb)
        result = refiner.refine(case.truth).label_map
        lost.setdefault(case.set, []).append(
            (
                100 * (1 - iou(case.truth, result, binary=case.binary)),
                100 * (1 - mba(case.truth, result)),
            )
        )
    return TruthCost(
        {name: (fmean(a for a, _ in v), fmean(b for _, b in v)) for name, v in lost.items()}
    )


@dataclass(frozen=True)
class Settling:
    """How much a second refinement moves, and what sure strokes do, over some cases.

    Attributes
    ----------
    moved : dict of str to float
        By protocol, the percentage of the pixels that refining the result once more changes.
    moved_worst : float
        The largest on one image.
    disobeyed : int
        Pixels under a sure stroke that came back with another label.
    strokes : int
        Images on which a corrective stroke was tried.
    gains : tuple of float
        On each, pixels corrected for each one painted; see the simulated annotator.
    """

    moved: dict[str, float]
    moved_worst: float
    disobeyed: int
    strokes: int
    gains: tuple[float, ...]

    @property
    def median_gain(self) -> float:
        """Return the median of the gains."""
        return median(self.gains) if self.gains else float("nan")

    @property
    def mean_gain(self) -> float:
        """Return the mean of the gains."""
        return fmean(self.gains) if self.gains else float("nan")

    @property
    def share_above_one(self) -> float:
        """Return on which part of the images a stroke improved more than its own pixels."""
        above = sum(gain > 1 for gain in self.gains)
        return above / len(self.gains) if self.gains else float("nan")


def settle(refiner: Refiner, cases: Iterable[Case]) -> Settling:
    """Refine each case, then its result; and, if it is binary, it with a corrective stroke."""
    moved: dict[str, list[float]] = {}
    gains: list[float] = []
    disobeyed = 0
    for case in cases:
        refiner.set_image(case.rgb)
        first = refiner.refine(case.coarse).label_map
        again = refiner.refine(first).label_map
        moved.setdefault(case.protocol, []).append(100 * float((again != first).mean()))
        if not case.binary:
            continue
        truth, valid = case.truth == 1, case.truth != UNKNOWN
        stroke = next_stroke(truth, first == 1, valid, widest=WIDEST * max(truth.shape))
        if stroke is None:
            continue
        painted = stroke.pixels(truth.shape)
        sure = np.full(first.shape, UNKNOWN, np.uint8)
        sure[painted] = stroke.inside
        # As in the window, where the mask stays as it was until a proposal is accepted.
        corrected = refiner.refine(case.coarse, sure=sure).label_map
        disobeyed += int(np.count_nonzero(corrected[painted] != stroke.inside))
        before = np.count_nonzero(((first == 1) != truth) & valid)
        after = np.count_nonzero(((corrected == 1) != truth) & valid)
        gains.append((before - after) / np.count_nonzero(painted))
    return Settling(
        moved={name: fmean(values) for name, values in moved.items()},
        moved_worst=max((max(values) for values in moved.values()), default=float("nan")),
        disobeyed=disobeyed,
        strokes=len(gains),
        gains=tuple(gains),
    )
