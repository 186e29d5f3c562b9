"""Pascal VOC: class and object maps as indexed PNG files, and lists of names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from spn_annotator.annotation.labels import Color, LabelSet
from spn_annotator.errors import FormatError
from spn_annotator.formats.atomic import atomic_write_bytes, make_folder
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Outgoing,
    Traits,
    WriteOptions,
    Written,
)
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.labelbook import LabelBook, LabelPlaces
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct, through
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.palettes import VOID, VOID_COLOR, packed, voc_color, voc_palette
from spn_annotator.formats.placing import JPEG, place_image
from spn_annotator.formats.structured import read_lines
from spn_annotator.formats.values import Pictures, check_shape, own_files, read_values

NAMES = "class_names.txt"
_NAME_FILES = (NAMES, "labels.txt", "classes.txt")
CLASSES = (
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
)
MOST_OBJECTS = 254
_VOID_NOTE = "pixels of the colour of void (255) became nothing"
Palette = dict[int, tuple[str, Color]]
"""Name and colour of each index of a class map."""


class VocCodec:
    """Pascal VOC."""

    name = "voc"
    traits = Traits(
        title="Pascal VOC",
        layout="JPEGImages/, SegmentationClass/, SegmentationObject/, "
        "ImageSets/Segmentation/SPLIT.txt, class_names.txt",
        lost="colours of labels, names of objects; more than 254 objects in an image",
    )

    def detect(self, source: Path) -> bool:
        """Return whether the folder of class maps is there."""
        return (source / "SegmentationClass").is_dir()

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder that holds ``SegmentationClass``."""
        own = any((source / name).is_file() for name in _NAME_FILES)
        return read_voc(source, _palette(source, limits), limits, listed_labels=own)

    def writer(self, out: Path, options: WriteOptions) -> VocWriter:
        """Begin a data set."""
        return VocWriter(out, options)


class VocWriter:
    """A Pascal VOC data set being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._stems: dict[str, list[str]] = {split: [] for split in options.splits}
        self._all: list[str] = []
        self._places = LabelPlaces(1)

    def add(self, image: Outgoing) -> Written:
        """Write both maps of an image, and copy its picture."""
        check_number(image)
        files: list[Path] = []
        notes: list[str] = []
        if self._copies:
            folder = self._out / "JPEGImages"
            placed, notes = place_image(image, folder, image.stem, suffixes=JPEG, fallback=".jpg")
            files = [placed] if placed is not None else []
        places = self._places.of(image.labels)
        classes = image.mapped({item.id: places[item.label_id] for item in image.present}, np.uint8)
        objects = image.mapped(
            {item.id: number for number, item in enumerate(image.present, start=1)}, np.uint8
        )
        for folder, values in (("SegmentationClass", classes), ("SegmentationObject", objects)):
            file = make_folder(self._out / folder) / f"{image.stem}.png"
            write_label_map(file, values, palette=voc_palette())
            files.append(file)
        self._all.append(image.stem)
        if image.split:
            self._stems.setdefault(image.split, []).append(image.stem)
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the lists of images and the names of the classes."""
        folder = make_folder(self._out / "ImageSets" / "Segmentation")
        files = []
        lists = dict(self._stems)
        if not lists:
            lists["train"] = self._all
        lists["trainval"] = lists.get("trainval", self._all)
        for split, stems in lists.items():
            files.append(folder / f"{split}.txt")
            write_lines(files[-1], stems)
        files.append(self._out / NAMES)
        write_lines(files[-1], ["_background_", *self._places.names(labels)])
        return files


def check_number(image: Outgoing) -> None:
    """Raise FormatError if an image has more objects than an indexed map has numbers."""
    if len(image.areas) > MOST_OBJECTS:
        raise FormatError(
            f"has {len(image.areas):,} objects, the format holds {MOST_OBJECTS}",
            path=image.name,
            remedy="Export it as COCO or 16-bit PNG",
        )


def write_lines(file: Path, lines: list[str]) -> None:
    """Write a text file of one entry a line."""
    text = "".join(f"{line}\n" for line in lines)
    atomic_write_bytes(file, text.encode("utf-8", "backslashreplace"))


def _palette(source: Path, limits: Limits) -> Palette:
    for name in _NAME_FILES:
        if (source / name).is_file():
            lines = read_lines(source / name, limits)
            if len(lines) > 256:
                raise FormatError("names more than 255 classes", path=source / name)
            # labelme's own list begins with "__ignore__", which has no index.
            lines = lines[1:] if lines[:1] == ["__ignore__"] else lines
            if lines[:1] and lines[0].strip("_").lower() != "background":
                lines = ["background", *lines]
            return {place: (name, voc_color(place)) for place, name in enumerate(lines) if place}
    return {place: (name, voc_color(place)) for place, name in enumerate(CLASSES, start=1)}


def read_voc(
    source: Path, palette: Palette, limits: Limits, *, listed_labels: bool = True
) -> Dataset:
    """Open a folder in the layout of Pascal VOC.

    Parameters
    ----------
    source : Path
        Holds ``SegmentationClass``, and ``SegmentationObject`` where there are objects.
    palette : dict of int to (str, (int, int, int))
        Name and colour of each class index; class maps may be indexed, or hold these colours.
    limits : Limits
    listed_labels : bool
        Whether all of these become labels, those without an object too.

    Raises
    ------
    FormatError
        There is no such folder.
    """
    if not (source / "SegmentationClass").is_dir():
        raise FormatError(
            "holds no folder SegmentationClass", path=source, remedy="Name the folder above it"
        )
    book = LabelBook()
    if listed_labels:
        for index, (name, color) in palette.items():
            book.keyed(index, name, color=color, wanted=index)
    pictures = Pictures(source, ("JPEGImages", "images"))
    dataset = Dataset(source, book)
    maps = {
        path.relative_to(source / "SegmentationClass").with_suffix("").as_posix(): path
        for path in own_files(source / "SegmentationClass", "**/*.png")
    }
    splits, listed = _splits(source, maps, limits)
    items = []
    for stem, path in list(maps.items())[: limits.images]:
        picture = pictures.of(stem)
        other = source / "SegmentationObject" / f"{stem}.png"
        items.append(
            ExportItem(
                picture.name if picture else f"{stem}.jpg",
                lambda path=path, picture=picture, other=other: _read(
                    path, other, picture, palette, book, limits
                ),
                image=picture,
                split=splits.get(stem, ""),
            )
        )
    dataset.items = items
    for stem in sorted(listed - set(maps)):
        dataset.problems.append((stem[:200], "it is listed, but has no class map"))
    return dataset


def _splits(
    source: Path, maps: Mapping[str, Path], limits: Limits
) -> tuple[dict[str, str], set[str]]:
    """Return the part of each stem, where there are parts, and all stems that are listed."""

    def stem_of(line: str) -> str:
        # A stem may have spaces in it; some tools write a word of their own behind it.
        first = line.split()[0]
        return first if first in maps and line not in maps else line

    lists = {
        path.stem: [stem_of(line) for line in read_lines(path, limits)]
        for path in own_files(source / "ImageSets" / "Segmentation", "*.txt")
    }
    listed = {stem for stems in lists.values() for stem in stems}
    parts = {name: stems for name, stems in lists.items() if name not in ("trainval", "default")}
    if len(parts) < 2:
        return {}, listed
    return {stem: name for name, stems in parts.items() for stem in stems}, listed


def _read(
    path: Path, other: Path, picture: Path | None, palette: Palette, book: LabelBook, limits: Limits
) -> AnnotatedImage:
    classes = _indices(path, palette, limits)
    check_shape(classes.shape, picture, path)
    composer = Composer((classes.shape[0], classes.shape[1]), limits, path)
    if (classes == VOID).any():
        composer.note(_VOID_NOTE)
    objects = None
    if other.is_file():
        values, _ = read_values(other, limits, colors=True)
        objects = packed(values) if values.ndim == 3 else values
        if objects.shape != classes.shape:
            raise FormatError("has another size than the class map", path=other)
        nothing = packed(np.array([[VOID_COLOR]], np.uint8))[0, 0] if values.ndim == 3 else VOID
        if int(objects.min(initial=0)) < 0 or int(objects.max(initial=0)) >= 1 << 24:
            raise FormatError("has object numbers that cannot be", path=other)
        objects = np.where(objects == nothing, 0, objects)
    pairs = classes.astype(np.uint32)
    if objects is not None:
        pairs |= objects.astype(np.uint32) << 8
    pairs[(classes == 0) | (classes == VOID)] = 0
    numbers: dict[int, int] = {}
    for pair, count in distinct(pairs).items():
        if not pair:
            continue
        index = pair & 255
        if index not in palette:
            composer.drop(f"{count:,} pixels", f"there is no class {index}")
            continue
        name, color = palette[index]
        numbers[pair] = composer.add(book.keyed(index, name, color=color, wanted=index))
    composer.object_map[...] = through(pairs, numbers, np.uint16)
    return composer.done()


def _indices(path: Path, palette: Palette, limits: Limits) -> np.ndarray:
    """Return class indices, whether a file holds them or their colours."""
    values, _ = read_values(path, limits, colors=True)
    if values.ndim == 2:
        if int(values.max(initial=0)) > 255 or int(values.min(initial=0)) < 0:
            raise FormatError("has values above 255, which are no classes", path=path)
        return values.astype(np.uint8)
    table = {(0, 0, 0): 0, VOID_COLOR: VOID} | {
        color: index for index, (_, color) in palette.items()
    }
    numbers = packed(values)
    classes: dict[int, int] = {}
    for number in distinct(numbers):
        color = (number >> 16, number >> 8 & 255, number & 255)
        if color not in table:
            raise FormatError(
                f"has the colour {color}, which is that of no class",
                path=path,
                remedy="Add it to the list of classes, or export indexed maps",
            )
        classes[number] = table[color]
    return through(numbers, classes, np.uint8)
