"""Many images refined at once, in a process of its own; the window stays free meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from pathlib import Path

import numpy as np
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.dialogs.parts import ImageChoice, heading, make_room, primary
from spn_annotator.gui.i18n import number, tr, tr_n
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.batch import BatchImage, BatchOrder, BatchRun, ProposalStore
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.paths import default_model_path
from spn_annotator.project import ImageRecord, Status

RUN_FOLDER = ".spn-batch"
"""Where the results lie, in the project's folder; hidden, so that no scan finds them."""

_DEVICES = ("auto", "cpu", "cuda")
_SHOWN = 4


class BatchDialog(QDialog):
    """Asks for images, model and device, runs, and puts the results in as proposals.

    It does not block the window, and closing it does not end the run: showing it again shows how
    far it is.

    Parameters
    ----------
    session : Session
    save : callable
        Saves everything, which is done before a run begins; returns a Failure if that fails.

    Signals
    -------
    proposed(image_id)
        An image has a proposal.
    """

    proposed = Signal(int)

    def __init__(
        self,
        session: Session,
        save: Callable[[], Failure | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Refine many images"))
        self.setMinimumWidth(520)
        self._session = session
        self._save = save
        self._run: BatchRun | None = None
        self._store: ProposalStore | None = None
        self._began = 0.0
        self._waiting = 0  # results that are being stored
        self._facts: dict | None = None
        self._problems: list[str] = []
        self._stored = 0
        self.command: tuple[str, ...] = ()

        self.model = QLineEdit()
        self.model.setPlaceholderText(tr("The one that ships with the program"))
        self.model.setAccessibleName(tr("Model file"))
        self.model.setClearButtonEnabled(True)
        self.browse = QPushButton(tr("Browse…"))
        self.browse.clicked.connect(self._browse)
        self.device = QComboBox()
        for device, text in zip(_DEVICES, (tr("Automatic"), "CPU", "CUDA"), strict=True):
            self.device.addItem(text, device)
        self.processes = QSpinBox()
        self.processes.setRange(0, 256)
        self.processes.lineEdit().setTextMargins(6, 0, 6, 0)
        self.processes.setSpecialValueText(tr("As many as fit"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.report = QLabel()
        self.report.setWordWrap(True)
        self.report.hide()
        self.begin_button = QPushButton(tr("Refine"))
        self.begin_button.clicked.connect(self.begin)
        self.close_button = QPushButton(tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.clicked.connect(self._stop)
        self.stop_button.hide()
        self.page_button = QPushButton(tr("Show report"))
        self.page_button.clicked.connect(self._show_page)
        self.page_button.hide()
        primary(
            self.begin_button, self.close_button, self.stop_button, self.page_button, self.browse
        )
        self.images = ImageChoice(self._groups())
        self.images.changed.connect(self._refresh)
        self._lay_out()
        self._refresh()

    @property
    def busy(self) -> bool:
        """Whether a run is under way, or its results are being stored."""
        return self._run is not None

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addWidget(heading(tr("Images")))
        layout.addWidget(self.images)
        layout.addSpacing(8)
        layout.addWidget(heading(tr("Model")))
        row = QHBoxLayout()
        row.addWidget(self.model, 1)
        row.addWidget(self.browse)
        form = QFormLayout()
        form.addRow(tr("File"), row)
        form.addRow(tr("Device"), self.device)
        form.addRow(tr("Processes"), self.processes)
        layout.addLayout(form)
        about = QLabel(
            tr("Results come as proposals: look through them, the least certain ones first.")
        )
        about.setProperty("muted", True)
        about.setWordWrap(True)
        layout.addWidget(about)
        layout.addSpacing(8)
        layout.addWidget(self.progress)
        layout.addWidget(self.report)
        layout.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.page_button)
        buttons.addStretch(1)
        for button in (self.close_button, self.stop_button, self.begin_button):
            buttons.addWidget(button)
        layout.addLayout(buttons)

    # ---- what is asked ---------------------------------------------------------------------------

    def _groups(self) -> list[tuple[str, list[ImageRecord]]]:
        saved = [r for r in self._session.images.records() if r.saved and not r.missing]
        settled = (Status.ACCEPTED, Status.PROPOSED)
        return [
            (tr("Annotated, not accepted, without a proposal"), _without(saved, *settled)),
            (tr("Annotated and not accepted"), _without(saved, Status.ACCEPTED)),
            (tr("All that are annotated"), saved),
        ]

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Model file"), self.model.text(), tr("safetensors (*.safetensors)")
        )
        if name:
            self.model.setText(name)

    def _refresh(self) -> None:
        free = not self.busy
        self.begin_button.setEnabled(free and bool(self.images.chosen()))
        for widget in (self.model, self.browse, self.device, self.processes):
            widget.setEnabled(free)
        self.images.set_free(free)
        self.stop_button.setVisible(not free)

    # ---- what is done ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the run."""
        if self.busy or not self.images.chosen():
            return
        failure = self._save()
        if failure is not None:
            self._say(failure.message)
            return
        project = self._session.project
        text = self.model.text().strip()
        model = Path(text).expanduser() if text else None
        order = BatchOrder(
            project=project.folder.resolve(),
            out=project.folder.resolve() / RUN_FOLDER,
            images=tuple(record.id for record in self.images.chosen()),
            model=model,
            device=self.device.currentData(),
            processes=self.processes.value() or None,
        )
        self._facts, self._problems, self._stored, self._waiting = None, [], 0, 0
        store = ProposalStore(project, (model or default_model_path()).stem, self)
        store.stored.connect(self._was_stored)
        run = BatchRun(self)
        run.planned.connect(lambda total: self.progress.setRange(0, total))
        run.image_done.connect(self._image_done)
        run.ended.connect(self._ended)
        run.failed.connect(self._failed)
        self._run, self._store, self._began = run, store, time.monotonic()
        self.progress.setRange(0, 0)
        self.progress.show()
        self._say(tr("Loading the model…"))
        self.page_button.hide()
        self.stop_button.setEnabled(True)
        self._refresh()
        store.start()
        run.start(order, self.command)

    def end(self) -> None:
        """End the run at once, because the project is being closed; finished images are kept."""
        if self._run is not None:
            self._run.kill()
        self._drop_run()

    def _stop(self) -> None:
        if self._run is not None:
            self._run.stop()
            self.stop_button.setEnabled(False)
            self._say(tr("Finishing what is being refined…"))

    def _image_done(self, image: BatchImage) -> None:
        self.progress.setRange(0, image.total)
        self.progress.setValue(image.done)
        rate = image.done / max(1e-6, time.monotonic() - self._began)
        minutes = ceil((image.total - image.done) / rate / 60)
        self._say(
            tr(
                "{done} of {total} images, {minutes} min left",
                done=number(image.done),
                total=number(image.total),
                minutes=number(minutes),
            )
        )
        if image.refined is None:
            self._problems.append(image.error or image.status)
            return
        document = self._session.document_of(image.image_id)
        if document is None:
            assert self._store is not None
            self._waiting += 1
            self._store.add(image)
            return
        try:
            coarse, refined, certain = image.maps()
            if document.open_stroke is not None or not np.array_equal(
                document.coarse_map(), coarse
            ):
                self._problems.append(tr("One image was painted on since the run began"))
                return
            document.set_proposal(refined, confidence=certain, revision=document.revision)
        except SpnAnnotatorError as error:
            self._problems.append(str(error))
            return
        self._stored += 1
        self.proposed.emit(image.image_id)

    def _was_stored(self, image_id: int, reason: str) -> None:
        self._waiting -= 1
        if reason:
            self._problems.append(reason)
        else:
            self._stored += 1
            self.proposed.emit(image_id)
        self._settle()

    def _ended(self, facts: dict) -> None:
        self._facts = facts
        self._settle()

    def _failed(self, failure: Failure) -> None:
        self._drop_run()
        self._say(failure.message)

    def _settle(self) -> None:
        """Tell the result once the process has ended and everything is stored."""
        facts = self._facts
        if facts is None or self._waiting:
            return
        self._drop_run()
        lines = [tr_n("{n} proposal is ready", "{n} proposals are ready", self._stored)]
        if facts["counts"].get("cancelled"):
            lines.append(
                tr_n(
                    "{n} image was not begun",
                    "{n} images were not begun",
                    facts["counts"]["cancelled"],
                )
            )
        lines += self._problems[:_SHOWN]
        if len(self._problems) > _SHOWN:
            lines.append(tr("… and {n} more, see the report", n=len(self._problems) - _SHOWN))
        self._say("\n".join(lines))
        self.page_button.setProperty("page", facts["page"])
        self.page_button.show()

    def _drop_run(self) -> None:
        run, self._run = self._run, None
        store, self._store = self._store, None
        if store is not None:
            store.finish()
            store.wait()
            store.deleteLater()
        if run is not None:
            run.deleteLater()
        self.progress.hide()
        self.images.count(self._groups())
        self._refresh()

    def _say(self, text: str) -> None:
        self.report.setText(text)
        self.report.show()
        make_room(self)

    def _show_page(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.page_button.property("page"))))


def _without(records: list[ImageRecord], *statuses: Status) -> list[ImageRecord]:
    return [record for record in records if record.status not in statuses]
