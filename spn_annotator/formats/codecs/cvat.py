"""CVAT's "Segmentation mask 1.1": the layout of Pascal VOC in the labels' own colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.errors import FormatError
from spn_annotator.formats.atomic import atomic_write, make_folder
from spn_annotator.formats.codec import Dataset, Outgoing, Traits, WriteOptions, Written
from spn_annotator.formats.codecs.voc import Palette, check_number, read_voc, write_lines
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.palettes import distinct_colors, voc_palette
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.structured import read_lines

_TABLE = "labelmap.txt"
_BACKGROUND = "background"


class CvatCodec:
    """CVAT."""

    name = "cvat"
    traits = Traits(
        title="CVAT segmentation mask 1.1",
        layout="labelmap.txt, SegmentationClass/, SegmentationObject/, "
        "ImageSets/Segmentation/default.txt, JPEGImages/",
        lost="names of objects; more than 254 objects in an image",
    )

    def detect(self, source: Path) -> bool:
        """Return whether the table of labels is there."""
        return (source / _TABLE).is_file() and (source / "SegmentationClass").is_dir()

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder that holds ``labelmap.txt``."""
        return read_voc(source, _table(source / _TABLE, limits), limits)

    def writer(self, out: Path, options: WriteOptions) -> CvatWriter:
        """Begin a data set."""
        return CvatWriter(out, options)


class CvatWriter:
    """A data set for CVAT being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._stems: dict[str, list[str]] = {split: [] for split in options.splits}
        # Colours once given stay: labels may still turn up while images are written.
        self._colors: dict[int, tuple[int, int, int]] = {}

    def add(self, image: Outgoing) -> Written:
        """Write both maps of an image in colours, and copy its picture."""
        check_number(image)
        files: list[Path] = []
        notes: list[str] = []
        if self._copies:
            placed, notes = place_image(image, self._out / "JPEGImages", image.stem)
            files = [placed] if placed is not None else []
        for label_id, color in distinct_colors(image.labels).items():
            if label_id not in self._colors and color not in self._colors.values():
                self._colors[label_id] = color
        for label in image.labels:
            if label.id not in self._colors:
                self._colors[label.id] = _spare(set(self._colors.values()))
        if any(self._colors[label.id] != label.color for label in image.labels):
            notes.append("a label got another colour: two had one, or it was black or void's")
        voc = np.frombuffer(voc_palette(), np.uint8).reshape(256, 3)
        classes = {item.id: self._colors[item.label_id] for item in image.present}
        objects = {item.id: voc[place] for place, item in enumerate(image.present, start=1)}
        for name, colors in (("SegmentationClass", classes), ("SegmentationObject", objects)):
            table = np.zeros((max(image.areas, default=0) + 1, 3), np.uint8)
            for object_id, color in colors.items():
                table[object_id] = color
            file = make_folder(self._out / name) / f"{image.stem}.png"
            with atomic_write(file) as handle:
                Image.fromarray(table[image.object_map]).save(handle, "PNG")
            files.append(file)
        self._stems.setdefault(image.split or "default", []).append(image.stem)
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the table of labels and the lists of images."""
        folder = make_folder(self._out / "ImageSets" / "Segmentation")
        files = []
        for split, stems in (self._stems or {"default": []}).items():
            files.append(folder / f"{split}.txt")
            write_lines(files[-1], stems)
        lines = ["# label:color_rgb:parts:actions", f"{_BACKGROUND}:0,0,0::"]
        spare = distinct_colors(labels)
        for label in labels:
            color = self._colors.get(label.id, spare[label.id])
            name = label.name.replace(":", " ").replace(",", " ")
            lines.append(f"{name}:{','.join(str(value) for value in color)}::")
        files.append(self._out / _TABLE)
        write_lines(files[-1], lines)
        return files


def _spare(taken: set[tuple[int, int, int]]) -> tuple[int, int, int]:
    voc = np.frombuffer(voc_palette(), np.uint8).reshape(256, 3).tolist()
    return next((r, g, b) for r, g, b in voc[1:255] if (r, g, b) not in taken)


def _table(path: Path, limits: Limits) -> Palette:
    found: Palette = {}
    for line in read_lines(path, limits):
        if line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        values = rest.partition(":")[0].split(",")
        if not (len(values) == 3 and all(_is_byte(value) for value in values)):
            raise FormatError(
                f"has the line {line[:60]!r}, which is no name:red,green,blue::", path=path
            )
        color = (int(values[0]), int(values[1]), int(values[2]))
        if color == (0, 0, 0):
            continue  # the background, whatever its name
        if any(color == other for _, other in found.values()):
            raise FormatError(f"gives the colour {color} to two labels", path=path)
        if len(found) >= 254:
            raise FormatError("has more than 254 labels", path=path)
        found[len(found) + 1] = (name, color)
    return found


def _is_byte(text: str) -> bool:
    text = text.strip()
    return text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 255
