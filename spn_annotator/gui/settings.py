"""What the program remembers about the person's window, typed and in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from spn_annotator.gui.theme import ThemeChoice

_RECENT = 8


class Settings:
    """Values kept in the system's own place for settings.

    Parameters
    ----------
    store : QSettings, optional
        Where they are kept; the application's own store if missing.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings()

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system."""
        try:
            return ThemeChoice(str(self._store.value("theme", "auto")))
        except ValueError:
            return ThemeChoice.AUTO

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", str(choice))

    @property
    def brush_size(self) -> float:
        """Diameter of the brush in image pixels."""
        return self._number("brush/size", 24.0, 1.0, 2000.0)

    @brush_size.setter
    def brush_size(self, size: float) -> None:
        self._store.setValue("brush/size", float(size))

    @property
    def opacity(self) -> float:
        """Opacity of the overlay, 0 … 1."""
        return self._number("overlay/opacity", 0.45, 0.0, 1.0)

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._store.setValue("overlay/opacity", float(opacity))

    @property
    def canvas(self) -> dict[str, Any]:
        """What is set about tools, refinement and display, by name."""
        try:
            stored = json.loads(str(self._store.value("canvas", "{}")))
        except ValueError:
            return {}
        return stored if isinstance(stored, dict) else {}

    @canvas.setter
    def canvas(self, values: Mapping[str, Any]) -> None:
        self._store.setValue("canvas", json.dumps(dict(values)))

    @property
    def keys(self) -> dict[str, list[str]]:
        """Keys of actions that differ from those of the table."""
        return key_changes(str(self._store.value("keys", "{}")))

    @keys.setter
    def keys(self, changes: Mapping[str, Iterable[str]]) -> None:
        values = {action_id: list(keys) for action_id, keys in changes.items()}
        self._store.setValue("keys", json.dumps(values))

    @property
    def side_page(self) -> str:
        """Which of the panels at the side was seen last."""
        return str(self._store.value("window/side", "objects"))

    @side_page.setter
    def side_page(self, page: str) -> None:
        self._store.setValue("window/side", page)

    @property
    def language(self) -> str:
        """Code of the language, or "auto" for that of the system."""
        return str(self._store.value("language", "auto"))

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def first_steps_seen(self) -> bool:
        """Whether the first steps have been shown."""
        return str(self._store.value("first_steps_seen", "false")).lower() == "true"

    @first_steps_seen.setter
    def first_steps_seen(self, seen: bool) -> None:
        self._store.setValue("first_steps_seen", seen)

    @property
    def last_folder(self) -> str:
        """Folder in which the next file dialog starts."""
        return str(self._store.value("last_folder", ""))

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._store.setValue("last_folder", folder)

    @property
    def recent(self) -> list[Path]:
        """Project folders opened before that are still there, newest first."""
        stored = self._store.value("recent", [])
        names = [stored] if isinstance(stored, str) else list(stored or [])  # pyright: ignore
        return [path for path in map(Path, names) if path.is_dir()]

    def add_recent(self, folder: Path) -> None:
        """Put a project folder at the head of the recent ones."""
        folder = folder.resolve()
        others = [path for path in self.recent if path != folder]
        self._store.setValue("recent", [str(path) for path in [folder, *others][:_RECENT]])

    def window(self) -> tuple[QByteArray, QByteArray]:
        """Return the window's geometry and the arrangement of its panels; empty at first."""
        geometry = self._store.value("window/geometry", QByteArray())
        state = self._store.value("window/state", QByteArray())
        return (
            geometry if isinstance(geometry, QByteArray) else QByteArray(),
            state if isinstance(state, QByteArray) else QByteArray(),
        )

    def set_window(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window's geometry and the arrangement of its panels."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/state", state)

    def _number(self, key: str, default: float, low: float, high: float) -> float:
        try:
            value = float(str(self._store.value(key, default)))
        except ValueError:
            return default
        return min(max(value, low), high) if value == value else default


def key_changes(text: str) -> dict[str, list[str]]:
    """Return keys by action from what is stored; what cannot be understood is left out."""
    try:
        stored = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        str(action_id): [str(key) for key in keys]
        for action_id, keys in stored.items()
        if isinstance(keys, list)
    }
