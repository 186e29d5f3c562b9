"""Paths that files name: never outside of the folder they may name things in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from spn_annotator.errors import FormatError


def inside(folder: Path, relative: object) -> Path:
    """Return the path that a file names, relative to a folder.

    Parameters
    ----------
    folder : Path
        Nothing outside of it is ever returned.
    relative : object
        What the file says: with slashes or, as Windows writes it, backslashes.

    Raises
    ------
    FormatError
        It is no text, absolute, climbs out of the folder, or a link on the way leads out of it.
    """
    if not isinstance(relative, str) or not relative or "\0" in relative or len(relative) > 4096:
        raise _refused(folder, relative)
    windows = PureWindowsPath(relative)
    pure = PurePosixPath(relative)
    try:
        # On POSIX a backslash may be part of a name.
        if "\\" in relative and not folder.joinpath(*pure.parts).exists():
            pure = PurePosixPath(*windows.parts) if windows.parts else pure
    except OSError as error:  # a name too long
        raise _refused(folder, relative) from error
    if (
        pure.is_absolute()
        or windows.drive
        or windows.root
        or ".." in pure.parts
        or ".." in windows.parts
    ):
        raise _refused(folder, relative)
    path = folder.joinpath(*pure.parts)
    try:
        resolved = path.resolve()
        contained = resolved.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError) as error:  # a ring of links, a name too long
        raise _refused(folder, relative) from error
    if not contained:
        raise _refused(folder, relative)
    return path


def found_inside(folder: Path, relative: object) -> Path | None:
    """Return the regular file that is named, None if it is not there or lies outside."""
    try:
        path = inside(folder, relative)
        return path if path.is_file() else None
    except (FormatError, OSError, ValueError):
        return None


def _refused(folder: Path, relative: object) -> FormatError:
    text = repr(relative)
    return FormatError(
        f"names the path {text if len(text) < 200 else text[:200] + '…'}, which is refused: "
        "it does not lie inside this folder",
        path=folder,
        remedy="Put the file into the folder and name it relative to that",
    )
