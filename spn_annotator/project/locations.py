"""Paths of images: inside the project folder, but for those the user added from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from spn_annotator.errors import FormatError
from spn_annotator.formats.images import IMAGE_SUFFIXES


def stored_path(folder: Path, path: Path) -> tuple[str, bool]:
    """Return how a project names a file, and whether that is outside of its folder.

    Parameters
    ----------
    folder : Path
        The project folder.
    path : Path
        The file, absolute or relative to the working directory; it need not be there.

    Returns
    -------
    (str, bool)
        With slashes. Relative wherever there is a way from the folder to the file, so that both
        can be moved together; absolute on another drive.
    """
    home = folder.resolve()
    full = path.parent.resolve() / path.name
    if full.is_relative_to(home):
        return full.relative_to(home).as_posix(), False
    try:
        return Path(os.path.relpath(full, home)).as_posix(), True
    except ValueError:  # another drive of Windows
        return full.as_posix(), True


def outside(folder: Path, stored: str) -> Path:
    """Return the path of an image that the user added from outside of the folder.

    Raises
    ------
    FormatError
        It does not have the suffix of an image, or cannot be a path.
    """
    path = Path(os.path.normpath(folder / stored))
    if "\0" in stored or path.suffix.lower() not in IMAGE_SUFFIXES:
        raise FormatError(
            f"{stored!r} names no image", path=folder, remedy="Add the image to the project again"
        )
    return path


def inside(folder: Path, relative: str) -> Path:
    """Return the path of an image that a project names.

    Parameters
    ----------
    folder : Path
        The project folder.
    relative : str
        With slashes, relative to the folder.

    Raises
    ------
    FormatError
        The path is absolute, climbs out of the folder, or a link on the way leads out of it.
    """
    pure = PurePosixPath(relative)
    windows = PureWindowsPath(relative)
    if (
        not relative
        or "\0" in relative
        or pure.is_absolute()
        or windows.drive
        or windows.root
        or ".." in pure.parts
        or ".." in windows.parts
    ):
        raise _outside(folder, relative)
    path = folder.joinpath(*pure.parts)
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError) as error:  # a ring of links
        raise _outside(folder, relative) from error
    if not resolved.is_relative_to(folder.resolve()):
        raise _outside(folder, relative)
    return path


def _outside(folder: Path, relative: str) -> FormatError:
    return FormatError(
        f"the image {relative!r} does not lie in the project folder",
        path=folder,
        remedy="Copy the image into the folder",
    )
