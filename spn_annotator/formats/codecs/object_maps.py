"""Object ids in 16-bit PNG or TIFF files, with a table of the objects beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FormatError, UsageError
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
from spn_annotator.formats.codecs.plain import root_of, split_of
from spn_annotator.formats.composing import compose_values
from spn_annotator.formats.containment import inside
from spn_annotator.formats.images import count_pages
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.structured import expect, read_json, write_json
from spn_annotator.formats.values import (
    Pictures,
    check_shape,
    looks_like_ids,
    own_files,
    read_values,
    save_numbers,
)

TABLE_NAME = "objects.json"
_REMEDY = "Export the data set again"


class ObjectMapCodec:
    """A folder of maps of object ids."""

    name = ""
    kind = ""
    suffixes: tuple[str, ...] = ()
    traits: Traits

    def detect(self, source: Path) -> bool:
        """Return whether the table of objects is there and names such files."""
        if source.is_file():
            return False
        return (source / TABLE_NAME).is_file() and bool(self._files(source))

    def _files(self, root: Path) -> list[Path]:
        return [
            path
            for pattern in ("*", "*/*")
            for path in own_files(root, pattern)
            if path.suffix.lower() in self.suffixes
            and not {"images", "JPEGImages"} & set(path.relative_to(root).parts[:-1])
        ]

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder or a single file; each page of a TIFF is an image."""
        root = root_of(source)
        pictures = Pictures(root, ("images", "JPEGImages", ""), but=self.suffixes[0])
        if source.is_dir() and (source / TABLE_NAME).is_file():
            return _with_table(source, pictures, limits)
        book = LabelBook()
        items = []
        for path in [source] if source.is_file() else self._files(root):
            pages = count_pages(path)
            for page in range(min(pages, limits.images)):
                stem = f"{path.stem}_p{page + 1:03}" if pages > 1 else path.stem
                picture = pictures.of(stem) or (pictures.of(path.stem) if pages == 1 else None)
                items.append(
                    ExportItem(
                        picture.name if picture else stem + path.suffix,
                        lambda path=path, picture=picture, page=page: _bare(
                            path, picture, page, book, limits
                        ),
                        image=picture,
                        split=split_of(path, root),
                    )
                )
        return Dataset(source, book, items[: limits.images])

    def writer(self, out: Path, options: WriteOptions) -> ObjectMapWriter:
        """Begin a folder."""
        return ObjectMapWriter(out, self.kind, self.suffixes[0])


class Png16Codec(ObjectMapCodec):
    """16-bit PNG."""

    name = "png16"
    kind = "PNG"
    suffixes = (".png",)
    traits = Traits(
        title="16-bit PNG", layout="STEM.png (object ids), objects.json", lost="pictures"
    )


class TiffCodec(ObjectMapCodec):
    """16-bit TIFF."""

    name = "tiff"
    kind = "TIFF"
    suffixes = (".tif", ".tiff")
    traits = Traits(
        title="16-bit TIFF", layout="STEM.tif (object ids), objects.json", lost="pictures"
    )

    def detect(self, source: Path) -> bool:
        """Return whether the table is there, or there is a TIFF of numbers and nothing else."""
        if super().detect(source):
            return True
        files = [source] if source.is_file() else self._files(source)
        return bool(files) and all(
            path.suffix.lower() in self.suffixes and looks_like_ids(path) for path in files[:3]
        )


class ObjectMapWriter:
    """A folder of object maps being written."""

    def __init__(self, out: Path, kind: str, suffix: str) -> None:
        self._out = out
        self._kind = kind
        self._suffix = suffix
        self._images: list[dict[str, Any]] = []

    def add(self, image: Outgoing) -> Written:
        """Write one map."""
        folder = make_folder(self._out / image.split) if image.split else self._out
        file = folder / (image.stem + self._suffix)
        with atomic_write(file) as handle:
            save_numbers(handle, image.object_map.astype(np.uint16), kind=self._kind)
        self._images.append(
            {
                "name": image.name,
                "file": file.relative_to(self._out).as_posix(),
                "split": image.split,
                "objects": [
                    {"id": item.id, "label": item.label_id, "name": item.name}
                    for item in image.present
                ],
            }
        )
        return Written((file,), len(image.areas))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the table."""
        file = self._out / TABLE_NAME
        write_json(file, {**labels.to_json(), "images": self._images}, indent=1)
        return [file]


def _with_table(root: Path, pictures: Pictures, limits: Limits) -> Dataset:
    table = root / TABLE_NAME
    content = expect(dict, read_json(table, limits), "the table", table)
    try:
        labels = LabelSet.from_json(content)
    except FormatError as error:
        raise FormatError(error.message[:200], path=table, remedy=_REMEDY) from error
    dataset = Dataset(root, LabelBook(labels))
    items = []
    for entry in expect(list, content.get("images"), "images", table)[: limits.images]:
        expect(dict, entry, "an entry of images", table)
        name = expect(str, entry.get("name"), "the name of an image", table)
        try:
            path = inside(root, entry.get("file"))
        except FormatError as error:
            dataset.problems.append((clean_name(name), str(error)))
            continue
        split = entry.get("split")
        picture = pictures.of(path.stem)
        items.append(
            ExportItem(
                name,
                lambda path=path, picture=picture, entry=entry: _listed(
                    path, picture, entry.get("objects"), labels, limits
                ),
                image=picture,
                split=split if isinstance(split, str) else "",
            )
        )
    dataset.items = items
    return dataset


def _listed(
    path: Path, picture: Path | None, entries: Any, labels: LabelSet, limits: Limits
) -> AnnotatedImage:
    values, _ = read_values(path, limits)
    check_shape(values.shape, picture, path)
    objects: dict[int, AnnotatedObject] = {}
    for entry in expect(list, entries, "objects", path):
        expect(dict, entry, "an object", path)
        label_id = expect(int, entry.get("label"), "the label of an object", path)
        name = entry.get("name", "")
        if label_id not in labels:
            raise FormatError(f"has an object of the unknown label {label_id}", path=path)
        try:
            item = AnnotatedObject(
                expect(int, entry.get("id"), "the id of an object", path),
                label_id,
                clean_name(name) if isinstance(name, str) and name.strip() else "",
            )
        except UsageError as error:
            raise FormatError(error.message, path=path, remedy=_REMEDY) from error
        if item.id in objects:
            raise FormatError(f"has two objects with the id {item.id}", path=path, remedy=_REMEDY)
        objects[item.id] = item
    limits.check_objects(len(objects), path)
    found = set(distinct(values)) - {0}
    if unknown := sorted(found - set(objects)):
        raise FormatError(
            f"has pixels of object {unknown[0]}, which {TABLE_NAME} does not list",
            path=path,
            remedy=_REMEDY,
        )
    return AnnotatedImage(values.astype(np.uint16), objects)


def _bare(
    path: Path, picture: Path | None, page: int, book: LabelBook, limits: Limits
) -> AnnotatedImage:
    """Read a map without a table: its values are labels, or objects if they are too many."""
    values, _ = read_values(path, limits, page=page)
    check_shape(values.shape, picture, path)
    found = [value for value in distinct(values) if value]
    limits.check_objects(len(found), path)
    if found in ([1], [255], [65535]):
        labels = {found[0]: book.named("object")}
    elif any(not 0 < value < 255 for value in found):
        labels = {value: book.named("object") for value in found}
    else:
        labels = {value: book.keyed(value, f"label {value}", wanted=int(value)) for value in found}
    return compose_values(values, labels, limits, path)
