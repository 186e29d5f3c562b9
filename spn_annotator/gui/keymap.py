"""The keys of the actions: those of the table, and what the person made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QKeySequence

from spn_annotator.gui.action_table import ACTIONS, BY_ID

Keys = tuple[str, ...]


def portable(key: str) -> str:
    """Return a key sequence as Qt writes it in all systems; empty if it is none."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(key: str) -> str:
    """Return a key sequence as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class Keymap:
    """The keys of every action.

    Parameters
    ----------
    changes : mapping of str to sequence of str
        Keys by action that differ from those of the table; unknown actions and keys are left out.
    """

    def __init__(self, changes: Mapping[str, Iterable[str]] | None = None) -> None:
        self._changes: dict[str, Keys] = {}
        for action_id, keys in (changes or {}).items():
            if action_id in BY_ID:
                self.set_keys(action_id, keys)

    @property
    def changes(self) -> dict[str, list[str]]:
        """What differs from the table, to be stored."""
        return {action_id: list(keys) for action_id, keys in self._changes.items()}

    def copy(self) -> Keymap:
        """Return a keymap that can be changed without this one."""
        return Keymap(self._changes)

    def keys(self, action_id: str) -> Keys:
        """Return the keys of an action, the one that is shown first."""
        return self._changes.get(action_id, _defaults(action_id))

    def set_keys(self, action_id: str, keys: Iterable[str]) -> None:
        """Give an action other keys."""
        wanted = tuple(dict.fromkeys(key for key in map(portable, keys) if key))
        if wanted == _defaults(action_id):
            self._changes.pop(action_id, None)
        else:
            self._changes[action_id] = wanted

    def reset(self, action_id: str) -> None:
        """Give an action the keys of the table again."""
        self._changes.pop(action_id, None)

    def is_changed(self, action_id: str) -> bool:
        """Return whether an action has other keys than in the table."""
        return action_id in self._changes

    def owners(self, key: str) -> list[str]:
        """Return the actions that a key belongs to."""
        key = portable(key)
        return [spec.id for spec in ACTIONS if key and key in self.keys(spec.id)]

    def conflicts(self) -> dict[str, list[str]]:
        """Return the keys that belong to several actions, with these: none of them would work."""
        owners: dict[str, list[str]] = {}
        for spec in ACTIONS:
            for key in self.keys(spec.id):
                owners.setdefault(key, []).append(spec.id)
        return {key: ids for key, ids in owners.items() if len(ids) > 1}

    def take(self, action_id: str, key: str) -> None:
        """Give a key to an action and take it from all others."""
        key = portable(key)
        for other in self.owners(key):
            if other != action_id:
                self.set_keys(other, [k for k in self.keys(other) if k != key])
        self.set_keys(action_id, [*(k for k in self.keys(action_id) if k != key), key])


def _defaults(action_id: str) -> Keys:
    return tuple(map(portable, BY_ID[action_id].keys))
