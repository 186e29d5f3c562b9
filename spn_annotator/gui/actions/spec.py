"""What an action is, and what decides whether it is possible. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WindowState:
    """What decides whether an action is possible right now.

    Parameters
    ----------
    project, image, labels : bool
        A project is open; an image is loaded; the project has at least one label.
    can_undo, can_redo, proposal, dirty : bool
        State of the current document.
    can_refine : bool
        There is something to refine and no refinement of the same revision is under way.
    previous, next, next_todo : bool
        There is such an image.
    two_labels : bool
        Another label was in use before the selected one.
    refining : bool
        A refinement is under way.
    label_keys : frozenset of str
        Keys that labels have been given; other digits do nothing.
    stroke : bool
        A stroke is being painted.
    chosen : int
        How many objects are chosen.
    decided : bool
        A decision of a review can be taken back.
    """

    project: bool = False
    image: bool = False
    labels: bool = False
    can_undo: bool = False
    can_redo: bool = False
    proposal: bool = False
    dirty: bool = False
    can_refine: bool = False
    refining: bool = False
    previous: bool = False
    next: bool = False
    next_todo: bool = False
    two_labels: bool = False
    label_keys: frozenset[str] = frozenset()
    stroke: bool = False
    chosen: int = 0
    decided: bool = False


Condition = Callable[[WindowState], bool]


def _always(_: WindowState) -> bool:
    return True


def has_image(state: WindowState) -> bool:
    """Say whether an image is shown."""
    return state.image


def at_rest(state: WindowState) -> bool:
    """Say whether an image is shown and no stroke is under way."""
    return state.image and not state.stroke


def has_label(state: WindowState) -> bool:
    """Say whether there is a label to do something to."""
    return at_rest(state) and state.labels


def has_object(state: WindowState) -> bool:
    """Say whether an object is chosen."""
    return at_rest(state) and state.chosen > 0


def has_objects(state: WindowState) -> bool:
    """Say whether two objects or more are chosen."""
    return at_rest(state) and state.chosen > 1


def picks_label(number: int) -> Condition:
    """Return the condition that a label has this digit as its key."""
    return lambda state: str(number) in state.label_keys


@dataclass(frozen=True, kw_only=True)
class ActionSpec:
    """One action.

    Parameters
    ----------
    id : str
        Name used in code; the window has a method or handler of that name.
    text : str
        What menus say, with ``&`` before the mnemonic letter.
    group : str
        Heading in the key sheet.
    keys : tuple of str
        Key sequences in Qt's portable text; the first one is shown.
    tip : str
        One sentence for the tooltip and the status bar.
    icon : str or None
        File stem in ``resources/icons``.
    enabled : callable
        Says from the state whether the action is possible.
    checkable : bool
        The action is a switch.
    choice : str or None
        Actions of one choice exclude each other.
    short : str or None
        Text on a tool button, when it differs from ``text``.
    """

    id: str
    text: str
    group: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    icon: str | None = None
    enabled: Condition = _always
    checkable: bool = False
    choice: str | None = None
    short: str | None = None

    @property
    def plain_text(self) -> str:
        """Text without the mnemonic mark and the dots of a dialog."""
        return self.text.replace("&", "").rstrip("…")


@dataclass(frozen=True)
class Gesture:
    """Something done with the mouse or a held key: no action, but in the key sheet."""

    keys: tuple[str, ...]
    text: str
    group: str
