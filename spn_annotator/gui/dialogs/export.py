"""Where to and in which formats annotations are written, and what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.formats.codec import ExportItem, Traits
from spn_annotator.formats.export import EXPORT_FORMATS, ExportFormat
from spn_annotator.formats.registry import all_codecs
from spn_annotator.formats.report import ExportReport
from spn_annotator.gui.dialogs.parts import ImageChoice, heading, primary
from spn_annotator.gui.dialogs.working import WorkingDialog
from spn_annotator.gui.i18n import tr, tr_n
from spn_annotator.gui.session import Session
from spn_annotator.gui.workers.export import ExportWorker
from spn_annotator.project import ImageRecord, Status
from spn_annotator.project.exporting import export_name, load_for_export

_FORMATS_HEIGHT = 240
_SHOWN = 6


class ExportDialog(WorkingDialog):
    """Asks, exports and reports; everything must be saved before.

    Parameters
    ----------
    session : Session
        What is exported.

    Signals
    -------
    written()
        Files were written.
    """

    written = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(620)
        self._session = session
        self._records = session.images.records()
        self.boxes: dict[ExportFormat, QCheckBox] = {}

        folder = session.project.folder.resolve()
        self.folder = QLineEdit(str(folder.with_name(f"{folder.name}-export")))
        self.folder.setAccessibleName(tr("Folder to export to"))
        browse = QPushButton(tr("Browse…"))
        browse.clicked.connect(self._browse)
        self.export_button = QPushButton(tr("Export"))
        self.export_button.clicked.connect(self._begin)
        self.show_button = QPushButton(tr("Show folder"))
        self.show_button.clicked.connect(self._show_folder)
        self.show_button.hide()

        primary(self.export_button, browse, self.show_button)
        self.images = ImageChoice(self._groups())
        self.images.changed.connect(self._refresh)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addWidget(heading(tr("Formats")))
        layout.addWidget(self._make_formats())
        layout.addSpacing(8)
        layout.addWidget(heading(tr("Images")))
        layout.addWidget(self.images)
        layout.addSpacing(8)
        layout.addWidget(heading(tr("Folder")))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        layout.addLayout(row)
        layout.addSpacing(8)
        layout.addWidget(self._progress)
        layout.addWidget(self.report)
        layout.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.export_button)
        layout.addLayout(buttons)
        self.folder.textChanged.connect(lambda _: self._refresh())
        self._refresh()

    # ---- what is asked ---------------------------------------------------------------------------

    def _make_formats(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        for codec in all_codecs():
            if codec.traits.writes:
                column.addLayout(self._make_format(codec.name, codec.traits))
        widest = max(box.sizeHint().width() for box in self.boxes.values())
        for box in self.boxes.values():
            box.setMinimumWidth(widest + 12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFixedHeight(_FORMATS_HEIGHT)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _make_format(self, name: ExportFormat, traits: Traits) -> QHBoxLayout:
        tip = tr("Loses: {what}", what=tr(traits.lost))
        box = QCheckBox(tr(traits.title))
        box.setChecked(name in EXPORT_FORMATS)
        box.setToolTip(traits.layout)
        box.setAccessibleDescription(tip)
        box.toggled.connect(lambda _: self._refresh())
        self.boxes[name] = box
        about = QLabel(tip)
        about.setWordWrap(True)
        about.setProperty("muted", True)
        row = QHBoxLayout()
        row.addWidget(box)
        row.addWidget(about, 1)
        return row

    def _groups(self) -> list[tuple[str, list[ImageRecord]]]:
        worked = [r for r in self._records if r.saved]
        accepted = [r for r in self._records if r.status is Status.ACCEPTED]
        return [
            (tr("Images that were worked on"), worked),
            (tr("Accepted images"), accepted),
            (tr("All images"), self._records),
        ]

    def _refresh(self) -> None:
        ready = (
            any(box.isChecked() for box in self.boxes.values())
            and bool(self.images.chosen())
            and bool(self.folder.text().strip())
            and not self.busy
        )
        self.export_button.setEnabled(ready)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Export to"), self.folder.text())
        if folder:
            self.folder.setText(folder)

    # ---- what is done ----------------------------------------------------------------------------

    def _begin(self) -> None:
        project = self._session.project
        items = [
            ExportItem(
                export_name(record),
                lambda image_id=record.id: load_for_export(project, image_id),
                image=self._session.image_path(record.id),
                page=record.page,
            )
            for record in self.images.chosen()
        ]
        formats: list[ExportFormat] = [n for n, box in self.boxes.items() if box.isChecked()]
        out = Path(self.folder.text().strip()).expanduser()
        worker = ExportWorker(items, self._session.labels_now(), out, formats, self)
        worker.progressed.connect(self._progress.setValue)
        worker.exported.connect(self._exported)
        worker.cancelled.connect(lambda: self._ended(tr("The export was stopped.")))
        self.show_button.hide()
        self._start(worker, len(items))

    def _exported(self, report: ExportReport) -> None:
        images = tr_n("{n} image", "{n} images", report.images)
        objects = tr_n("{n} object", "{n} objects", report.objects)
        where = str(report.folder)
        lines = [
            tr(
                "Written to {folder}: {images}, {objects}",
                folder=where,
                images=images,
                objects=objects,
            )
        ]
        for name, reason in report.skipped[:_SHOWN]:
            lines.append(tr("Left out: {name}: {reason}", name=name, reason=reason))
        more = len(report.skipped) - _SHOWN
        if more > 0:
            lines.append(
                tr_n(
                    "… and {n} more, see export_report.json",
                    "… and {n} more, see export_report.json",
                    more,
                )
            )
        if report.renamed:
            lines.append(
                tr_n(
                    "{n} file got another name, see export_report.json",
                    "{n} files got other names, see export_report.json",
                    len(report.renamed),
                )
            )
        self._ended("\n".join(lines))
        self.show_button.show()
        self.written.emit()

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text().strip()))
