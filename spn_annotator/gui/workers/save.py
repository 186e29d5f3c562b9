"""Writing to the project file off the GUI thread: nothing is dropped, and in order."""

from __future__ import annotations

import queue
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal

from spn_annotator.gui.workers.latest import Failure
from spn_annotator.project import Project, Snapshot, Status


@dataclass(frozen=True, eq=False)
class SaveJob:
    """What is to be written of one image.

    Parameters
    ----------
    project : Project
        Where it goes.
    image_id : int
        Which image.
    snapshot : Snapshot or None
        Its annotations, if they have changed.
    status : Status or None
        Its status, if that has changed.
    """

    project: Project
    image_id: int
    snapshot: Snapshot | None
    status: Status | None

    def write(self) -> None:
        """Write it; SaveError if that fails."""
        if self.snapshot is not None:
            self.project.write(self.snapshot, status=self.status)
        elif self.status is not None:
            self.project.set_status(self.image_id, self.status)


@dataclass(frozen=True, eq=False)
class RescueJob:
    """What is kept elsewhere of an image that could not be saved.

    Parameters
    ----------
    project : Project
    image_id : int
    snapshot : Snapshot
        Of the whole document.
    status : Status
        The image's.
    """

    project: Project
    image_id: int
    snapshot: Snapshot
    status: Status

    def write(self) -> None:
        """Write it; SaveError if that fails too."""
        self.project.rescue(self.snapshot, status=self.status)


class SaveWorker(QThread):
    """Writes one job after the other.

    Signals
    -------
    written(job)
        It is on the disk.
    failed(job, failure)
        It is not; a Failure says why.
    """

    written = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[SaveJob | RescueJob | None] = queue.SimpleQueue()

    def submit(self, job: SaveJob | RescueJob) -> None:
        """Write this after what waits already."""
        self._jobs.put(job)
        if not self.isRunning():
            self.start()

    def stop(self) -> None:
        """Write everything that waits, end the thread and wait for it."""
        if self.isRunning():
            self._jobs.put(None)
            self.wait()

    def run(self) -> None:
        """Work until stopped."""
        while (job := self._jobs.get()) is not None:
            try:
                job.write()
            except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
                self.failed.emit(job, Failure.of(error, doing="Saving"))
            else:
                self.written.emit(job)
