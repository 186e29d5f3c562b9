"""Paths of images: always inside the project folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from spn_annotator.errors import FormatError


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
