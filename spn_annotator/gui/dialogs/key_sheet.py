"""All keys at a glance, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.action_set import plain_text
from spn_annotator.gui.action_table import ACTIONS, GESTURES
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.keymap import Keymap, native

_COLUMNS = 4
#: Rows that the heading of a group takes.
_HEADING = 2


def columns_of(groups: Sequence[tuple[str, int]], count: int) -> list[list[str]]:
    """Share groups out among columns, in their order, so that the longest is as short as can be.

    Parameters
    ----------
    groups : sequence of (str, int)
        Groups with the rows they take.
    count : int
        Columns, at most.
    """
    limit = max((rows for _, rows in groups), default=0)
    while True:
        columns: list[list[str]] = [[]]
        filled = 0
        for group, rows in groups:
            if columns[-1] and filled + rows > limit:
                columns.append([])
                filled = 0
            columns[-1].append(group)
            filled += rows
        if len(columns) <= count:
            return columns
        limit += 1


def sheet_rows(group: str, keymap: Keymap) -> list[tuple[tuple[str, ...], str]]:
    """Return (keys, text) of everything in a group that has a key."""
    rows: list[tuple[tuple[str, ...], str]] = []
    for spec in ACTIONS:
        keys = keymap.keys(spec.id)
        if spec.group != group or not keys:
            continue
        digit = spec.id.removeprefix("label_")
        if keys == (digit,):
            if digit == "1":  # one row for all digits
                rows.append((("1 … 9", "0"), tr("Select the label")))
            continue
        rows.append((tuple(map(native, keys)), plain_text(spec)))
    rows.extend(
        (tuple(map(tr, gesture.keys)), tr(gesture.text))
        for gesture in GESTURES
        if gesture.group == group
    )
    return rows


class KeySheet(QDialog):
    """Shows the keys, group by group; Esc closes it.

    Parameters
    ----------
    keymap : Keymap
        The keys as they are.
    edit : QAction
        Opens the editor of keys.
    """

    def __init__(self, keymap: Keymap, edit: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(24, 24, 24, 24)
        columns.setSpacing(32)
        rows = {group: sheet_rows(group, keymap) for group in dict.fromkeys(_groups())}
        sizes = [(group, len(found) + _HEADING) for group, found in rows.items() if found]
        for groups in columns_of(sizes, _COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(8)
            for group in groups:
                heading = QLabel(tr(group))
                heading.setProperty("heading", True)
                column.addWidget(heading)
                column.addLayout(_grid(rows[group]))
                column.addSpacing(16)
            column.addStretch(1)
            columns.addLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        change = QPushButton(tr("Change keys…"))
        change.setAutoDefault(False)
        change.clicked.connect(self.accept)
        change.clicked.connect(edit.trigger)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(change, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        buttons.setContentsMargins(24, 8, 24, 16)
        layout.addWidget(buttons)
        hint, screen = content.sizeHint(), self.screen().availableGeometry()
        self.resize(
            min(hint.width() + 16, screen.width() - 64),
            min(hint.height() + 16 + buttons.sizeHint().height(), screen.height() - 96),
        )


def _groups() -> list[str]:
    return [spec.group for spec in ACTIONS] + [gesture.group for gesture in GESTURES]


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
