"""Exporting off the GUI thread, with progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from spn_annotator.annotation import LabelSet
from spn_annotator.formats.export import ExportFormat, ExportItem, export_project
from spn_annotator.gui.workers.latest import Failure


class _CancelledError(Exception):
    """The person has stopped the export."""


class ExportWorker(QThread):
    """One export.

    Parameters
    ----------
    items : sequence of ExportItem
        What to export.
    labels : LabelSet
        Labels of the project.
    out : Path
        Where to.
    formats : collection of str
        Which formats.

    Signals
    -------
    progressed(done)
        So many images are done.
    exported(report)
        An ExportReport.
    failed(failure)
        Nothing more can be written.
    cancelled()
        It was stopped.
    """

    progressed = Signal(int)
    exported = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        items: Sequence[ExportItem],
        labels: LabelSet,
        out: Path,
        formats: Collection[ExportFormat],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._items = items
        self._labels = labels
        self._out = out
        self._formats = tuple(formats)
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Stop after the image at hand."""
        self._cancel.set()

    def run(self) -> None:
        """Export."""
        try:
            report = export_project(
                self._items, self._labels, self._out, self._formats, progress=self._progress
            )
        except _CancelledError:
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001 (a thread has nobody above it)
            self.failed.emit(Failure.of(error, doing="Exporting"))
        else:
            self.exported.emit(report)

    def _progress(self, done: int) -> None:
        self.progressed.emit(done)
        if self._cancel.is_set():
            raise _CancelledError
