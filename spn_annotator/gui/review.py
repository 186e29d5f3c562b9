"""Goes through stored proposals, those that are least certain first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from spn_annotator.gui.i18n import mark, tr, tr_n
from spn_annotator.project import Status

if TYPE_CHECKING:
    from spn_annotator.annotation import Change
    from spn_annotator.gui.window import MainWindow

REJECTED = mark("Reject proposal")


class Review(QObject):
    """The review of one window: on or off, and what was decided in it.

    Parameters
    ----------
    window : MainWindow
        The window; its parts exist.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._on = False
        self._beginning = False
        self._deciding = False
        self._back_to: int | None = None
        self._decided: list[int] = []
        self._workspace.image_changed.connect(self._image_changed)
        self._workspace.document_changed.connect(self._document_changed)
        self._workspace.project_changed.connect(self._project_changed)

    @property
    def on(self) -> bool:
        """Whether proposals are being reviewed."""
        return self._on

    @property
    def can_go_back(self) -> bool:
        """Whether something was decided that can be taken back."""
        return self._on and bool(self._decided)

    def switch(self, on: bool) -> None:
        """Begin or end the review."""
        if on == self._on:
            return
        self._on = on
        self._decided.clear()
        self._back_to = None
        self._window.actions_.set_checked("review", checked=on)
        if on:
            self._beginning = True
            self._window.show_side("comments")
            self._window.strip.filter.show_proposals()
        else:
            self._window.strip.filter.clear()
        self._workspace.state_changed.emit()

    def images_answered(self) -> None:
        """Go to the first proposal once the images have been put in order."""
        if not self._on or not self._beginning:
            return
        self._beginning = False
        session = self._workspace.session
        if session is None:
            return
        count = len(session.images.shown)
        if not count:
            self._workspace.said.emit(tr("There is no proposal to review"))
            self.switch(False)
            return
        self._workspace.said.emit(tr_n("{n} proposal to review", "{n} proposals to review", count))
        first = session.images.shown[0]
        if first == session.image_id:
            self._show_change()
        else:
            self._workspace.go_to(first)

    def reject(self) -> None:
        """Drop the proposal and mark the image as rejected."""
        session = self._workspace.session
        document = None if session is None else session.document
        if session is None or session.image_id is None or document is None:
            return
        image_id = session.image_id
        if document.proposal is None:
            return
        self._deciding = True
        try:
            if not self._workspace.attempt(lambda _: document.drop_proposal(REJECTED)):
                return
            self._workspace.attempt(lambda s: s.images.set_status(image_id, Status.REJECTED))
        finally:
            self._deciding = False
        self._workspace.status_changed.emit(image_id)
        self._workspace.autosave.changed()
        self._workspace.said.emit(tr("Rejected"))
        self._decision_made(image_id)

    def go_back(self) -> None:
        """Go to what was decided last and take the decision back."""
        if self._decided:
            self._back_to = self._decided.pop()
            session = self._workspace.session
            if session is not None and session.image_id == self._back_to:
                self._take_back()
            else:
                self._workspace.go_to(self._back_to)

    # ---- what happens ----------------------------------------------------------------------------

    def _document_changed(self, change: Change) -> None:
        # Accepting takes the proposal away along with a change of pixels.
        session = self._workspace.session
        if not self._on or self._deciding or session is None or session.image_id is None:
            return
        document = session.document
        accepted = change.proposal_changed and change.kind == "pixels"
        if accepted and document is not None and document.proposal is None:
            image_id = session.image_id
            # Later: what accepted it has not yet said its own word.
            QTimer.singleShot(0, self, lambda: self._decision_made(image_id))

    def _decision_made(self, image_id: int) -> None:
        session = self._workspace.session
        if not self._on or session is None:
            return
        self._decided.append(image_id)
        place = session.images.place(image_id)
        shown = session.images.shown
        for other in (*shown[place:], *shown[:place]):
            if session.images.record(other).status is Status.PROPOSED and other != image_id:
                self._workspace.go_to(other)
                return
        self._workspace.said.emit(tr("All proposals are reviewed"))
        self._workspace.state_changed.emit()

    def _image_changed(self) -> None:
        session = self._workspace.session
        if not self._on or session is None or self._workspace.picture is None:
            return
        if session.image_id == self._back_to:
            self._take_back()
        self._show_change()

    def _take_back(self) -> None:
        self._back_to = None
        session = self._workspace.session
        document = None if session is None else session.document
        if document is not None and document.can_undo:
            self._deciding = True
            try:
                self._workspace.undo()
            finally:
                self._deciding = False
            self._show_change()

    def _show_change(self) -> None:
        session = self._workspace.session
        document = None if session is None else session.document
        if document is None or document.proposal is None or self._workspace.picture is None:
            return
        rect = document.proposal.rect
        if not rect.is_empty:
            self._window.zoom_to_rect(rect, if_nearer=True)

    def _project_changed(self) -> None:
        if self._on and self._workspace.session is None:
            self._on = False
            self._decided.clear()
            self._window.actions_.set_checked("review", checked=False)
