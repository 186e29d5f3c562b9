"""Qt's actions, made from the table, with icons, tooltips and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from spn_annotator.gui.action_table import ACTIONS, BY_ID
from spn_annotator.gui.actions import ActionSpec, WindowState
from spn_annotator.gui.icons import icon
from spn_annotator.gui.theme import Theme


def tooltip(spec: ActionSpec) -> str:
    """Return the name of an action with its keys, and what it does."""
    keys = ", ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys[:2]
    )
    name = f"{spec.plain_text} ({keys})" if keys else spec.plain_text
    return f"{name}\n{spec.tip}" if spec.tip else name


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
    """

    def __init__(
        self, window: QWidget, theme: Theme, handlers: dict[str, Callable[..., object]]
    ) -> None:
        missing = BY_ID.keys() - handlers.keys()
        if missing or handlers.keys() - BY_ID.keys():
            raise ValueError(f"actions and handlers differ: {missing ^ handlers.keys()}")
        self._theme = theme
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, window)
            action.setObjectName(spec.id)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setToolTip(tooltip(spec))
            action.setStatusTip(spec.tip)
            action.setIconText(spec.short or spec.plain_text)
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
        self._tint()
        self.update(WindowState())

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        return ((BY_ID[action_id], action) for action_id, action in self._actions.items())

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
