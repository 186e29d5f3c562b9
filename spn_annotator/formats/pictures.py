"""The one door to Pillow: open a picture file safely, and say plainly what is wrong with it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from spn_annotator.errors import FileReadError, SpnAnnotatorError
from spn_annotator.formats.limits import Limits

# A closed list: Pillow would otherwise try formats that run other programs (EPS).
# JPEG takes a phone's multi-picture files (MPO) with it.
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")

# Pillow's own limit lies below what scanners and slide cameras deliver, and refuses twice as much.
# Ours is checked below; this one is for what is decoded later, such as another page.
Image.MAX_IMAGE_PIXELS = Limits().picture_pixels


@contextmanager
def opened(path: Path | str, *, content: bytes | None = None) -> Iterator[Image.Image]:
    """Open a picture file; its pixels are decoded when the block asks for them.

    Whatever a decoder raises on a damaged file, inside the block too, becomes a
    :class:`FileReadError`, and Pillow's warnings about odd files are kept quiet.

    Parameters
    ----------
    path : Path or str
        A JPEG, PNG, TIFF, WebP or BMP file.
    content : bytes, optional
        Of a picture that lies inside the file, which is not opened then.

    Yields
    ------
    PIL.Image.Image
        Still or multi-page; closed at the end of the block.

    Raises
    ------
    FileReadError
        The file is missing, unreadable, no picture, damaged, animated or too large.
    UsageError
        The limit in the environment is no number.
    """
    path = Path(path)
    most = Limits.from_environment().picture_pixels
    if most > (Image.MAX_IMAGE_PIXELS or 0):
        Image.MAX_IMAGE_PIXELS = most
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
        try:
            place = path if content is None else io.BytesIO(content)
            with Image.open(place, formats=_FORMATS) as image:
                _check(image, path, most)
                yield image
        except SpnAnnotatorError:
            raise
        except UnidentifiedImageError as error:
            raise _not_a_picture(path) from error
        except Image.DecompressionBombError as error:
            raise _too_large(path, most) from error
        except MemoryError as error:
            raise FileReadError(
                "does not fit into memory", path=path, remedy="Use a smaller copy of it"
            ) from error
        except FileNotFoundError as error:
            raise FileReadError(
                "does not exist", path=path, remedy="Check the name and the folder"
            ) from error
        except IsADirectoryError as error:
            raise FileReadError(
                "is a folder, not a picture", path=path, remedy="Name a picture file"
            ) from error
        except PermissionError as error:
            raise FileReadError(
                "may not be read", path=path, remedy="Check the file's permissions"
            ) from error
        except Exception as error:  # decoders raise anything on damaged bytes, SyntaxError too
            raise FileReadError(
                f"is damaged or cut short ({_reason(error)})",
                path=path,
                remedy="Copy or export the picture again",
            ) from error


def _check(image: Image.Image, path: Path, most: int) -> None:
    if image.width * image.height > most:
        raise _too_large(path, most)
    # Pages of a TIFF and the extra views of a phone's MPO are no animation.
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise FileReadError(
            f"is an animation of {getattr(image, 'n_frames', 'several')} pictures",
            path=path,
            remedy="Save the picture you want as a still image",
        )


def _too_large(path: Path, most: int) -> FileReadError:
    return FileReadError(
        f"is larger than {most / 1_000_000:,.0f} megapixels",
        path=path,
        remedy="Cut it into tiles, use a smaller copy, or raise the limit with "
        "SPN_ANNOTATOR_MAX_PICTURE_PIXELS",
    )


def _not_a_picture(path: Path) -> FileReadError:
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        head = b"?"
    if not head:
        what = "is empty"
    elif head.startswith(b"GIF8"):
        what = "is a GIF file, which may hold an animation and is not read"
    elif head.startswith((b"II*\0", b"MM\0*")):
        what = "is a TIFF file of a kind that is not read (64 bit, or floating point in colour)"
    else:
        what = "is not a JPEG, PNG, TIFF, WebP or BMP picture"
    return FileReadError(what, path=path, remedy="Export the picture again as JPEG or PNG")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().rstrip(".") or type(error).__name__
