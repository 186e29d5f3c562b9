"""Saves by itself shortly after each change, and says when it cannot."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.panels.status_bar import SaveState
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.save import RescueJob, SaveJob, SaveWorker

# A power cut may cost the strokes of the last second: this wait and two saves have to fit into it.
_DELAY_MS = 300
_FIRST_RETRY_MS = 3_000
_LAST_RETRY_MS = 60_000


class Autosave(QObject):
    """Writes the unsaved images of a session, on a thread.

    Signals
    -------
    state_changed(state)
        A SaveState.
    failed(failure)
        Saving did not work; it is tried again by itself.
    recovered()
        Saving works again.
    """

    state_changed = Signal(object)
    failed = Signal(object)
    recovered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._state = SaveState.NONE
        self._in_flight: dict[int, SaveJob] = {}
        self._retry_ms = _FIRST_RETRY_MS
        self._worker = SaveWorker(self)
        self._worker.written.connect(self._written)
        self._worker.failed.connect(self._not_written)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save_now)

    @property
    def state(self) -> SaveState:
        """Whether everything is on the disk."""
        return self._state

    def set_session(self, session: Session | None) -> None:
        """Save another session from now on; the one before must have been flushed."""
        self._timer.stop()
        self._in_flight.clear()
        self._session = session
        self._retry_ms = _FIRST_RETRY_MS
        self._set_state(SaveState.NONE if session is None else SaveState.SAVED)

    def changed(self) -> None:
        """Save soon."""
        if self._session is None:
            return
        failed = self._state is SaveState.FAILED
        if not failed:
            self._set_state(SaveState.UNSAVED)
        if not self._timer.isActive():  # a hand that never rests must not put saving off
            self._timer.start(self._retry_ms if failed else _DELAY_MS)

    def save_now(self) -> None:
        """Save at once, on the thread."""
        session = self._session
        if session is None:
            return
        self._timer.stop()
        for image_id in session.unsaved():
            if image_id in self._in_flight:
                continue  # it is looked at again when that one is written
            snapshot, status = session.snapshot(image_id)
            job = SaveJob(session.project, image_id, snapshot, status)
            self._in_flight[image_id] = job
            self._worker.submit(job)
        self._settle()

    def flush(self) -> Failure | None:
        """Save everything and wait for it; returns what went wrong, if something did."""
        session = self._session
        if session is None:
            return None
        self._timer.stop()
        self._worker.stop()
        for job in self._in_flight.values():
            session.not_saved(job.image_id, job.status)
        self._in_flight.clear()
        for image_id in session.unsaved():
            snapshot, status = session.snapshot(image_id)
            try:
                SaveJob(session.project, image_id, snapshot, status).write()
            except SpnAnnotatorError as error:
                session.not_saved(image_id, status)
                self._set_state(SaveState.FAILED)
                return Failure.of(error, doing="Saving")
            session.saved(image_id, snapshot)
        self._set_state(SaveState.SAVED)
        return None

    def stop(self) -> None:
        """End the thread."""
        self._timer.stop()
        self._worker.stop()

    def _written(self, job: SaveJob | RescueJob) -> None:
        if isinstance(job, RescueJob):
            return
        if self._in_flight.get(job.image_id) is not job or self._session is None:
            return
        del self._in_flight[job.image_id]
        self._session.saved(job.image_id, job.snapshot)
        if self._state is SaveState.FAILED:
            self.recovered.emit()
        self._retry_ms = _FIRST_RETRY_MS
        self._set_state(SaveState.UNSAVED)
        if not self._in_flight and self._session.unsaved():
            self.save_now()  # what came meanwhile has waited long enough
        else:
            self._settle()

    def _not_written(self, job: SaveJob | RescueJob, failure: Failure) -> None:
        if isinstance(job, RescueJob):
            return  # that saving does not work is said already
        if self._in_flight.get(job.image_id) is not job or self._session is None:
            return
        del self._in_flight[job.image_id]
        self._session.not_saved(job.image_id, job.status)
        self._set_state(SaveState.FAILED)
        self.failed.emit(failure)
        # Should the program end before it works again, the work is to be found nevertheless.
        rescue = self._session.rescue_of(job.image_id)
        if rescue is not None:
            self._worker.submit(RescueJob(self._session.project, job.image_id, *rescue))
        self._timer.start(self._retry_ms)
        self._retry_ms = min(2 * self._retry_ms, _LAST_RETRY_MS)

    def _settle(self) -> None:
        if self._session is None or self._state is SaveState.FAILED:
            return
        if self._session.unsaved():
            self._set_state(SaveState.UNSAVED)
            if not self._timer.isActive():
                self._timer.start(_DELAY_MS)
        elif not self._in_flight:
            self._set_state(SaveState.SAVED)

    def _set_state(self, state: SaveState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
