"""PixelAnnotationTool: strokes in ``STEM_mask.png``, its result in ``STEM_watershed_mask.png``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from spn_annotator.formats.codecs.plain import MERGED, root_of, split_of
from spn_annotator.formats.composing import compose_values
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct, through
from spn_annotator.formats.placing import place_image
from spn_annotator.formats.structured import expect, read_json, write_json
from spn_annotator.formats.values import Pictures, check_shape, own_files, read_numbers

_CONFIG = "config.json"
_RESULT = "_watershed_mask.png"
_STROKES = "_mask.png"
_COLORS = "_color_mask.png"


class PixelAnnotationToolCodec:
    """PixelAnnotationTool."""

    name = "pixelannotationtool"
    traits = Traits(
        title="PixelAnnotationTool",
        layout="STEM_watershed_mask.png, STEM_mask.png (strokes), STEM_color_mask.png beside the "
        "picture, config.json",
        instances=False,
        lost="which object is which, names of objects; strokes that say nothing is here",
    )

    def detect(self, source: Path) -> bool:
        """Return whether a result of the watershed is there."""
        return bool(_files(source))

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder, which may have folders for its parts, or one result."""
        root = root_of(source)
        names = _names(root / _CONFIG, limits)
        book = LabelBook()
        for number, (name, color) in names.items():
            book.keyed(number, name, color=color, wanted=number)
        items = []
        for path in _files(source)[: limits.images]:
            stem = path.name.removesuffix(_RESULT)
            folder = path.parent.relative_to(root).as_posix()
            pictures = Pictures(root, (folder if folder != "." else "", "images"))
            picture = pictures.of(stem)
            items.append(
                ExportItem(
                    picture.name if picture else f"{stem}.png",
                    lambda path=path, picture=picture: _read(path, picture, book, limits),
                    image=picture,
                    split=split_of(path, root),
                )
            )
        return Dataset(source, book, items)

    def writer(self, out: Path, options: WriteOptions) -> PixelAnnotationToolWriter:
        """Begin a folder."""
        return PixelAnnotationToolWriter(out, options)


class PixelAnnotationToolWriter:
    """A folder for PixelAnnotationTool being written."""

    def __init__(self, out: Path, options: WriteOptions) -> None:
        self._out = out
        self._copies = options.images == "copy"

    def add(self, image: Outgoing) -> Written:
        """Write strokes, result and colours of an image, and copy its picture."""
        folder = make_folder(self._out / image.split) if image.split else self._out
        files: list[Path] = []
        notes: list[str] = [MERGED] if image.merges_objects else []
        if self._copies:
            placed, more = place_image(image, folder, image.stem)
            files += [placed] if placed is not None else []
            notes += more
        colors = np.zeros((256, 3), np.uint8)
        for label in image.labels:
            colors[label.id] = label.color
        maps = {
            _RESULT: image.class_map,
            _STROKES: _strokes(image),
            _COLORS: colors[image.class_map],
        }
        for end, values in maps.items():
            file = folder / (image.stem + end)
            # The tool keeps ids in all three channels of a colour picture.
            pixels = values if values.ndim == 3 else np.repeat(values[..., None], 3, axis=2)
            with atomic_write(file) as handle:
                Image.fromarray(pixels).save(handle, "PNG")
            files.append(file)
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the list of labels."""
        none = {"id": 0, "name": "unlabeled", "color": [0, 0, 0]}
        entries: list[dict[str, Any]] = [
            none,
            *({"id": item.id, "name": item.name, "color": list(item.color)} for item in labels),
        ]
        content = {
            entry["name"]: {**entry, "id_categorie": entry["id"], "categorie": entry["name"]}
            for entry in entries
        }
        write_json(self._out / _CONFIG, {"labels": content}, indent=2)
        return [self._out / _CONFIG]


def _strokes(image: Outgoing) -> np.ndarray:
    """Return (H, W) uint8 label ids of the strokes, rough ones below sure ones."""
    table = np.zeros(65_536, np.uint8)
    for object_id, item in image.annotated.objects.items():
        table[object_id + 1] = item.label_id  # a stroke map holds ids plus 1
    strokes = np.zeros(image.shape, np.uint8)
    for name in ("rough_map", "sure_map"):
        found = getattr(image.annotated, name, None)
        if found is not None:
            strokes = np.where(found > 0, table[found], strokes)
    return strokes


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source] if source.name.endswith(_RESULT) else []
    return own_files(source, f"*{_RESULT}") + own_files(source, f"*/*{_RESULT}")


def _names(path: Path, limits: Limits) -> dict[int, tuple[str, Color | None]]:
    """Return name and colour of each id of a list of labels; none if there is no such file."""
    if not path.is_file():
        return {}
    content = expect(dict, read_json(path, limits), "the file", path)
    found: dict[int, tuple[str, Color | None]] = {}
    for name, entry in expect(dict, content.get("labels", {}), "labels", path).items():
        expect(dict, entry, "a label", path)
        number = expect(int, entry.get("id"), "the id of a label", path)
        if number == 0:
            continue
        if not 0 < number < 255 or number in found:
            raise FormatError(f"has the label id {number!r:.20}, which cannot be", path=path)
        color = entry.get("color")
        sound = (
            isinstance(color, list)
            and len(color) == 3
            and all(type(value) is int and 0 <= value <= 255 for value in color)
        )
        found[number] = (name, (color[0], color[1], color[2]) if sound and color else None)
    return found


def _read(path: Path, picture: Path | None, book: LabelBook, limits: Limits) -> AnnotatedImage:
    values = read_numbers(path, limits)
    check_shape(values.shape, picture, path)
    if int(values.max(initial=0)) > 255 or int(values.min(initial=0)) < 0:
        raise FormatError("has values above 255, which are no labels", path=path)
    strokes = None
    beside = path.with_name(path.name.removesuffix(_RESULT) + _STROKES)
    if beside.is_file():
        strokes = read_numbers(beside, limits)
        if strokes.shape != values.shape:
            raise FormatError("has another size than the result beside it", path=beside)
    found = set(distinct(values)) | (set(distinct(strokes)) if strokes is not None else set())
    dropped = ()
    if 255 in found:
        dropped = (("pixels of the value 255", "that is no label"),)
    labels = {
        value: book.keyed(value, f"label {value}", wanted=value)
        for value in sorted(found - {0, 255})
    }
    composed = compose_values(values, labels, limits, path)
    sure = None
    if strokes is not None:
        table = {value: number + 1 for number, value in enumerate(sorted(labels), start=1)}
        sure = through(strokes, table, np.uint16)
    return AnnotatedImage(composed.object_map, composed.objects, sure_map=sure, dropped=dropped)
