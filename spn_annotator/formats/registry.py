"""All formats by name: those of the program, and those that other packages bring.

A package adds a format through the entry point group ``spn_annotator.formats``::

    [project.entry-points."spn_annotator.formats"]
    myformat = "my_package.codec:MyCodec"

The entry point leads to a :class:`spn_annotator.formats.codec.Codec`, or to a class of such that
takes no arguments. It is imported when the format is used or looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.codec import Codec

GROUP = "spn_annotator.formats"

# In the order in which formats are tried where none is named: special ones first.
_OWN: dict[str, str] = {
    "indexed": "plain:IndexedCodec",
    "binary": "binary:BinaryCodec",
    "coco": "instances:CocoCodec",
    "coco-polygons": "instances:CocoPolygonsCodec",
    "coco-panoptic": "panoptic:PanopticCodec",
    "labelme": "labelme:LabelmeCodec",
    "voc": "voc:VocCodec",
    "cvat": "cvat:CvatCodec",
    "yolo": "yolo:YoloCodec",
    "cityscapes": "cityscapes:CityscapesCodec",
    "png16": "object_maps:Png16Codec",
    "tiff": "object_maps:TiffCodec",
    "npz": "arrays:NpzCodec",
    "pixelannotationtool": "pixelannotationtool:PixelAnnotationToolCodec",
    "imagefolder": "imagefolder:ImageFolderCodec",
    "images": "pictures:PicturesCodec",
}
_DETECTION = (
    "cityscapes",
    "cvat",
    "voc",
    "yolo",
    "imagefolder",
    "coco-panoptic",
    "coco",
    "labelme",
    "pixelannotationtool",
    "npz",
    "png16",
    "tiff",
    "binary",
    "indexed",
    "images",
)


def codec_names() -> list[str]:
    """Return the names of all formats, the program's own first."""
    return [*_OWN, *(name for name in _foreign() if name not in _OWN)]


def get_codec(name: str) -> Codec:
    """Return a format.

    Raises
    ------
    UsageError
        There is none of this name.
    FormatError
        It belongs to another package and cannot be loaded.
    """
    if name in _OWN:
        module, _, attribute = _OWN[name].partition(":")
        loaded = import_module(f"spn_annotator.formats.codecs.{module}")
        return getattr(loaded, attribute)()
    entry = _foreign().get(name)
    if entry is None:
        raise UsageError(
            f"there is no format {name}", remedy=f"Choose among {', '.join(codec_names())}"
        )
    return _load(entry)


def writable_names() -> list[str]:
    """Return the names of the formats that can be written."""
    return [codec.name for codec in all_codecs() if codec.traits.writes]


def all_codecs() -> Iterator[Codec]:
    """Yield all formats that can be loaded."""
    for name in codec_names():
        try:
            yield get_codec(name)
        except FormatError:
            continue  # of another package; named explicitly, it says what is wrong


def detect_codec(source: Path) -> Codec:
    """Return the format that a file or folder looks like; other packages' come first.

    Raises
    ------
    UsageError
        There is nothing, or nothing that a format knows.
    """
    if not source.exists():
        raise UsageError("does not exist", path=source, remedy="Name a file or a folder")
    own = set(_OWN)
    foreign = [codec for codec in all_codecs() if codec.name not in own]
    for codec in [*foreign, *(get_codec(name) for name in _DETECTION)]:
        if codec.traits.reads and codec.detect(source):
            return codec
    raise UsageError(
        "looks like no format that can be read",
        path=source,
        remedy=f"Name the format: {', '.join(codec_names())}",
    )


def _foreign() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _load(entry: EntryPoint) -> Codec:
    package = entry.dist.name if entry.dist is not None else entry.value
    try:
        loaded = entry.load()
        codec = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:  # another package's code may raise anything
        raise FormatError(
            f"the format {entry.name} of {package} cannot be loaded ({error})",
            remedy="Update or remove that package",
        ) from error
    if not isinstance(codec, Codec) or codec.name != entry.name:
        raise FormatError(
            f"the format {entry.name} of {package} is none: it leads to {entry.value}",
            remedy="Update or remove that package",
        )
    return codec
