"""What is shown instead of an image, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import pixmap

_RECENT_SHOWN = 4
_CARD_WIDTH = 560
_CARD_MARGIN = 40


class EmptyState(QWidget):
    """A card in the middle of the canvas.

    Parameters
    ----------
    open_folder, open_image, open_sample : QAction
        What the buttons do.
    relink : QAction
        Looks for missing images.

    Signals
    -------
    recent_chosen(folder)
        A project opened before, as text.
    cancelled()
        The person does not want to wait.
    """

    recent_chosen = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        *,
        open_folder: QAction,
        open_image: QAction,
        open_sample: QAction,
        relink: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = (open_folder, open_image, open_sample)

        self._logo = QLabel()
        self._logo.setFixedSize(56, 56)
        self._logo.setPixmap(pixmap("app", QColor("black"), 56, ratio=self.devicePixelRatioF()))
        self._title = QLabel()
        self._title.setProperty("title", True)
        self._title.setWordWrap(True)
        self._text = QLabel()
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)

        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.clicked.connect(self.cancelled)
        cancel_row = QHBoxLayout()
        cancel_row.addWidget(self._cancel)
        cancel_row.addStretch(1)

        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        for number, action in enumerate(self._actions):
            row.addWidget(_button(action, primary=number == 0))
        row.addStretch(1)

        self._relink = QWidget()
        row = QHBoxLayout(self._relink)
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(_button(relink, primary=True))
        row.addStretch(1)

        self._recent = QWidget()
        self._recent_layout = QVBoxLayout(self._recent)
        self._recent_layout.setContentsMargins(0, 16, 0, 0)
        self._recent_layout.setSpacing(2)

        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(_CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*(4 * (_CARD_MARGIN,)))
        inside.setSpacing(8)
        inside.addWidget(self._logo)
        inside.addSpacing(16)
        for widget in (
            self._title,
            self._text,
            self._busy,
            self._buttons,
            self._relink,
            self._recent,
        ):
            inside.addWidget(widget)
        inside.addLayout(cancel_row)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.show_welcome([])

    @property
    def title(self) -> str:
        """The heading that is shown."""
        return self._title.text()

    def show_welcome(self, recent: Sequence[Path]) -> None:
        """Say how to begin; offer the projects opened before."""
        self._set(
            tr("Rough strokes in, exact masks out"),
            tr(
                "Open a folder of images, or drop one here. Paint roughly, press R, and the model "
                "moves the borders to the edges in the image."
            ),
            buttons=True,
        )
        self._set_recent(recent)

    def show_no_images(self, folder: Path) -> None:
        """Say that a project has no images."""
        self._set(
            tr("No images in this folder"),
            tr(
                "{folder} holds no JPEG, PNG, TIFF, WebP or BMP files. Copy images into it and "
                "open it again, or open another folder.",
                folder=folder,
            ),
            buttons=True,
        )

    def show_opening(self, path: Path) -> None:
        """Say that a project is being opened."""
        name = path.name or str(path)
        self._set(tr("Opening {name}", name=name), str(path.parent), busy=True, cancel=True)

    def show_loading(self, name: str) -> None:
        """Say that an image is being read."""
        self._set(tr("Reading {name}", name=name), "", busy=True)

    def show_unreadable(self, name: str, *, more: bool, missing: bool) -> None:
        """Say that an image is missing or cannot be read; the reason is in the error bar."""
        if missing:
            title = tr("{name} is not there", name=name)
            text = tr("Its annotations are kept and wait until the file is found.")
        else:
            title = tr("{name} cannot be read", name=name)
            text = tr("The message above says why. The file stays as it is.")
        if more:
            text += " " + tr("D goes on to the next image.")
        self._set(title, text)
        self._relink.setVisible(True)

    def _set(
        self,
        title: str,
        text: str,
        *,
        buttons: bool = False,
        busy: bool = False,
        cancel: bool = False,
    ) -> None:
        self._title.setText(_breakable(title))
        self._text.setText(text)
        for label in (self._title, self._text):
            # A layout that centres the card does not ask labels how high they are when wrapped.
            label.setMinimumHeight(0)
            label.ensurePolished()
            label.setMinimumHeight(label.heightForWidth(_CARD_WIDTH - 2 * _CARD_MARGIN))
        self._text.setVisible(bool(text))
        self._busy.setVisible(busy)
        self._cancel.setVisible(cancel)
        self._logo.setVisible(buttons)
        self._buttons.setVisible(buttons)
        self._relink.setVisible(False)
        self._recent.setVisible(False)

    def _set_recent(self, recent: Sequence[Path]) -> None:
        while (item := self._recent_layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not recent:
            return
        heading = QLabel(tr("Opened before"))
        heading.setProperty("muted", True)
        heading.setIndent(8)  # as far as the text of the buttons under it
        self._recent_layout.addWidget(heading)
        for folder in recent[:_RECENT_SHOWN]:
            button = QPushButton()
            button.setFlat(True)
            text = f"{folder.name}   —   {folder.parent}"
            width = 440
            button.setText(
                button.fontMetrics()
                .elidedText(text, Qt.TextElideMode.ElideMiddle, width)
                .replace("&", "&&")
            )
            button.setToolTip(str(folder))
            button.clicked.connect(lambda _=False, path=str(folder): self.recent_chosen.emit(path))
            self._recent_layout.addWidget(button)
        self._recent.setVisible(True)


def _button(action: QAction, *, primary: bool) -> QPushButton:
    button = QPushButton(action.text().replace("&", ""))
    button.setToolTip(action.toolTip())
    button.setIconSize(QSize(20, 20))
    button.setProperty("primary", primary)
    button.clicked.connect(action.trigger)
    return button


def _breakable(text: str) -> str:
    """Let a long file name break into lines after _ and -."""
    return text.replace("_", "_\u200b").replace("-", "-\u200b")
