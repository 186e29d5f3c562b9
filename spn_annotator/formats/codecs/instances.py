"""COCO instances: masks as run lengths, or polygons."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import Color, LabelSet, color_from_hex
from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.atomic import make_folder
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Outgoing,
    Traits,
    WriteOptions,
    Written,
)
from spn_annotator.formats.codecs.plain import root_of
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.containment import found_inside, inside
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.rle import decode_rle
from spn_annotator.formats.shapes import fill_coco, points_of
from spn_annotator.formats.structured import expect, read_json
from spn_annotator.formats.values import check_shape, own_files

COCO_NAME = "instances.json"
_OTHERS = {"export_report.json", "labels.json", "objects.json", "config.json"}
_IMAGE = {"id", "file_name", "width", "height", "license"}  # licenses are those of one file
_ANNOTATION = {"id", "image_id", "category_id", "segmentation", "area", "bbox"}
SLITS = "holes became slits of no width in the outline: polygons know no holes"


class CocoCodec:
    """Run lengths."""

    name = "coco"
    traits = Traits(
        title="COCO instances",
        layout="instances.json or instances_SPLIT.json, images/",
    )
    polygons = False

    def detect(self, source: Path) -> bool:
        """Return whether a JSON file begins like COCO's."""
        return any(looks_like_coco(path) for path in json_files(source)[:20])

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a JSON file, or a folder with some in it or in ``annotations``."""
        return read_json_files(source, limits, looks_like_coco, _open, kind="COCO")

    def writer(self, out: Path, options: WriteOptions) -> CocoWriter:
        """Begin a data set."""
        return CocoWriter(out, options, polygons=self.polygons)


class CocoPolygonsCodec(CocoCodec):
    """Polygons; reading is the same."""

    name = "coco-polygons"
    traits = Traits(
        title="COCO instances, polygons",
        layout="instances.json or instances_SPLIT.json, images/",
        lost="nothing; holes become slits",
    )
    polygons = True

    def detect(self, source: Path) -> bool:
        """Leave that to `CocoCodec`."""
        return False


class CocoWriter:
    """A COCO data set being written."""

    def __init__(self, out: Path, options: WriteOptions, *, polygons: bool) -> None:
        from spn_annotator.formats.coco import CocoBuilder

        self._make = lambda: CocoBuilder((), polygons=polygons)
        self._builders = {split: self._make() for split in options.splits or ("",)}
        self._out = out
        self._copies = options.images == "copy"

    def add(self, image: Outgoing) -> Written:
        """Take one image in, and copy its picture."""
        from spn_annotator.formats.coco import CocoImage

        builder = self._builders.get(image.split)
        if builder is None:
            builder = self._builders[image.split] = self._make()
        builder.use(image.labels)
        files: list[Path] = []
        notes: list[str] = []
        file_name = relative_name(image.name)
        if self._copies and image.image is not None:
            placed, notes = place_image(image, self._out / "images", image.stem)
            if placed is not None:
                files, file_name = [placed], placed.name
        before, holes = len(builder.ious), builder.holes
        objects = builder.add(
            CocoImage(
                file_name, image.object_map, image.annotated.objects, extra=image.extra("coco")
            )
        )
        if builder.holes > holes:
            notes.append(SLITS)
        ious = tuple(builder.ious[before:])
        return Written(tuple(files), objects, notes=tuple(notes), ious=ious)

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the JSON files."""
        folder = make_folder(self._out)
        files = []
        for split, builder in self._builders.items():
            builder.use(labels)
            file = folder / (f"instances_{split}.json" if split else COCO_NAME)
            builder.write(file)
            files.append(file)
        return files


def relative_name(name: str) -> str:
    """Return the path of an image as it stands in a file: never absolute, never climbing out."""
    inside_out = not name.startswith("/") and ".." not in PurePosixPath(name).parts
    return name if inside_out else PurePosixPath(name).name


def json_files(source: Path) -> list[Path]:
    """Return the JSON file that is named, or those of a folder and its ``annotations``."""
    if source.is_file():
        return [source] if source.suffix.lower() == ".json" else []
    return [
        path
        for pattern in ("*.json", "annotations/*.json")
        for path in own_files(source, pattern)
        if path.name not in _OTHERS
    ]


def read_json_files(
    source: Path,
    limits: Limits,
    belongs: Callable[[Path], bool],
    open_file: Callable[[Path, Path, str, Dataset, Limits], list[ExportItem]],
    *,
    kind: str,
) -> Dataset:
    """Open a JSON file, or those of a folder that ``belongs`` accepts, with ``open_file``.

    Raises
    ------
    FormatError
        There is none; the message names the ``kind``.
    """
    files = [path for path in json_files(source) if source.is_file() or belongs(path)]
    if not files:
        raise FormatError(f"holds no {kind} file", path=source, remedy="Name the JSON file")
    dataset = Dataset(source, LabelBook())
    items: list[ExportItem] = []
    for path in files:
        split = split_from_name(path) if len(files) > 1 else ""
        items += open_file(path, coco_root(source, path), split, dataset, limits)
    dataset.items = items[: limits.images]
    return dataset


def head_of(path: Path) -> str:
    """Return the beginning of a text file, empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""


def looks_like_coco(path: Path) -> bool:
    """Return whether a file begins like a COCO file that is not panoptic, nor labelme's."""
    head = head_of(path)
    if '"segments_info"' in head or "panoptic" in path.name or '"shapes"' in head:
        return False
    return bool(re.search(r'"(images|annotations|categories|licenses|info)"\s*:', head))


def split_from_name(path: Path) -> str:
    """Return ``train2017`` for ``instances_train2017.json``."""
    return re.sub(r"^(instances|panoptic)_?", "", path.stem)


def coco_root(source: Path, path: Path) -> Path:
    """Return the folder that images are looked for in."""
    root = root_of(source)
    return root.parent if source.is_file() and path.parent.name == "annotations" else root


def find_picture(root: Path, path: Path, file_name: str, split: str) -> Path | None:
    """Return the picture of a COCO file, None if it is not where such pictures lie."""
    base = path.parent.resolve()
    try:
        start = base.relative_to(root.resolve()).as_posix()
    except ValueError:
        start = "."
    for folder in (start, f"{start}/images", ".", "images", split, f"images/{split}"):
        if folder:
            found = found_inside(root, f"{folder}/{file_name}" if folder != "." else file_name)
            if found is not None:
                return found
    return None


def read_categories(content: dict[str, Any], book: LabelBook, path: Path) -> dict[int, int]:
    """Return the label id of each category id."""
    found: dict[int, int] = {}
    for entry in expect(list, content.get("categories", []), "categories", path):
        expect(dict, entry, "a category", path)
        number = expect(int, entry.get("id"), "the id of a category", path)
        name = expect(str, entry.get("name"), "the name of a category", path)
        if number in found:
            raise FormatError(f"has two categories with the id {number}", path=path)
        found[number] = book.keyed(
            (number, name), name, color=_color(entry.get("color")), wanted=number
        )
    return found


def _color(value: Any) -> Color | None:
    if isinstance(value, str):
        try:
            return color_from_hex(value)
        except UsageError:
            return None
    if isinstance(value, list) and len(value) == 3:
        if all(type(item) is int and 0 <= item <= 255 for item in value):
            return value[0], value[1], value[2]
    return None


def read_images(
    content: dict[str, Any], path: Path, dataset: Dataset, limits: Limits
) -> dict[int, dict[str, Any]]:
    """Return the images of a COCO file by id; what is wrong with one is listed as a problem."""
    found: dict[int, dict[str, Any]] = {}
    entries = expect(list, content.get("images"), "images", path)
    if len(entries) > limits.images:
        raise FormatError(f"has more than {limits.images:,} images", path=path)
    for entry in entries:
        expect(dict, entry, "an image", path)
        number = expect(int, entry.get("id"), "the id of an image", path)
        name = expect(str, entry.get("file_name"), "the file name of an image", path)
        try:
            inside(path.parent, name)
        except FormatError as error:
            dataset.problems.append((clean_name(name), str(error)))
            continue
        if number in found:
            dataset.problems.append((clean_name(name), f"another image has the id {number}"))
            continue
        found[number] = entry
    return found


def _open(path: Path, root: Path, split: str, dataset: Dataset, limits: Limits) -> list[ExportItem]:
    content = expect(dict, read_json(path, limits), "the file", path)
    labels = read_categories(content, dataset.book, path)
    images = read_images(content, path, dataset, limits)
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in images}
    stray = 0
    for entry in expect(list, content.get("annotations", []), "annotations", path):
        expect(dict, entry, "an annotation", path)
        number = entry.get("image_id")
        if type(number) is int and number in found:
            found[number].append(entry)
        else:
            stray += 1
    if stray:
        dataset.problems.append((path.name, f"{stray:,} annotations belong to no image of it"))
    items = []
    for number, entry in images.items():
        name = entry["file_name"]
        picture = find_picture(root, path, name, split)
        items.append(
            ExportItem(
                relative_name(name.replace("\\", "/")),
                lambda number=number, entry=entry, picture=picture: _read(
                    entry, found[number], picture, labels, dataset.book, path, limits
                ),
                image=picture,
                split=split,
            )
        )
    return items


def _read(
    image: dict[str, Any],
    annotations: list[dict[str, Any]],
    picture: Path | None,
    labels: dict[int, int],
    book: LabelBook,
    path: Path,
    limits: Limits,
) -> AnnotatedImage:
    width, height = limits.check_size(image.get("width"), image.get("height"), path)
    check_shape((height, width), picture, path)
    composer = Composer((height, width), limits, path, book=book)
    said: dict[int, dict[str, Any]] = {}
    for place, entry in enumerate(annotations, start=1):
        what = f"annotation {entry.get('id', place)!r:.20}"
        label_id = labels.get(entry["category_id"]) if _is_id(entry.get("category_id")) else None
        if label_id is None:
            composer.drop(what, f"there is no category {entry.get('category_id')!r:.20}")
            continue
        found = _mask(entry.get("segmentation"), (height, width), path)
        if found is None:
            composer.drop(what, "it has no mask")
            continue
        attributes = entry.get("attributes")
        name = attributes.get("name") if isinstance(attributes, dict) else None
        object_id = composer.add(label_id, name if isinstance(name, str) else "")
        composer.paint(object_id, found[0], x=found[1], y=found[2])
        said[object_id] = {key: value for key, value in entry.items() if key not in _ANNOTATION}
    about = {key: value for key, value in image.items() if key not in _IMAGE}
    return composer.done(extra={"coco": {"image": about, "objects": said}})


def _is_id(value: Any) -> bool:
    return type(value) is int


def _mask(
    segmentation: Any, shape: tuple[int, int], path: Path
) -> tuple[np.ndarray, int, int] | None:
    """Return a mask and its first column and row, None if there is none."""
    if isinstance(segmentation, dict):
        return *decode_rle(segmentation, shape, path), 0
    if not isinstance(segmentation, list) or not segmentation:
        return None
    polygons = segmentation if isinstance(segmentation[0], list) else [segmentation]
    points = [points_of(polygon, shape, path, least=3) for polygon in polygons]
    return fill_coco(points, shape)
