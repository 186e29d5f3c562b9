"""How much a file that comes from elsewhere may ask for before it is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path

from spn_annotator.annotation.objects import MAX_OBJECT_ID
from spn_annotator.errors import FileReadError, FormatError, UsageError

_VARIABLE = "SPN_ANNOTATOR_MAX_"


@dataclass(frozen=True)
class Limits:
    """What reading a data set may take; each is a setting.

    Parameters
    ----------
    pixels : int
        Largest map of objects, in pixels; it takes 2 bytes each, and what reads it as much again.
    file_bytes : int
        Largest text, JSON or array file.
    objects : int
        Most objects of an image, at most 65,534.
    images : int
        Most images of a data set.
    depth : int
        Deepest nesting of a JSON or YAML file.
    picture_pixels : int
        Largest picture, in pixels; it takes 3 bytes each, and what decodes it as much again.

    Raises
    ------
    UsageError
        A limit is less than 1, or more objects are asked for than a map can hold.
    """

    pixels: int = 100_000_000
    file_bytes: int = 1_000_000_000
    objects: int = MAX_OBJECT_ID
    images: int = 1_000_000
    depth: int = 64
    picture_pixels: int = 300_000_000

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value < 1:
                raise UsageError(f"the limit of {_words(item.name)} must be 1 or more, got {value}")
        if self.objects > MAX_OBJECT_ID:
            raise UsageError(f"an image holds at most {MAX_OBJECT_ID:,} objects")

    @classmethod
    def from_environment(cls) -> Limits:
        """Return the defaults, overruled by ``SPN_ANNOTATOR_MAX_PIXELS`` and so on.

        Raises
        ------
        UsageError
            Such a variable holds something else than a whole number of 1 or more.
        """
        given: dict[str, int] = {}
        for item in fields(cls):
            name = _VARIABLE + item.name.upper()
            text = os.environ.get(name, "").strip()
            if not text:
                continue
            if not (text.isascii() and text.isdecimal() and len(text) < 19):
                raise UsageError(f"{name} must be a whole number, got {text[:40]!r}")
            given[item.name] = int(text)
        return cls(**given)

    @property
    def painted(self) -> int:
        """Most pixels that the objects of one image may cover taken together, overlaps counted."""
        return 5 * self.pixels

    def check_size(self, width: object, height: object, path: Path | str) -> tuple[int, int]:
        """Return a width and a height that a file states, if an image can have them.

        Raises
        ------
        FormatError
            They are no whole numbers of 1 or more, or their product is above the limit.
        """
        for value in (width, height):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise FormatError(
                    f"states the size {_short(width)} x {_short(height)}",
                    path=path,
                    remedy="Export the file again",
                )
        assert isinstance(width, int)
        assert isinstance(height, int)
        if width * height > self.pixels:
            raise FormatError(
                f"states the size {_short(width)} x {_short(height)}, more than "
                f"{self.pixels:,} pixels",
                path=path,
                remedy=f"Raise the limit with {_VARIABLE}PIXELS, or cut the image into tiles",
            )
        return width, height

    def check_objects(self, number: int, path: Path | str) -> None:
        """Raise FormatError if an image has more objects than the limit."""
        if number > self.objects:
            raise FormatError(
                f"has {number:,} objects, the limit is {self.objects:,}",
                path=path,
                remedy="Split the image, or raise the limit",
            )

    def read_bytes(self, path: Path) -> bytes:
        """Return the content of a regular file of at most `file_bytes`.

        Raises
        ------
        FileReadError
            It is missing, no regular file, may not be read, or is too large.
        """
        try:
            if not path.is_file():
                what = "is no file" if path.exists() else "does not exist"
                raise FileReadError(what, path=path, remedy="Check the name and the folder")
            with path.open("rb") as file:
                # As much as is asked for is set aside at once, so it is not asked for too much.
                size = os.fstat(file.fileno()).st_size
                data = file.read(min(size, self.file_bytes) + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FileReadError(
                f"cannot be read ({reason})", path=path, remedy="Check the file's permissions"
            ) from error
        if len(data) > self.file_bytes:
            raise FileReadError(
                f"is larger than {self.file_bytes:,} bytes",
                path=path,
                remedy=f"Split it, or raise the limit with {_VARIABLE}FILE_BYTES",
            )
        return data


def _words(name: str) -> str:
    return name.replace("_", " ")


def _short(value: object) -> str:
    """Return a value for a message; numbers may have thousands of digits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**12:
        return "a huge number"
    text = repr(value)
    return text if len(text) <= 24 else text[:24] + "…"
