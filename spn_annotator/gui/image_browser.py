"""Keeps the film strip at the images that are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.query import QueryJob, QueryWorker
from spn_annotator.project import ImageQuery, ImageRecord

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow


class SessionImages:
    """What the model of the film strip asks a session for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, image_id: int, /) -> ImageRecord:
        """Return what is known of an image at this moment."""
        return self._session.images.record(image_id)

    def path(self, image_id: int, /) -> Path:
        """Return where it lies."""
        return self._session.image_path(image_id)


class ImageBrowser(QObject):
    """Filters and sorts the images of one window, on a thread.

    Parameters
    ----------
    window : MainWindow
        The window; its parts exist.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._asked: QueryJob | None = None
        self._worker = QueryWorker(self)
        self._worker.answered.connect(self._answered)
        self._worker.failed.connect(self._failed)
        window.strip.filter.changed.connect(self.ask)
        window.workspace.project_changed.connect(self.show_project)
        window.workspace.labels_changed.connect(self.show_labels)

    def stop(self) -> None:
        """End the thread."""
        self._asked = None
        self._worker.stop()

    def show_project(self) -> None:
        """Show the images of another project."""
        session, strip = self._window.workspace.session, self._window.strip
        self._asked = None
        strip.show_images(None if session is None else SessionImages(session), [])
        if session is not None:
            strip.show_images(SessionImages(session), session.images.shown)
            strip.select(session.image_id)
            if strip.filter.query != ImageQuery():
                self.ask(strip.filter.query)
        self.show_labels()

    def show_labels(self) -> None:
        """Offer the labels of the project in the filter."""
        session = self._window.workspace.session
        labels = [] if session is None else list(session.labels_now())
        self._window.strip.filter.set_labels(labels)

    def ask(self, query: ImageQuery) -> None:
        """Show the images that a query names."""
        session = self._window.workspace.session
        if session is None:
            return
        # What was painted counts for the filter by label only once it is saved.
        self._window.workspace.autosave.save_now()
        self._asked = QueryJob(session.project, query, session.images.statuses)
        self._worker.submit(self._asked)

    def _answered(self, job: QueryJob, image_ids: list[int]) -> None:
        session = self._window.workspace.session
        if session is None or job is not self._asked:
            return
        session.images.show_only(image_ids)
        self._window.strip.show_ids(session.images.shown)
        self._window.strip.select(session.image_id)
        self._window.display.show_names()
        self._window.workspace.recovered.emit("filter")
        self._window.workspace.state_changed.emit()
        self._window.review.images_answered()

    def _failed(self, job: QueryJob, failure: Failure) -> None:
        if job is self._asked:
            self._window.workspace.failed.emit(failure, "filter")
