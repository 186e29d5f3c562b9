"""Single pages out of a multi-page TIFF, with every bit of their pixels."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageSequence

from spn_annotator.errors import FileReadError
from spn_annotator.formats.atomic import atomic_write
from spn_annotator.formats.pictures import opened


def write_page(source: Path, page: int, target: Path) -> None:
    """Write one page of a TIFF as a TIFF of its own, compressed without loss.

    Parameters
    ----------
    source : Path
    page : int
        From 0.
    target : Path
        Its folder must exist.

    Raises
    ------
    FileReadError
        There is no such page, or the file is damaged.
    SaveError
        It cannot be written.
    """
    with opened(source) as image:
        try:
            picture = ImageSequence.Iterator(image)[page].copy()
        except (EOFError, IndexError) as error:
            raise FileReadError(f"has no page {page}", path=source) from error
        orientation = image.getexif().get(0x0112, 1)
    exif = picture.getexif()
    exif.clear()
    if isinstance(orientation, int) and 1 < orientation <= 8:
        exif[0x0112] = orientation
    with atomic_write(target) as handle:
        picture.save(handle, format="TIFF", compression="tiff_deflate", exif=exif)
