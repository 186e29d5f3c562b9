"""What several dialogs are made of: headings, the choice among groups of images, room for words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from spn_annotator.gui.i18n import number
from spn_annotator.project import ImageRecord


class ImageChoice(QWidget):
    """Groups of images, one of which is chosen; each says how many images it has.

    Parameters
    ----------
    groups : sequence of (str, list of ImageRecord)
        What a group is called and its images. The first that has any is chosen.

    Signals
    -------
    changed()
        Another group is chosen.
    """

    changed = Signal()

    def __init__(
        self, groups: Sequence[tuple[str, list[ImageRecord]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.buttons = [QRadioButton() for _ in groups]
        self._groups = list(groups)
        self._free = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for button in self.buttons:
            layout.addWidget(button)
        self.count(groups)
        for button, (_, records) in zip(self.buttons, groups, strict=True):
            if records:
                button.setChecked(True)
                break
        for button in self.buttons:
            button.toggled.connect(lambda on: self.changed.emit() if on else None)

    def count(self, groups: Sequence[tuple[str, list[ImageRecord]]]) -> None:
        """Take the groups anew, in the same order; what is chosen stays."""
        self._groups = list(groups)
        for button, (text, records) in zip(self.buttons, groups, strict=True):
            button.setText(f"{text} ({number(len(records))})")
        self.set_free(self._free)

    def set_free(self, free: bool) -> None:
        """Let another group be chosen, or not."""
        self._free = free
        for button, (_, records) in zip(self.buttons, self._groups, strict=True):
            button.setEnabled(free and bool(records))

    def chosen(self) -> list[ImageRecord]:
        """Return the images of the chosen group."""
        pairs = zip(self.buttons, self._groups, strict=True)
        return next((records for button, (_, records) in pairs if button.isChecked()), [])


def heading(text: str) -> QLabel:
    """Return a heading within a dialog."""
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def primary(button: QPushButton, *others: QPushButton) -> None:
    """Let Enter press a button, and none of the others while that one is disabled."""
    button.setDefault(True)
    # The bold letters of a default button are not in its width; those of this property are.
    button.setProperty("primary", True)
    for other in others:
        other.setAutoDefault(False)


def make_room(dialog: QDialog) -> None:
    """Make a dialog taller where words have come that would lie over others else."""
    layout = dialog.layout()
    if layout is None:
        return
    layout.activate()
    height = layout.sizeHint().height()
    if layout.hasHeightForWidth():
        height = max(layout.totalMinimumHeightForWidth(dialog.width()), height)
    if height > dialog.height():
        dialog.resize(dialog.width(), height)
