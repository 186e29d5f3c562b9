"""Refinement off the GUI thread. Results say what they were computed from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from spn_annotator.errors import ModelFileError
from spn_annotator.gui.workers.latest import Failure, LatestWorker
from spn_annotator.paths import default_model_path


class ProposalLike(Protocol):
    """What a refiner returns; the part of it that the window uses."""

    @property
    def label_map(self) -> NDArray[Any]:
        """H×W ids, of the dtype of the coarse mask."""
        ...

    @property
    def confidence(self) -> NDArray[np.float32]:
        """H×W, 0 … 1."""
        ...

    @property
    def changed(self) -> int:
        """Number of pixels that differ from the coarse mask."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...

    @property
    def device(self) -> str:
        """Where it was computed."""
        ...


class RefinerLike(Protocol):
    """What the window needs of a refiner, so that tests can bring a small one."""

    def warm_up(self) -> None:
        """Get ready, so that the first refinement is as quick as the next."""
        ...

    def set_image(self, rgb: NDArray[np.uint8], /) -> None:
        """Take another image."""
        ...

    def refine(
        self,
        coarse: NDArray[np.uint16],
        /,
        *,
        sure: NDArray[np.uint16] | None = None,
        labels: Iterable[int] | None = None,
    ) -> ProposalLike:
        """Refine a coarse map of ids."""
        ...


RefinerFactory = Callable[[], RefinerLike]


@dataclass(frozen=True, eq=False)
class RefineJob:
    """One refinement to do, or with ``coarse`` None only the preparation for one.

    Parameters
    ----------
    image_id : int
        Which image it is.
    rgb : (H, W, 3) uint8 array
        The image.
    revision : int
        Revision of the document that the maps were taken from.
    coarse, sure : (H, W) uint16 array or None
        As the refiner takes them; the thread owns them.
    changeable : tuple of int or None
        Object ids that may change; None for all.
    """

    image_id: int
    rgb: NDArray[np.uint8]
    revision: int = -1
    coarse: NDArray[np.uint16] | None = None
    sure: NDArray[np.uint16] | None = None
    changeable: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class RefineResult:
    """A proposal and what it was computed from.

    Parameters
    ----------
    image_id, revision : int
        As in the job.
    object_map : (H, W) uint16 array
        Object ids.
    confidence : (H, W) float32 array
        0 … 1.
    changed : int
        Pixels that differ from the coarse map.
    seconds : float
        Duration of the refinement alone.
    device : str
        Where it was computed.
    """

    image_id: int
    revision: int
    object_map: NDArray[np.uint16]
    confidence: NDArray[np.float32]
    changed: int
    seconds: float
    device: str


def default_refiner() -> RefinerLike:
    """Return the refiner that ships with the program. Imports torch; slow.

    Raises
    ------
    ModelFileError
        There is no model, or it is damaged.
    """
    if not default_model_path().is_file():
        raise ModelFileError(
            "no model is installed, so nothing can be refined",
            path=default_model_path(),
            remedy="Install spn-annotator again, or train a model with spn-annotator train",
        )
    from spn_annotator.refine import Refiner

    return Refiner()


class RefineWorker(LatestWorker):
    """Owns the refiner: it is made, used and dropped on this thread only.

    Signals
    -------
    loading()
        The model is being loaded.
    ready()
        The model is loaded.
    finished_job(result)
        A RefineResult.
    failed(failure)
        A Failure; the model could not be loaded or the refinement raised.
    """

    loading = Signal()
    ready = Signal()
    finished_job = Signal(object)
    failed = Signal(object)

    def __init__(
        self, factory: RefinerFactory = default_refiner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._factory = factory
        self._refiner: RefinerLike | None = None
        self._image: NDArray[np.uint8] | None = None

    @property
    def has_model(self) -> bool:
        """Whether the model is loaded."""
        return self._refiner is not None

    def warm_up(self) -> None:
        """Load the model now, if nothing else waits."""
        self.submit(_WARM_UP)

    def work(self, job: Any) -> None:
        """Load the model if need be, then refine."""
        try:
            refiner = self._refiner
            if refiner is None:
                self.loading.emit()
                refiner = self._factory()
                refiner.warm_up()
                self._refiner = refiner
                self.ready.emit()
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing="Loading the model"))
            return
        if not isinstance(job, RefineJob):
            return
        try:
            self._refine(refiner, job)
        except Exception as error:  # noqa: BLE001
            self._image = None
            self.failed.emit(Failure.of(error, doing="Refining"))

    def _refine(self, refiner: RefinerLike, job: RefineJob) -> None:
        start = time.perf_counter()
        if self._image is not job.rgb:
            self._image = None
            refiner.set_image(job.rgb)
            self._image = job.rgb
        if job.coarse is None:
            return
        proposal = refiner.refine(job.coarse, sure=job.sure, labels=job.changeable)
        self.finished_job.emit(
            RefineResult(
                image_id=job.image_id,
                revision=job.revision,
                object_map=proposal.label_map,
                confidence=proposal.confidence,
                changed=proposal.changed,
                seconds=max(proposal.seconds, time.perf_counter() - start),
                device=proposal.device,
            )
        )


class _WarmUp:
    """A job without a refinement."""


_WARM_UP = _WarmUp()
