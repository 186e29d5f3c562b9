"""Refinement off the GUI thread. Results say what they were computed from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import PreparedProposal, prepare_proposal
from spn_annotator.errors import ModelFileError, UsageError
from spn_annotator.gui.shaping import Shaping, shaped
from spn_annotator.gui.workers.latest import Failure, LatestWorker
from spn_annotator.gui.workers.mirror import MapMirror, MapUpdate
from spn_annotator.paths import default_model_path

Ids = NDArray[np.uint16]


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
        region: tuple[int, int, int, int] | None = None,
    ) -> ProposalLike:
        """Refine a coarse map of ids."""
        ...


RefinerFactory = Callable[[], RefinerLike]


@dataclass(frozen=True, eq=False)
class RefineJob:
    """One refinement to do, or with ``update`` None only the preparation for one.

    Parameters
    ----------
    image_id : int
        Which image it is.
    rgb : (H, W, 3) uint8 array
        The image.
    revision : int
        Revision of the document that is refined.
    update : MapUpdate or None
        What has changed in the document's maps since the thread has seen them.
    changeable : tuple of int or None
        Object ids that may change; None for all.
    region : (x0, y0, x1, y1) or None
        Nothing outside of it changes.
    inside : (y1 - y0, x1 - x0) bool array or None
        Of the region, only true pixels change.
    unpainted_unknown : bool
        Whether pixels with neither stroke nor object are left to the model.
    shaping : Shaping
        How much of the refinement is taken.
    """

    image_id: int
    rgb: NDArray[np.uint8]
    revision: int = -1
    update: MapUpdate | None = None
    changeable: tuple[int, ...] | None = None
    region: tuple[int, int, int, int] | None = None
    inside: NDArray[np.bool_] | None = None
    unpainted_unknown: bool = False
    shaping: Shaping = field(default_factory=Shaping)


@dataclass(frozen=True, eq=False)
class ReshapeJob:
    """Take more or less of the last refinement; the model is not asked again."""

    image_id: int
    revision: int
    shaping: Shaping


@dataclass(frozen=True, eq=False)
class AffinityJob:
    """Where the label of a pixel reaches: image, pixel, and how far to look in pixels."""

    image_id: int
    rgb: NDArray[np.uint8]
    x: int
    y: int
    radius: int


@dataclass(frozen=True, eq=False)
class RefineResult:
    """A proposal and what it was computed from.

    Parameters
    ----------
    image_id, revision : int
        As in the job.
    proposal : PreparedProposal
        Object ids and confidence, looked through already.
    changed : int
        Pixels that differ from the coarse map.
    seconds : float
        Duration of the refinement alone.
    device : str
        Where it was computed.
    shaping : Shaping
        How much of the refinement was taken.
    reshaped : bool
        Whether it is the last refinement, shaped in another way.
    """

    image_id: int
    revision: int
    proposal: PreparedProposal
    changed: int
    seconds: float
    device: str
    shaping: Shaping = field(default_factory=Shaping)
    reshaped: bool = False


@dataclass(frozen=True, eq=False)
class _Raw:
    """The last refinement, before it was shaped."""

    image_id: int
    revision: int
    coarse: NDArray[np.uint16]
    refined: NDArray[np.uint16]
    confidence: NDArray[np.float32]
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
    out_of_step(job)
        The thread knows an older state of the document than the job builds upon: ask again.
    affinity(job, result)
        The AffinityJob and what the refiner found.
    affinity_failed(failure)
        A Failure.
    failed(failure)
        A Failure; the model could not be loaded or the refinement raised.
    """

    loading = Signal()
    ready = Signal()
    finished_job = Signal(object)
    out_of_step = Signal(object)
    affinity = Signal(object, object)
    affinity_failed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, factory: RefinerFactory = default_refiner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._factory = factory
        self._refiner: RefinerLike | None = None
        self._image: NDArray[np.uint8] | None = None
        self._raw: _Raw | None = None
        self.mirror = MapMirror()

    @property
    def has_model(self) -> bool:
        """Whether the model is loaded."""
        return self._refiner is not None

    def warm_up(self) -> None:
        """Load the model now; a job that waits does so too."""
        self.offer(_WARM_UP)

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
        try:
            if isinstance(job, RefineJob):
                self._refine(refiner, job)
            elif isinstance(job, ReshapeJob):
                self._reshape(job)
            elif isinstance(job, AffinityJob):
                self._look_up(refiner, job)
        except Exception as error:  # noqa: BLE001
            self._image = None
            if isinstance(job, AffinityJob):
                self.affinity_failed.emit(Failure.of(error, doing="Computing the affinity"))
            else:
                self.failed.emit(Failure.of(error, doing="Refining"))

    def _set_image(self, refiner: RefinerLike, rgb: NDArray[np.uint8]) -> None:
        if self._image is not rgb:
            self._image = None
            refiner.set_image(rgb)
            self._image = rgb

    def _refine(self, refiner: RefinerLike, job: RefineJob) -> None:
        start = time.perf_counter()
        self._set_image(refiner, job.rgb)
        if job.update is None:
            return
        if not self.mirror.apply(job.update):
            self.out_of_step.emit(job)
            return
        coarse = self.mirror.coarse(unpainted_unknown=job.unpainted_unknown)
        more: dict[str, Any] = {} if job.region is None else {"region": job.region}
        proposal = refiner.refine(coarse, sure=self.mirror.held(), labels=job.changeable, **more)
        refined = proposal.label_map
        if job.region is not None:
            coarse, refined = self._bounded(coarse, refined, job)
        self._raw = _Raw(
            job.image_id,
            job.revision,
            coarse,
            refined,
            proposal.confidence,
            max(proposal.seconds, time.perf_counter() - start),
            proposal.device,
        )
        self._propose(self._raw, job.shaping, reshaped=False)

    def _bounded(self, coarse: Ids, refined: Ids, job: RefineJob) -> tuple[Ids, Ids]:
        """Return both maps; outside of what was drawn they are what was painted."""
        assert job.region is not None
        x0, y0, x1, y1 = job.region
        box = (slice(y0, y1), slice(x0, x1))
        before, after = self.mirror.objects.copy(), self.mirror.objects.copy()
        inside = np.True_ if job.inside is None else job.inside
        np.copyto(before[box], coarse[box], where=inside)
        np.copyto(after[box], refined[box], where=inside)
        return before, after

    def _reshape(self, job: ReshapeJob) -> None:
        raw = self._raw
        if raw is not None and (raw.image_id, raw.revision) == (job.image_id, job.revision):
            self._propose(raw, job.shaping, reshaped=True)

    def _propose(self, raw: _Raw, shaping: Shaping, *, reshaped: bool) -> None:
        refined = shaped(raw.coarse, raw.refined, raw.confidence, shaping)
        prepared = prepare_proposal(
            refined,
            against=self.mirror.objects,
            sure=self.mirror.sure,
            confidence=raw.confidence,
        )
        self.finished_job.emit(
            RefineResult(
                image_id=raw.image_id,
                revision=raw.revision,
                proposal=prepared,
                changed=int(np.count_nonzero(refined != raw.coarse)),
                seconds=raw.seconds,
                device=raw.device,
                shaping=shaping,
                reshaped=reshaped,
            )
        )

    def _look_up(self, refiner: RefinerLike, job: AffinityJob) -> None:
        look_up = getattr(refiner, "affinity_at", None)
        if look_up is None:
            raise UsageError("this refiner has no affinity to show")
        self._set_image(refiner, job.rgb)
        found = look_up(job.x, job.y, radius=job.radius)
        self.affinity.emit(job, found)


class _WarmUp:
    """A job without a refinement."""


_WARM_UP = _WarmUp()
