"""A black and white PNG for each label of an image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spn_annotator.annotation.labels import LabelSet
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
from spn_annotator.formats.codecs.plain import LABELS_NAME, MERGED, read_labels
from spn_annotator.formats.composing import Composer
from spn_annotator.formats.images import read_size
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.names import UniqueNames, safe_name
from spn_annotator.formats.structured import read_json, write_json
from spn_annotator.formats.values import Pictures, check_shape, own_files, read_values

NOTHING = "no label occurs in it, so its folder is empty"


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
            composer = Composer((values.shape[0], values.shape[1]), limits, folder, book=book)
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
