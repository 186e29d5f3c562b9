"""Light and dark: colours from resources/themes, put into Qt's palette and one style sheet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from spn_annotator.paths import resources_dir


class ThemeChoice(StrEnum):
    """What the person chose."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@cache
def load_colors(name: str) -> Mapping[str, str]:
    """Return the colours of a theme by name, as #rrggbb."""
    return json.loads((resources_dir() / "themes" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _sheet() -> Template:
    return Template((resources_dir() / "themes" / "window.qss").read_text(encoding="utf-8"))


def make_palette(colors: Mapping[str, str]) -> QPalette:
    """Return Qt's palette for a theme."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "window",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "faint",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.BrightText: "danger",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent_text",
        QPalette.ColorRole.Mid: "border",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, name in roles.items():
        palette.setColor(role, QColor(colors[name]))
    disabled = QPalette.ColorGroup.Disabled
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(disabled, role, QColor(colors["disabled"]))
    return palette


class Theme(QObject):
    """The colours in use; follows the system while the choice is *auto*.

    Signals
    -------
    changed()
        Other colours are in use; icons have to be made again.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = ThemeChoice.AUTO
        self._name = ""
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.choose(ThemeChoice.AUTO)

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    @property
    def name(self) -> str:
        """Theme in use: light or dark."""
        return self._name

    def color(self, name: str) -> QColor:
        """Return one of the theme's colours."""
        return QColor(load_colors(self._name)[name])

    def choose(self, choice: ThemeChoice) -> None:
        """Use light or dark colours, or follow the system."""
        self._choice = choice
        if choice is ThemeChoice.AUTO:
            scheme = QGuiApplication.styleHints().colorScheme()
            name = "dark" if scheme == Qt.ColorScheme.Dark else "light"
        else:
            name = str(choice)
        self._use(name)

    def _system_changed(self) -> None:
        if self._choice is ThemeChoice.AUTO:
            self.choose(ThemeChoice.AUTO)

    def _use(self, name: str) -> None:
        if name == self._name:
            return
        self._name = name
        colors = load_colors(name)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(make_palette(colors))
        drawings = {
            word: (resources_dir() / "themes" / f"{word}-{name}.svg").as_posix()
            for word in ("check", "down")
        }
        application.setStyleSheet(_sheet().substitute(colors, **drawings))
        self.changed.emit()
