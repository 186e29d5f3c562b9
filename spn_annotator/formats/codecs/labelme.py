"""labelme: a JSON file an image, with masks as small PNG pictures inside.

Unknown keys of a file, of its top level and of its shapes, survive reading and writing.
"""

from __future__ import annotations

import base64
import binascii
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from spn_annotator import __version__
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.errors import FormatError, SpnAnnotatorError
from spn_annotator.formats.atomic import make_folder
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Outgoing,
    Picture,
    Traits,
    WriteOptions,
    Written,
)
from spn_annotator.formats.codecs.instances import head_of
from spn_annotator.formats.codecs.plain import root_of, split_of
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.containment import found_inside
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.pictures import opened
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.shapes import LabelmeCanvas, points_of
from spn_annotator.formats.structured import expect, read_json, write_json
from spn_annotator.formats.values import Pictures, check_shape, own_files

_VERSION = "5.5.0"  # of labelme whose layout this is; newer ones read it
_TOP = {"version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth"}
_SHAPE = {"label", "points", "shape_type", "mask", "description"}
_REMEDY = "Save the file again with labelme"


class LabelmeCodec:
    """labelme."""

    name = "labelme"
    traits = Traits(
        title="labelme",
        layout="STEM.json beside the picture",
        lost="colours of labels; labels without an object",
    )

    def detect(self, source: Path) -> bool:
        """Return whether a JSON file begins like labelme's."""
        return any(_looks_like_labelme(path) for path in _files(source)[:20])

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a JSON file, or a folder of them, which may have folders for its parts."""
        root = root_of(source)
        pictures = Pictures(root)
        dataset = Dataset(source, LabelBook())
        items = []
        files = [source] if source.is_file() else _files(source)
        for path in files[: limits.images]:
            if source.is_dir() and not _looks_like_labelme(path):
                continue
            # Read twice, so that a thousand files with pictures in them need not be kept.
            try:
                name, picture = _picture(path, root, pictures, limits)
            except SpnAnnotatorError as error:
                dataset.problems.append((path.name, str(error)))
                continue
            items.append(
                ExportItem(
                    name,
                    lambda path=path, picture=picture: _read(path, picture, dataset.book, limits),
                    image=picture,
                    split=split_of(path, root),
                )
            )
        dataset.items = items
        return dataset

    def writer(self, out: Path, options: WriteOptions) -> LabelmeWriter:
        """Begin a folder."""
        return LabelmeWriter(out, options)


class LabelmeWriter:
    """A folder of labelme files being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"

    def add(self, image: Outgoing) -> Written:
        """Write one file, and copy its picture beside it."""
        folder = make_folder(self._out / image.split) if image.split else self._out
        file = folder / f"{image.stem}.json"
        files, notes = [file], []
        image_path = Path(image.name).name
        if self._copies:
            placed, notes = place_image(image, folder, image.stem)
            if placed is not None:
                files.append(placed)
                image_path = placed.name
        elif isinstance(image.image, Path):
            image_path = Path(os.path.relpath(image.image, folder)).as_posix()
        height, width = image.shape
        extra = image.extra("labelme") or _left_by(file)
        shapes = extra.get("objects", {})
        write_json(
            file,
            {
                "version": _VERSION,
                "flags": {},
                **extra.get("image", {"generator": f"SPN Annotator {__version__}"}),
                "shapes": [
                    _shape(image, place, box, shapes.get(item.id, {}))
                    for place, (item, box) in enumerate(
                        zip(image.present, image.boxes, strict=True)
                    )
                ],
                "imagePath": image_path,
                "imageData": None,
                "imageHeight": height,
                "imageWidth": width,
            },
            indent=2,
        )
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Return nothing: all is in the files of the images."""
        return []


def _shape(image: Outgoing, place: int, box: list[int], extra: dict[str, Any]) -> dict[str, Any]:
    item = image.present[place]
    x, y, width, height = box
    mask = image.object_map[y : y + height, x : x + width] == item.id
    stream = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8)).save(stream, "PNG")
    return {
        "group_id": None,
        "flags": {},
        **extra,
        "label": image.labels.get(item.label_id).name,
        "points": [[float(x), float(y)], [float(x + width - 1), float(y + height - 1)]],
        "description": item.name,
        "shape_type": "mask",
        "mask": base64.b64encode(stream.getvalue()).decode("ascii"),
    }


def _left_by(file: Path) -> dict[str, Any]:
    """Return the unknown keys of the file that is about to be replaced."""
    try:
        content = read_json(file, Limits())
    except SpnAnnotatorError:
        return {}
    if not isinstance(content, dict) or "shapes" not in content:
        return {}
    return {"image": _unknown(content)}


def _unknown(content: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in content.items() if key not in _TOP}
    flags = content.get("flags")
    return {"flags": flags if isinstance(flags, dict) else {}, **kept}


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source] if source.suffix.lower() == ".json" else []
    return own_files(source, "*.json") + own_files(source, "*/*.json")


def _looks_like_labelme(path: Path) -> bool:
    head = head_of(path)
    return '"shapes"' in head or ('"imagePath"' in head and '"flags"' in head)


def _picture(path: Path, root: Path, pictures: Pictures, limits: Limits) -> tuple[str, Picture]:
    """Return the name of the image that a file is about, and its picture."""
    content = expect(dict, read_json(path, limits), "the file", path)
    stated = content.get("imagePath")
    stated = stated.replace("\\", "/") if isinstance(stated, str) else ""
    folder = path.parent.relative_to(root).as_posix()
    prefix = "" if folder == "." else f"{folder}/"
    # A path that climbs is followed as long as it stays inside what was named as the source.
    joined = os.path.normpath(prefix + stated) if stated else ""
    found = found_inside(root, joined) if joined else None
    found = found or found_inside(path.parent, path.stem + Path(stated).suffix)
    found = found or pictures.of(path.stem)
    if found is not None:
        return found.name, found
    name = Path(stated).name or f"{path.stem}.png"
    data = content.get("imageData")
    if isinstance(data, str) and data:
        return name, lambda: _embedded(path, limits)
    return name, None


def _read(path: Path, picture: Picture, book: LabelBook, limits: Limits) -> AnnotatedImage:
    content = expect(dict, read_json(path, limits), "the file", path)
    shape = _size(content, picture, path, limits)
    if isinstance(picture, Path):
        check_shape(shape, picture, path)
    composer = Composer(shape, limits, path, book=book)
    canvas = LabelmeCanvas(shape)
    groups: dict[tuple[int, int], int] = {}
    extras: dict[int, dict[str, Any]] = {}
    for number, entry in enumerate(expect(list, content.get("shapes"), "shapes", path), start=1):
        expect(dict, entry, "a shape", path)
        label = expect(str, entry.get("label"), "the label of a shape", path)
        kind = entry.get("shape_type", "polygon")
        found = _mask(entry, kind, shape, canvas, path, limits)
        if found is None:
            composer.drop(f"shape {number} {label[:40]!r}", f"a shape {kind!r:.20} has no area")
            continue
        label_id = book.named(label)
        group = entry.get("group_id")
        key = (label_id, group) if type(group) is int else None
        object_id = groups.get(key) if key else None
        if object_id is None:
            name = entry.get("description")
            object_id = composer.add(label_id, name if isinstance(name, str) else "")
            extras[object_id] = {k: v for k, v in entry.items() if k not in _SHAPE}
            if key:
                groups[key] = object_id
        composer.paint(object_id, found[0], x=found[1], y=found[2])
    return composer.done(extra={"labelme": {"image": _unknown(content), "objects": extras}})


def _size(content: dict[str, Any], picture: Picture, path: Path, limits: Limits) -> tuple[int, int]:
    width, height = content.get("imageWidth"), content.get("imageHeight")
    if width is None and height is None and isinstance(picture, Path):
        from spn_annotator.formats.images import read_size

        width, height = read_size(picture)
    width, height = limits.check_size(width, height, path)
    return height, width


def _mask(
    entry: dict[str, Any],
    kind: Any,
    shape: tuple[int, int],
    canvas: LabelmeCanvas,
    path: Path,
    limits: Limits,
) -> tuple[np.ndarray, int, int] | None:
    if kind == "mask":
        points = points_of(entry.get("points"), shape, path, least=2)
        x, y = (int(value) for value in points[0])
        data = _decoded(entry.get("mask"), path, "the mask of a shape")
        return _small_picture(data, path, limits), x, y
    kind = "polygon" if kind is None else kind
    if kind not in ("polygon", "rectangle", "oriented_rectangle", "circle"):
        return None
    least = 3 if kind in ("polygon", "oriented_rectangle") else 2
    points = points_of(entry.get("points"), shape, path, least=least)
    return canvas.fill(kind, points)


def _decoded(text: Any, path: Path, what: str) -> bytes:
    try:
        return base64.b64decode(expect(str, text, what, path), validate=False)
    except (binascii.Error, ValueError) as error:
        raise FormatError(f"{what} is no base64", path=path, remedy=_REMEDY) from error


def _small_picture(data: bytes, path: Path, limits: Limits) -> np.ndarray:
    """Return the bool mask that a PNG within a file holds."""
    with opened(path, content=data) as image:
        limits.check_size(image.width, image.height, path)
        return np.array(image if image.mode in ("1", "L", "P") else image.convert("L")) > 0


def _embedded(path: Path, limits: Limits) -> bytes:
    """Return the picture that lies inside a file."""
    content = expect(dict, read_json(path, limits), "the file", path)
    return _decoded(content.get("imageData"), path, "imageData")
