"""Shows what the panels count and list of the image, a moment after it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from spn_annotator.annotation import Document
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.panels.label_model import LabelUse
from spn_annotator.gui.panels.object_model import rows_of
from spn_annotator.gui.panels.statistics import counts_of
from spn_annotator.gui.workers.latest import Failure

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

#: Counting pixels again after each event of the mouse would slow painting down.
_DELAY_MS = 120
#: Longest piece of counting between two events, in seconds.
_COUNTING = 0.012


class SideDisplay(QObject):
    """Follows the workspace of one window; only the panels that are seen are brought up to date.

    Pixels are counted again only in the tiles that have changed, and of a large image piece by
    piece, so that a stroke never waits for it.

    Parameters
    ----------
    window : MainWindow
        The window; all its parts exist.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        workspace = window.workspace
        workspace.image_changed.connect(self.refresh)
        workspace.document_changed.connect(self._soon)
        workspace.labels_changed.connect(self._soon)
        window.side.page_changed.connect(self.refresh)
        window.side_dock.visibilityChanged.connect(self.refresh)
        window.labels_dock.visibilityChanged.connect(self.refresh)
        self.refresh()

    @property
    def document(self) -> Document | None:
        """The document of the image that is shown."""
        workspace = self._window.workspace
        if workspace.session is None or workspace.picture is None:
            return None
        return workspace.session.document

    def refresh(self, _what: object = None) -> None:
        """Bring the panel that is seen up to date."""
        self._timer.stop()
        window, document = self._window, self.document
        page = window.side.page if window.side_dock.isVisibleTo(window) else ""
        labels_seen = window.labels_dock.isVisibleTo(window)
        if labels_seen or page in ("objects", "statistics"):
            counted = document is None or document.count_areas(seconds=_COUNTING)
            if not counted:
                self._timer.start(0)
                return
        if labels_seen:
            counts = [] if document is None else counts_of(document)
            window.labels.show_uses({c.label_id: LabelUse(c.objects, c.pixels) for c in counts})
        if page == "objects":
            rows = [] if document is None else rows_of(document)
            window.objects.show_rows(rows, window.object_commands.chosen)
        elif page == "history":
            self._show_history(document)
        elif page == "comments":
            self._show_comments()
        elif page == "statistics":
            counts = [] if document is None else counts_of(document)
            height, width = (0, 0) if document is None else document.shape
            window.statistics.show_counts(counts, total_pixels=height * width)

    def add_comment(self, text: str) -> None:
        """Store what was written about the image."""
        image_id = self._commented()
        if image_id is not None:
            self._window.workspace.attempt(lambda s: s.project.add_comment(image_id, text))
            self.refresh()
            self._window.canvas.setFocus()

    def _commented(self) -> int | None:
        session = self._window.workspace.session
        return None if session is None else session.image_id

    def _show_comments(self) -> None:
        session, image_id = self._window.workspace.session, self._commented()
        panel = self._window.comments
        if session is None or image_id is None:
            panel.show_comments([], None, any_image=False)
            return
        try:
            comments = session.project.comments(image_id)
            proposal = session.project.proposal_info(image_id)
        except SpnAnnotatorError as error:
            failure = Failure.of(error, doing="Reading comments")
            self._window.workspace.failed.emit(failure, "comments")
            return
        panel.show_comments(comments, proposal, any_image=True)

    def show_chosen(self) -> None:
        """Show which objects are chosen."""
        self._window.objects.select(self._window.object_commands.chosen)

    def _show_history(self, document: Document | None) -> None:
        if document is None:
            self._window.history.show_steps([], 0, any_image=False)
            return
        undo, redo = document.history.undo_names, document.history.redo_names
        self._window.history.show_steps([*reversed(undo), *redo], len(undo), any_image=True)

    def _soon(self, _change: object = None) -> None:
        if not self._timer.isActive():  # a hand that never rests must not put it off
            self._timer.start(_DELAY_MS)
