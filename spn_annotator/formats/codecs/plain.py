"""Plain PNG maps: label ids in one indexed file an image."""

from __future__ import annotations

from pathlib import Path

from spn_annotator.annotation.labels import Color, LabelSet
from spn_annotator.errors import FormatError
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
from spn_annotator.formats.composing import compose_values
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.palettes import VOID, label_palette
from spn_annotator.formats.structured import read_json, write_json
from spn_annotator.formats.values import (
    Pictures,
    check_shape,
    looks_like_ids,
    own_files,
    read_values,
)

LABELS_NAME = "labels.json"
MERGED = "objects of one label became one: the format keeps labels, not objects"
NOTHING = "no label occurs in it, so its folder is empty"
_VOID_NOTE = "pixels of the value 255 (unknown) became nothing"


def read_labels(root: Path, limits: Limits) -> LabelSet | None:
    """Return the labels that ``labels.json`` in a folder holds, None if there is no such file."""
    path = root / LABELS_NAME
    if not path.is_file():
        return None
    try:
        return LabelSet.from_json(read_json(path, limits))
    except FormatError as error:
        raise FormatError(error.message[:200], path=path, remedy=error.remedy) from error


def root_of(source: Path) -> Path:
    """Return the folder of a data set: itself, or that of a single file."""
    return source.parent if source.is_file() else source


def split_of(path: Path, root: Path) -> str:
    """Return which part of a data set a file belongs to: the folder directly below the root."""
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 and parts[0] not in ("masks", "images", "labels") else ""


class IndexedCodec:
    """Label ids in the labels' colours."""

    name = "indexed"
    traits = Traits(
        title="Indexed PNG",
        layout="STEM.png (mode P), labels.json",
        instances=False,
        lost="which object is which; pictures",
    )

    def detect(self, source: Path) -> bool:
        """Return whether it is a PNG of numbers, or a folder that holds such."""
        if source.is_file():
            return source.suffix.lower() == ".png" and looks_like_ids(source)
        if (source / LABELS_NAME).is_file() and own_files(source, "*.png"):
            return True
        folder = source / "masks" if (source / "masks").is_dir() else source
        found = own_files(folder, "*.png")
        return bool(found) and all(looks_like_ids(path) for path in found[:3])

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a file or a folder of them, which may have folders for its parts."""
        root = root_of(source)
        known = read_labels(root, limits)
        book = LabelBook(known)
        pictures = Pictures(
            root, ("images", "JPEGImages", ""), but="" if source.is_dir() else ".png"
        )
        folder = root / "masks" if (root / "masks").is_dir() else root
        files = (
            [source]
            if source.is_file()
            else own_files(folder, "*.png") + own_files(folder, "*/*.png")
        )
        files = [path for path in files if "images" not in path.relative_to(root).parts[:-1]]
        items = []
        for path in files[: limits.images]:
            picture = pictures.of(path.stem)
            picture = None if picture == path else picture
            items.append(
                ExportItem(
                    picture.name if picture else path.name,
                    lambda path=path, picture=picture: _read_indexed(
                        path, picture, book, known, limits
                    ),
                    image=picture,
                    split=split_of(path, folder),
                )
            )
        return Dataset(source, book, items)

    def writer(self, out: Path, options: WriteOptions) -> IndexedWriter:
        """Begin a folder of indexed maps."""
        return IndexedWriter(out)


class IndexedWriter:
    """A folder of indexed maps being written."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def add(self, image: Outgoing) -> Written:
        """Write one map."""
        folder = make_folder(self._out / image.split) if image.split else self._out
        file = folder / f"{image.stem}.png"
        write_label_map(file, image.class_map, palette=label_palette(image.labels))
        notes = (MERGED,) if image.merges_objects else ()
        return Written((file,), len(image.areas), notes=notes)

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the labels."""
        write_json(self._out / LABELS_NAME, labels.to_json(), indent=1)
        return [self._out / LABELS_NAME]


def _read_indexed(
    path: Path, picture: Path | None, book: LabelBook, known: LabelSet | None, limits: Limits
) -> AnnotatedImage:
    values, palette = read_values(path, limits)
    check_shape(values.shape, picture, path)
    found = list(distinct(values))
    notes = ()
    top = int(values.max(initial=0))
    if known is None and palette is None and set(found) <= {0, top} and top in (1, 255, 65535):
        labels = {top: book.named("object")} if top else {}
    else:
        if VOID in found and not (known is not None and VOID in known):
            found.remove(VOID)
            notes = (_VOID_NOTE,)
        labels = {}
        for value in found:
            if value == 0:
                continue
            if known is not None and value not in known:
                raise FormatError(
                    f"has the value {value}, which {LABELS_NAME} does not know",
                    path=path,
                    remedy="Add the label to that file",
                )
            labels[value] = (
                value
                if known is not None
                else book.keyed(value, f"label {value}", color=_entry(palette, value), wanted=value)
            )
    composed = compose_values(values, labels, limits, path)
    return AnnotatedImage(composed.object_map, composed.objects, notes=notes)


def _entry(palette: bytes | None, index: int) -> Color | None:
    if palette is None or not 0 <= index < len(palette) // 3:
        return None
    red, green, blue = palette[3 * index : 3 * index + 3]
    return red, green, blue
