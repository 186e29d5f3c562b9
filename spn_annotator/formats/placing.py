"""Pictures that go along with annotations: copied as they are where that will do."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from PIL import Image

from spn_annotator.errors import FileReadError, MaskSizeError
from spn_annotator.formats.atomic import atomic_write, atomic_write_bytes, make_folder
from spn_annotator.formats.codec import Outgoing
from spn_annotator.formats.images import IMAGE_SUFFIXES, count_pages, read_image, read_size
from spn_annotator.formats.pictures import opened

JPEG = frozenset({".jpg"})
_QUALITY = 95
_ANEW = "the picture was written anew as an upright {} of 8 bit"


def place_image(
    image: Outgoing,
    folder: Path,
    stem: str,
    *,
    suffixes: frozenset[str] = IMAGE_SUFFIXES,
    fallback: str = ".png",
) -> tuple[Path | None, list[str]]:
    """Put the picture of an image into a folder.

    It is copied byte for byte where it is upright, a single page, and has a suffix that the format
    takes. Otherwise it is written anew as 8-bit RGB, because most readers look at neither EXIF
    orientation nor pages.

    Parameters
    ----------
    image : Outgoing
    folder : Path
        Made if missing.
    stem : str
        Name of the file without its suffix.
    suffixes : frozenset of str
        What readers of the format expect.
    fallback : ".png" or ".jpg"
        How it is written anew.

    Returns
    -------
    Path or None
        The file; None if the image has no picture here.
    list of str
        What there is to say about it.

    Raises
    ------
    FileReadError
        The picture cannot be read.
    MaskSizeError
        It has another size than its annotations.
    SaveError
        It cannot be written.
    """
    source = image.image
    if source is None:
        return None, ["the picture is not at hand, so only its annotations are written"]
    if not isinstance(source, Path):
        return _place_bytes(source(), image, make_folder(folder), stem, suffixes, fallback)
    height, width = image.shape
    size = read_size(source) if not image.page else None
    if size is not None and size != (width, height):
        raise MaskSizeError(
            f"is {size[0]} x {size[1]} pixels, its annotations are {width} x {height}",
            path=source,
            remedy="Put back the image that was annotated",
        )
    folder = make_folder(folder)
    suffix = source.suffix.lower()
    if suffix in suffixes and _is_plain(source) and not image.page:
        target = folder / (stem + suffix)
        _copy(source, target)
        return target, []
    target = folder / (stem + fallback)
    pixels = read_image(source, page=image.page)
    if pixels.shape[:2] != (height, width):
        raise MaskSizeError("has another size than its annotations", path=source)
    with atomic_write(target) as handle:
        _save(Image.fromarray(pixels), handle, fallback)
    return target, [_ANEW.format(fallback[1:].upper())]


def _save(picture: Image.Image, handle: BinaryIO, suffix: str) -> None:
    if suffix == ".jpg":
        picture.save(handle, "JPEG", quality=_QUALITY, subsampling=0)
    else:
        picture.save(handle, "PNG")


def _place_bytes(
    data: bytes,
    image: Outgoing,
    folder: Path,
    stem: str,
    suffixes: frozenset[str],
    fallback: str,
) -> tuple[Path | None, list[str]]:
    """Put a picture that lay inside another file into a folder."""
    height, width = image.shape
    with opened(image.name, content=data) as found:
        if found.size != (width, height):
            raise MaskSizeError("holds a picture of another size", path=image.name)
        suffix = {"JPEG": ".jpg", "PNG": ".png"}.get(found.format or "", "")
        if suffix in suffixes and suffix:
            target = folder / (stem + suffix)
            atomic_write_bytes(target, data)
            return target, []
        target = folder / (stem + fallback)
        with atomic_write(target) as handle:
            _save(found.convert("RGB"), handle, fallback)
    return target, [_ANEW.format(fallback[1:].upper())]


def _is_plain(path: Path) -> bool:
    """Return whether readers that know neither EXIF nor pages see the right picture."""
    with opened(path) as image:
        size = image.size
        turned = image.getexif().get(0x0112, 1) not in (0, 1, None)
    return not turned and size == read_size(path) and count_pages(path) == 1


def _copy(source: Path, target: Path) -> None:
    if source.exists() and target.exists() and source.samefile(target):
        return
    with atomic_write(target) as handle:
        try:
            with source.open("rb") as stream:
                while block := stream.read(1 << 20):
                    handle.write(block)
        except OSError as error:
            raise FileReadError(f"cannot be read ({error.strerror})", path=source) from error
