"""Asks for proposals and passes on those that still fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Change
from spn_annotator.errors import CallOrderError, SpnAnnotatorError
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.refine import (
    RefineJob,
    RefineResult,
    RefinerFactory,
    RefineWorker,
    default_refiner,
)


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
        self._busy = ""
        self.worker = RefineWorker(factory, self)
        self.worker.loading.connect(lambda: self._loading(loading=True))
        self.worker.ready.connect(lambda: self._loading(loading=False))
        self.worker.finished_job.connect(self._finished)
        self.worker.failed.connect(self._failed)

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

    def request(self) -> None:
        """Refine the image at hand as it is now.

        Raises
        ------
        CallOrderError
            There is no image.
        UsageError
            Nothing is painted.
        """
        self._submit()

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
        if not self._live or session is None or image_id != session.image_id:
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

    def _submit(self) -> None:
        session, image = self._session, self._image
        if session is None or session.document is None or image is None:
            raise CallOrderError("no image is open", remedy="Open one first")
        coarse, sure, changeable = session.refine_inputs(unpainted_unknown=self._scribbles)
        self._wanted = RefineJob(
            image_id=image[0],
            rgb=image[1],
            revision=session.document.revision,
            coarse=coarse,
            sure=sure,
            changeable=changeable,
        )
        self.worker.submit(self._wanted)
        self._set_busy("Refining…")

    def _loading(self, *, loading: bool) -> None:
        if self._wanted is not None or loading:
            self._set_busy("Loading the model…" if loading else "Refining…")
        else:
            self._set_busy("")

    def _finished(self, result: RefineResult) -> None:
        wanted = self._wanted
        if wanted is None or (wanted.image_id, wanted.revision) != (
            result.image_id,
            result.revision,
        ):
            return
        self._wanted = None
        self._set_busy("")
        session = self._session
        document = None if session is None else session.document_of(result.image_id)
        if document is None:
            return
        if document.set_proposal(
            result.object_map, confidence=result.confidence, revision=result.revision
        ):
            self.refined.emit(result)
        else:
            self.outdated.emit()

    def _failed(self, failure: Failure) -> None:
        self._wanted = None
        self._set_busy("")
        self.failed.emit(failure)

    def _set_busy(self, text: str) -> None:
        if text != self._busy:
            self._busy = text
            self.busy_changed.emit(text)
