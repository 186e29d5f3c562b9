"""Asks which of two versions of an image's annotations counts."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.gui.i18n import tr
from spn_annotator.project import Project


def decide_versions(parent: QWidget, project: Project) -> None:
    """Ask about each image with work that could not be saved and that was saved since.

    Parameters
    ----------
    parent : QWidget
    project : Project
        Just opened; `Project.recovery` says of which images there are two versions.
    """
    for item in project.recovery.undecided:
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Two versions"))
        box.setText(tr("There are two versions of the annotations of {name}.", name=item.path))
        box.setInformativeText(
            tr(
                "One could not be saved ({when} UTC) and was kept aside. Since then the image was "
                "saved in the project. The one you do not use is gone afterwards.",
                when=item.when,
            )
        )
        aside = box.addButton(tr("Use what was kept aside"), QMessageBox.ButtonRole.DestructiveRole)
        stored = box.addButton(tr("Use what is in the project"), QMessageBox.ButtonRole.AcceptRole)
        later = box.addButton(tr("Decide later"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(later)
        box.setEscapeButton(later)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is stored:
            project.drop_rescued(item)
        elif clicked is aside:
            try:
                project.take_rescued(item)
            except SpnAnnotatorError as error:
                QMessageBox.warning(parent, tr("Two versions"), str(error))
