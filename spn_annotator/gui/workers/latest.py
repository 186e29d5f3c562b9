"""A thread that does the newest job and forgets the ones it has not begun."""

from __future__ import annotations

import threading
import traceback
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.i18n import tr


@dataclass(frozen=True)
class Failure:
    """What went wrong, for the error bar.

    Parameters
    ----------
    message : str
        One line: what happened and what to do.
    details : str
        The whole story, for a report.
    """

    message: str
    details: str

    @classmethod
    def of(cls, error: Exception, *, doing: str) -> Failure:
        """Describe an error; one that is not meant for the user is introduced by what was done.

        ``doing`` is translated here.
        """
        details = "".join(traceback.format_exception(error)).rstrip()
        if isinstance(error, SpnAnnotatorError):
            return cls(str(error), details)
        what = str(error) or type(error).__name__
        what = " ".join(what.split())
        return cls(tr("{doing} failed: {what}", doing=tr(doing), what=what), details)


class LatestWorker(QThread):
    """Thread with room for one waiting job: a newer one takes its place.

    Subclasses do a job in :meth:`work` and speak through signals; :meth:`work` must not raise.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._waiting: Any = None
        self._stopping = False

    def submit(self, job: Any) -> None:
        """Do this job next, instead of the one that waits."""
        with self._condition:
            if self._stopping:
                return
            self._waiting = job
            self._condition.notify()
        if not self.isRunning():
            self.start()

    def offer(self, job: Any) -> bool:
        """Do this job next unless another one waits; returns whether it will be done."""
        with self._condition:
            if self._waiting is not None:
                return False
        self.submit(job)
        return True

    def forget_waiting(self) -> None:
        """Drop the job that waits; one that is under way goes on."""
        with self._condition:
            self._waiting = None

    def stop(self) -> None:
        """End the thread after the job under way, and wait for it."""
        with self._condition:
            self._stopping = True
            self._waiting = None
            self._condition.notify()
        self.wait()

    def run(self) -> None:
        """Work until stopped."""
        while True:
            with self._condition:
                while self._waiting is None and not self._stopping:
                    self._condition.wait()
                if self._stopping:
                    return
                job, self._waiting = self._waiting, None
            self.work(job)

    def work(self, job: Any) -> None:
        """Do one job, on the thread."""
        raise NotImplementedError
