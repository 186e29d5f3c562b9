"""Opens projects one at a time, on a thread, and lets the person stop it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.opening import Opened, OpenJob, OpenWorker


class Opening(QObject):
    """The project that is being opened, if one is.

    Signals
    -------
    changed()
        Something is being opened, or nothing any more.
    opened(result)
        An Opened; who gets it closes the project.
    failed(failure)
        It cannot be opened.
    """

    changed = Signal()
    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: OpenJob | None = None
        self._worker = OpenWorker(self)
        self._worker.opened.connect(self._opened)
        self._worker.failed.connect(self._failed)

    @property
    def path(self) -> Path | None:
        """What is being opened, None if nothing is."""
        return None if self._job is None else self._job.path

    def begin(self, path: Path, prepare: Callable[[], object] | None = None) -> None:
        """Open a folder or an image instead of what is being opened."""
        self.cancel()
        self._job = OpenJob(path, prepare)
        self._worker.submit(self._job)
        self.changed.emit()

    def cancel(self) -> bool:
        """Stop opening; returns whether something was being opened."""
        job, self._job = self._job, None
        if job is None:
            return False
        job.cancelled.set()
        self.changed.emit()
        return True

    def stop(self) -> None:
        """End the thread."""
        self.cancel()
        self._worker.stop()

    def _opened(self, result: Opened) -> None:
        if result.job is not self._job:
            result.project.close()
            return
        self._job = None
        self.changed.emit()
        self.opened.emit(result)

    def _failed(self, job: OpenJob, failure: Failure) -> None:
        if job is self._job:
            self._job = None
            self.changed.emit()
            self.failed.emit(failure)
