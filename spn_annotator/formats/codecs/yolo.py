"""YOLO segmentation: a text file an image, a row an object, a polygon in fractions of the size."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import LabelSet
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
from spn_annotator.formats.codecs.instances import SLITS
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.images import read_size
from spn_annotator.formats.labelbook import LabelBook, LabelPlaces
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.shapes import points_of
from spn_annotator.formats.structured import expect, read_lines, read_yaml
from spn_annotator.formats.values import Pictures, own_files

SETTINGS = "data.yaml"
# Some readers cut coordinates down to whole pixels, others round them: these find the mask's own.
_INSET = (0.25, 0.55)
_JOINED = "objects of several parts have lines between them: a row holds one polygon"
_REMEDY = "Export the data set again"


class YoloCodec:
    """YOLO segmentation."""

    name = "yolo"
    traits = Traits(
        title="YOLO segmentation",
        layout="data.yaml, images/SPLIT/, labels/SPLIT/STEM.txt",
        holes=True,
        lost="colours, names and order of objects; parts of one object are joined by lines, "
        "holes become slits",
    )

    def detect(self, source: Path) -> bool:
        """Return whether settings and text files of labels are there."""
        return source.is_dir() and any(files for _, _, files in _parts(source))

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder with ``images`` and ``labels`` in it, or in a folder for each part."""
        if not source.is_dir():
            raise FormatError("is a file; the format is a folder", path=source)
        names = _names(source, limits)
        book = LabelBook()
        labels = {index: book.keyed(index, name) for index, name in sorted(names.items())}
        dataset = Dataset(source, book)
        items: list[ExportItem] = []
        for split, pictures, rows in _parts(source):
            texts = {path.stem: path for path in rows}
            for stem, picture in pictures.items():
                text = texts.pop(stem, None)
                items.append(
                    ExportItem(
                        picture.name,
                        lambda picture=picture, text=text: _read(
                            picture, text, labels, book, limits
                        ),
                        image=picture,
                        split=split,
                    )
                )
            for path in texts.values():
                name = path.relative_to(source).as_posix()
                dataset.problems.append((name, "there is no picture that tells its size"))
        if not items and not dataset.problems:
            raise FormatError(
                "holds no pictures in images/ with rows in labels/", path=source, remedy=_REMEDY
            )
        dataset.items = items[: limits.images]
        return dataset

    def writer(self, out: Path, options: WriteOptions) -> YoloWriter:
        """Begin a data set."""
        return YoloWriter(out, options)


class YoloWriter:
    """A YOLO data set being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._splits = list(options.splits)
        self._places = LabelPlaces(0)

    def add(self, image: Outgoing) -> Written:
        """Write the rows of an image, and copy its picture."""
        split = image.split or "train"
        if split not in self._splits:
            self._splits.append(split)
        files: list[Path] = []
        notes: list[str] = []
        if self._copies:
            placed, notes = place_image(image, self._out / "images" / split, image.stem)
            files = [placed] if placed is not None else []
        places = self._places.of(image.labels)
        rows, ious, slits, several = [], [], False, False
        for item, box in zip(image.present, image.boxes, strict=True):
            ring, iou, holes, parts = _polygon(image.object_map, item.id, box)
            height, width = image.shape
            fractions = (ring / (width, height)).ravel()
            numbers = " ".join(f"{value:.8f}" for value in fractions.tolist())
            rows.append(f"{places[item.label_id]} {numbers}\n")
            ious.append(iou)
            slits |= holes > 0
            several |= parts > 1
        file = make_folder(self._out / "labels" / split) / f"{image.stem}.txt"
        atomic_write_bytes(file, "".join(rows).encode())
        notes += [SLITS] * slits + [_JOINED] * several
        return Written((*files, file), len(rows), notes=tuple(notes), ious=tuple(ious))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the settings."""
        import yaml

        parts = self._splits or ["train"]
        paths = {split: f"images/{split}" for split in parts}
        # Trainers ask for both; without a split they get the same pictures.
        for wanted in ("train", "val"):
            paths.setdefault(wanted, paths[parts[0]])
        names = dict(enumerate(self._places.names(labels)))
        content: dict[str, Any] = {"path": ".", **paths, "nc": len(names), "names": names}
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        atomic_write_bytes(self._out / SETTINGS, text.encode("utf-8", "backslashreplace"))
        return [self._out / SETTINGS]


def _polygon(
    object_map: np.ndarray, object_id: int, box: list[int]
) -> tuple[np.ndarray, float, int, int]:
    """Return the ring around an object, what it is worth, its holes and its parts."""
    from spn_annotator.formats.polygons import filled, joined, outlines, overlap

    x, y, width, height = box
    mask = object_map[y : y + height, x : x + width] == object_id
    found = outlines(mask, inset=_INSET)
    ring = joined([item.ring for item in found])
    part, left, top = filled([ring], mask.shape)
    back = np.zeros_like(mask)
    back[top : top + part.shape[0], left : left + part.shape[1]] = part
    return ring + np.array((x, y)), overlap(mask, back), sum(i.holes for i in found), len(found)


def _parts(source: Path) -> list[tuple[str, dict[str, Path], list[Path]]]:
    """Return the parts of a data set: name, pictures by stem, text files of rows."""
    found = []
    for images, labels in (
        ("images", "labels"),
        *((f"images/{n}", f"labels/{n}") for n in _folders(source / "labels", source / "images")),
        *((f"{name}/images", f"{name}/labels") for name in _folders(source)),
    ):
        pictures = Pictures(source, (images,)).all(images)
        rows = own_files(source / labels, "*.txt") if (source / labels).is_dir() else []
        if pictures or rows:
            names = [part for part in images.split("/") if part != "images"]
            if rows or "/" in images or (source / SETTINGS).is_file():
                found.append((names[0] if names else "", pictures, rows))
    return found


def _folders(*places: Path) -> list[str]:
    names: set[str] = set()
    for place in places:
        try:
            names |= {
                path.name
                for path in place.iterdir()
                if path.is_dir() and not path.is_symlink() and path.name not in ("images", "labels")
            }
        except OSError:
            continue
    return sorted(names)


def _names(source: Path, limits: Limits) -> dict[int, str]:
    """Return the name of each class; they are numbered where there are no settings."""
    path = source / SETTINGS
    if not path.is_file():
        return {}
    content = expect(dict, read_yaml(path, limits), "the file", path)
    names = content.get("names")
    if isinstance(names, list):
        names = dict(enumerate(names))
    names = expect(dict, names, "names", path)
    if len(names) > 254:
        raise FormatError(f"names {len(names):,} classes, a project holds 254", path=path)
    for index, name in names.items():
        if type(index) is not int or not isinstance(name, (str, int, float)) or index < 0:
            raise FormatError("has names that are no names of classes", path=path, remedy=_REMEDY)
    return {index: str(name)[:1000] for index, name in names.items()}


def _read(
    picture: Path, text: Path | None, labels: dict[int, int], book: LabelBook, limits: Limits
) -> AnnotatedImage:
    from spn_annotator.formats.polygons import filled

    width, height = limits.check_size(*read_size(picture), picture)
    composer = Composer((height, width), limits, text or picture, book=book)
    for number, line in enumerate(read_lines(text, limits) if text else [], start=1):
        values = line.split()
        if not (values[0].isascii() and values[0].isdecimal() and len(values[0]) < 9):
            raise FormatError(
                f"row {number} begins with {values[0][:20]!r}, which is no class", path=text
            )
        label_id = labels.get(int(values[0]))
        if len(values) == 5:
            composer.drop(f"row {number}", "it is a box, not a polygon")
            continue
        if label_id is None:
            composer.drop(f"row {number}", f"there is no class {int(values[0])} in {SETTINGS}")
            continue
        assert text is not None
        points = _points(values[1:], (height, width), text)
        mask, x, y = filled([points], (height, width))
        composer.paint(composer.add(label_id), mask, x=x, y=y)
    return composer.done()


def _points(values: list[str], shape: tuple[int, int], text: Path) -> np.ndarray:
    try:
        numbers = [float(value) for value in values]
    except ValueError as error:
        raise FormatError("has a row that is no list of numbers", path=text) from error
    if not all(math.isfinite(value) and abs(value) < 100 for value in numbers):
        raise FormatError("has a row with coordinates far outside of the image", path=text)
    width, height = shape[1], shape[0]
    scaled = [value * (height if place % 2 else width) for place, value in enumerate(numbers)]
    return points_of(scaled, shape, text, least=3)
