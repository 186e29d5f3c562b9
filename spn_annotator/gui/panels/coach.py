"""The bar that leads through the first steps, and the ring around what it speaks of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.theme import Theme

_GAP = 3
_RADIUS = 8.0


class CoachBar(QFrame):
    """One step at a time, over the canvas; it takes no room from the image that is painted on.

    Signals
    -------
    skipped()
        The person wants to see the next step.
    ended()
        The person has seen enough.
    """

    skipped = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("coachBar")
        self.setAccessibleName(tr("First steps"))
        self._place = QLabel()
        self._place.setProperty("muted", True)
        self._title = QLabel()
        self._title.setProperty("heading", True)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.skip_button = QPushButton(tr("Next step"))
        self.skip_button.setToolTip(tr("Go on without doing this one"))
        self.skip_button.clicked.connect(self.skipped)
        self.end_button = QPushButton(tr("End"))
        self.end_button.clicked.connect(self.ended)
        for button in (self.skip_button, self.end_button):
            button.setFlat(True)
            # Painting goes on after a click: the keyboard stays with the canvas.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        heading = QHBoxLayout()
        heading.setSpacing(12)
        heading.addWidget(self._title)
        heading.addWidget(self._place)
        heading.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(heading)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.skip_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.end_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    @property
    def title(self) -> str:
        """The heading of the step that is shown."""
        return self._title.text()

    @property
    def text(self) -> str:
        """What the step says, with marks for bold words."""
        return self._text.text()

    def show_step(self, title: str, text: str, *, number: int, total: int) -> None:
        """Show a step.

        Parameters
        ----------
        title, text : str
            What to do; the text may hold <b>.
        number, total : int
            Which step of how many; the number of the closing words is total + 1.
        """
        last = number > total
        self._title.setText(title)
        self._text.setText(text)
        self._place.setText("" if last else tr("{number} of {total}", number=number, total=total))
        self.skip_button.setVisible(not last)
        self.end_button.setText(tr("Close") if last else tr("End"))
        self.end_button.setToolTip(tr("End the first steps; the menu Help shows them again"))
        self.setAccessibleDescription(f"{title}. {text.replace('<b>', '').replace('</b>', '')}")
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class Ring(QWidget):
    """A ring around another widget; the mouse goes through it.

    Parameters
    ----------
    theme : Theme
        Colours.
    window : QWidget
        It lies over the window, which owns it.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._home = window
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def target(self) -> QWidget | None:
        """What it is around."""
        return self._target

    def surround(self, target: QWidget | None) -> None:
        """Lie around a widget, or around none."""
        if self._target is not None:
            self._target.removeEventFilter(self)
        self._target = target
        if target is not None:
            target.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the target when it moves or hides."""
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
        ):
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(self._theme.color("coach"), 2.0))
        painter.drawRoundedRect(inside, _RADIUS, _RADIUS)
        painter.end()

    def _follow(self) -> None:
        target = self._target
        if target is None or not target.isVisible():
            self.hide()
            return
        corner = target.mapTo(self._home, QPoint(0, 0))
        self.setGeometry(QRect(corner, target.size()).adjusted(-_GAP, -_GAP, _GAP, _GAP))
        self.show()
        self.raise_()
