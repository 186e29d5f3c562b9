"""Importing off the GUI thread, with progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import detect_codec, get_codec
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.project import Project
from spn_annotator.project.importing import import_dataset


class _CancelledError(Exception):
    """The person has stopped the import."""


class ImportWorker(QThread):
    """One import.

    Parameters
    ----------
    project : Project
        Everything of it is saved.
    source : Path
        File or folder.
    codec : str
        Name of the format; empty to recognise it.
    replace_existing : bool
        Whether annotations that the project has give way.
    priority : sequence of str
        Labels that keep their pixels where objects overlap, the first one before all others.

    Signals
    -------
    progressed(done, total)
        So many images are done.
    imported(report)
        An ImportReport.
    failed(failure)
        Nothing can be imported.
    cancelled()
        It was stopped; what was imported until then stays.
    """

    progressed = Signal(int, int)
    imported = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        project: Project,
        source: Path,
        *,
        codec: str = "",
        replace_existing: bool = False,
        priority: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._source = source
        self._codec = codec
        self._replace = replace_existing
        self._priority = tuple(priority)
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Stop after the image at hand."""
        self._cancel.set()

    def run(self) -> None:
        """Import."""
        try:
            codec = get_codec(self._codec) if self._codec else detect_codec(self._source)
            dataset = codec.read(self._source, Limits.from_environment())
            dataset.prefer(self._priority)
            report = import_dataset(
                dataset,
                self._project,
                replace_existing=self._replace,
                progress=self._progress,
            )
        except _CancelledError:
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing="Importing"))
        else:
            self.imported.emit(report)

    def _progress(self, done: int, total: int) -> None:
        self.progressed.emit(done, total)
        if self._cancel.is_set():
            raise _CancelledError
