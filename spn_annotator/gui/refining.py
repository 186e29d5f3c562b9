"""Asks for proposals and passes on those that still fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Change, Rect
from spn_annotator.errors import CallOrderError, SpnAnnotatorError
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.session import Session
from spn_annotator.gui.shaping import Scope, Shaping
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.mirror import MapUpdate
from spn_annotator.gui.workers.refine import (
    RefineJob,
    RefineResult,
    RefinerFactory,
    RefineWorker,
    ReshapeJob,
    default_refiner,
)
from spn_annotator.paths import DEFAULT_MODEL_NAME


class Refining(QObject):
    """Refines the image at hand, once or after each stroke.

    Parameters
    ----------
    factory : callable
        Makes the refiner, on the thread.

    Signals
    -------
    busy_changed(text)
        What is being done; empty when nothing is.
    refined(result)
        A RefineResult that became a proposal.
    outdated()
        A result was dropped, because the image has changed since.
    failed(failure)
        The model cannot be loaded, or the refinement did not work.
    """

    busy_changed = Signal(str)
    refined = Signal(object)
    outdated = Signal()
    failed = Signal(object)

    def __init__(
        self, factory: RefinerFactory = default_refiner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._image: tuple[int, NDArray[np.uint8]] | None = None
        self._wanted: RefineJob | None = None
        self._live = False
        self._scribbles = False
        self._paused = False
        self._shaping = Shaping()
        self._scope = Scope.ALL
        self._view: Callable[[], Rect] = Rect.empty
        self._busy = ""
        #: For the history of the project.
        self._model_name = DEFAULT_MODEL_NAME if factory is default_refiner else ""
        self.worker = RefineWorker(factory, self)
        self.worker.loading.connect(lambda: self._loading(loading=True))
        self.worker.ready.connect(lambda: self._loading(loading=False))
        self.worker.finished_job.connect(self._finished)
        self.worker.out_of_step.connect(self._out_of_step)
        self.worker.failed.connect(self._failed)

    @property
    def image(self) -> tuple[int, NDArray[np.uint8]] | None:
        """Id and pixels of the image at hand."""
        return self._image

    @property
    def live(self) -> bool:
        """Whether each stroke is followed by a refinement."""
        return self._live

    @property
    def wanted_revision(self) -> int | None:
        """The revision that is being refined, None if nothing is."""
        return None if self._wanted is None else self._wanted.revision

    def set_session(self, session: Session | None) -> None:
        """Work for another session; what is under way is dropped."""
        self.set_image(None, None)
        self._session = session

    def set_live(self, *, live: bool) -> None:
        """Refine after each stroke, or only when asked to."""
        self._live = live

    def set_scribbles(self, *, scribbles: bool) -> None:
        """Leave pixels without a stroke to the model, or take them as nothing."""
        self._scribbles = scribbles

    @property
    def shaping(self) -> Shaping:
        """How much of a refinement is taken."""
        return self._shaping

    def set_shaping(self, shaping: Shaping) -> None:
        """Take more or less; the proposal that is shown follows without asking the model again."""
        if shaping == self._shaping:
            return
        self._shaping = shaping
        self._reshape()

    def _reshape(self) -> None:
        document = None if self._session is None else self._session.document
        if document is None or document.proposal is None or self._image is None:
            return
        if document.proposal.revision == document.revision and self._wanted is None:
            self.worker.submit(ReshapeJob(self._image[0], document.revision, self._shaping))

    @property
    def scope(self) -> Scope:
        """What the refine key refines."""
        return self._scope

    def set_scope(self, scope: Scope) -> None:
        """Refine everything, what is in view, or one label or object."""
        self._scope = scope

    def set_view(self, view: Callable[[], Rect]) -> None:
        """Say how to learn what is in view, in image pixels."""
        self._view = view

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let live refinement not follow what is done meanwhile."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def request(
        self, *, region: Rect | None = None, inside: NDArray[np.bool_] | None = None
    ) -> None:
        """Refine the image at hand as it is now, or what lies in a box of it.

        Parameters
        ----------
        region : Rect, optional
            The box.
        inside : (h, w) bool array, optional
            Of its size: only true pixels may change.

        Raises
        ------
        CallOrderError
            There is no image.
        UsageError
            Nothing is painted.
        """
        self._submit(region=region, inside=inside)

    def set_image(self, image_id: int | None, rgb: NDArray[np.uint8] | None) -> None:
        """Refine another image; what is under way is dropped."""
        self.cancel()
        self._image = None if image_id is None or rgb is None else (image_id, rgb)

    def warm_up(self) -> None:
        """Load the model before anyone asks for it."""
        self.worker.warm_up()

    def prepare(self) -> None:
        """Compute what depends on the image alone, while someone still paints."""
        if self._image is not None and self._wanted is None and self.worker.has_model:
            self.worker.submit(RefineJob(image_id=self._image[0], rgb=self._image[1]))

    def follow(self, image_id: int, change: Change) -> None:
        """Refine after a stroke, if that is wanted."""
        session = self._session
        if not self._live or self._paused or session is None or image_id != session.image_id:
            return
        if change.kind not in ("pixels", "objects") or change.proposal_changed:
            return
        document = session.document
        if document is None or not document.can_undo or document.undo_name != change.name:
            return  # taken back: a proposal for that is not what the person asks for
        try:
            self._submit()
        except SpnAnnotatorError:
            self.cancel()  # everything was erased: nothing to propose

    def cancel(self) -> bool:
        """Drop what is under way; returns whether something was."""
        had = self._wanted is not None
        self._wanted = None
        self.worker.forget_waiting()
        self._set_busy("")
        return had

    def stop(self) -> None:
        """End the thread after the refinement under way."""
        self.cancel()
        self.worker.stop()

    def _submit(
        self, *, region: Rect | None = None, inside: NDArray[np.bool_] | None = None
    ) -> None:
        session, image = self._session, self._image
        document = None if session is None else session.document
        if session is None or document is None or image is None:
            raise CallOrderError("no image is open", remedy="Open one first")
        session.check_refinable(unpainted_unknown=self._scribbles)
        if region is None and self._scope is Scope.VIEW:
            region = self._view()
        box = None if region is None or region.is_empty else region
        self._wanted = RefineJob(
            image_id=image[0],
            rgb=image[1],
            revision=document.revision,
            update=MapUpdate.of(document, since=self.worker.mirror.revision_of(document)),
            changeable=session.changeable(self._scope),
            region=None if box is None else (box.x0, box.y0, box.x1, box.y1),
            inside=inside,
            unpainted_unknown=self._scribbles,
            shaping=self._shaping,
        )
        self.worker.submit(self._wanted)
        self._set_busy(tr("Refining…"))

    def _out_of_step(self, job: RefineJob) -> None:
        """Send all of the maps: the thread has worked for another document meanwhile."""
        document = None if self._session is None else self._session.document_of(job.image_id)
        if job is not self._wanted or document is None:
            return
        if document.revision != job.revision:
            self.cancel()
            self.outdated.emit()
            return
        self._wanted = replace(job, update=MapUpdate.of(document, since=-1))
        self.worker.submit(self._wanted)

    def _loading(self, *, loading: bool) -> None:
        if self._wanted is not None or loading:
            self._set_busy(tr("Loading the model…") if loading else tr("Refining…"))
        else:
            self._set_busy("")

    def _finished(self, result: RefineResult) -> None:
        wanted = self._wanted
        if not result.reshaped:
            if wanted is None or (wanted.image_id, wanted.revision) != (
                result.image_id,
                result.revision,
            ):
                return
            self._wanted = None
            self._set_busy("")
        session = self._session
        document = None if session is None else session.document_of(result.image_id)
        if document is None or (result.reshaped and document.proposal is None):
            return
        try:
            fits = document.set_proposal(
                result.proposal, revision=result.revision, model=self._model_name
            )
        except SpnAnnotatorError as error:
            self.failed.emit(Failure.of(error, doing="Refining"))
            return
        if fits:
            self.refined.emit(result)
            if result.shaping != self._shaping:  # a slider was moved meanwhile
                self._reshape()
        elif not result.reshaped:
            self.outdated.emit()

    def _failed(self, failure: Failure) -> None:
        self._wanted = None
        self._set_busy("")
        self.failed.emit(failure)

    def _set_busy(self, text: str) -> None:
        if text != self._busy:
            self._busy = text
            self.busy_changed.emit(text)
