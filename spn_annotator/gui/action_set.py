"""Qt's actions, made from the table, with icons, tooltips and keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

from spn_annotator.gui.action_table import ACTIONS, BY_ID
from spn_annotator.gui.actions import ActionSpec, WindowState
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.keymap import Keymap, native
from spn_annotator.gui.theme import Theme


def tooltip(spec: ActionSpec, keys: Sequence[str]) -> str:
    """Return the name of an action with its keys, and what it does."""
    name = plain_text(spec)
    if keys:
        name = f"{name} ({', '.join(map(native, keys[:2]))})"
    return f"{name}\n{tr(spec.tip)}" if spec.tip else name


def plain_text(spec: ActionSpec) -> str:
    """Return the name of an action in the person's language, without marks for menus."""
    text = re.sub(r"\(&\w\)", "", tr(spec.text))  # where letters of the text cannot be marked
    return text.replace("&", "").rstrip("….").strip()


class ActionSet:
    """One QAction for each line of the table.

    Parameters
    ----------
    window : QWidget
        Owns the actions; their keys work while it is active.
    theme : Theme
        Tints the icons.
    handlers : mapping of str to callable
        What each action does; a switch is called with its new state. Every action of the table
        needs one.
    keymap : Keymap, optional
        The keys, if they are not those of the table.
    """

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        handlers: dict[str, Callable[..., object]],
        keymap: Keymap | None = None,
    ) -> None:
        missing = BY_ID.keys() - handlers.keys()
        if missing or handlers.keys() - BY_ID.keys():
            raise ValueError(f"actions and handlers differ: {missing ^ handlers.keys()}")
        self._theme = theme
        self.keymap = keymap or Keymap()
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), window)
            action.setObjectName(spec.id)
            action.setStatusTip(tr(spec.tip))
            action.setIconText(tr(spec.short) if spec.short else plain_text(spec))
            action.setCheckable(spec.checkable)
            action.setIconVisibleInMenu(not spec.checkable)  # there the check mark is needed
            action.setAutoRepeat(spec.id in _REPEATED)
            if spec.choice is not None:
                group = groups.setdefault(spec.choice, QActionGroup(window))
                group.addAction(action)
            self._connect(action, spec, handlers[spec.id])
            window.addAction(action)
            self._actions[spec.id] = action
        theme.changed.connect(self._tint)
        self.set_keymap(self.keymap)
        self._tint()
        self.update(WindowState())

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        return ((BY_ID[action_id], action) for action_id, action in self._actions.items())

    def set_keymap(self, keymap: Keymap) -> None:
        """Use other keys."""
        self.keymap = keymap
        for spec, action in self:
            keys = keymap.keys(spec.id)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setToolTip(tooltip(spec, keys))

    def icon(self, spec: ActionSpec) -> QIcon | None:
        """Return the icon of an action in the colours of text, whatever a button has made of it."""
        return None if spec.icon is None else icon(spec.icon, self._theme)

    def update(self, state: WindowState) -> None:
        """Enable what is possible."""
        for spec, action in self:
            enabled = spec.enabled(state)
            if action.isEnabled() != enabled:
                action.setEnabled(enabled)

    def set_checked(self, action_id: str, *, checked: bool) -> None:
        """Show a switch as on or off, without doing what it does."""
        action = self._actions[action_id]
        blocked = action.blockSignals(True)
        action.setChecked(checked)
        action.blockSignals(blocked)
        action.changed.emit()

    @staticmethod
    def _connect(action: QAction, spec: ActionSpec, handler: Callable[..., object]) -> None:
        if spec.checkable and spec.choice is None:
            action.toggled.connect(handler)
        else:
            action.triggered.connect(lambda _checked=False: handler())

    def _tint(self) -> None:
        for spec, action in self:
            if spec.icon is not None:
                action.setIcon(icon(spec.icon, self._theme))


#: Holding the key of these goes on and on.
_REPEATED = {
    "brush_bigger",
    "brush_smaller",
    "undo",
    "redo",
    "zoom_in",
    "zoom_out",
    "next_image",
    "previous_image",
}
