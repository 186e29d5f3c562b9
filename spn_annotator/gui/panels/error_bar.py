"""Says what went wrong and what to do, without stopping the work."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import icon, pixmap
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.workers.latest import Failure

_DETAILS_HEIGHT = 160


class ErrorBar(QFrame):
    """A bar over the canvas; hidden while nothing is wrong.

    Parameters
    ----------
    theme : Theme
        Colours.
    relink_action : QAction
        Looks for missing images; offered where the message is about one.

    Signals
    -------
    closed()
        The person has closed it.
    """

    closed = Signal()

    def __init__(
        self, theme: Theme, *, relink_action: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("errorBar")
        self._theme = theme
        self._failure: Failure | None = None
        self._topic = ""

        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setAccessibleName(tr("Error"))

        self.relink_button = QPushButton(tr("Find the file…"))
        self.relink_button.setFlat(True)
        self.relink_button.setToolTip(relink_action.toolTip())
        self.relink_button.clicked.connect(relink_action.trigger)
        self.details_button = QPushButton(tr("Details"))
        self.details_button.setFlat(True)
        self.details_button.setCheckable(True)
        self.details_button.setToolTip(tr("Show everything that is known about the error"))
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setFlat(True)
        self.copy_button.setToolTip(tr("Copy the message with its details"))
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(tr("Close this message"))
        self.close_button.setAccessibleName(tr("Close the message"))

        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFixedHeight(_DETAILS_HEIGHT)
        self._details.setAccessibleName(tr("Details of the error"))
        self._details.hide()

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        for button in (
            self.relink_button,
            self.details_button,
            self.copy_button,
            self.close_button,
        ):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._details)

        self.details_button.toggled.connect(self._details.setVisible)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self._close)
        theme.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def text(self) -> str:
        """The message that is shown; empty if none is."""
        return self._failure.message if self._failure is not None else ""

    def show_failure(self, failure: Failure, *, topic: str = "", about_file: bool = False) -> None:
        """Show a message.

        Parameters
        ----------
        failure : Failure
            Message and details.
        topic : str
            What it is about, so that :meth:`clear` can take it away once that works again.
        about_file : bool
            Whether it is about the file of an image, so that looking for another one may help.
        """
        self._failure = failure
        self._topic = topic
        self._text.setText(failure.message)
        self._details.setPlainText(failure.details)
        self.relink_button.setVisible(about_file)
        self.details_button.setVisible(bool(failure.details))
        self.details_button.setChecked(False)
        self.show()

    def clear(self, topic: str | None = None) -> None:
        """Hide the bar; with a topic, only if the message is about it."""
        if topic is not None and topic != self._topic:
            return
        self._failure = None
        self._topic = ""
        self.hide()

    def _close(self) -> None:
        self.clear()
        self.closed.emit()

    def _copy(self) -> None:
        if self._failure is not None:
            text = f"{self._failure.message}\n\n{self._failure.details}".rstrip()
            QGuiApplication.clipboard().setText(text)

    def _tint(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(pixmap("warning", self._theme.color("danger"), 20, ratio=ratio))
        self.close_button.setIcon(icon("drop", self._theme))
