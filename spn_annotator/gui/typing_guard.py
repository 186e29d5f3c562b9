"""Keeps keys of actions away from someone who types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_PLAIN = (
    Qt.KeyboardModifier.NoModifier.value
    | Qt.KeyboardModifier.ShiftModifier.value
    | Qt.KeyboardModifier.KeypadModifier.value
    | Qt.KeyboardModifier.GroupSwitchModifier.value
)


class TypingGuard(QObject):
    """While a field has the keyboard, keys without Ctrl or Alt belong to it.

    Qt keeps letters from firing shortcuts in a line edit, but not Enter and Esc: a name that ends
    with Enter would accept a proposal on the side.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim plain keys; function keys stay with the actions."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers().value & ~_PLAIN
            function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
            if plain and not function:
                event.accept()
                return True
        return super().eventFilter(watched, event)
