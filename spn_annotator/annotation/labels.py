"""Labels (classes) and the set of them that a project uses."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from spn_annotator.errors import CallOrderError, FormatError, UsageError

Color = tuple[int, int, int]

MIN_LABEL_ID = 1
MAX_LABEL_ID = 254  # 0 is the background, 255 means "unknown"
DIGIT_KEYS = tuple("123456789")

# The first eight stay apart for the common kinds of colour blindness and stand out from white and
# from dark grey. They start from the hues of Okabe and Ito (Color Universal Design, 2008), moved
# until the least difference of two (in CIELAB, with and without red or green blindness) was large.
FIRST_COLORS: tuple[Color, ...] = (
    (0, 109, 170),  # blue
    (175, 59, 34),  # vermilion
    (0, 192, 112),  # green
    (250, 196, 0),  # yellow
    (214, 152, 200),  # pink
    (115, 168, 255),  # sky blue
    (200, 132, 0),  # ochre
    (140, 104, 110),  # mauve
)


@dataclass(frozen=True, slots=True)
class Label:
    """A class of things.

    Parameters
    ----------
    id : int
        1 to 254.
    name : str
        Not empty, one line, unique in its set.
    color : (int, int, int)
        Red, green, blue, 0 to 255.
    key : str or None
        One character that picks the label; unique in its set.
    visible : bool
        Whether its objects are drawn.
    locked : bool
        Whether the pixels of its objects are kept as they are.

    Raises
    ------
    UsageError
        A value is outside of its range.
    """

    id: int
    name: str
    color: Color
    key: str | None = None
    visible: bool = True
    locked: bool = False

    def __post_init__(self) -> None:
        if not MIN_LABEL_ID <= self.id <= MAX_LABEL_ID:
            raise UsageError(f"label ids run from {MIN_LABEL_ID} to {MAX_LABEL_ID}, got {self.id}")
        if not self.name or self.name != " ".join(self.name.split()):
            raise UsageError(f"a label needs a name of one line, got {self.name!r}")
        if len(self.color) != 3 or not all(0 <= channel <= 255 for channel in self.color):
            raise UsageError(f"a colour is three numbers from 0 to 255, got {self.color}")
        if self.key is not None and (len(self.key) != 1 or not self.key.isprintable()):
            raise UsageError(f"the key of a label is one character, got {self.key!r}")


class LabelSet:
    """Labels by id, in the order of their ids.

    Names and keys are unique. A frozen set (the one a document or project shows) cannot be
    changed; take a `copy`.

    Parameters
    ----------
    labels : iterable of Label
    """

    def __init__(self, labels: Iterable[Label] = ()) -> None:
        self._labels: dict[int, Label] = {}
        self._frozen = False
        for label in labels:
            if label.id in self._labels:
                raise UsageError(f"two labels have the id {label.id}")
            self._put(label)

    def __iter__(self) -> Iterator[Label]:
        return iter(self._labels.values())

    def __len__(self) -> int:
        return len(self._labels)

    def __contains__(self, label_id: object) -> bool:
        return label_id in self._labels

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelSet) and self._labels == other._labels

    __hash__ = None  # type: ignore[assignment]  # sets can change

    def __repr__(self) -> str:
        return f"LabelSet({list(self._labels.values())!r})"

    @property
    def is_frozen(self) -> bool:
        """Whether it refuses to be changed."""
        return self._frozen

    def copy(self) -> LabelSet:
        """Return a set with the same labels that can be changed."""
        return LabelSet(self)

    def frozen(self) -> LabelSet:
        """Return a set with the same labels that cannot be changed."""
        if self._frozen:
            return self
        frozen = LabelSet(self)
        frozen._frozen = True
        return frozen

    def get(self, label_id: int) -> Label:
        """Return the label with that id; UsageError if there is none."""
        try:
            return self._labels[label_id]
        except KeyError:
            raise UsageError(f"there is no label with the id {label_id}") from None

    def by_name(self, name: str) -> Label | None:
        """Return the label with exactly that name, or None."""
        return next((label for label in self if label.name == name), None)

    def make(self, name: str, *, color: Color | None = None, key: str | None = None) -> Label:
        """Return the label that `add` would add, without adding it."""
        label_id = max(self._labels, default=0) + 1
        if label_id > MAX_LABEL_ID:
            free = (i for i in range(MIN_LABEL_ID, MAX_LABEL_ID + 1) if i not in self._labels)
            label_id = next(free, 0)
        if not label_id:
            raise UsageError(
                f"a project holds at most {MAX_LABEL_ID} labels", remedy="Remove one that is unused"
            )
        if key is None:
            taken = {label.key for label in self}
            key = next((digit for digit in DIGIT_KEYS if digit not in taken), None)
        if color is None:
            color = self._free_color()
        label = Label(label_id, " ".join(name.split()), color, key or None)
        self._check(label)
        return label

    def add(self, name: str, *, color: Color | None = None, key: str | None = None) -> Label:
        """Add a label and return it.

        Parameters
        ----------
        name : str
            Spaces at the ends and doubled ones are taken out.
        color : (int, int, int), optional
            The next distinct colour if not given.
        key : str, optional
            The next free digit 1 to 9 if not given; ``""`` for no key.

        Raises
        ------
        UsageError
            The name is empty or taken, the key is taken, or there are 254 labels already.
        CallOrderError
            The set is frozen.
        """
        label = self.make(name, color=color, key=key)
        self._put(label)
        return label

    def replace(self, label: Label) -> None:
        """Put ``label`` in the place of the one with its id; UsageError if there is none."""
        self.get(label.id)
        self._put(label)

    def remove(self, label_id: int) -> Label:
        """Take a label out and return it; UsageError if there is none."""
        self._check_changeable()
        self.get(label_id)
        return self._labels.pop(label_id)

    def with_changes(self, changes: Iterable[tuple[int, Label | None]]) -> LabelSet:
        """Return a frozen set in which each id has the label given (None: is taken out).

        A given label whose name another label has by now gets a number; a taken key is left out.
        """
        wanted = dict(changes)
        others = LabelSet(label for label in self if label.id not in wanted)
        return merge_labels(others, (label for label in wanted.values() if label is not None))

    def to_json(self) -> dict[str, Any]:
        """Return the set as plain JSON values; `from_json` reads them."""
        return {
            "labels": [
                {
                    "id": label.id,
                    "name": label.name,
                    "color": color_to_hex(label.color),
                    "key": label.key,
                    "visible": label.visible,
                    "locked": label.locked,
                }
                for label in self
            ]
        }

    @classmethod
    def from_json(cls, data: Any) -> LabelSet:
        """Read what `to_json` wrote.

        Raises
        ------
        FormatError
            The values are not those of a label set.
        """
        try:
            return cls(
                Label(
                    id=_expect(int, entry["id"]),
                    name=_expect(str, entry["name"]),
                    color=color_from_hex(entry["color"]),
                    key=None if entry.get("key") is None else _expect(str, entry["key"]),
                    visible=_expect(bool, entry.get("visible", True)),
                    locked=_expect(bool, entry.get("locked", False)),
                )
                for entry in data["labels"]
            )
        except (KeyError, TypeError, AttributeError, UsageError) as error:
            raise FormatError(f"this is no label list ({error})") from error

    def _check_changeable(self) -> None:
        if self._frozen:
            raise CallOrderError(
                "this label set is frozen", remedy="Change it through its document or a copy"
            )

    def _check(self, label: Label) -> None:
        for other in self:
            if other.id == label.id:
                continue
            if other.name == label.name:
                raise UsageError(f"there is a label named {label.name!r} already")
            if label.key is not None and other.key == label.key:
                raise UsageError(f"the key {label.key!r} belongs to the label {other.name!r}")

    def _put(self, label: Label) -> None:
        self._check_changeable()
        self._check(label)
        known = label.id in self._labels
        self._labels[label.id] = label
        if not known:
            self._labels = dict(sorted(self._labels.items()))

    def _free_color(self) -> Color:
        taken = {label.color for label in self}
        return next(color for color in default_colors() if color not in taken)


def default_colors() -> Iterator[Color]:
    """Yield colours without end: the eight safe ones, then hues by the golden ratio."""
    yield from FIRST_COLORS
    number = 0
    while True:
        hue = (0.07 + number * 0.618_033_988_749_895) % 1.0
        # Three rings of lightness, none near white or black.
        saturation, value = ((0.75, 0.90), (0.90, 0.65), (0.45, 0.80))[number % 3]
        red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
        yield round(red * 255), round(green * 255), round(blue * 255)
        number += 1


def color_to_hex(color: Color) -> str:
    """Return ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def color_from_hex(text: str) -> Color:
    """Return the colour of ``#rrggbb``; UsageError if the text is something else."""
    try:
        if len(text) == 7 and text[0] == "#":
            return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    except (TypeError, ValueError):
        pass
    raise UsageError(f"a colour reads like #1e90ff, got {text!r}")


def unique_name(name: str, taken: Iterable[str]) -> str:
    """Return ``name``, or ``name (2)`` and so on if it is taken."""
    names = set(taken)
    candidate, number = name, 2
    while candidate in names:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def merge_labels(first: LabelSet, second: Iterable[Label]) -> LabelSet:
    """Return ``first`` and the labels of ``second`` whose ids it lacks, renamed on a clash."""
    merged = first.copy()
    for label in second:
        if label.id not in merged:
            keys = {other.key for other in merged}
            key = None if label.key in keys else label.key
            name = unique_name(label.name, (other.name for other in merged))
            merged._put(replace(label, name=name, key=key))
    return merged.frozen()


def _expect(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"expected {kind.__name__}, got {value!r}")
    return value
