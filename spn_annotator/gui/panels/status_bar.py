"""Where the mouse is, what happened, how long it took, and whether it is saved."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from spn_annotator.gui.i18n import decimal, mark, tr

_MESSAGE_MS = 6000


class SaveState(StrEnum):
    """Whether the document is on disk."""

    NONE = ""
    SAVED = "saved"
    UNSAVED = "unsaved"
    FAILED = "failed"


_SAVE_TEXT = {
    SaveState.NONE: "",
    SaveState.SAVED: mark("Saved"),
    SaveState.UNSAVED: mark("Not saved yet"),
    SaveState.FAILED: mark("Not saved"),
}


class StatusBar(QFrame):
    """The lowest row of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self._position = self._label(88, tr("Position"))
        self._swatch = QLabel()
        self._swatch.setFixedSize(12, 12)
        self._under = self._label(120, tr("Label under the mouse"))
        self._zoom = self._label(56, tr("Zoom"))
        self._shown = ""
        self._message = QLabel()
        self._message.setProperty("strong", True)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message.setAccessibleName(tr("Message"))
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(80)
        self._busy.setAccessibleName(tr("Working"))
        self._busy.hide()
        self._refined = self._label(0, tr("Last refinement"))
        self._last_refined = ""
        self._saved = self._label(0, tr("Saved or not"))

        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(8)
        for widget in (self._position, self._swatch, self._under, self._zoom):
            row.addWidget(widget)
        row.addWidget(self._message, 1)
        for widget in (self._busy, self._refined, self._saved):
            row.addWidget(widget)
        row.setSpacing(12)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.show_message(""))
        self._hint = ""

    @property
    def message(self) -> str:
        """The message that is shown."""
        return self._shown

    @property
    def save_state(self) -> str:
        """The text about saving."""
        return self._saved.text()

    def set_position(self, position: tuple[int, int] | None) -> None:
        """Show image coordinates, or none."""
        self._position.setText("" if position is None else f"{position[0]}, {position[1]}")

    def set_label(self, name: str, color: tuple[int, int, int] | None) -> None:
        """Show the label under the mouse."""
        self._under.setText(_elided(name))
        if color is None:
            self._swatch.clear()
            return
        picture = QPixmap(12, 12)
        picture.fill(QColor(*color))
        self._swatch.setPixmap(picture)

    def set_zoom(self, zoom: float | None) -> None:
        """Show the zoom, 1 = 100 %."""
        if zoom is None:
            self._zoom.setText("")
            return
        percent = zoom * 100
        self._zoom.setText(f"{decimal(percent, 1 if percent < 10 else 0)} %")

    @property
    def hint(self) -> str:
        """What the tool at work does."""
        return self._hint

    def set_hint(self, text: str) -> None:
        """Say what the tool at work does; shown while there is no message."""
        self._hint = text
        if not self._shown:
            self.show_message("")

    def show_message(self, text: str, *, lasting: bool = False) -> None:
        """Show a message for a few seconds, or until the next one; else there is the hint."""
        self._shown = text
        self._message.setText(text or self._hint)
        self._message.setToolTip("" if text else self._hint)
        strong = bool(text)
        if self._message.property("strong") != strong:
            for name, on in (("strong", strong), ("muted", not strong)):
                self._message.setProperty(name, on)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self._timer.stop()
        if text and not lasting:
            self._timer.start(_MESSAGE_MS)

    def set_busy(self, text: str) -> None:
        """Show what is being worked on; nothing with an empty text."""
        self._busy.setVisible(bool(text))
        self._refined.setText(text or self._last_refined)

    def set_refined(self, seconds: float, device: str) -> None:
        """Show how long the last refinement took and where it ran."""
        duration = f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{decimal(seconds, 1)} s"
        self._last_refined = f"{duration} · {device.upper()}"
        self._refined.setText(self._last_refined)

    def set_save_state(self, state: SaveState) -> None:
        """Show whether the document is on disk."""
        self._saved.setText(tr(_SAVE_TEXT[state]) if _SAVE_TEXT[state] else "")
        if self._saved.property("state") != str(state):
            self._saved.setProperty("state", str(state))
            self._saved.style().unpolish(self._saved)
            self._saved.style().polish(self._saved)

    def _label(self, width: int, name: str) -> QLabel:
        label = QLabel()
        label.setMinimumWidth(width)
        label.setAccessibleName(name)
        return label


def _elided(text: str, limit: int = 28) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
