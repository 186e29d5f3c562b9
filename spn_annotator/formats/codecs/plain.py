"""Plain PNG maps: label ids in one indexed file an image, or a black and white file a label."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import Color, LabelSet
from spn_annotator.errors import FormatError
from spn_annotator.formats.atomic import make_folder, save_error
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Outgoing,
    Traits,
    WriteOptions,
    Written,
)
from spn_annotator.formats.composing import Composer, compose_values
from spn_annotator.formats.images import read_size
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.names import UniqueNames, safe_name
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
        raise FormatError(error.message, path=path, remedy=error.remedy) from error


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


class BinaryCodec:
    """0 and 255 for each label that occurs."""

    name = "binary"
    traits = Traits(
        title="Binary PNG",
        layout="STEM/LABEL.png (0 and 255), labels.json",
        instances=False,
        lost="which object is which; pictures",
    )

    def detect(self, source: Path) -> bool:
        """Return whether it is a folder of folders of black and white PNG files."""
        if not source.is_dir() or (source / "masks").is_dir():
            return False
        found = own_files(source, "*/*.png")
        return (
            bool(found)
            and not own_files(source, "*.png")
            and all(_is_black_and_white(path) for path in found[:3])
        )

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a folder that has one folder an image."""
        if not source.is_dir():
            raise FormatError("is a file, not a folder of folders", path=source)
        known = read_labels(source, limits)
        book = LabelBook(known)
        names = UniqueNames()
        files = {names.take(safe_name(label.name)): label.id for label in known or ()}
        pictures = Pictures(source, ("images", "JPEGImages", ""))
        empty = _empty_sizes(source, limits) if known is not None else {}
        items = []
        for folder, split in _image_folders(source)[: limits.images]:
            picture = pictures.of(folder.name)
            items.append(
                ExportItem(
                    picture.name if picture else f"{folder.name}.png",
                    lambda folder=folder, picture=picture: _read_binary(
                        folder,
                        picture,
                        book,
                        files,
                        empty.get(folder.relative_to(source).as_posix()),
                        limits,
                    ),
                    image=picture,
                    split=split,
                )
            )
        return Dataset(source, book, items)

    def writer(self, out: Path, options: WriteOptions) -> BinaryWriter:
        """Begin a folder of folders."""
        return BinaryWriter(out)


class BinaryWriter:
    """A folder of binary maps being written."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._empty: dict[str, list[int]] = {}

    def add(self, image: Outgoing) -> Written:
        """Write a map for each label of an image, and remove those of an earlier export."""
        folder = make_folder(self._out / image.split / image.stem)
        classes = image.class_map
        present = {item.label_id for item in image.present}
        files = []
        for label_id, name in _file_names(image.labels).items():
            file = folder / f"{name}.png"
            if label_id not in present:
                _remove(file)  # of an earlier export: it would contradict this one
                continue
            write_label_map(file, np.where(classes == label_id, 255, 0).astype(np.uint8))
            files.append(file)
        notes = [MERGED] if image.merges_objects else []
        if not files:
            notes.append(NOTHING)
            self._empty[folder.relative_to(self._out).as_posix()] = [*image.shape]
        return Written(tuple(files), len(image.areas), notes=tuple(notes))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Write the labels, whose names the files have, and the sizes of empty images."""
        write_json(self._out / LABELS_NAME, {**labels.to_json(), "empty": self._empty}, indent=1)
        return [self._out / LABELS_NAME]


def _file_names(labels: LabelSet) -> dict[int, str]:
    names = UniqueNames()
    return {label.id: names.take(safe_name(label.name)) for label in labels}


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise save_error(error, file) from error


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


def _image_folders(source: Path) -> list[tuple[Path, str]]:
    """Return the folders of images, and the part of the data set each belongs to."""
    found = []
    for folder in _folders(source):
        inner = _folders(folder)
        if inner and not own_files(folder, "*.png"):
            found += [(path, folder.name) for path in inner]
        elif folder.name not in ("images", "JPEGImages"):
            found.append((folder, ""))
    return found


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(
            path
            for path in place.iterdir()
            if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
        )
    except OSError:
        return []


def _empty_sizes(root: Path, limits: Limits) -> dict[str, list[Any]]:
    """Return height and width of images without a label, as the writer has noted them."""
    empty = read_json(root / LABELS_NAME, limits).get("empty")
    sizes = empty if isinstance(empty, dict) else {}
    return {name: size for name, size in sizes.items() if isinstance(size, list) and len(size) == 2}


def _read_binary(
    folder: Path,
    picture: Path | None,
    book: LabelBook,
    names: dict[str, int],
    empty: list[Any] | None,
    limits: Limits,
) -> AnnotatedImage:
    composer = None
    for path in own_files(folder, "*.png"):
        values, _ = read_values(path, limits)
        if composer is None:
            check_shape(values.shape, picture, path)
            composer = Composer((values.shape[0], values.shape[1]), limits, folder)
        if values.shape != composer.shape:
            raise FormatError(
                "has another size than the maps beside it", path=path, remedy="Export them again"
            )
        label_id = names.get(path.stem) or book.named(path.stem)
        composer.paint(composer.add(label_id), values > 0)
    if composer is None:
        if picture is not None:
            stated = read_size(picture)
        elif empty:
            stated = (empty[1], empty[0])
        else:
            raise FormatError(
                "holds no map, and there is no picture that tells the size",
                path=folder,
                remedy="Put the picture into a folder named images",
            )
        width, height = limits.check_size(stated[0], stated[1], folder)
        composer = Composer((height, width), limits, folder)
    return composer.done()


def _is_black_and_white(path: Path) -> bool:
    header = _png_header(path)
    return header is not None and header[1] == 0


def _png_header(path: Path) -> tuple[int, int] | None:
    """Return bits and colour type of a PNG file, None if it is none."""
    try:
        with path.open("rb") as file:
            head = file.read(26)
    except OSError:
        return None
    if len(head) < 26 or head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    return head[24], head[25]
