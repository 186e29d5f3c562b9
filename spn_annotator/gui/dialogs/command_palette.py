"""Everything that can be done, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.annotation import Label
from spn_annotator.gui.action_set import ActionSet, plain_text
from spn_annotator.gui.fuzzy import ranked
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.keymap import native
from spn_annotator.gui.label_commands import LabelCommands

_SHOWN = 10
_ROW = 36
_WIDTH = 560

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One thing that can be done.

    Parameters
    ----------
    text, group : str
        What it is called, and where it belongs.
    key : str
        Its key as this system writes it, or nothing.
    enabled : bool
        Whether it is possible now.
    run : callable
        Does it.
    icon : QIcon or None
    """

    text: str
    group: str
    key: str
    enabled: bool
    run: Callable[[], object]
    icon: QIcon | None = None


def entries_of(
    actions: ActionSet, labels: Iterable[Label], label_commands: LabelCommands
) -> list[Entry]:
    """Return all actions and labels as entries, what is possible now first."""
    entries = []
    for spec, action in actions:
        if spec.id == "command_palette" or spec.id.removeprefix("label_").isdigit():
            continue
        keys = actions.keymap.keys(spec.id)
        key = native(keys[0]) if keys else ""
        icon = actions.icon(spec)
        text = plain_text(spec)
        entries.append(Entry(text, tr(spec.group), key, action.isEnabled(), action.trigger, icon))
    for label in labels:
        text = tr("Paint with {label}", label=label.name)
        entries.append(
            Entry(
                text,
                tr("Labels"),
                label.key or "",
                True,
                lambda label_id=label.id: label_commands.pick(label_id),
            )
        )
    return sorted(entries, key=lambda entry: not entry.enabled)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "" if entry.enabled else tr(", not possible now")
            return f"{entry.text} {entry.key}{state}"
        return entry if role == ENTRY_ROLE else None


class _Delegate(QStyledItemDelegate):
    """Icon, name, group and key of an entry."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH - 32, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        palette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        metrics = option.fontMetrics  # pyright: ignore[reportAttributeAccessIssue]
        group = QPalette.ColorGroup.Active if entry.enabled else QPalette.ColorGroup.Disabled
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            accent = palette.color(QPalette.ColorRole.Highlight)
            accent.setAlpha(40)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawRoundedRect(QRectF(row).adjusted(0, 1, 0, -1), 6, 6)
        if entry.icon is not None:
            mode = QIcon.Mode.Normal if entry.enabled else QIcon.Mode.Disabled
            entry.icon.paint(
                painter,
                QRect(row.x() + 10, row.center().y() - 9, 20, 20),
                Qt.AlignmentFlag.AlignCenter,
                mode,
            )
        right = row.right() - 12
        if entry.key:
            width = metrics.horizontalAdvance(entry.key) + 14
            cap = QRectF(right - width + 0.5, row.center().y() - 10.5, width, 22)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cap, 4, 4)
            painter.setPen(palette.color(group, QPalette.ColorRole.PlaceholderText))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, entry.key)
            right -= width + 12
        else:
            painter.setPen(palette.color(group, QPalette.ColorRole.PlaceholderText))
        group_width = metrics.horizontalAdvance(entry.group)
        painter.drawText(
            QRect(right - group_width, row.y(), group_width, row.height()),
            Qt.AlignmentFlag.AlignVCenter,
            entry.group,
        )
        left, right = row.x() + 42, right - group_width - 12
        painter.setPen(palette.color(group, QPalette.ColorRole.Text))
        name = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(
            QRect(left, row.y(), right - left, row.height()), Qt.AlignmentFlag.AlignVCenter, name
        )
        painter.restore()


class CommandPalette(QDialog):
    """Type, choose with the arrows, run with Enter.

    Parameters
    ----------
    entries : sequence of Entry
        What is offered.
    """

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(tr("Find a command"))
        self.setObjectName("palette")
        self.chosen: Entry | None = None
        self._entries = list(entries)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setAccessibleName(tr("Command to find"))
        self.field.setMinimumHeight(36)
        self._model = _Model(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(_SHOWN * _ROW)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Commands"))
        self._nothing = QLabel(tr("No command has these letters in this order."))
        self._nothing.setProperty("muted", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(_SHOWN * _ROW)
        frame = QFrame()
        frame.setObjectName("paletteFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.setSpacing(8)
        for widget in (self.field, self.list, self._nothing):
            inside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.setFixedWidth(_WIDTH)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda _: self._run())
        self._filter("")
        if parent is not None:
            top = parent.mapToGlobal(parent.rect().topLeft())
            self.move(top.x() + (parent.width() - _WIDTH) // 2, top.y() + 96)

    @property
    def texts(self) -> list[str]:
        """What is listed."""
        return [entry.text for entry in self._model.entries]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows and Enter in the field work on the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _SHOWN,
                Qt.Key.Key_PageUp: -_SHOWN,
            }
            key = Qt.Key(event.key())
            if key in steps:
                self._step(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        found = ranked(text, self._entries, text=lambda entry: f"{entry.text} {entry.group}")
        found.sort(key=lambda entry: not entry.enabled)  # what cannot be done comes last
        self._model.show(found)
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.setCurrentIndex(self._model.index(0))

    def _step(self, places: int) -> None:
        row = self.list.currentIndex().row() + places
        row = min(max(row, 0), self._model.rowCount() - 1)
        self.list.setCurrentIndex(self._model.index(row))

    def _run(self) -> None:
        entry = self.list.currentIndex().data(ENTRY_ROLE)
        if isinstance(entry, Entry) and entry.enabled:
            self.chosen = entry
            self.accept()
