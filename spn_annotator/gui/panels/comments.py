"""What was written about the image, and what is known of its proposal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.typing_guard import TypingGuard
from spn_annotator.project import Comment, ProposalInfo


class CommentsPanel(QFrame):
    """Comments under each other, and a field for another one.

    Signals
    -------
    written(text)
        The person has written a comment.
    """

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[str] = []
        self._proposal = QLabel()
        self._proposal.setProperty("muted", True)
        self._proposal.setWordWrap(True)
        self._proposal.setContentsMargins(16, 0, 16, 8)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(16, 0, 16, 8)
        self._list.setSpacing(12)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Comment"))
        self.field.setAccessibleName(tr("Comment"))
        self.field.setMaxLength(2000)
        TypingGuard(self.field)
        self.add_button = QPushButton(tr("Add"))
        self.add_button.setToolTip(tr("Add the comment (Enter)"))
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 16, 12)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._proposal)
        layout.addWidget(area, 1)
        layout.addLayout(row)
        self.field.returnPressed.connect(self._write)
        self.add_button.clicked.connect(self._write)
        self.show_comments([], None, any_image=False)

    @property
    def texts(self) -> list[str]:
        """The comments that are shown."""
        return list(self._texts)

    def show_comments(
        self, comments: Sequence[Comment], proposal: ProposalInfo | None, *, any_image: bool
    ) -> None:
        """Show the comments of an image, the newest last, and its stored proposal."""
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._texts = [comment.text for comment in comments]
        for comment in comments:
            text = QLabel(comment.text)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            by = QLabel(f"{comment.author} · {comment.written[:16]}")
            by.setTextFormat(Qt.TextFormat.PlainText)
            by.setProperty("muted", True)
            self._list.addWidget(by)
            self._list.addWidget(text)
        if not comments:
            nothing = QLabel(tr("No comments on this image."))
            nothing.setProperty("muted", True)
            nothing.setWordWrap(True)
            self._list.addWidget(nothing)
        self._proposal.setText("" if proposal is None else _about(proposal))
        self._proposal.setVisible(proposal is not None)
        self.field.setEnabled(any_image)
        self.add_button.setEnabled(any_image)

    def write(self) -> None:
        """Let the person write."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write(self) -> None:
        text = self.field.text().strip()
        if text:
            self.field.clear()
            self.written.emit(text)


def _about(proposal: ProposalInfo) -> str:
    parts = []
    if proposal.confidence is not None:
        parts.append(tr("Proposal, {percent} % sure", percent=round(100 * proposal.confidence)))
    else:
        parts.append(tr("Proposal"))
    if proposal.model:
        parts.append(proposal.model)
    parts.append(proposal.made[:16])
    return " · ".join(parts)
