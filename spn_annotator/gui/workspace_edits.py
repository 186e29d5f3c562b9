"""What a person does to the image at hand: steps back and forth, proposals, edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Change, Document, Rect
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.actions import WindowState
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.i18n import mark, tr
from spn_annotator.gui.painting import Painting
from spn_annotator.gui.refining import Refining
from spn_annotator.gui.session import Session
from spn_annotator.gui.step_names import step_text
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.refine import RefinerFactory


class WorkspaceEdits(QObject):
    """Holds what is worked on and tells the window what has changed.

    Parameters
    ----------
    refiner : callable
        Makes the refiner, on its thread.

    Signals
    -------
    opened(path)
        What `open` was asked for is open now.
    project_changed()
        Another project is open, or none.
    project_closing()
        The project is about to be closed: what works on it has to end.
    image_leaving()
        Another image is about to be shown: what the hand is doing to this one has to end.
    image_changed()
        Another image is shown, being read, or cannot be read.
    document_changed(change)
        The document of the image at hand has changed.
    labels_changed()
        Labels or the picked label are others.
    status_changed(image_id)
        An image has another status.
    state_changed()
        Other actions may be possible now.
    said(text)
        Something worth a line in the status bar.
    failed(failure, topic)
        Something did not work.
    recovered(topic)
        It works again.
    """

    opened = Signal(object)
    project_changed = Signal()
    project_closing = Signal()
    image_leaving = Signal()
    image_changed = Signal()
    document_changed = Signal(object)
    labels_changed = Signal()
    status_changed = Signal(int)
    state_changed = Signal()
    said = Signal(str)
    failed = Signal(object, str)
    recovered = Signal(str)

    def __init__(self, refiner: RefinerFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.picture: Picture | None = None
        self.painting = Painting(lambda: self.session, self)
        self.refining = Refining(refiner, self)

    def undo(self) -> None:
        """Take back the last step."""
        self._replay(
            lambda session: session.document and session.document.undo(), mark("Undone: {step}")
        )

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self._replay(
            lambda session: session.document and session.document.redo(), mark("Redone: {step}")
        )

    def jump(self, done: int) -> None:
        """Go back or forth in the history until so many steps are done."""
        document = self._document
        if document is None or document.open_stroke is not None:
            return
        while len(document.history.undo_names) > done and document.undo() is not None:
            pass
        while len(document.history.undo_names) < done and document.redo() is not None:
            pass

    def refine(self) -> None:
        """Ask for a proposal."""
        try:
            self.refining.request()
        except SpnAnnotatorError as error:
            self.said.emit(str(error))
        self.state_changed.emit()

    def accept(self) -> None:
        """Take the proposal over."""
        document = self._document
        if document is None or document.proposal is None:
            return
        if self.attempt(lambda _: document.accept_proposal()):
            self.said.emit(tr("Accepted"))

    def refine_region(self, rect: Rect, mask: NDArray[np.bool_] | None = None) -> None:
        """Ask for a proposal inside a box of the image, or where a mask of it is true."""
        try:
            self.refining.request(region=rect, inside=mask)
        except SpnAnnotatorError as error:
            self.said.emit(str(error))
        self.state_changed.emit()

    def accept_part(self, rect: Rect, mask: NDArray[np.bool_]) -> None:
        """Take over the proposal where a mask is true; the rest stays proposed."""
        document = self._document
        if document is None or document.proposal is None:
            self.said.emit(tr("There is no proposal; refine first"))
            return
        try:
            with self.refining.paused():
                change = document.accept_part((rect, mask))
        except SpnAnnotatorError as error:
            self.failed.emit(Failure.of(error, doing="This"), "edit")
            return
        accepted = tr("Accepted a part; the rest is still proposed")
        self.said.emit(tr("Nothing is proposed there") if change.rect is None else accepted)

    def drop(self) -> None:
        """Drop the proposal, or the refinement under way."""
        document = self._document
        cancelled = self.refining.cancel()
        if document is not None and document.proposal is not None:
            document.drop_proposal()
            self.said.emit(tr("Dropped; the strokes are still there"))
        elif cancelled:
            self.said.emit(tr("Refinement cancelled"))

    def attempt(self, act: Callable[[Session], object]) -> bool:
        """Do something to the session; an error goes to the error bar.

        Returns
        -------
        bool
            Whether it worked.
        """
        if self.session is None:
            return False
        try:
            act(self.session)
        except SpnAnnotatorError as error:
            self.failed.emit(Failure.of(error, doing="This"), "edit")
            return False
        self.recovered.emit("edit")
        return True

    def window_state(self, *, stroke: bool) -> WindowState:
        """Return what the table of actions needs to know."""
        session = self.session
        if session is None:
            return WindowState()
        labels = session.labels_now()
        document = session.document if self.picture is not None else None
        common = WindowState(
            project=True,
            previous=session.images.neighbour(session.image_id, -1) is not None,
            next=session.images.neighbour(session.image_id, 1) is not None,
            next_todo=session.images.any_todo(session.image_id),
            stroke=stroke,
        )
        if document is None:
            return common
        return replace(
            common,
            image=True,
            labels=len(labels) > 0,
            can_undo=document.can_undo,
            can_redo=document.can_redo,
            proposal=document.proposal is not None,
            dirty=bool(session.unsaved()),
            can_refine=bool(document.objects)
            and self.refining.wanted_revision != document.revision,
            refining=self.refining.wanted_revision is not None,
            two_labels=session.last_label_id is not None,
            label_keys=frozenset(label.key for label in labels if label.key),
        )

    @property
    def _document(self) -> Document | None:
        return None if self.session is None else self.session.document

    def _replay(self, act: Callable[[Session], object], word: str) -> None:
        if self.session is None:
            return
        change = act(self.session)
        if isinstance(change, Change):
            self.said.emit(tr(word, step=step_text(change.name)))
