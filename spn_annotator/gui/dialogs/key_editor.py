"""Gives actions other keys; says which ones clash before anything is taken over."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.action_set import plain_text
from spn_annotator.gui.action_table import ACTIONS, BY_ID
from spn_annotator.gui.fuzzy import score
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.keymap import Keymap, native

_ROW = 30
_ID_ROLE = Qt.ItemDataRole.UserRole


class KeyEditor(QDialog):
    """All actions with their keys.

    Parameters
    ----------
    keymap : Keymap
        The keys as they are; it is not changed. The new ones are in :attr:`keymap`.
    """

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Change keys"))
        self.resize(640, 640)
        self.keymap = keymap.copy()

        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find an action or a key"))
        self.filter.setAccessibleName(tr("Find an action or a key"))
        self.filter.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("Action"), tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setAccessibleName(tr("Actions and their keys"))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, 220)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._fill()

        self.entry = QKeySequenceEdit()
        self.entry.setMaximumSequenceLength(1)
        self.entry.setAccessibleName(tr("New key"))
        self.add_button = QPushButton(tr("Add"))
        self.add_button.setToolTip(tr("Give the action this key besides the ones it has"))
        self.clear_button = QPushButton(tr("No key"))
        self.clear_button.setToolTip(tr("Take all keys of the action away"))
        self.reset_button = QPushButton(tr("As before"))
        self.reset_button.setToolTip(tr("Give the action the keys that it came with"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.entry, 1)
        for button in (self.add_button, self.clear_button, self.reset_button):
            button.setAutoDefault(False)
            row.addWidget(button)

        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAccessibleName(tr("Message"))
        self.take_button = QPushButton(tr("Take it over"))
        self.take_button.setAutoDefault(False)
        self.take_button.setToolTip(tr("Give the key to this action and take it from the other"))
        clash = QHBoxLayout()
        clash.addWidget(self.message, 1)
        clash.addWidget(self.take_button)

        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        for button in self.buttons.buttons():
            button.setProperty("autoDefault", False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        layout.addLayout(clash)
        layout.addSpacing(8)
        layout.addWidget(self.buttons)

        self.filter.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda *_: self._refresh())
        self.entry.keySequenceChanged.connect(lambda _: self._refresh())
        self.add_button.clicked.connect(self._add)
        self.take_button.clicked.connect(self._take)
        self.clear_button.clicked.connect(lambda: self._set([]))
        self.reset_button.clicked.connect(self._reset)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(standard.RestoreDefaults).clicked.connect(self._reset_all)
        self.select(ACTIONS[0].id)
        self._refresh()

    @property
    def action_id(self) -> str:
        """The action that is edited."""
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(0, _ID_ROLE))

    def select(self, action_id: str) -> None:
        """Edit an action."""
        self.tree.setCurrentItem(self._items[action_id])

    # ---- what is shown ---------------------------------------------------------------------------

    def _fill(self) -> None:
        for spec in ACTIONS:
            item = QTreeWidgetItem([f"{tr(spec.group)}: {plain_text(spec)}", ""])
            item.setData(0, _ID_ROLE, spec.id)
            item.setSizeHint(0, QSize(0, _ROW))
            item.setToolTip(0, tr(spec.tip))
            self.tree.addTopLevelItem(item)
            self._items[spec.id] = item
        self._show_keys()

    def _show_keys(self) -> None:
        clashing = {i for ids in self.keymap.conflicts().values() for i in ids}
        danger = QColor(self.palette().brightText().color())
        for action_id, item in self._items.items():
            keys = ", ".join(map(native, self.keymap.keys(action_id)))
            item.setText(1, keys)
            font = item.font(1)
            font.setBold(self.keymap.is_changed(action_id))
            item.setFont(1, font)
            if action_id in clashing:
                item.setForeground(1, danger)
            else:
                item.setData(1, Qt.ItemDataRole.ForegroundRole, None)

    def _filter(self, text: str) -> None:
        for item in self._items.values():
            fits = score(text, item.text(0)) is not None or (
                text.strip().lower() in item.text(1).lower()
            )
            item.setHidden(not fits)

    def _key(self) -> str:
        return self.entry.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _others(self) -> list[str]:
        return [i for i in self.keymap.owners(self._key()) if i != self.action_id]

    def _refresh(self) -> None:
        key, action_id, others = self._key(), self.action_id, self._others()
        self._show_keys()
        self.add_button.setEnabled(bool(key and action_id) and not others)
        self.take_button.setVisible(bool(key and action_id and others))
        self.clear_button.setEnabled(bool(action_id and self.keymap.keys(action_id)))
        self.reset_button.setEnabled(self.keymap.is_changed(action_id))
        conflicts = self.keymap.conflicts()
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not conflicts)
        if key and others:
            names = ", ".join(plain_text(BY_ID[i]) for i in others)
            self.message.setText(tr("{key} belongs to: {names}", key=native(key), names=names))
        elif conflicts:
            key, ids = next(iter(conflicts.items()))
            names = ", ".join(plain_text(BY_ID[i]) for i in ids)
            text = tr("{key} belongs to several actions: {names}", key=native(key), names=names)
            self.message.setText(text)
        else:
            self.message.setText(tr("Choose an action, click the field and press the new key."))

    # ---- what is done ----------------------------------------------------------------------------

    def _set(self, keys: list[str]) -> None:
        if self.action_id:
            self.keymap.set_keys(self.action_id, keys)
            self._done()

    def _add(self) -> None:
        self._set([*self.keymap.keys(self.action_id), self._key()])

    def _take(self) -> None:
        self.keymap.take(self.action_id, self._key())
        self._done()

    def _reset(self) -> None:
        self.keymap.reset(self.action_id)
        self._done()

    def _reset_all(self) -> None:
        self.keymap = Keymap()
        self._done()

    def _done(self) -> None:
        self.entry.clear()
        self._refresh()
