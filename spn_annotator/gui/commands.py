"""What actions do when a dialog or another part of the window is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFileDialog, QMessageBox

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.images import IMAGE_SUFFIXES
from spn_annotator.gui.dialogs.about import AboutDialog
from spn_annotator.gui.dialogs.batch import BatchDialog
from spn_annotator.gui.dialogs.command_palette import CommandPalette, entries_of
from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.dialogs.guide import GuideDialog
from spn_annotator.gui.dialogs.importing import ImportDialog
from spn_annotator.gui.dialogs.key_editor import KeyEditor
from spn_annotator.gui.dialogs.key_sheet import KeySheet
from spn_annotator.gui.dialogs.relinking import RelinkDialog
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.paths import docs_dir, sample_project_dir

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow


class Commands:
    """Commands of one window.

    Parameters
    ----------
    window : MainWindow
        The window.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._batch: BatchDialog | None = None
        self.guide_dialog: GuideDialog | None = None
        window.workspace.project_closing.connect(self.end_batch)
        window.workspace.opened.connect(self._remember)

    # ---- opening ---------------------------------------------------------------------------------

    def open_folder(self) -> None:
        """Ask for a folder and open it."""
        folder = QFileDialog.getExistingDirectory(
            self._window, tr("Open folder"), self._window.settings.last_folder
        )
        if folder:
            self.open_path(Path(folder))

    def open_image(self) -> None:
        """Ask for an image and open it."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open image"),
            self._window.settings.last_folder,
            tr("Images ({patterns})", patterns=patterns),
        )
        if name:
            self.open_path(Path(name))

    def open_sample(self) -> None:
        """Make the sample project if it is not there, and open it."""
        from spn_annotator.samples import sample_project

        folder = sample_project_dir()
        self.open_path(folder, prepare=lambda: sample_project(folder))

    def open_path(self, path: Path, *, prepare: Callable[[], object] | None = None) -> None:
        """Open a folder or an image, from wherever the wish comes."""
        self._window.canvas.cancel_stroke()
        self._window.workspace.open(path, prepare=prepare)
        self._window.refresh_recent()

    def _remember(self, path: Path) -> None:
        """Put what was opened among the recent ones."""
        folder = path if path.is_dir() else path.parent
        self._window.settings.last_folder = str(folder.resolve())
        self._window.settings.add_recent(folder)
        self._window.refresh_recent()

    # ---- the rest --------------------------------------------------------------------------------

    def export(self) -> None:
        """Save, then ask what to export."""
        session = self._window.workspace.session
        if session is None:
            return
        failure = self._window.workspace.autosave.flush()
        if failure is not None:
            self._window.show_failure(failure, "save")
            return
        dialog = ExportDialog(session, self._window)
        dialog.written.connect(self._window.first_steps.exported)
        dialog.exec()
        dialog.deleteLater()

    def batch(self) -> None:
        """Show the dialog that refines many images; it stays beside the window."""
        workspace = self._window.workspace
        if workspace.session is None:
            return
        if self._batch is None:
            failure = workspace.autosave.flush()
            if failure is not None:
                self._window.show_failure(failure, "save")
                return
            dialog = BatchDialog(workspace.session, workspace.autosave.flush, self._window)
            dialog.proposed.connect(workspace.status_changed)
            dialog.finished.connect(lambda _: self._batch_closed())
            self._batch = dialog
        self._batch.show()
        self._batch.raise_()
        self._batch.activateWindow()

    def _batch_closed(self) -> None:
        """Forget the dialog unless its run goes on: the next one counts the images anew."""
        if self._batch is not None and not self._batch.busy:
            self.end_batch()

    def end_batch(self) -> None:
        """End a run and its dialog, because the project is being closed."""
        dialog, self._batch = self._batch, None
        if dialog is not None:
            dialog.end()
            dialog.hide()
            dialog.deleteLater()

    def import_annotations(self) -> None:
        """Save, ask what to import, and open the project again with it."""
        window = self._window
        session = window.workspace.session
        if session is None:
            return
        failure = window.workspace.autosave.flush()
        if failure is not None:
            window.show_failure(failure, "save")
            return
        dialog = ImportDialog(session, window)
        dialog.exec()
        imported = dialog.any_imported
        dialog.deleteLater()
        if imported:
            self.open_path(session.project.folder)

    def guide(self) -> None:
        """Show the guide; it stays beside the window."""
        if self.guide_dialog is None:
            try:
                self.guide_dialog = GuideDialog(docs_dir(), self._window.theme, self._window)
            except SpnAnnotatorError as error:
                self._window.show_failure(Failure.of(error, doing="Showing the guide"), "guide")
                return
        self.guide_dialog.show()
        self.guide_dialog.raise_()
        self.guide_dialog.activateWindow()

    def relink(self) -> None:
        """Save, look for images that are missing, and go on with what was found."""
        window = self._window
        session = window.workspace.session
        if session is None:
            return
        failure = window.workspace.autosave.flush()
        if failure is not None:
            window.show_failure(failure, "save")
            return
        dialog = RelinkDialog(session.project, window)
        dialog.exec()
        changed = dialog.any_changed
        dialog.deleteLater()
        if changed:
            window.workspace.reread_images()

    def key_sheet(self) -> None:
        """Show the keys."""
        actions = self._window.actions_
        dialog = KeySheet(actions.keymap, actions["edit_keys"], self._window)
        dialog.exec()
        dialog.deleteLater()

    def edit_keys(self) -> None:
        """Let the person change keys, and remember them."""
        window = self._window
        dialog = KeyEditor(window.actions_.keymap, window)
        if dialog.exec():
            window.actions_.set_keymap(dialog.keymap)
            window.settings.keys = dialog.keymap.changes
        dialog.deleteLater()

    def command_palette(self) -> None:
        """Let the person type what they want to do."""
        window = self._window
        session = window.workspace.session
        labels = [] if session is None else list(session.labels_now())
        dialog = CommandPalette(entries_of(window.actions_, labels, window.label_commands), window)
        done = dialog.exec()
        chosen = dialog.chosen
        dialog.deleteLater()
        if done and chosen is not None:
            chosen.run()

    def about(self) -> None:
        """Show version and licence."""
        dialog = AboutDialog(self._window)
        dialog.exec()
        dialog.deleteLater()

    def may_close(self) -> bool:
        """Save; if that fails, ask what to do. Returns whether the window may close."""
        workspace = self._window.workspace
        while not workspace.close_project():
            box = QMessageBox(self._window)
            box.setIcon(QMessageBox.Icon.Warning)
            box.setText(tr("The last changes could not be saved."))
            box.setInformativeText(self._window.errors.text)
            retry = box.addButton(tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
            lose = box.addButton(tr("Close without saving"), QMessageBox.ButtonRole.DestructiveRole)
            box.addButton(QMessageBox.StandardButton.Cancel)
            box.setDefaultButton(retry)
            box.exec()
            clicked = box.clickedButton()
            box.deleteLater()
            if clicked is lose:
                workspace.abandon_project()
                return True
            if clicked is not retry:
                return False
        return True


def dropped_path(urls: list[QUrl]) -> Path | None:
    """Return the first folder or image among dropped files."""
    for url in urls:
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            if path.is_dir() or path.suffix.lower() in IMAGE_SUFFIXES:
                return path
    return None
