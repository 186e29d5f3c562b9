"""Labels as they turn up while a data set is read."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from spn_annotator.annotation.labels import (
    MAX_LABEL_ID,
    MIN_LABEL_ID,
    Color,
    Label,
    LabelSet,
    unique_name,
)

_LONGEST = 200


class LabelBook:
    """The labels of a data set; grows while its images are read.

    Parameters
    ----------
    labels : LabelSet, optional
        What is known from the start; a copy is taken.

    Attributes
    ----------
    priority : tuple of str
        Names of labels whose objects keep their pixels where objects overlap, the first one before
        all others. Without it the later object has them.
    """

    def __init__(self, labels: LabelSet | None = None) -> None:
        self.labels = LabelSet() if labels is None else labels.copy()
        self.priority: tuple[str, ...] = ()
        self._ids: dict[Hashable, int] = {}

    def rank(self, label_id: int) -> int:
        """Return the place of a label in the order of priority, from 0; behind it if not in it."""
        name = self.labels.get(label_id).name
        return self.priority.index(name) if name in self.priority else len(self.priority)

    def named(self, name: str, *, color: Color | None = None) -> int:
        """Return the id of the label of a name; it is added if there is none yet.

        Raises
        ------
        UsageError
            There are 254 labels already.
        """
        name = clean_name(name)
        known = self._ids.get(("name", name))
        if known is None:
            label = self.labels.by_name(name) or self._add(name, color, None)
            known = self._ids["name", name] = label.id
        return known

    def keyed(
        self, key: Hashable, name: str, *, color: Color | None = None, wanted: int | None = None
    ) -> int:
        """Return the id of the label that a file knows by a key of its own.

        Parameters
        ----------
        key : hashable
            Two keys are two labels, even with one name.
        name : str
            Of the label if it is new; gets a number if another key has it.
        color : (int, int, int), optional
        wanted : int, optional
            Id to give it, if that is free and one of 1 to 254.

        Raises
        ------
        UsageError
            There are 254 labels already.
        """
        known = self._ids.get(("key", key))
        if known is None:
            label = self._add(clean_name(name), color, wanted)
            known = self._ids["key", key] = label.id
        return known

    def known(self, key: Hashable) -> int | None:
        """Return the id that a key has got, None if it is new."""
        return self._ids.get(("key", key))

    def _add(self, name: str, color: Color | None, wanted: int | None) -> Label:
        name = unique_name(name, (label.name for label in self.labels))
        if wanted is None or wanted in self.labels or not MIN_LABEL_ID <= wanted <= MAX_LABEL_ID:
            return self.labels.add(name, color=color)
        label = replace(self.labels.make(name, color=color), id=wanted)
        self.labels = LabelSet([*self.labels, label])
        return label


class LabelPlaces:
    """Numbers labels from a first number on without gaps; a number once given stays.

    Parameters
    ----------
    first : int
        Number of the first label.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._places: dict[int, int] = {}

    def of(self, labels: LabelSet) -> dict[int, int]:
        """Return the number of each label id; new labels get the next ones."""
        for label in labels:
            self._places.setdefault(label.id, self._first + len(self._places))
        return dict(self._places)

    def names(self, labels: LabelSet) -> list[str]:
        """Return the names of the labels in the order of their numbers."""
        places = self.of(labels)
        return [labels.get(i).name if i in labels else f"label {i}" for i in places]


def clean_name(name: str) -> str:
    """Return a name as labels can have it: one line, printable, not empty, at most 200 letters."""
    text = "".join(c if c.isprintable() else " " for c in name[: 4 * _LONGEST])
    return " ".join(" ".join(text.split())[:_LONGEST].split()) or "unnamed"
