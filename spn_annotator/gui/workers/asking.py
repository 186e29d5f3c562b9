"""One piece of work off the GUI thread, with progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from spn_annotator.gui.workers.latest import Failure

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class AskingWorker(QThread):
    """Calls a function that takes a while.

    Parameters
    ----------
    work : callable
        ``work(progress, cancelled)``: tells ``progress(done, total)`` and returns early with what
        it has once ``cancelled()`` is true.
    doing : str
        What it is called where it fails, as the beginning of a sentence.

    Signals
    -------
    progressed(done, total)
        So much is done.
    answered(result)
        What the function has returned.
    failed(failure)
        It has failed.
    """

    progressed = Signal(int, int)
    answered = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        work: Callable[[Progress, Cancelled], object],
        *,
        doing: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._doing = doing
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Let the function return early."""
        self._cancel.set()

    def run(self) -> None:
        """Work."""
        try:
            result = self._work(self.progressed.emit, self._cancel.is_set)
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing=self._doing))
        else:
            self.answered.emit(result)
