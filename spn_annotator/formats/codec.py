"""What every format offers: to recognise, to read and to write a data set.

A format is a :class:`Codec`. Other packages add theirs through the entry point group
``spn_annotator.formats``; see :mod:`spn_annotator.formats.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import boxes, through

Images = Literal["copy", "none"]
Picture = Path | Callable[[], bytes] | None
"""A picture file, or what gives the content of one that lies inside another file."""


class Annotated(Protocol):
    """What an export takes from a :class:`spn_annotator.annotation.document.Document`."""

    @property
    def object_map(self) -> np.ndarray:
        """(H, W) uint16 object ids, 0 = nothing."""
        ...

    @property
    def objects(self) -> Mapping[int, AnnotatedObject]:
        """The objects by id."""
        ...


@dataclass(frozen=True)
class AnnotatedImage:
    """The annotations of one image as a format held them.

    Attributes
    ----------
    object_map : (H, W) uint16 array
        Object ids, 0 = nothing.
    objects : mapping of int to AnnotatedObject
        By id. Their labels are those of the data set.
    sure_map : (H, W) uint16 array or None
        Strokes, where a format has them: 0 none, id + 1 of an object.
    dropped : tuple of (str, str)
        What of the image could not be taken over, and why.
    notes : tuple of str
        What else there is to say: that overlaps were settled, and how.
    overlap : int
        Pixels that belonged to two objects, counted once more for each further one.
    extra : mapping of str to Any
        What only the format itself understands, under its name: ``{"image": {…}, "objects": {id:
        {…}}}``, of plain values. Writing the same format puts it back; a project keeps it.
    """

    object_map: np.ndarray
    objects: Mapping[int, AnnotatedObject]
    sure_map: np.ndarray | None = None
    dropped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    overlap: int = 0


@dataclass(frozen=True)
class ExportItem:
    """One image of a data set, to be exported or imported.

    Attributes
    ----------
    name : str
        Path of the image, POSIX, relative to the folder of its project or data set.
    load : callable
        Returns its annotations; called once, when its turn comes.
    image : Path, callable or None
        The picture file, or what gives its content, for formats that carry pictures.
    page : int
        Which page of a multi-page TIFF it is, from 0.
    split : str
        Which part of the data set it belongs to (``"train"``), empty for none.
    """

    name: str
    load: Callable[[], Annotated]
    image: Picture = None
    page: int = 0
    split: str = ""


@dataclass
class Dataset:
    """A data set that was opened: its images are read one by one, when they are asked for.

    Attributes
    ----------
    source : Path
        Where it is read from.
    book : LabelBook
        The labels found so far; complete once every item is loaded.
    items : sequence of ExportItem
        Its images. ``load`` raises a SpnAnnotatorError for those that cannot be read.
    problems : list of (str, str)
        What could not even be listed, and why.
    annotated : bool
        False for pictures alone.
    """

    source: Path
    book: LabelBook
    items: Sequence[ExportItem] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)
    annotated: bool = True

    @property
    def labels(self) -> LabelSet:
        """The labels found so far."""
        return self.book.labels

    def prefer(self, names: Iterable[str]) -> None:
        """Say which labels keep their pixels where objects overlap; before items are loaded.

        Parameters
        ----------
        names : iterable of str
            The first one before all others. Objects of labels that are not named have what is
            left, the later ones before the earlier.
        """
        self.book.priority = tuple(dict.fromkeys(clean_name(name) for name in names))


@dataclass(frozen=True)
class Outgoing:
    """One image on its way into a format.

    Attributes
    ----------
    name : str
        Path of the image, POSIX.
    stem : str
        File name without suffix that is the image's own within the export.
    split : str
        Empty for none.
    annotated : Annotated
    labels : LabelSet
        All labels known by now.
    areas : dict of int to int
        Pixels of each object that has any, by id.
    image : Path, callable or None
    page : int
    """

    name: str
    stem: str
    split: str
    annotated: Annotated
    labels: LabelSet
    areas: dict[int, int]
    image: Picture = None
    page: int = 0

    @property
    def object_map(self) -> np.ndarray:
        """(H, W) uint16 object ids."""
        return self.annotated.object_map

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.annotated.object_map.shape
        return height, width

    @property
    def present(self) -> list[AnnotatedObject]:
        """The objects that have pixels, by id."""
        return [self.annotated.objects[object_id] for object_id in sorted(self.areas)]

    @cached_property
    def class_map(self) -> np.ndarray:
        """(H, W) uint8 label ids, 0 = nothing."""
        return self.mapped({item.id: item.label_id for item in self.present}, np.uint8)

    @property
    def merges_objects(self) -> bool:
        """Whether a map of labels alone loses which object is which."""
        labels = [item.label_id for item in self.present]
        return len(set(labels)) < len(labels)

    def mapped(self, values: Mapping[int, int], dtype: type[np.unsignedinteger]) -> np.ndarray:
        """Return the object map with each id replaced; an id that is not there becomes 0."""
        return through(self.object_map, dict(values), dtype)

    @cached_property
    def boxes(self) -> list[list[int]]:
        """x, y, width and height of each object that has pixels, by id."""
        found = boxes(self.object_map)
        return [list(found[object_id]) for object_id in sorted(found)]

    def extra(self, codec: str) -> Mapping[str, Any]:
        """Return what a format has left for itself when the image was read."""
        found = getattr(self.annotated, "extra", {})
        return found.get(codec, {}) if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Written:
    """What became of one image.

    Attributes
    ----------
    files : tuple of Path
        What was written for it alone.
    objects : int
        How many of its objects are in there.
    dropped : tuple of (str, str)
        Objects that are not, and why.
    notes : tuple of str
        What the format cannot hold of it, or had to change.
    ious : tuple of float
        Of each object that became a polygon: intersection over union with what the polygon gives
        back.
    stem : str or None
        What the files are called, where the format has rules of its own for that.
    """

    files: tuple[Path, ...]
    objects: int
    dropped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    ious: tuple[float, ...] = ()
    stem: str | None = None


class Writer(Protocol):
    """A data set being written."""

    def add(self, image: Outgoing) -> Written:
        """Write one image.

        Raises
        ------
        SpnAnnotatorError
            It cannot be: it is listed in the report, and the others come out.
        """
        ...

    def finish(self, labels: LabelSet) -> Sequence[Path]:
        """Write what belongs to all images and return the files.

        Parameters
        ----------
        labels : LabelSet
            All labels, those without an object too.
        """
        ...


@dataclass(frozen=True)
class WriteOptions:
    """How to write.

    Attributes
    ----------
    images : "copy" or "none"
        Whether formats that hold pictures get them, copied.
    splits : tuple of str
        The parts that will occur, in their order; empty for an undivided data set.
    """

    images: Images = "copy"
    splits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Traits:
    """What a format can hold; the table of the documentation says the same.

    Attributes
    ----------
    title : str
        Its name for people.
    layout : str
        What lies where.
    reads, writes : bool
    instances : bool
        Whether objects of one label stay apart.
    holes : bool
        Whether holes are kept.
    classes : bool
        Whether names of labels are kept.
    lost : str
        What a round trip loses, in words.
    """

    title: str
    layout: str
    reads: bool = True
    writes: bool = True
    instances: bool = True
    holes: bool = True
    classes: bool = True
    lost: str = "nothing"


@runtime_checkable
class Codec(Protocol):
    """A format."""

    @property
    def name(self) -> str:
        """What it is called on the command line: lower case, digits and hyphens."""
        ...

    @property
    def traits(self) -> Traits:
        """What it can hold."""
        ...

    def detect(self, source: Path) -> bool:
        """Return whether a file or folder looks like this format; quick, never raises."""
        ...

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a data set.

        Raises
        ------
        SpnAnnotatorError
            It is not of this format, or nothing of it can be read.
        """
        ...

    def writer(self, out: Path, options: WriteOptions) -> Writer:
        """Begin a data set in a folder that exists."""
        ...
