"""What is imported, in which format, and what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.formats.registry import all_codecs
from spn_annotator.gui.dialogs.working import WorkingDialog
from spn_annotator.gui.i18n import tr, tr_n
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.importing import ImportWorker
from spn_annotator.project.importing import ImportReport

_SHOWN = 6


class ImportDialog(WorkingDialog):
    """Asks, imports and reports; everything must be saved before.

    Parameters
    ----------
    session : Session
        Where to.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import annotations"))
        self.setMinimumWidth(560)
        self._session = session
        self.any_imported = False
        self.source = QLineEdit()
        self.source.setAccessibleName(tr("File or folder to import"))
        self.source.setPlaceholderText(tr("File or folder with annotations"))
        file_button, folder_button = QPushButton(tr("File…")), QPushButton(tr("Folder…"))
        file_button.clicked.connect(self._browse_file)
        folder_button.clicked.connect(self._browse_folder)
        self.format = QComboBox()
        self.format.setAccessibleName(tr("Format"))
        self.format.addItem(tr("Recognise the format"), "")
        for codec in all_codecs():
            if codec.traits.reads:
                self.format.addItem(tr(codec.traits.title), codec.name)
        self.replace = QCheckBox(tr("Replace annotations that images have already"))
        self.priority = QLineEdit()
        self.priority.setAccessibleName(tr("Labels that come first where objects overlap"))
        self.priority.setPlaceholderText(tr("person, car (without any: the later object)"))
        first = QLabel(tr("Labels that come first where objects overlap"))
        first.setBuddy(self.priority)
        self.import_button = QPushButton(tr("Import"))
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(self._begin)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.source, 1)
        row.addWidget(file_button)
        row.addWidget(folder_button)
        about = QLabel(
            tr(
                "Pictures that the project does not have yet are copied into its folder. "
                "Labels are matched by name."
            )
        )
        about.setProperty("muted", True)
        about.setWordWrap(True)
        overlaps = QVBoxLayout()
        overlaps.setSpacing(4)
        overlaps.addWidget(first)
        overlaps.addWidget(self.priority)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.import_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addLayout(row)
        layout.addWidget(self.format)
        layout.addLayout(overlaps)
        for widget in (self.replace, about, self._progress, self.report):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self.source.textChanged.connect(lambda _: self._refresh())
        self._refresh()

    def _refresh(self) -> None:
        self.import_button.setEnabled(bool(self.source.text().strip()) and not self.busy)

    def _browse_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Import from"), self.source.text())
        if name:
            self.source.setText(name)

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Import from"), self.source.text())
        if folder:
            self.source.setText(folder)

    def _begin(self) -> None:
        worker = ImportWorker(
            self._session.project,
            Path(self.source.text().strip()).expanduser(),
            codec=str(self.format.currentData()),
            replace_existing=self.replace.isChecked(),
            priority=[name.strip() for name in self.priority.text().split(",") if name.strip()],
            parent=self,
        )
        worker.progressed.connect(self._show_progress)
        worker.imported.connect(self._imported)
        worker.cancelled.connect(self._cancelled)
        self._start(worker, 0)

    def _show_progress(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _imported(self, report: ImportReport) -> None:
        self.any_imported = self.any_imported or report.images > 0 or bool(report.added)
        images = tr_n("{n} image", "{n} images", report.images)
        objects = tr_n("{n} object", "{n} objects", report.objects)
        lines = [tr("Imported: {images}, {objects}", images=images, objects=objects)]
        overlaps = report.overlaps
        if overlaps.pixels:
            pixels = tr_n("{n} pixel", "{n} pixels", overlaps.pixels)
            where = tr_n("{n} image", "{n} images", overlaps.images)
            lines.append(
                tr("Objects overlapped: {pixels} in {images}", pixels=pixels, images=where)
            )
        if overlaps.unknown:
            lines.append(tr("No label is called {names}", names=", ".join(overlaps.unknown)))
        for name, reason in report.skipped[:_SHOWN]:
            lines.append(tr("Left out: {name}: {reason}", name=name, reason=reason))
        more = len(report.skipped) - _SHOWN
        if more > 0:
            lines.append(tr_n("… and {n} more", "… and {n} more", more))
        self._ended("\n".join(lines))

    def _cancelled(self) -> None:
        self.any_imported = True
        self._ended(tr("The import was stopped; what was imported until then stays."))
