"""Flood fill and superpixels off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from spn_annotator.annotation import Rect
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.regions import Superpixels, flood_mask, superpixels
from spn_annotator.gui.workers.latest import Failure, LatestWorker


@dataclass(frozen=True, eq=False)
class FloodJob:
    """A flood fill.

    Parameters
    ----------
    picture : Picture
        The image.
    view : Rect
        The part of it that is looked at.
    x, y : int
        The pixel, inside of that part.
    tolerance, contiguous
        As for :func:`spn_annotator.gui.regions.flood_mask`.
    event : object
        Handed back with the result.
    """

    picture: Picture
    view: Rect
    x: int
    y: int
    tolerance: int
    contiguous: bool
    event: Any


@dataclass(frozen=True, eq=False)
class FloodResult:
    """What a flood fill found: a mask at a place of the image."""

    picture: Picture
    rect: Rect
    mask: NDArray[np.bool_]
    event: Any


@dataclass(frozen=True, eq=False)
class SuperpixelJob:
    """Superpixels of a part of an image; see :func:`spn_annotator.gui.regions.superpixels`."""

    picture: Picture
    rect: Rect
    side: float


class FloodWorker(LatestWorker):
    """Finds what looks like a pixel.

    Signals
    -------
    found(result)
        A FloodResult.
    failed(failure)
        A Failure.
    """

    found = Signal(object)
    failed = Signal(object)

    def work(self, job: Any) -> None:
        """Fill once."""
        assert isinstance(job, FloodJob)
        try:
            rect, mask = flood_mask(
                job.picture.rgb[job.view.slices],
                job.x - job.view.x0,
                job.y - job.view.y0,
                tolerance=job.tolerance,
                contiguous=job.contiguous,
            )
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing="Filling"))
            return
        there = Rect(
            rect.x0 + job.view.x0,
            rect.y0 + job.view.y0,
            rect.x1 + job.view.x0,
            rect.y1 + job.view.y0,
        )
        self.found.emit(FloodResult(job.picture, there, mask, job.event))


class SuperpixelWorker(LatestWorker):
    """Cuts the newest part asked for into superpixels.

    Signals
    -------
    cut(job, result)
        The SuperpixelJob and its Superpixels.
    failed(failure)
        A Failure.
    """

    cut = Signal(object, object)
    failed = Signal(object)

    def work(self, job: Any) -> None:
        """Cut once."""
        assert isinstance(job, SuperpixelJob)
        try:
            result: Superpixels = superpixels(job.picture, job.rect, side=job.side)
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing="Cutting superpixels"))
            return
        self.cut.emit(job, result)
