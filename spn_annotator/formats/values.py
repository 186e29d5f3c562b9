"""Maps of whole numbers in picture files of other tools, and the pictures that belong to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from spn_annotator.errors import FileReadError, FormatError, MaskSizeError, SpnAnnotatorError
from spn_annotator.formats.images import IMAGE_SUFFIXES, read_size
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.masks import grey_scale
from spn_annotator.formats.pictures import opened

_GREY = ("I;16", "I;16B", "I;16L", "I")
PICTURE_FOLDERS = ("images", "JPEGImages", "imgs", "image", "")
"""Where pictures are looked for, relative to the folder of a data set."""


def read_values(
    path: Path, limits: Limits, *, page: int = 0, colors: bool = False
) -> tuple[np.ndarray, bytes | None]:
    """Return the pixel values of a picture that holds numbers, not a view.

    Parameters
    ----------
    path : Path
        PNG, TIFF or BMP; a JPEG changes values and is refused.
    limits : Limits
    page : int
        Page of a TIFF.
    colors : bool
        Whether a colour picture is taken: then (H, W, 3) uint8 can come back.

    Returns
    -------
    (H, W) integer array or (H, W, 3) uint8 array
    bytes or None
        RGB triples of an indexed picture.

    Raises
    ------
    FileReadError, FormatError
        The file cannot be read, holds no whole numbers, or is larger than the limits.
    """
    if not path.is_file():
        raise FileReadError("does not exist", path=path, remedy="Check the name and the folder")
    with opened(path) as image:
        if image.format not in ("PNG", "TIFF", "BMP"):
            raise FormatError(
                f"is a {image.format} file, which does not keep values",
                path=path,
                remedy="Export the mask as PNG or TIFF",
            )
        if page:
            image.seek(page)
        limits.check_size(image.width, image.height, path)
        scale = grey_scale(image)
        image.load()
        if image.mode == "P":
            return np.array(image, np.uint8), bytes(image.getpalette("RGB") or ())
        if image.mode in ("L", "1"):
            return np.array(image).astype(np.uint8) // np.uint8(scale), None
        if image.mode in _GREY:
            return np.array(image), None
        if image.mode == "F":
            return _whole(np.array(image), path), None
        if image.mode in ("RGB", "RGBA") and colors:
            return np.array(image.convert("RGB")), None
    raise FormatError(
        f"is a colour picture (mode {image.mode}), not a map of numbers",
        path=path,
        remedy="Save the mask as an indexed or grey picture, one value for each label",
    )


def read_numbers(path: Path, limits: Limits, *, page: int = 0) -> np.ndarray:
    """Return the (H, W) whole numbers of a picture; a colour one of equal channels is taken too.

    Raises
    ------
    FileReadError, FormatError
        As :func:`read_values`.
    """
    values, _ = read_values(path, limits, page=page, colors=True)
    if values.ndim == 3:
        if (values != values[..., :1]).any():
            raise FormatError(
                "is a colour picture, not a map of numbers",
                path=path,
                remedy="Save the mask as a grey picture, one value for each label",
            )
        values = values[..., 0]
    return values


def check_shape(shape: tuple[int, ...], image: Path | None, path: Path | str) -> None:
    """Raise MaskSizeError if a map has another size than its picture."""
    if image is None:
        return
    width, height = read_size(image)
    if shape[:2] != (height, width):
        raise MaskSizeError(
            f"is {shape[1]} x {shape[0]} pixels, its image {image.name} is {width} x {height}",
            path=path,
            remedy="Export the mask in the size of the image",
        )


class Pictures:
    """Finds the picture of a stem in the usual places of a data set.

    Parameters
    ----------
    root : Path
        Folder of the data set; nothing outside of it is found.
    folders : tuple of str
        Where to look, relative to it.
    but : str
        Suffix, in lower case, of files that are no pictures here.
    """

    def __init__(
        self, root: Path, folders: tuple[str, ...] = PICTURE_FOLDERS, *, but: str = ""
    ) -> None:
        self._root = root
        self._folders = folders
        self._but = but
        self._found: dict[str, dict[str, Path]] = {}

    def of(self, stem: str) -> Path | None:
        """Return the picture of a stem, None if there is none."""
        for folder in self._folders:
            path = self._listing(folder).get(stem)
            if path is not None:
                return path
        return None

    def all(self, folder: str) -> dict[str, Path]:
        """Return the pictures of one of the folders by stem."""
        return dict(self._listing(folder))

    def _listing(self, folder: str) -> dict[str, Path]:
        if folder not in self._found:
            found: dict[str, Path] = {}
            place = self._root / folder
            try:
                inside = place.resolve().is_relative_to(self._root.resolve())
                entries = sorted(place.iterdir()) if inside and place.is_dir() else []
            except (OSError, RuntimeError):
                entries = []
            for path in entries:
                suffix = path.suffix.lower()
                if suffix in IMAGE_SUFFIXES and suffix != self._but and _is_own(path, self._root):
                    found.setdefault(path.stem, path)
            self._found[folder] = found
        return self._found[folder]


def _is_own(path: Path, root: Path) -> bool:
    """Return whether a path is a regular file that no link leads out of the root."""
    try:
        if path.name.startswith(".") or not path.is_file():
            return False
        return not path.is_symlink() or path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def own_files(root: Path, pattern: str) -> list[Path]:
    """Return the files below a folder that match, in order.

    Hidden ones and links out of the folder are left out, and links to folders are not followed:
    they could lead out, or in a circle.
    """
    try:
        top = root.resolve()
        straight: dict[Path, bool] = {}
        found = []
        for path in sorted(root.glob(pattern)):
            folder = path.parent
            if folder not in straight:
                straight[folder] = folder.resolve() == top / folder.relative_to(root)
            if straight[folder] and _is_own(path, root):
                found.append(path)
        return found
    except (OSError, RuntimeError, ValueError):
        return []


def looks_like_ids(path: Path) -> bool:
    """Return whether a PNG or TIFF holds ids rather than a grey view: it has few values."""
    try:
        with opened(path) as image:
            size = image.width * image.height
            if image.mode not in ("1", "L", "P", *_GREY) or size > 50_000_000:
                return False
            found = len(np.unique(np.array(image)))
    except SpnAnnotatorError:
        return False
    return found <= max(2, min(64, size // 16))


def _whole(values: np.ndarray, path: Path) -> np.ndarray:
    if not np.isfinite(values).all() or (values != np.round(values)).any():
        raise FormatError(
            "holds fractions, not whole numbers",
            path=path,
            remedy="Save the mask with one whole number for each label",
        )
    if np.abs(values).max(initial=0) > 2**31:
        raise FormatError("holds numbers that are too large", path=path)
    return values.astype(np.int64)


def save_numbers(handle, values: np.ndarray, *, kind: str) -> None:
    """Write (H, W) uint8 or uint16 values as a grey picture into an open file.

    Parameters
    ----------
    handle : binary file
    values : (H, W) uint8 or uint16 array
    kind : "PNG" or "TIFF"
        A TIFF is compressed without loss (deflate).
    """
    image = Image.fromarray(np.ascontiguousarray(values))
    options = {"compression": "tiff_deflate"} if kind == "TIFF" else {}
    image.save(handle, format=kind, **options)
