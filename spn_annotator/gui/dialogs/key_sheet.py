"""All keys at a glance, made from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.action_table import ACTIONS, GESTURES

_COLUMNS = (
    ("Project", "Images", "Editing", "Help"),
    ("Tools", "Refinement"),
    ("Labels",),
    ("View",),
)


def key_text(key: str) -> str:
    """Return a key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def sheet_rows(group: str) -> list[tuple[tuple[str, ...], str]]:
    """Return (keys, text) of everything in a group that has a key."""
    rows: list[tuple[tuple[str, ...], str]] = []
    for spec in ACTIONS:
        if spec.group != group or not spec.keys:
            continue
        if spec.id.removeprefix("label_").isdigit():
            if spec.keys == ("1",):  # one row for all digits
                rows.append((("1 … 9", "0"), "Select the label"))
            continue
        rows.append((tuple(key_text(key) for key in spec.keys), spec.plain_text))
    rows.extend((gesture.keys, gesture.text) for gesture in GESTURES if gesture.group == group)
    return rows


class KeySheet(QDialog):
    """Shows the keys, group by group; Esc closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(24, 24, 24, 24)
        columns.setSpacing(32)
        for groups in _COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(8)
            for group in groups:
                heading = QLabel(group)
                heading.setProperty("heading", True)
                column.addWidget(heading)
                column.addLayout(_grid(sheet_rows(group)))
                column.addSpacing(16)
            column.addStretch(1)
            columns.addLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        hint, screen = content.sizeHint(), self.screen().availableGeometry()
        self.resize(
            min(hint.width() + 16, screen.width() - 64),
            min(hint.height() + 16, screen.height() - 96),
        )


def _grid(rows: list[tuple[tuple[str, ...], str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    for number, (keys, text) in enumerate(rows):
        name = QLabel(text)
        name.setProperty("muted", True)
        grid.addWidget(name, number, 0)
        caps = QHBoxLayout()
        caps.setSpacing(4)
        for key in keys:
            cap = QLabel(key)
            cap.setProperty("keycap", True)
            caps.addWidget(cap)
        grid.addLayout(caps, number, 1, Qt.AlignmentFlag.AlignRight)
    return grid
