"""COCO panoptic: a PNG an image whose colours number the segments, and a JSON file about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from spn_annotator import __version__
from spn_annotator.annotation.labels import LabelSet
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
from spn_annotator.formats.codecs.instances import (
    find_picture,
    head_of,
    json_files,
    read_categories,
    read_images,
    read_json_files,
    relative_name,
)
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.containment import found_inside, inside
from spn_annotator.formats.labelbook import clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct, through
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.structured import expect, read_json, write_json
from spn_annotator.formats.values import check_shape, read_values

_REMEDY = "Export the data set again"


class PanopticCodec:
    """COCO panoptic."""

    name = "coco-panoptic"
    traits = Traits(
        title="COCO panoptic",
        layout="panoptic.json, panoptic/STEM.png or panoptic_SPLIT.json, panoptic_SPLIT/; images/",
        lost="names of objects",
    )

    def detect(self, source: Path) -> bool:
        """Return whether a JSON file is named so, or begins with segments."""
        return any(_is_panoptic(path) for path in json_files(source)[:20])

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a JSON file, or a folder with some in it or in ``annotations``."""
        return read_json_files(source, limits, _is_panoptic, _open, kind="panoptic")

    def writer(self, out: Path, options: WriteOptions) -> PanopticWriter:
        """Begin a data set."""
        return PanopticWriter(out, options)


class PanopticWriter:
    """A panoptic data set being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"
        self._parts: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
            split: ([], []) for split in options.splits or ("",)
        }
        self._images = 0

    def add(self, image: Outgoing) -> Written:
        """Write one map, and copy its picture."""
        files: list[Path] = []
        notes: list[str] = []
        file_name = relative_name(image.name)
        if self._copies and image.image is not None:
            placed, notes = place_image(image, self._out / "images", image.stem)
            if placed is not None:
                files, file_name = [placed], placed.name
        folder = make_folder(self._out / _folder(image.split))
        file = folder / f"{image.stem}.png"
        ids = image.object_map.astype(np.uint32)
        with atomic_write(file) as handle:
            colors = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1)
            Image.fromarray(colors.astype(np.uint8)).save(handle, "PNG")
        files.append(file)
        self._images += 1
        height, width = image.shape
        images, annotations = self._parts.setdefault(image.split, ([], []))
        images.append(
            {"id": self._images, "file_name": file_name, "width": width, "height": height}
        )
        annotations.append(
            {
                "image_id": self._images,
                "file_name": file.name,
                "segments_info": [
                    {
                        "id": item.id,
                        "category_id": item.label_id,
                        "area": image.areas[item.id],
                        "bbox": box,
                        "iscrowd": 0,
                    }
                    for item, box in zip(image.present, image.boxes, strict=True)
                ],
            }
        )
        named = any(item.name for item in image.present)
        if named:
            notes.append("names of objects are left out: the format has no place for them")
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the JSON files."""
        files = []
        categories = [
            {"id": item.id, "name": item.name, "color": list(item.color)}
            | {"isthing": 1, "supercategory": ""}
            for item in labels
        ]
        for split, (images, entries) in self._parts.items():
            make_folder(self._out / _folder(split))
            file = self._out / f"{_folder(split)}.json"
            about = {"description": f"Exported by SPN Annotator {__version__}"}
            content = {"info": about, "images": images, "annotations": entries}
            write_json(file, {**content, "categories": categories})
            files.append(file)
        return files


def _folder(split: str) -> str:
    return f"panoptic_{split}" if split else "panoptic"


def _is_panoptic(path: Path) -> bool:
    return "panoptic" in path.name or '"segments_info"' in head_of(path)


def _open(path: Path, root: Path, split: str, dataset: Dataset, limits: Limits) -> list[ExportItem]:
    content = expect(dict, read_json(path, limits), "the file", path)
    labels = read_categories(content, dataset.book, path)
    images = read_images(content, path, dataset, limits)
    items = []
    without = dict(images)
    for entry in expect(list, content.get("annotations"), "annotations", path):
        expect(dict, entry, "an annotation", path)
        number = entry.get("image_id")
        image = without.pop(number, None) if type(number) is int else None
        name = expect(str, entry.get("file_name"), "the file name of a map", path)
        if image is None:
            dataset.problems.append((clean_name(name), "it belongs to no image, or to one twice"))
            continue
        try:
            inside(path.parent, name)
        except FormatError as error:
            dataset.problems.append((clean_name(name), str(error)))
            continue
        picture = find_picture(root, path, image["file_name"], split)
        items.append(
            ExportItem(
                relative_name(image["file_name"].replace("\\", "/")),
                lambda entry=entry, image=image, picture=picture, name=name: _read(
                    entry, image, _find_map(path, name), picture, labels, limits
                ),
                image=picture,
                split=split,
            )
        )
    for image in without.values():
        dataset.problems.append((clean_name(image["file_name"]), "it has no annotation"))
    return items


def _find_map(path: Path, name: str) -> Path:
    for folder in (path.stem, "panoptic", "."):
        found = found_inside(path.parent, f"{folder}/{name}" if folder != "." else name)
        if found is not None:
            return found
    return path.parent / path.stem / name


def _read(
    entry: dict[str, Any],
    image: dict[str, Any],
    path: Path,
    picture: Path | None,
    labels: dict[int, int],
    limits: Limits,
) -> AnnotatedImage:
    colors, _ = read_values(path, limits, colors=True)
    stated = limits.check_size(image.get("width"), image.get("height"), path)
    if colors.shape[:2] != (stated[1], stated[0]):
        raise FormatError("has another size than its image is said to have", path=path)
    check_shape(colors.shape, picture, path)
    ids = colors.astype(np.int32)
    if ids.ndim == 3:
        ids = ids[..., 0] + 256 * ids[..., 1] + 65536 * ids[..., 2]
    composer = Composer((ids.shape[0], ids.shape[1]), limits, path)
    table: dict[int, int] = {}
    for segment in expect(list, entry.get("segments_info"), "segments_info", path):
        expect(dict, segment, "a segment", path)
        number = expect(int, segment.get("id"), "the id of a segment", path)
        category = segment.get("category_id")
        label_id = labels.get(category) if type(category) is int else None
        if not 0 < number < 2**24 or number in table:
            raise FormatError(
                f"has a segment of the id {number!r:.20}, which cannot be or is there twice",
                path=path,
                remedy=_REMEDY,
            )
        if label_id is None:
            composer.drop(f"segment {number}", f"there is no category {category!r:.20}")
            table[number] = 0
            continue
        table[number] = composer.add(label_id)
    stray = [number for number in distinct(ids) if number and number not in table]
    if stray:
        composer.drop(f"{len(stray):,} segments", "segments_info does not list them")
    composer.object_map[...] = through(ids, table, np.uint16)
    return composer.done()
