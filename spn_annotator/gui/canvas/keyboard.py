"""Keys that are known by their place on the keyboard, whatever is printed on them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

#: What layouts have left of the 1: ` ^ § ² º \\ | and what they send where it is a dead key.
_LEFT_OF_1 = frozenset(
    {
        Qt.Key.Key_QuoteLeft,
        Qt.Key.Key_Dead_Grave,
        Qt.Key.Key_AsciiCircum,
        Qt.Key.Key_Dead_Circumflex,
        Qt.Key.Key_section,
        Qt.Key.Key_twosuperior,
        Qt.Key.Key_masculine,
        Qt.Key.Key_Backslash,
        Qt.Key.Key_Bar,
    }
)

#: The scan code of that key by Qt's platform.
_SCAN_CODES = {"xcb": 49, "wayland": 49, "windows": 41}


def is_left_of_1(event: QKeyEvent) -> bool:
    """Return whether a key is the one left of the 1, of whatever layout."""
    if event.key() in _LEFT_OF_1:
        return True
    if event.text().isalnum():  # somebody's keyboard counts its keys in another way
        return False
    return event.nativeScanCode() == _SCAN_CODES.get(QGuiApplication.platformName(), -1)
