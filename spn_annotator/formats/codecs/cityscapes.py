"""Cityscapes: maps of label ids, of objects and of colours, by city, sequence and frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from spn_annotator.annotation.labels import Color, LabelSet
from spn_annotator.errors import FormatError
from spn_annotator.formats.atomic import atomic_write, make_folder
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
from spn_annotator.formats.containment import found_inside
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct, through
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.values import check_shape, own_files, read_values, save_numbers

_NAME = re.compile(r"([a-zA-Z-]+)_([0-9]{6})_([0-9]{6})(?:_leftImg8bit)?")
_MOST = 1000  # objects of one class in an image
_GROUP = "objects of classes without instances in Cityscapes became one"


@dataclass(frozen=True)
class CityLabel:
    """A class of Cityscapes: its id, name, colour, and whether its objects are told apart."""

    id: int
    name: str
    color: Color
    instances: bool = False


# Ids, names and colours as the data set's own scripts define them (Cordts et al., "The Cityscapes
# Dataset for Semantic Urban Scene Understanding", CVPR 2016).
LABELS: tuple[CityLabel, ...] = (
    CityLabel(1, "ego vehicle", (0, 0, 0)),
    CityLabel(2, "rectification border", (0, 0, 0)),
    CityLabel(3, "out of roi", (0, 0, 0)),
    CityLabel(4, "static", (0, 0, 0)),
    CityLabel(5, "dynamic", (111, 74, 0)),
    CityLabel(6, "ground", (81, 0, 81)),
    CityLabel(7, "road", (128, 64, 128)),
    CityLabel(8, "sidewalk", (244, 35, 232)),
    CityLabel(9, "parking", (250, 170, 160)),
    CityLabel(10, "rail track", (230, 150, 140)),
    CityLabel(11, "building", (70, 70, 70)),
    CityLabel(12, "wall", (102, 102, 156)),
    CityLabel(13, "fence", (190, 153, 153)),
    CityLabel(14, "guard rail", (180, 165, 180)),
    CityLabel(15, "bridge", (150, 100, 100)),
    CityLabel(16, "tunnel", (150, 120, 90)),
    CityLabel(17, "pole", (153, 153, 153)),
    CityLabel(18, "polegroup", (153, 153, 153)),
    CityLabel(19, "traffic light", (250, 170, 30)),
    CityLabel(20, "traffic sign", (220, 220, 0)),
    CityLabel(21, "vegetation", (107, 142, 35)),
    CityLabel(22, "terrain", (152, 251, 152)),
    CityLabel(23, "sky", (70, 130, 180)),
    CityLabel(24, "person", (220, 20, 60), instances=True),
    CityLabel(25, "rider", (255, 0, 0), instances=True),
    CityLabel(26, "car", (0, 0, 142), instances=True),
    CityLabel(27, "truck", (0, 0, 70), instances=True),
    CityLabel(28, "bus", (0, 60, 100), instances=True),
    CityLabel(29, "caravan", (0, 0, 90), instances=True),
    CityLabel(30, "trailer", (0, 0, 110), instances=True),
    CityLabel(31, "train", (0, 80, 100), instances=True),
    CityLabel(32, "motorcycle", (0, 0, 230), instances=True),
    CityLabel(33, "bicycle", (119, 11, 32), instances=True),
)
_BY_NAME = {label.name: label for label in LABELS}
_BY_ID = {label.id: label for label in LABELS}


class CityscapesCodec:
    """Cityscapes."""

    name = "cityscapes"
    traits = Traits(
        title="Cityscapes",
        layout="gtFine/SPLIT/CITY/CITY_SEQUENCE_FRAME_gtFine_{labelIds,instanceIds,color}.png, "
        "leftImg8bit/",
        lost="labels that are none of Cityscapes', colours of labels, names of objects; objects "
        "of the classes without instances become one",
    )

    def detect(self, source: Path) -> bool:
        """Return whether maps of label or instance ids are there."""
        return bool(_maps(source))

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open the folder that holds ``gtFine``, or one inside that."""
        maps = _maps(source)
        if not maps:
            raise FormatError("holds no *_gtFine_instanceIds.png", path=source)
        book = LabelBook()
        items = []
        for base, path in list(maps.items())[: limits.images]:
            parts = path.relative_to(source).parts
            split = parts[1] if parts[0] == "gtFine" and len(parts) > 3 else ""
            city = path.parent.name
            place = f"leftImg8bit/{split}/{city}/{base}_leftImg8bit.png"
            picture = found_inside(source, place)
            items.append(
                ExportItem(
                    f"{base}.png",
                    lambda path=path, picture=picture: _read(path, picture, book, limits),
                    image=picture,
                    split=split,
                )
            )
        return Dataset(source, book, items)

    def writer(self, out: Path, options: WriteOptions) -> CityscapesWriter:
        """Begin a data set."""
        return CityscapesWriter(out, options)


class CityscapesWriter:
    """A data set in the layout of Cityscapes being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._number = 0
        self._taken: set[str] = set()

    def add(self, image: Outgoing) -> Written:
        """Write the three maps of an image, and copy its picture."""
        classes: dict[int, int] = {}
        objects: dict[int, int] = {}
        counts: dict[int, int] = {}
        dropped = []
        merged = False
        for item in image.present:
            label = _BY_NAME.get(image.labels.get(item.label_id).name)
            if label is None:
                name = image.labels.get(item.label_id).name
                dropped.append((f"object {item.id}", f"Cityscapes has no class {name!r}"))
                continue
            number = counts.get(label.id, 0)
            counts[label.id] = number + 1
            if number >= _MOST:
                raise FormatError(f"has more than {_MOST:,} objects {label.name}", path=image.name)
            classes[item.id] = label.id
            objects[item.id] = label.id * 1000 + number if label.instances else label.id
            merged |= number > 0 and not label.instances
        base, city = self._base(image)
        split = image.split or "train"
        files: list[Path] = []
        notes: list[str] = [_GROUP] if merged else []
        if self._copies:
            placed, more = place_image(
                image,
                self._out / "leftImg8bit" / split / city,
                f"{base}_leftImg8bit",
                suffixes=frozenset({".png"}),
            )
            files += [placed] if placed is not None else []
            notes += more
        folder = make_folder(self._out / "gtFine" / split / city)
        ids = image.mapped(classes, np.uint8)
        colors = np.zeros((256, 3), np.uint8)
        for label in LABELS:
            colors[label.id] = label.color
        for kind, values in (
            ("labelIds", ids),
            ("instanceIds", image.mapped(objects, np.uint16)),
            ("color", colors[ids]),
        ):
            file = folder / f"{base}_gtFine_{kind}.png"
            with atomic_write(file) as handle:
                if values.ndim == 3:
                    Image.fromarray(values).save(handle, "PNG")
                else:
                    save_numbers(handle, values, kind="PNG")
            files.append(file)
        return Written(
            tuple(files), len(classes), dropped=tuple(dropped), notes=tuple(notes), stem=base
        )

    def _base(self, image: Outgoing) -> tuple[str, str]:
        """Return the name that the files begin with, and the city."""
        match = _NAME.fullmatch(image.name.rpartition("/")[2].rpartition(".")[0])
        if match and match[0] not in self._taken:
            base = "_".join(match.groups())
            if base not in self._taken:
                self._taken.add(base)
                return base, match[1]
        self._number += 1
        base = f"images_000000_{self._number:06}"
        self._taken.add(base)
        return base, "images"

    def finish(self, labels: LabelSet) -> list[Path]:
        """Return nothing: all is in the files of the images."""
        return []


def _maps(source: Path) -> dict[str, Path]:
    """Return the best map of each base name: of instances, else of labels."""
    found: dict[str, Path] = {}
    for kind in ("labelIds", "instanceIds"):
        end = f"_gtFine_{kind}.png"
        for path in own_files(source, f"**/*{end}"):
            found[path.name.removesuffix(end)] = path
    return found


def _read(path: Path, picture: Path | None, book: LabelBook, limits: Limits) -> AnnotatedImage:
    values, _ = read_values(path, limits)
    check_shape(values.shape, picture, path)
    composer = Composer((values.shape[0], values.shape[1]), limits, path)
    numbers: dict[int, int] = {}
    for value, count in distinct(values).items():
        label = _BY_ID.get(value if value < 1000 else value // 1000)
        if value == 0:
            continue
        if label is None:
            composer.drop(f"{count:,} pixels of the value {value}", "Cityscapes has no such class")
            continue
        label_id = book.keyed(label.id, label.name, color=_visible(label.color), wanted=label.id)
        numbers[value] = composer.add(label_id)
    composer.object_map[...] = through(values, numbers, np.uint16)
    return composer.done()


def _visible(color: Color) -> Color | None:
    return color if any(color) else None
