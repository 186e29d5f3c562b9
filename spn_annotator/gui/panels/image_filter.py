"""Which images are shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from spn_annotator.annotation import Label
from spn_annotator.gui.i18n import mark, tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.status_words import status_text
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.typing_guard import TypingGuard
from spn_annotator.project import ImageQuery, Status

_TYPING_MS = 200

#: What can be chosen beside a status, and the part of the query it stands for.
_MORE: tuple[tuple[str, dict[str, bool]], ...] = (
    (mark("with a proposal"), {"proposed": True}),
    (mark("with a comment"), {"commented": True}),
    (mark("file is missing"), {"missing": True}),
)
_ORDERS: tuple[tuple[str, ImageQuery], ...] = (
    (mark("By name"), ImageQuery(order="name")),
    (mark("By name, backwards"), ImageQuery(order="name", descending=True)),
    (mark("By status"), ImageQuery(order="status")),
    (mark("Least certain first"), ImageQuery(order="confidence")),
    (mark("Largest first"), ImageQuery(order="size", descending=True)),
)


class ImageFilter(QWidget):
    """A row of fields over the film strip.

    Signals
    -------
    changed(query)
        Another ImageQuery is wanted.
    left()
        The person is done with typing.
    """

    changed = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = ImageQuery()
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Find by name"))
        self.text.setAccessibleName(tr("Find images by name"))
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(84)
        self.text.setMaximumWidth(170)
        TypingGuard(self.text)
        self.text.returnPressed.connect(self.left)
        self.status = QComboBox()
        self.status.setAccessibleName(tr("Which images are shown"))
        self.status.setToolTip(tr("Show only images of a status, or with a proposal or comment"))
        self.status.addItem(tr("All images"), {})
        for status in Status:
            self.status.addItem(status_text(status), {"statuses": (status,)})
        self.status.insertSeparator(self.status.count())
        for text, part in _MORE:
            self.status.addItem(tr(text), part)
        self.label = QComboBox()
        self.label.setAccessibleName(tr("Label that images must have"))
        self.label.setToolTip(tr("Show only images with an object of a label"))
        self.order = QComboBox()
        self.order.setAccessibleName(tr("Order of the images"))
        self.order.setToolTip(tr("Order of the images"))
        for text, query in _ORDERS:
            self.order.addItem(tr(text), (query.order, query.descending))
        self.reset = QToolButton()
        self.reset.setIconSize(QSize(16, 16))
        self.reset.setToolTip(tr("Show all images by name again"))
        self.reset.setAccessibleName(tr("Show all images"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)  # next to nothing until the fields are as wide as they may be
        row.addWidget(self.reset)
        row.addWidget(self.text, 1200)
        for box in (self.status, self.label, self.order):
            box.setMinimumWidth(84)
            # Each takes of what there is as its longest entry needs.
            needed = 150 if box is self.label else max(150, box.sizeHint().width())
            box.setMaximumWidth(needed)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setMaxVisibleItems(16)
            row.addWidget(box, 10 * needed)
            box.activated.connect(self._ask)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self._ask)
        self.text.textEdited.connect(lambda _: self._timer.start())
        self.text.textChanged.connect(lambda text: text or self._timer.start())
        self.reset.clicked.connect(self.clear)
        theme.changed.connect(self._tint)
        self.set_labels([])
        self._tint()
        self._show_reset()

    @property
    def query(self) -> ImageQuery:
        """What is wanted."""
        return self._query

    @property
    def filters(self) -> bool:
        """Whether some images may be left out."""
        return replace(self._query, order="name", descending=False) != ImageQuery()

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Offer these labels."""
        chosen = self.label.currentData()
        known = [(label.name, label.id) for label in labels]
        shown = [
            (self.label.itemText(i), self.label.itemData(i)) for i in range(self.label.count())
        ]
        if shown and shown[1:] == known:
            return
        self.label.clear()
        self.label.addItem(tr("All labels"), None)
        for name, label_id in known:
            self.label.addItem(name, label_id)
        place = self.label.findData(chosen) if chosen is not None else 0
        self.label.setCurrentIndex(max(place, 0))
        if place < 0:
            self._ask()

    def clear(self) -> None:
        """Show everything by name."""
        self.text.clear()
        for box in (self.status, self.label, self.order):
            box.setCurrentIndex(0)
        self._ask()

    def show_proposals(self) -> None:
        """Show images with a proposal, the least certain first."""
        self.text.clear()
        self.label.setCurrentIndex(0)
        self.status.setCurrentIndex(self.status.findText(status_text(Status.PROPOSED)))
        self.order.setCurrentIndex(self.order.findText(tr("Least certain first")))
        self._ask(again=True)

    def _ask(self, *_: object, again: bool = False) -> None:
        self._timer.stop()
        order, descending = self.order.currentData()
        query = ImageQuery(
            text=self.text.text().strip(),
            label_id=self.label.currentData(),
            order=order,
            descending=descending,
            **(self.status.currentData() or {}),
        )
        if again or query != self._query:
            self._query = query
            self._show_reset()
            self.changed.emit(query)

    def _show_reset(self) -> None:
        self.reset.setVisible(self._query != ImageQuery())

    def _tint(self) -> None:
        self.reset.setIcon(icon("drop", self._theme))
