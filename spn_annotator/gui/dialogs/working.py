"""A dialog that stays open while a thread of its own does what was asked."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QWidget

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.workers.asking import AskingWorker
from spn_annotator.gui.workers.export import ExportWorker
from spn_annotator.gui.workers.importing import ImportWorker
from spn_annotator.gui.workers.latest import Failure


class WorkingDialog(QDialog):
    """Progress, report and a button that stops the work under way or closes the dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker: AskingWorker | ExportWorker | ImportWorker | None = None
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.hide()
        self.report = QLabel()
        self.report.setWordWrap(True)
        self.report.hide()
        self.close_button = QPushButton(tr("Close"))
        self.close_button.setAutoDefault(False)  # Enter is for the work, even while it cannot begin
        self.close_button.clicked.connect(self.reject)

    @property
    def busy(self) -> bool:
        """Whether the work is under way."""
        return self._worker is not None

    def reject(self) -> None:
        """Stop the work under way, or close."""
        if self._worker is not None:
            self._worker.cancel()
            self.close_button.setEnabled(False)
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the work and wait for it."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker.wait()
        super().closeEvent(event)

    def _refresh(self) -> None:
        """Enable what can be done now."""

    def _start(self, worker: AskingWorker | ExportWorker | ImportWorker, steps: int) -> None:
        """Let a worker work; ``steps`` is 0 while nobody knows how many there are."""
        worker.failed.connect(self._failed)
        self._worker = worker
        self._progress.setRange(0, steps)
        if steps:
            self._progress.setValue(0)
        self._progress.show()
        self.report.hide()
        self.close_button.setText(tr("Stop"))
        self._refresh()
        worker.start()

    def _failed(self, failure: Failure) -> None:
        self._ended(failure.message)

    def _ended(self, text: str) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.wait()
            worker.deleteLater()
        self._progress.hide()
        self.report.setText(text)
        self.report.setVisible(bool(text))
        self.close_button.setText(tr("Close"))
        self.close_button.setEnabled(True)
        self._refresh()
