"""Version and licence."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from spn_annotator import __version__
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import pixmap


class AboutDialog(QDialog):
    """Says what the program is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About SPN Annotator"))
        logo = QLabel()
        logo.setFixedSize(56, 56)
        logo.setPixmap(pixmap("app", QColor("black"), 56, ratio=self.devicePixelRatioF()))
        title = QLabel("SPN Annotator")
        title.setProperty("title", True)
        text = QLabel(
            "\n\n".join(
                (
                    tr("Version {version}", version=__version__),
                    tr(
                        "Rough strokes in, exact masks out: image annotation with a learned "
                        "spatial propagation network."
                    ),
                    f"Apache License 2.0\nPython {platform.python_version()}, Qt {qVersion()}",
                )
            )
        )
        text.setProperty("muted", True)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 24)
        layout.setSpacing(12)
        for widget in (logo, title, text, buttons):
            layout.addWidget(widget)
        self.setFixedWidth(400)
