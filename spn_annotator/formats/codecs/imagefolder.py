"""A folder that Hugging Face ``datasets`` loads as ``imagefolder``: pictures, maps, a table."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.atomic import atomic_write, atomic_write_bytes, make_folder
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Outgoing,
    Traits,
    WriteOptions,
    Written,
)
from spn_annotator.formats.codecs.plain import LABELS_NAME, read_labels
from spn_annotator.formats.composing import compose_values
from spn_annotator.formats.containment import found_inside, inside
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.palettes import label_palette
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.structured import expect, read_json_lines, write_json
from spn_annotator.formats.values import check_shape, own_files, read_values, save_numbers

TABLE = "metadata.jsonl"
_REMEDY = "Export the data set again"


class ImageFolderCodec:
    """Hugging Face imagefolder."""

    name = "imagefolder"
    traits = Traits(
        title="Hugging Face imagefolder",
        layout="[SPLIT/]metadata.jsonl, images/, masks/ (labels), objects/ (16-bit object ids); "
        "labels.json",
    )

    def detect(self, source: Path) -> bool:
        """Return whether the table is there."""
        return source.is_dir() and bool(_tables(source))

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder with a table in it, or in a folder for each part."""
        tables = _tables(source) if source.is_dir() else []
        if not tables:
            raise FormatError(f"holds no {TABLE}", path=source, remedy=_REMEDY)
        book = LabelBook(read_labels(source, limits))
        dataset = Dataset(source, book)
        items: list[ExportItem] = []
        for table in tables:
            split = "" if table.parent == source else table.parent.name
            for number, row in read_json_lines(table, limits):
                try:
                    items.append(_item(row, table, source, split, book, limits))
                except FormatError as error:
                    dataset.problems.append((f"{table.name} line {number}", str(error)))
                if len(items) > limits.images:
                    raise FormatError(f"lists more than {limits.images:,} images", path=table)
        dataset.items = items
        return dataset

    def writer(self, out: Path, options: WriteOptions) -> ImageFolderWriter:
        """Begin a data set."""
        return ImageFolderWriter(out, options)


class ImageFolderWriter:
    """A folder for ``datasets`` being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._rows: dict[str, list[dict[str, Any]]] = {s: [] for s in options.splits or ("",)}

    def add(self, image: Outgoing) -> Written:
        """Write both maps of an image, copy its picture, and note its row."""
        root = self._out / image.split
        name = f"{image.stem}.png"
        files: list[Path] = []
        notes: list[str] = []
        row: dict[str, Any] = {}
        if self._copies:
            placed, notes = place_image(image, root / "images", image.stem)
            if placed is not None:
                files.append(placed)
                row["file_name"] = f"images/{placed.name}"
        mask = make_folder(root / "masks") / name
        write_label_map(mask, image.class_map, palette=label_palette(image.labels))
        objects = make_folder(root / "objects") / name
        with atomic_write(objects) as handle:
            save_numbers(handle, image.object_map.astype(np.uint16), kind="PNG")
        # A row without a picture would be refused: the map of labels takes its place.
        row.setdefault("file_name", f"masks/{name}")
        row |= {
            "mask_file_name": f"masks/{name}",
            "object_map_file_name": f"objects/{name}",
            "objects": [
                {"id": item.id, "label": item.label_id, "name": item.name, "bbox": box}
                for item, box in zip(image.present, image.boxes, strict=True)
            ],
        }
        self._rows.setdefault(image.split, []).append(row)
        return Written((*files, mask, objects), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the tables and the labels."""
        files = []
        for split, rows in self._rows.items():
            file = make_folder(self._out / split) / TABLE
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            atomic_write_bytes(file, "".join(lines).encode("utf-8", "backslashreplace"))
            files.append(file)
        write_json(self._out / LABELS_NAME, labels.to_json(), indent=1)
        return [*files, self._out / LABELS_NAME]


def _tables(source: Path) -> list[Path]:
    return own_files(source, TABLE) + own_files(source, f"*/{TABLE}")


def _item(
    row: Any, table: Path, source: Path, split: str, book: LabelBook, limits: Limits
) -> ExportItem:
    expect(dict, row, "a row", table)
    file_name = expect(str, row.get("file_name"), "file_name", table)
    inside(table.parent, file_name)
    key = next(
        (k for k in ("object_map_file_name", "mask_file_name") if isinstance(row.get(k), str)), ""
    )
    if not key:
        raise FormatError("has a row without a map", path=table, remedy=_REMEDY)
    path = inside(table.parent, row[key])
    picture = None
    if file_name != row.get("mask_file_name"):
        picture = found_inside(table.parent, file_name)
    entries = row.get("objects") if key == "object_map_file_name" else None
    return ExportItem(
        PurePosixPath(file_name.replace("\\", "/")).name,
        lambda: _read(path, picture, entries, book, limits),
        image=picture,
        split=split,
    )


def _read(
    path: Path, picture: Path | None, entries: Any, book: LabelBook, limits: Limits
) -> AnnotatedImage:
    values, _ = read_values(path, limits)
    check_shape(values.shape, picture, path)
    found = set(distinct(values)) - {0}
    if entries is None:
        if any(not 0 < value < 255 for value in found - {255}):
            raise FormatError("has values above 255, which are no labels", path=path)
        labels = {}
        for value in sorted(found - {255}):
            labels[value] = value if value in book.labels else book.keyed(value, f"label {value}")
        return compose_values(values, labels, limits, path)
    objects: dict[int, AnnotatedObject] = {}
    for entry in expect(list, entries, "objects", path):
        expect(dict, entry, "an object", path)
        number = expect(int, entry.get("id"), "the id of an object", path)
        label_id = expect(int, entry.get("label"), "the label of an object", path)
        name = entry.get("name")
        text = clean_name(name) if isinstance(name, str) and name.strip() else ""
        if label_id not in book.labels or number in objects:
            raise FormatError(f"has an object {number!r:.20} that cannot be", path=path)
        try:
            objects[number] = AnnotatedObject(number, label_id, text)
        except UsageError as error:
            raise FormatError(error.message, path=path, remedy=_REMEDY) from error
    limits.check_objects(len(objects), path)
    if found - set(objects):
        raise FormatError("has pixels of an object that the table does not list", path=path)
    return AnnotatedImage(values.astype(np.uint16), objects)
