"""Images: any of the usual files becomes 8-bit RGB, upright; RGB becomes a PNG.

What is done to a file to reach that, and nothing more:

- EXIF orientation is applied, once.
- Transparency is laid over white, as a viewer shows it.
- Grey, palette, CMYK and other colour models are converted; colour profiles are not applied.
- Grey of 16 bit, 32 bit or floating point is stretched from its 0.1 to its 99.9 percentile. Colour
  of 16 bit keeps its high byte. Both are for display and the network only.
- A TIFF of several pages gives its first one unless another is asked for; of a phone's
  multi-picture JPEG the main picture is read.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageOps

from spn_annotator.errors import FileReadError, ShapeError
from spn_annotator.formats.atomic import atomic_write
from spn_annotator.formats.pictures import opened

IMAGE_SUFFIXES: frozenset[str] = frozenset(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"}
)
"""Suffixes of image files, in lower case."""

_LOW, _HIGH = 0.1, 99.9
_BAND = 1 << 20  # pixels
_TALL = (5, 6, 7, 8)  # orientations that exchange width and height


def read_image(path: Path | str, *, page: int = 0) -> np.ndarray:
    """Read an image file.

    Parameters
    ----------
    path : Path or str
        A JPEG, PNG, TIFF, WebP or BMP file; its content counts, not its suffix.
    page : int
        Page of a multi-page TIFF, from 0.

    Returns
    -------
    (H, W, 3) uint8 array
        RGB, upright, C-contiguous and writable.

    Raises
    ------
    FileReadError
        The file is missing, unreadable, no image, damaged, animated, larger than
        :class:`spn_annotator.formats.limits.Limits`, or has no such page.
    """
    with opened(path) as image:
        _seek(image, page, Path(path))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _pixels(_to_rgb(image))


def read_grey16(
    path: Path | str, *, page: int = 0
) -> tuple[np.ndarray, tuple[float, float]] | None:
    """Read the full depth of a grey image of 16 bit, for display.

    Parameters
    ----------
    path, page
        As for :func:`read_image`.

    Returns
    -------
    ((H, W) uint16 array, (float, float)) or None
        The values, upright, and those that :func:`read_image` makes black and white; None for any
        other image.

    Raises
    ------
    FileReadError
        As :func:`read_image`.
    """
    with opened(path) as image:
        _seek(image, page, Path(path))
        if not image.mode.startswith("I;16"):
            return None
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        values = np.ascontiguousarray(np.asarray(image), dtype=np.uint16)
    low, high = np.percentile(values, (_LOW, _HIGH))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    return values, (float(low), float(high))


def write_image(path: Path | str, rgb: np.ndarray) -> None:
    """Write an image as PNG, whole or not at all.

    Parameters
    ----------
    path : Path or str
        The file to write; its folder must exist.
    rgb : (H, W, 3) uint8 array
        RGB.

    Raises
    ------
    ShapeError
        The array is something else.
    SaveError
        The file cannot be written.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
        raise ShapeError(f"rgb must be (H, W, 3) uint8, got {rgb.shape} of {rgb.dtype}")
    with atomic_write(path) as handle:
        Image.fromarray(np.ascontiguousarray(rgb)).save(handle, format="PNG")


def read_size(path: Path | str) -> tuple[int, int]:
    """Return (width, height) of an image as :func:`read_image` would give it.

    Reads the header alone, so a file that is cut short further on goes unnoticed.

    Raises
    ------
    FileReadError
        As :func:`read_image`, as far as the header tells.
    """
    with opened(path) as image:
        width, height = image.size
        # Pillow gives the size of a TIFF upright already.
        if image.format != "TIFF" and _orientation(image, Path(path)) in _TALL:
            width, height = height, width
        return width, height


def count_pages(path: Path | str) -> int:
    """Return the number of pages of a TIFF; 1 for every other image.

    Raises
    ------
    FileReadError
        As :func:`read_size`.
    """
    with opened(path) as image:
        return getattr(image, "n_frames", 1) if image.format == "TIFF" else 1


def list_images(folder: Path | str) -> list[Path]:
    """Return the image files of a folder, not of those inside it, in natural order.

    Parameters
    ----------
    folder : Path or str
        Hidden files in it are left out.

    Returns
    -------
    list of Path
        ``folder / name``, with ``a2`` before ``a10``.

    Raises
    ------
    FileReadError
        The folder is missing or may not be read.
    """
    folder = Path(folder)
    try:
        found = [
            entry
            for entry in folder.iterdir()
            if entry.suffix.lower() in IMAGE_SUFFIXES
            and not entry.name.startswith(".")
            and entry.is_file()
        ]
    except OSError as error:
        raise FileReadError(
            f"cannot be read as a folder ({error.strerror})",
            path=folder,
            remedy="Name an existing folder you may read",
        ) from error
    return sorted(found, key=lambda entry: natural_key(entry.name))


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that sorts names as people count: ``img2`` before ``img10``."""
    parts = re.split(r"([0-9]+)", name.casefold())
    keyed = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
    return keyed, name


def _seek(image: Image.Image, page: int, path: Path) -> None:
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if not 0 <= page < pages:
        raise FileReadError(
            f"has no page {page}", path=path, remedy=f"Choose a page from 0 to {pages - 1}"
        )
    if page:
        image.seek(page)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image)
        if image.mode == "I" and _is_unsigned(image):
            values = values.view(np.uint32)  # Pillow takes the highest bit for a sign
        return Image.fromarray(_stretched(values)).convert("RGB")
    if image.has_transparency_data:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, over).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _pixels(image: Image.Image) -> np.ndarray:
    """Return an RGB image as an array of its own, with no second copy of all of it meanwhile."""
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    rows = max(1, _BAND // max(1, width))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels


def _is_unsigned(image: Image.Image) -> bool:
    """Return whether a TIFF holds whole numbers of 32 bit without a sign."""
    tags = getattr(image, "tag_v2", None)
    return tags is not None and tags.get(258) == (32,) and tags.get(339, (1,)) in ((1,), 1)


def _stretched(values: np.ndarray) -> np.ndarray:
    """Map grey of any depth to 0..255; one flat value becomes black, what is not finite too."""
    values = values.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.uint8)
    low, high = np.percentile(values[finite], (_LOW, _HIGH))
    if high <= low:
        low, high = values[finite].min(), values[finite].max()
    scale = 255.0 / (high - low) if high > low else 0.0
    return np.clip(np.round((np.where(finite, values, low) - low) * scale), 0, 255).astype(np.uint8)


def _orientation(image: Image.Image, path: Path) -> int:
    if image.format == "PNG" and not _metadata_after_pixels(path):
        # PngImageFile.getexif decodes all pixels to look for EXIF behind them; here is none.
        exif = Image.Image.getexif(image)
    else:
        exif = image.getexif()
    value = exif.get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) else 1


def _metadata_after_pixels(path: Path) -> bool:
    """Return whether a PNG carries EXIF or XMP behind its pixel data."""
    with path.open("rb") as file:
        file.seek(8)
        pixels = False
        for kind in _chunks(file):
            pixels = pixels or kind == b"IDAT"
            if pixels and kind in (b"eXIf", b"iTXt", b"tEXt", b"zTXt"):
                return True
    return False


def _chunks(file: BinaryIO):
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        yield kind
        file.seek(length + 4, 1)
