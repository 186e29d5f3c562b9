"""Counts over a whole data set, and the scores that are made of them: class IoU and F."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from statistics import fmean

import numpy as np
import numpy.typing as npt

from spn_annotator.errors import ShapeError


@dataclass(frozen=True)
class Confusion:
    """How often each true class was taken for which.

    Attributes
    ----------
    counts : (C, C + 1) int64
        Pixels of the true class (row) that were given a class (column); the last column holds
        predictions that are no class at all.
    """

    counts: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, classes: int) -> Confusion:
        """Return one without any pixel."""
        return cls(np.zeros((classes, classes + 1), np.int64))

    @property
    def classes(self) -> int:
        """Return the number of classes."""
        return self.counts.shape[0]

    def __add__(self, other: Confusion) -> Confusion:
        """Return the sum of two data sets' counts."""
        return Confusion(self.counts + other.counts)

    def plus(self, truth: np.ndarray, pred: np.ndarray, *, ignore: int | None = 255) -> Confusion:
        """Return the counts with those of another image.

        Parameters
        ----------
        truth, pred : (H, W) uint8 or uint16
            Class ids.
        ignore : int or None
            Pixels of this value in ``truth`` are not counted.

        Raises
        ------
        ShapeError
            The shapes differ, or the truth holds an id that is no class.
        """
        if truth.shape != pred.shape:
            raise ShapeError(f"pred must have the truth's shape {truth.shape}, got {pred.shape}")
        real, guess = truth.ravel().astype(np.int64), pred.ravel().astype(np.int64)
        if ignore is not None:
            counted = real != ignore
            real, guess = real[counted], guess[counted]
        size = self.classes
        if real.size and not 0 <= int(real.min()) <= int(real.max()) < size:
            wrong = int(real.max()) if int(real.max()) >= size else int(real.min())
            raise ShapeError(f"the truth holds the id {wrong}, but the classes end at {size - 1}")
        guess = np.where((guess < 0) | (guess >= size), size, guess)
        found = np.bincount(real * (size + 1) + guess, minlength=size * (size + 1))
        return Confusion(self.counts + found.reshape(size, size + 1))

    def _parts(self, ids: Iterable[int]) -> tuple[int, int, int]:
        """Return hits, misses and false alarms of some classes taken as one."""
        rows = sorted(set(ids))
        of_truth = int(self.counts[rows].sum())
        of_pred = int(self.counts[:, rows].sum())
        hits = int(self.counts[np.ix_(rows, rows)].sum())
        return hits, of_truth - hits, of_pred - hits

    def f_score(self, *groups: Iterable[int]) -> float:
        """Return the F-score of classes that are taken as one part, or of several such parts.

        Parameters
        ----------
        *groups : iterable of int
            Ids of one part each. The hits, misses and false alarms of several parts are summed
            before the F-score is taken.

        Returns
        -------
        float
            0 to 1; ``nan`` where the parts occur neither in the truth nor in the prediction.
        """
        sums = np.array([self._parts(ids) for ids in groups]).sum(0)
        hits, misses, alarms = (int(v) for v in sums)
        total = 2 * hits + misses + alarms
        return 2 * hits / total if total else nan

    def iou(self, ids: Iterable[int]) -> float:
        """Return the IoU of classes taken as one; ``nan`` where they occur nowhere."""
        hits, misses, alarms = self._parts(ids)
        union = hits + misses + alarms
        return hits / union if union else nan

    def class_ious(self) -> tuple[float, ...]:
        """Return the IoU of each class, ``nan`` for one that occurs nowhere."""
        return tuple(self.iou([label]) for label in range(self.classes))

    def mean_iou(self) -> float:
        """Return the mean IoU of the classes that occur."""
        found = [value for value in self.class_ious() if not isnan(value)]
        return fmean(found) if found else nan

    def accuracy(self) -> float:
        """Return the part of the pixels with the right class."""
        total = int(self.counts.sum())
        return float(np.trace(self.counts[:, :-1])) / total if total else nan
