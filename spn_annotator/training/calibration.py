"""How well an estimate predicts the quality of a mask: correlation and AUROC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan, nan

import numpy as np
import numpy.typing as npt

from spn_annotator.errors import ShapeError

Floats = npt.NDArray[np.float64]

BAD = 0.9
"""An IoU under this makes a mask one that somebody has to look at."""


@dataclass(frozen=True)
class Calibration:
    """How well an estimate predicts the true score.

    Attributes
    ----------
    count, bad : int
        Masks, and those among them whose score is under the threshold.
    pearson, spearman : float
        Correlation of the values and of their ranks, -1 to 1; ``nan`` where one side is constant.
    auroc : float
        Probability that a bad mask has a lower estimate than a good one (equal ones count half);
        0.5 is chance, ``nan`` where all are bad or none is.
    error : float
        Mean distance of the estimate from the score; means something for estimates of the score
        itself alone.
    """

    count: int
    bad: int
    pearson: float
    spearman: float
    auroc: float
    error: float

    def to_json(self) -> dict[str, float | int | None]:
        """Return the figures under their names, ``nan`` as None."""
        return {
            name: None if isinstance(value, float) and isnan(value) else value
            for name, value in asdict(self).items()
        }


def calibrate(
    estimates: Sequence[float] | Floats, scores: Sequence[float] | Floats, *, threshold: float = BAD
) -> Calibration:
    """Compare estimates with true scores, mask by mask.

    Parameters
    ----------
    estimates : sequence of float
        Higher means that the mask is thought to be better, such as its mean confidence.
    scores : sequence of float
        True scores such as IoUs, as many.
    threshold : float
        A mask with a lower score is bad.

    Raises
    ------
    ShapeError
        The two differ in length, or a value is no finite number.
    """
    guess, score = np.asarray(estimates, np.float64), np.asarray(scores, np.float64)
    if guess.shape != score.shape or guess.ndim != 1:
        raise ShapeError(f"as many estimates as scores, got {guess.shape} and {score.shape}")
    if not (np.isfinite(guess).all() and np.isfinite(score).all()):
        raise ShapeError("estimates and scores must be finite numbers")
    bad = score < threshold
    return Calibration(
        count=len(guess),
        bad=int(bad.sum()),
        pearson=_correlation(guess, score),
        spearman=_correlation(_ranks(guess), _ranks(score)),
        auroc=_auroc(guess, bad),
        error=float(np.abs(guess - score).mean()) if len(guess) else nan,
    )


def _correlation(a: Floats, b: Floats) -> float:
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return nan
    return float(np.clip(np.corrcoef(a, b)[0, 1], -1, 1))


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def _auroc(guess: Floats, bad: npt.NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve by the ranks (Mann and Whitney 1947)."""
    n_bad = int(bad.sum())
    n_good = len(bad) - n_bad
    if not n_bad or not n_good:
        return nan
    good_ranks = float(_ranks(guess)[~bad].sum())
    return (good_ranks - n_good * (n_good + 1) / 2) / (n_bad * n_good)
