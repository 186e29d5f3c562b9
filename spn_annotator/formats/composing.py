"""From single masks to one map of objects: where two overlap, one rule says which has the pixels.

The later one has them, or the one whose label comes first in an order of priority.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FormatError
from spn_annotator.formats.codec import AnnotatedImage
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct, through

LATER_WINS = "objects overlapped; the later one has the pixels"
PRIORITY_WINS = (
    "objects overlapped; the label that comes first in the order of labels has the pixels, "
    "of two that are alike in it the later one"
)


class Composer:
    """The map of objects of one image in the making.

    Parameters
    ----------
    shape : (int, int)
        Height and width, within the limits.
    limits : Limits
    path : Path or str
        The file that is read, for messages.
    book : LabelBook, optional
        Tells which labels keep their pixels; without it the later object has them.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        limits: Limits,
        path: Path | str,
        *,
        book: LabelBook | None = None,
    ) -> None:
        self.shape = shape
        self.object_map = np.zeros(shape, np.uint16)
        self.objects: dict[int, AnnotatedObject] = {}
        self._limits = limits
        self._path = path
        self._book = book if book is not None and book.priority else None
        # By object id; nothing comes behind all.
        self._ranks = None if self._book is None else np.full(65_536, 65_535, np.uint16)
        self._overlap = 0
        self._painted = 0
        self._dropped: list[tuple[str, str]] = []
        self._notes: list[str] = []

    def add(self, label_id: int, name: str = "") -> int:
        """Make an object and return its id.

        Raises
        ------
        FormatError
            The image has too many.
        """
        number = len(self.objects) + 1
        self._limits.check_objects(number, self._path)
        name = clean_name(name) if name.strip() else ""
        self.objects[number] = AnnotatedObject(number, label_id, name)
        if self._book is not None and self._ranks is not None:
            self._ranks[number] = self._book.rank(label_id)
        return number

    def paint(self, object_id: int, mask: np.ndarray, *, x: int = 0, y: int = 0) -> int:
        """Give the true pixels of a mask to an object.

        Parameters
        ----------
        object_id : int
        mask : (h, w) bool array
        x, y : int
            Where its first pixel lies; what lies outside of the image is cut off.

        Returns
        -------
        int
            How many pixels the object got.

        Raises
        ------
        FormatError
            The objects of the image cover more pixels than may be painted.
        """
        height, width = self.shape
        top, left = max(0, -y), max(0, -x)
        mask = mask[top : max(top, height - y), left : max(left, width - x)]
        y, x = y + top, x + left
        self._painted += mask.size
        if self._painted > self._limits.painted:
            raise FormatError(
                "has objects that cover its image over and over",
                path=self._path,
                remedy="Raise the limit of pixels if that is meant",
            )
        view = self.object_map[y : y + mask.shape[0], x : x + mask.shape[1]]
        before = view[mask]
        self._overlap += int(np.count_nonzero((before != 0) & (before != object_id)))
        if self._ranks is None:
            view[mask] = object_id
            return int(before.size)
        gets = self._ranks[before] >= self._ranks[object_id]
        view[mask] = np.where(gets, np.uint16(object_id), before)
        return int(np.count_nonzero(gets))

    def drop(self, what: str, reason: str) -> None:
        """Note that something was left out."""
        self._dropped.append((what, reason))

    def note(self, text: str) -> None:
        """Note something else."""
        self._notes.append(text)

    def done(
        self, *, extra: dict[str, Any] | None = None, sure_map: np.ndarray | None = None
    ) -> AnnotatedImage:
        """Return the image; objects that others cover altogether are listed as dropped."""
        if self._overlap:
            self._notes.append(LATER_WINS if self._book is None else PRIORITY_WINS)
        areas = distinct(self.object_map)
        for object_id in [number for number in self.objects if number not in areas]:
            item = self.objects.pop(object_id)
            what = f"object {object_id}" + (f" {item.name}" if item.name else "")
            self._dropped.append((what, "it has no pixel left"))
        return AnnotatedImage(
            self.object_map,
            self.objects,
            sure_map=sure_map,
            dropped=tuple(self._dropped),
            notes=tuple(self._notes),
            extra=extra or {},
            overlap=self._overlap,
        )


def compose_values(
    values: np.ndarray,
    labels: dict[int, int],
    limits: Limits,
    path: Path | str,
) -> AnnotatedImage:
    """Make one object of each value of a map.

    Parameters
    ----------
    values : (H, W) integer array
    labels : dict of int to int
        Label id of each value; pixels of other values become nothing.

    Raises
    ------
    FormatError
        There are too many objects.
    """
    limits.check_objects(len(labels), path)
    objects = {
        number: AnnotatedObject(number, labels[value])
        for number, value in enumerate(sorted(labels), start=1)
    }
    table = {value: number for number, value in enumerate(sorted(labels), start=1)}
    return AnnotatedImage(through(values, table, np.uint16), objects)
