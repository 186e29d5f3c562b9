"""Label maps in PNG files: read as they are, written back as they came.

A label map is a picture whose pixel values are ids. It comes in four modes of PNG: indexed (``P``),
grey of 8 (``L``) or 16 bit (``I;16``), and black and white (``1``). Two rules give the values their
meaning, and ``unknown`` overrules them:

- A map of zeros and the largest value alone (255, in 16 bit 65535 or 255) is **binary**: there is
  an object and a background, and every pixel is known. A map of mode ``1`` is binary too.
- In any other map the largest value (255, in 16 bit 65535) means **unknown**.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from spn_annotator.errors import FormatError, ShapeError
from spn_annotator.formats.atomic import atomic_write
from spn_annotator.formats.pictures import opened

Mode = Literal["P", "L", "I;16", "1"]
Unknown = int | Literal["auto"] | None
"""A pixel value that means unknown, ``None`` for no such value, ``"auto"`` for the rules above."""


@dataclass(frozen=True)
class LabelMapFile:
    """A label map with all that is needed to write another one like it.

    Attributes
    ----------
    array : (H, W) uint8 or uint16 array
        The values as the file has them; mode ``1`` has 0 and 1. Read-only.
    mode : str
        Pillow's name of the PNG mode: ``P``, ``L``, ``I;16`` or ``1``.
    palette : bytes or None
        RGB triples of an indexed map, as many as the file has.
    unknown : int or None
        The value that means unknown, if one does.
    is_binary : bool
        Whether the map holds background and one object and nothing unknown.
    transparency : bytes, int or None
        What the file says about transparent indices; carried along, not interpreted.
    """

    array: np.ndarray
    mode: Mode
    palette: bytes | None
    unknown: int | None
    is_binary: bool
    transparency: bytes | int | None = None

    @property
    def foreground(self) -> int:
        """The value of the object in a binary map."""
        return int(self.array.max(initial=0)) or (1 if self.mode == "1" else 255)

    def ids(self) -> np.ndarray:
        """Return the label ids: those of the file, or 0 and 1 of a binary map (a copy)."""
        if self.is_binary:
            return (self.array > 0).astype(self.array.dtype)
        return self.array.copy()

    def with_ids(self, ids: np.ndarray) -> LabelMapFile:
        """Return this map with other ids in it, in the file's own values: undoes :meth:`ids`.

        Parameters
        ----------
        ids : (H, W) uint8 or uint16 array
            Of the map's own shape. In a binary map everything but 0 is the object.

        Raises
        ------
        ShapeError
            Another shape, or an id that the file's depth cannot hold.
        """
        if ids.shape != self.array.shape:
            raise ShapeError(f"ids must have shape {self.array.shape}, got {ids.shape}")
        largest = int(ids.max(initial=0))
        if self.is_binary:
            values = np.where(ids > 0, self.foreground, 0)
        elif largest > np.iinfo(self.array.dtype).max:
            raise ShapeError(f"id {largest} does not fit into {self.array.dtype}")
        else:
            values = ids
        return replace(self, array=_frozen(values.astype(self.array.dtype)))


def read_label_map(path: Path | str, *, unknown: Unknown = "auto") -> LabelMapFile:
    """Read a PNG label map.

    Parameters
    ----------
    path : Path or str
        A PNG of mode P, L, I;16 or 1. Grey of 2 and 4 bit gives the ids as stored.
    unknown : int, None or "auto"
        The value that means unknown; None says that every value is a label; "auto" goes by the
        rules at the head of this module.

    Raises
    ------
    FileReadError
        The file is missing, unreadable, damaged or no picture.
    FormatError
        It is a colour picture or no PNG, or its depth cannot hold ``unknown``.
    """
    path = Path(path)
    with opened(path) as image:
        if image.format != "PNG":
            raise FormatError(
                f"is a {image.format} file, but label maps are PNG files",
                path=path,
                remedy="Export the mask as an indexed or grey PNG",
            )
        scale = grey_scale(image)
        image.load()
        array, mode = _pixels(image, scale, path)
        palette = bytes(image.getpalette("RGB") or ()) if mode == "P" else None
        transparency = image.info.get("transparency")
    value, is_binary = _meaning(array, mode, unknown, path)
    return LabelMapFile(
        array=_frozen(array),
        mode=mode,
        palette=palette,
        unknown=value,
        is_binary=is_binary,
        transparency=transparency,
    )


def write_label_map(
    path: Path | str,
    array: np.ndarray,
    *,
    like: LabelMapFile | None = None,
    palette: bytes | None = None,
) -> None:
    """Write a label map as PNG, whole or not at all.

    Parameters
    ----------
    path : Path or str
        The file to write; its folder must exist.
    array : (H, W) bool, uint8 or uint16 array
        Values as they shall stand in the file.
    like : LabelMapFile, optional
        Gives mode, palette and transparency. Without it uint16 is written as 16-bit grey, 8 bit
        with a palette as indexed and without one as grey, and bool as black and white.
    palette : bytes, optional
        RGB triples for an indexed map; overrules that of ``like``.

    Raises
    ------
    ShapeError
        Not a label map, or a value that the mode cannot hold.
    SaveError
        The file cannot be written.
    """
    array = np.asarray(array)
    if array.ndim != 2 or not array.size or array.dtype not in (np.bool_, np.uint8, np.uint16):
        raise ShapeError(
            "array must be a (H, W) label map of bool, uint8 or uint16, "
            f"got shape {array.shape} of {array.dtype}"
        )
    mode = like.mode if like is not None else _mode_for(array, palette)
    largest = int(array.max())
    limit = {"1": 1, "I;16": 65535}.get(mode, 255)
    if largest > limit:
        raise ShapeError(f"id {largest} does not fit into a PNG of mode {mode} (at most {limit})")
    options: dict[str, object] = {}
    if mode == "I;16":
        image = Image.fromarray(np.ascontiguousarray(array, dtype=np.uint16))
    elif mode == "1":
        image = Image.fromarray(np.ascontiguousarray(array != 0))
    else:
        image = Image.fromarray(np.ascontiguousarray(array, dtype=np.uint8))
    if mode == "P":
        colours = palette if palette is not None else (like.palette if like else None) or b""
        # Pillow chooses the depth by the palette: a short one would cut the ids off.
        image.putpalette(_long_enough(colours, largest))
    if like is not None and like.transparency is not None and palette is None:
        options["transparency"] = like.transparency
    with atomic_write(path) as handle:
        image.save(handle, format="PNG", **options)


def grey_scale(image: Image.Image) -> int:
    """Return what Pillow multiplies shallow grey with: 85 for 2 bit, 17 for 4 bit, else 1."""
    if image.mode != "L" or not isinstance(image, ImageFile) or not image.tile:
        return 1
    return {"L;2": 85, "L;4": 17}.get(str(image.tile[0].args), 1)


def _pixels(image: Image.Image, scale: int, path: Path) -> tuple[np.ndarray, Mode]:
    if image.mode == "P":
        return np.array(image, np.uint8), "P"
    if image.mode == "L":
        return np.array(image, np.uint8) // np.uint8(scale), "L"
    if image.mode == "1":
        return np.array(image).astype(np.uint8), "1"
    if image.mode in ("I;16", "I;16B", "I"):
        return np.array(image).astype(np.uint16), "I;16"
    raise FormatError(
        f"is a colour picture (mode {image.mode}), not a label map",
        path=path,
        remedy="Save the mask as an indexed or grey PNG, one value for each label",
    )


def _meaning(
    array: np.ndarray, mode: Mode, unknown: Unknown, path: Path
) -> tuple[int | None, bool]:
    """Return the value that means unknown, and whether the map is binary."""
    limit = 1 if mode == "1" else int(np.iinfo(array.dtype).max)
    if unknown is not None and unknown != "auto":
        if not 0 <= unknown <= limit:
            raise FormatError(
                f"cannot hold the unknown value {unknown}, its values end at {limit}",
                path=path,
                remedy=f"Give an unknown value from 0 to {limit}, or none",
            )
        return unknown, False
    largest = int(array.max(initial=0))
    two_valued = bool(np.isin(array, (0, largest)).all())
    is_binary = mode == "1" or (largest in (255, limit) and two_valued)
    return (None if is_binary or unknown is None else limit), is_binary


def _mode_for(array: np.ndarray, palette: bytes | None) -> Mode:
    if array.dtype == np.uint16:
        return "I;16"
    if palette is not None:
        return "P"
    return "1" if array.dtype == np.bool_ else "L"


def _long_enough(palette: bytes, largest: int) -> bytes:
    have = len(palette) // 3
    grey = bytes(value for index in range(have, largest + 1) for value in (index, index, index))
    return palette[: have * 3] + grey


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
