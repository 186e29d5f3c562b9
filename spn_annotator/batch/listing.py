"""The image files of a place by their name: of a folder, a pattern (``a/**/*.jpg``) or one file."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from spn_annotator.batch.places import Place
from spn_annotator.errors import FileReadError, UsageError
from spn_annotator.formats.images import IMAGE_SUFFIXES, natural_key

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class NamedFiles:
    """Image files by name: their path below the source, without the suffix.

    Attributes
    ----------
    source : Place
        The folder, the fixed part of the pattern, or the one file.
    is_file : bool
        Whether the source is one file.
    by_name : dict of str to tuple of Place
        In natural order. More than one file means that a name is used twice.
    """

    source: Place
    is_file: bool
    by_name: dict[str, tuple[Place, ...]]

    def picture(self, name: str) -> Place | None:
        """Return the file of a name, or None.

        Raises
        ------
        FileReadError
            Several files have this name.
        """
        return _only(self.by_name.get(name, ()))

    def mask(self, name: str) -> Place | None:
        """Return the mask of a name, or None; a PNG goes before files of other kinds.

        Raises
        ------
        FileReadError
            Several files have this name and the PNG among them is not the only one.
        """
        found = self.by_name.get(name, ())
        return _only(tuple(place for place in found if place.suffix == ".png") or found)


def list_files(source: Place, *, what: str, deep: bool = False) -> NamedFiles:
    """Return the image files of a place.

    Parameters
    ----------
    source : Place
        A file, a folder, or a pattern with ``*``, ``?``, ``[…]`` and ``**`` for any folders.
    what : str
        What the files are, for messages: ``"images"``.
    deep : bool
        Whether folders inside a folder are gone into; a pattern says so itself.

    Raises
    ------
    UsageError
        It does not exist, cannot be read, or holds no image file.
    """
    pattern = None
    root = source
    if is_pattern(source) and not (not source.is_remote and source.exists()):
        root, pattern = _split(source)
        deep = "/" in pattern
    elif source.is_file():
        return NamedFiles(source, True, {PurePosixPath(source.name).stem: (source,)})
    if not root.is_remote and not root.exists():
        raise UsageError(
            f"does not exist ({what})", path=root.path, remedy="Name a file or a folder of files"
        )
    found = {
        name: place
        for name, place in _walk(root, deep=deep)
        if place.suffix in IMAGE_SUFFIXES and (pattern is None or _matches(name, pattern))
    }
    if not found:
        raise UsageError(
            f"{source}: holds no image files ({what})"
            if pattern is None
            else f"{source}: no image file has a name like this ({what})",
            remedy="Name a folder that has JPEG, PNG, TIFF, WebP or BMP files in it",
        )
    by_name: dict[str, tuple[Place, ...]] = {}
    for name in sorted(found, key=natural_key):
        stem = PurePosixPath(name).with_suffix("").as_posix()
        by_name[stem] = (*by_name.get(stem, ()), found[name])
    ordered = {stem: by_name[stem] for stem in sorted(by_name, key=natural_key)}
    return NamedFiles(root, False, ordered)


def is_pattern(source: Place) -> bool:
    """Return whether a place's text has wild cards in it."""
    return _MAGIC.search(source.text) is not None


def _walk(root: Place, *, deep: bool) -> list[tuple[str, Place]]:
    try:
        return list(root.walk(deep=deep))
    except FileNotFoundError as error:
        raise UsageError(
            f"{root}: does not exist", remedy="Name a file or a folder of files"
        ) from error


def _split(source: Place) -> tuple[Place, str]:
    """Return the folder that a pattern begins with, and the rest."""
    text = source.as_posix()
    before = text[: _MAGIC.search(text).start()]  # pyright: ignore[reportOptionalMemberAccess]
    fixed, _, _ = before.rpartition("/")
    if text.startswith("/") and not fixed:
        fixed = "/"
    rest = text[len(fixed) :].lstrip("/")
    return Place.of(fixed or "."), rest


def _matches(name: str, pattern: str) -> bool:
    """Return whether a relative path fits a pattern; ``**`` stands for any number of folders."""
    return _fit(name.split("/"), pattern.split("/"))


def _fit(parts: list[str], patterns: list[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fit(parts[skip:], patterns[1:]) for skip in range(len(parts) + 1))
    return (
        bool(parts) and fnmatch.fnmatchcase(parts[0], patterns[0]) and _fit(parts[1:], patterns[1:])
    )


def _only(places: tuple[Place, ...]) -> Place | None:
    if len(places) > 1:
        names = " and ".join(place.name for place in places)
        raise FileReadError(
            f"{places[0]}: {names} have the same stem", remedy="Rename or remove all but one"
        )
    return places[0] if places else None
