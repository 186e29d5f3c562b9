"""NumPy arrays: an NPZ file an image, or a bare NPY map."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FileReadError, FormatError, SpnAnnotatorError, UsageError
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
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.values import Pictures, check_shape, own_files

_SUFFIXES = (".npz", ".npy")
_REMEDY = "Export the file again"


class NpzCodec:
    """NumPy arrays."""

    name = "npz"
    traits = Traits(
        title="NumPy NPZ",
        layout="STEM.npz with object_map, class_map, object_ids, object_labels, object_names, "
        "label_ids, label_names, label_colors",
        lost="pictures",
    )

    def detect(self, source: Path) -> bool:
        """Return whether such a file is named, or a folder holds one."""
        return bool(_files(source))

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a file or a folder; NPY files hold label ids, or object ids if above 254."""
        root = root_of(source)
        pictures = Pictures(root)
        book = LabelBook()
        items = []
        for path in _files(source)[: limits.images]:
            picture = pictures.of(path.stem)
            items.append(
                ExportItem(
                    picture.name if picture else f"{path.stem}.png",
                    lambda path=path, picture=picture: _read(path, picture, book, limits),
                    image=picture,
                    split=split_of(path, root),
                )
            )
        return Dataset(source, book, items)

    def writer(self, out: Path, options: WriteOptions) -> NpzWriter:
        """Begin a folder."""
        return NpzWriter(out)


class NpzWriter:
    """A folder of NPZ files being written."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def add(self, image: Outgoing) -> Written:
        """Write one file."""
        folder = make_folder(self._out / image.split) if image.split else self._out
        file = folder / f"{image.stem}.npz"
        labels = list(image.labels)
        with atomic_write(file) as handle:
            np.savez_compressed(
                handle,
                object_map=image.object_map.astype(np.uint16),
                class_map=image.class_map,
                object_ids=np.array([item.id for item in image.present], np.uint16),
                object_labels=np.array([item.label_id for item in image.present], np.uint8),
                object_names=np.array([item.name for item in image.present], np.str_),
                label_ids=np.array([label.id for label in labels], np.uint8),
                label_names=np.array([label.name for label in labels], np.str_),
                label_colors=np.array([label.color for label in labels], np.uint8).reshape(-1, 3),
            )
        return Written((file,), len(image.areas))

    def finish(self, labels: LabelSet) -> list[Path]:
        """Return nothing: all is in the files of the images."""
        return []


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source] if source.suffix.lower() in _SUFFIXES else []
    return [
        path
        for pattern in ("*.np[yz]", "*/*.np[yz]")
        for path in own_files(source, pattern)
        if path.suffix in _SUFFIXES
    ]


def _read(path: Path, picture: Path | None, book: LabelBook, limits: Limits) -> AnnotatedImage:
    data = limits.read_bytes(path)
    if path.suffix.lower() == ".npy":
        return _bare(_array(io.BytesIO(data), len(data), path, limits), path, picture, book, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            arrays = _members(archive, path, limits)
    except SpnAnnotatorError:
        raise
    except Exception as error:  # zipfile and zlib raise many things on damaged bytes
        raise FileReadError("is no NPZ file, or damaged", path=path, remedy=_REMEDY) from error
    values = arrays.get("object_map")
    if values is None or "object_ids" not in arrays:
        values = next(
            (arrays[k] for k in ("class_map", "object_map", "arr_0") if k in arrays), None
        )
        if values is None:
            raise FormatError("holds no object_map or class_map", path=path, remedy=_REMEDY)
        return _bare(values, path, picture, book, limits)
    _check_map(values, path, limits)
    check_shape(values.shape, picture, path)
    objects = _objects(arrays, _labels(arrays, book, path), path, limits)
    if set(distinct(values)) - {0} - set(objects):
        raise FormatError("has pixels of an object that it does not list", path=path)
    return AnnotatedImage(values.astype(np.uint16), objects)


def _members(archive: zipfile.ZipFile, path: Path, limits: Limits) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for member in archive.infolist()[:32]:
        name = member.filename.removesuffix(".npy")
        if not member.filename.endswith(".npy") or name in arrays:
            continue
        with archive.open(member) as stream:
            head = stream.read(16_384)
            shape, dtype, start = _header(io.BytesIO(head), path, limits)
            size = int(np.prod(shape, dtype=object)) * dtype.itemsize
            # No more is unpacked than the array it says to be.
            content = head[start:] + stream.read(max(0, size - len(head) + start))
        if len(content) < size:
            raise FormatError(f"{name} is cut short", path=path, remedy=_REMEDY)
        arrays[name] = np.frombuffer(content[:size], dtype).reshape(shape)
    return arrays


def _header(
    stream: io.BytesIO, path: Path, limits: Limits
) -> tuple[tuple[int, ...], np.dtype, int]:
    """Return shape, type and the length of the header of an array in C order."""
    try:
        version = np.lib.format.read_magic(stream)
        reader = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, fortran, dtype = reader(stream)
    except Exception as error:  # the header is a Python literal; anything can be wrong with it
        raise FormatError("is no NumPy array", path=path, remedy=_REMEDY) from error
    if dtype.kind not in "uibU" or fortran or any(side < 0 for side in shape) or len(shape) > 3:
        raise FormatError("holds an array that is no map of numbers", path=path, remedy=_REMEDY)
    size = int(np.prod(shape, dtype=object))
    if size > limits.pixels or size * dtype.itemsize > 8 * limits.pixels:
        raise FormatError(
            f"holds an array of more than {limits.pixels:,} numbers",
            path=path,
            remedy="Cut it into tiles, or raise the limit of pixels",
        )
    return tuple(int(side) for side in shape), dtype, stream.tell()


def _array(stream: io.BytesIO, length: int, path: Path, limits: Limits) -> np.ndarray:
    shape, dtype, start = _header(stream, path, limits)
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if length - start < size:
        raise FormatError("is cut short", path=path, remedy=_REMEDY)
    return np.frombuffer(stream.read(size), dtype).reshape(shape)


def _check_map(values: np.ndarray, path: Path, limits: Limits) -> None:
    if values.ndim != 2 or not values.size or values.dtype.kind not in "uib":
        raise FormatError("holds no map of (height, width) numbers", path=path, remedy=_REMEDY)
    limits.check_size(values.shape[1], values.shape[0], path)


def _bare(
    values: np.ndarray, path: Path, picture: Path | None, book: LabelBook, limits: Limits
) -> AnnotatedImage:
    _check_map(values, path, limits)
    check_shape(values.shape, picture, path)
    values = values.astype(np.uint8) if values.dtype.kind == "b" else values
    found = [value for value in distinct(values) if value]
    limits.check_objects(len(found), path)
    if all(0 < value < 255 for value in found):
        labels = {v: book.keyed(v, f"label {v}", wanted=v) for v in found}
    else:
        labels = {value: book.named("object") for value in found}
    return compose_values(values, labels, limits, path)


def _labels(arrays: dict[str, np.ndarray], book: LabelBook, path: Path) -> dict[int, int]:
    ids, names = arrays.get("label_ids"), arrays.get("label_names")
    if ids is None or names is None or ids.ndim != 1 or names.shape != ids.shape:
        raise FormatError("holds no label_ids with label_names", path=path, remedy=_REMEDY)
    if len(ids) > 254 or names.dtype.kind != "U" or len(set(ids.tolist())) < len(ids):
        raise FormatError("holds labels that cannot be", path=path, remedy=_REMEDY)
    colors = arrays.get("label_colors")
    sound = colors is not None and colors.dtype == np.uint8 and colors.shape == (len(ids), 3)
    found: dict[int, int] = {}
    for place, (number, name) in enumerate(zip(ids.tolist(), _texts(names, path), strict=True)):
        color = None
        if sound and colors is not None:
            red, green, blue = colors[place].tolist()
            color = (red, green, blue)
        found[number] = book.keyed((number, name), name, color=color, wanted=int(number))
    return found


def _texts(values: np.ndarray, path: Path) -> list[str]:
    try:
        return values.tolist()
    except (ValueError, UnicodeError) as error:  # code points that do not exist
        raise FormatError("holds names that are no text", path=path, remedy=_REMEDY) from error


def _objects(
    arrays: dict[str, np.ndarray], labels: dict[int, int], path: Path, limits: Limits
) -> dict[int, AnnotatedObject]:
    ids, kinds = arrays["object_ids"], arrays.get("object_labels")
    if kinds is None or ids.ndim != 1 or kinds.shape != ids.shape:
        raise FormatError("holds object_ids without object_labels", path=path, remedy=_REMEDY)
    names = arrays.get("object_names")
    limits.check_objects(len(ids), path)
    texts = [""] * len(ids)
    if names is not None and names.shape == ids.shape and names.dtype.kind == "U":
        texts = _texts(names, path)
    found: dict[int, AnnotatedObject] = {}
    for number, kind, text in zip(ids.tolist(), kinds.tolist(), texts, strict=True):
        if number in found or kind not in labels:
            raise FormatError(f"holds an object {number!r:.20} that cannot be", path=path)
        try:
            name = clean_name(text) if text.strip() else ""
            found[number] = AnnotatedObject(int(number), labels[kind], name)
        except (UsageError, TypeError) as error:
            raise FormatError(
                f"holds an object {number!r:.20} that cannot be", path=path
            ) from error
    return found
