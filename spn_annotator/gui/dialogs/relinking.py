"""Shows images whose files are missing or others, finds the files, and links them again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.formats.images import IMAGE_SUFFIXES
from spn_annotator.gui.dialogs.lost_model import FOUND, LostModel
from spn_annotator.gui.dialogs.working import WorkingDialog
from spn_annotator.gui.i18n import tr, tr_n
from spn_annotator.gui.lost_images import Choice, LostImage, link
from spn_annotator.gui.workers.asking import AskingWorker
from spn_annotator.project import ImageProblem, Project, RelinkSuggestion


class RelinkDialog(WorkingDialog):
    """Looks, searches, shows what would be linked, and links; everything must be saved before.

    Annotations are never touched: those of an image that is not linked wait for its file.

    Parameters
    ----------
    project : Project
        Whose images are looked at once the dialog is shown.
    """

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Find missing images"))
        self.resize(760, 560)
        self._project = project
        self._looked = False
        #: Whether anything about the images is not as it was.
        self.any_changed = False
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.folder = QLineEdit(str(project.folder.resolve()))
        self.folder.setAccessibleName(tr("Folder to search"))
        self.browse_button = QPushButton(tr("Folder…"))
        self.browse_button.setAutoDefault(False)
        self.search_button = QPushButton(tr("Search"))
        self.search_button.setAutoDefault(False)
        self.model = LostModel(project.folder, self)
        self.table = self._make_table()
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("File of the selected image"))
        self.choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.file_button = QPushButton(tr("Other file…"))
        self.file_button.setAutoDefault(False)
        self.link_button = QPushButton()
        self.link_button.setDefault(True)
        self._lay_out()
        self.folder.textChanged.connect(lambda _: self._refresh())
        self.browse_button.clicked.connect(self._browse)
        self.search_button.clicked.connect(self._search)
        self.choice.activated.connect(self._choose)
        self.file_button.clicked.connect(self._browse_file)
        self.link_button.clicked.connect(self._link)
        self.model.dataChanged.connect(lambda *_: self._show_row())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_row())
        self._show_row()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("Images and the files found for them"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((200, 110, 0, 160)):
            if column == FOUND:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.resizeSection(column, width)
        return table

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        heading = QLabel(tr("Search in"))
        heading.setBuddy(self.folder)
        where.addWidget(heading)
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse_button)
        where.addWidget(self.search_button)
        what = QHBoxLayout()
        what.setSpacing(8)
        heading = QLabel(tr("File"))
        heading.setBuddy(self.choice)
        what.addWidget(heading)
        what.addWidget(self.choice, 1)
        what.addWidget(self.file_button)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.link_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addWidget(self.summary)
        layout.addLayout(where)
        layout.addWidget(self.table, 1)
        layout.addLayout(what)
        layout.addWidget(self._progress)
        layout.addWidget(self.report)
        layout.addLayout(buttons)

    # ---- looking ---------------------------------------------------------------------------------

    def showEvent(self, event) -> None:
        """Look at the images once."""
        super().showEvent(event)
        if not self._looked:
            self._looked = True
            self._look()

    def _look(self) -> None:
        self.summary.setText(tr("Looking at the files of the images…"))

        def work(progress, cancelled) -> object:
            return self._project.check_images(progress=progress, cancelled=cancelled)

        self._ask(work, tr("Looking at the images"), self._looked_at)

    def _looked_at(self, problems: list[ImageProblem]) -> None:
        project = self._project
        images = [LostImage.of(problem, project.image(problem.image_id)) for problem in problems]
        self.any_changed = self.any_changed or bool(images)
        self.model.set_images(images)
        if images:
            self.table.selectRow(0)
        self._ended("")
        self.summary.setText(self._found_text())
        if images:
            self._search()

    def _found_text(self) -> str:
        count = self.model.rowCount()
        if not count:
            return tr("All images are there, and none has changed.")
        text = tr_n(
            "The file of {n} image is missing or another one than was annotated.",
            "The files of {n} images are missing or others than were annotated.",
            count,
        )
        return f"{text} {tr('The annotations are kept and wait for the files.')}"

    # ---- searching -------------------------------------------------------------------------------

    def _search(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        ids = [image.record.id for image in self.model.images]

        def work(_progress, cancelled) -> object:
            return self._project.suggest_relinks(folder, image_ids=ids, cancelled=cancelled)

        self._ask(work, tr("Searching"), self._searched)

    def _searched(self, found: list[RelinkSuggestion]) -> None:
        by_image: dict[int, list[RelinkSuggestion]] = {}
        for item in found:
            by_image.setdefault(item.image_id, []).append(item)
        images = [
            image.with_found(by_image.get(image.record.id, ())) for image in self.model.images
        ]
        self.model.set_images(images)
        some = tr_n(
            "Files were found for {n} image.", "Files were found for {n} images.", len(by_image)
        )
        none = tr("Nothing was found there. Name another folder to search.")
        self._ended(some if by_image else none)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Search in"), self.folder.text())
        if folder:
            self.folder.setText(folder)
            self._search()

    # ---- choosing --------------------------------------------------------------------------------

    @property
    def _row(self) -> int:
        return self.table.currentIndex().row()

    def _show_row(self) -> None:
        """Offer the files of the image that is selected."""
        self.choice.clear()
        if 0 <= self._row < self.model.rowCount():
            image = self.model.images[self._row]
            self.choice.addItem(tr("None: leave it as it is"), None)
            for choice in image.choices:
                path = choice.path
                there = tr("the file that is there")
                name = there if path is None else self.model.path_text(path)
                self.choice.addItem(f"{name} ({choice.why})", choice)
            place = image.choices.index(image.chosen) + 1 if image.chosen in image.choices else 0
            self.choice.setCurrentIndex(place)
        self._refresh()

    def _choose(self) -> None:
        image = self.model.images[self._row]
        self.model.set_image(self._row, image.with_chosen(self.choice.currentData()))

    def _browse_file(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Other file"), self.folder.text(), tr("Images ({patterns})", patterns=patterns)
        )
        if name:
            image = self.model.images[self._row]
            self.model.set_image(self._row, image.with_chosen(Choice(Path(name))))

    def _refresh(self) -> None:
        images = self.model.images
        row = 0 <= self._row < len(images) and not self.busy
        wanted = sum(image.chosen is not None for image in images)
        read_only = self._project.read_only
        self.search_button.setEnabled(bool(images and self.folder.text().strip()) and not self.busy)
        self.browse_button.setEnabled(bool(images) and not self.busy)
        self.folder.setEnabled(bool(images))
        self.table.setEnabled(bool(images) and not self.busy)
        self.choice.setEnabled(row)
        self.file_button.setEnabled(row)
        self.link_button.setText(tr_n("Link {n} image", "Link {n} images", wanted))
        self.link_button.setEnabled(wanted > 0 and not self.busy and not read_only)
        reason = self._project.read_only_reason
        self.link_button.setToolTip(reason or tr("Go on with the annotations in the files shown"))

    # ---- linking ---------------------------------------------------------------------------------

    def _link(self) -> None:
        images = self.model.images

        def work(progress, cancelled) -> object:
            return link(self._project, images, progress=progress, cancelled=cancelled)

        self._ask(work, tr("Linking"), self._linked)

    def _linked(self, done: dict[int, str]) -> None:
        linked = sum(not error for error in done.values())
        self.any_changed = self.any_changed or linked > 0
        left = [
            replace(image, error=done.get(image.record.id, ""))
            for image in self.model.images
            if done.get(image.record.id) != ""
        ]
        self.model.set_images(left)
        if left:
            self.table.selectRow(0)
        self.summary.setText(self._found_text())
        lines = [tr_n("{n} image is linked again.", "{n} images are linked again.", linked)]
        lines += [error for error in done.values() if error][:3]
        self._ended("\n".join(lines))
        self._show_row()

    # ---- the thread ------------------------------------------------------------------------------

    def _ask(self, work, doing: str, answered) -> None:
        worker = AskingWorker(work, doing=doing, parent=self)
        worker.progressed.connect(self._show_progress)
        worker.answered.connect(answered)
        self._start(worker, 0)

    def _show_progress(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
