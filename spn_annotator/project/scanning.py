"""Looking for images in a project folder and the folders inside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.formats.images import IMAGE_SUFFIXES
from spn_annotator.project.backups import BACKUPS_NAME
from spn_annotator.project.locations import inside

PROJECT_NAME = "project.spn.db"
LEFT_ALONE = "spn-ignore"
"""A file of this name keeps its folder out of every project."""

#: Folders that hold masks by the customs of data sets and of this program's exports, not images.
_MASK_FOLDERS = frozenset(
    {
        "annotations",
        "demo-output",
        "gtfine",
        "labels",
        "mask",
        "masks",
        "panoptic",
        "segmentationclass",
        "segmentationobject",
        "thumbnails",
    }
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder.

    Parameters
    ----------
    found : dict
        Paths of images, relative and with slashes, as keys.
    refused : tuple of Path
        Images that are links out of the folder.
    passed_over : tuple of Path
        Folders that were not looked into: links, projects of their own, folders of masks, folders
        that may not be read.
    """

    found: dict[str, None]
    refused: tuple[Path, ...]
    passed_over: tuple[Path, ...]


def list_tree(folder: Path, *, subfolders: bool) -> Listing:
    """List the images of a folder by their suffixes; nothing is opened.

    Parameters
    ----------
    folder : Path
    subfolders : bool
        Whether folders inside are looked into: hidden ones, links, projects of their own, folders
        with a file named ``spn-ignore`` and folders of masks (``masks``, ``labels``,
        ``annotations``, …) are not.

    Raises
    ------
    FileReadError
        The folder itself cannot be read.
    """
    found: dict[str, None] = {}
    refused: list[Path] = []
    passed_over: list[Path] = []
    waiting = [("", str(folder))]
    while waiting:
        prefix, place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                images, links, folders, names = _sorted_out(entries)
        except OSError as error:
            if not prefix:
                raise FileReadError(
                    f"cannot be read as a folder ({error.strerror})",
                    path=folder,
                    remedy="Name an existing folder you may read",
                ) from error
            passed_over.append(Path(place))
            continue
        if prefix and (PROJECT_NAME in names or LEFT_ALONE in names):
            passed_over.append(Path(place))
            continue
        for name in images:
            found[prefix + name] = None
        for name in links:
            try:
                inside(folder, prefix + name)
                found[prefix + name] = None
            except FormatError:
                refused.append(folder / prefix / name)
        if not subfolders:
            continue
        for name, is_link in sorted(folders, reverse=True):
            inner = os.path.join(place, name)  # noqa: PTH118 (a hundred thousand Paths take long)
            if is_link or name.casefold() in _MASK_FOLDERS:
                passed_over.append(Path(inner))
            elif name != BACKUPS_NAME:
                waiting.append((f"{prefix}{name}/", inner))
    return Listing(found, tuple(refused), tuple(passed_over))


def _sorted_out(
    entries: Iterable[os.DirEntry[str]],
) -> tuple[list[str], list[str], list[tuple[str, bool]], set[str]]:
    """Return images, linked images, folders (with whether they are links) and special names."""
    images: list[str] = []
    links: list[str] = []
    folders: list[tuple[str, bool]] = []
    special: set[str] = set()
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        if name in (PROJECT_NAME, LEFT_ALONE):
            special.add(name)
        elif _is_image(name):
            try:
                if entry.is_file():  # not so a link that leads nowhere
                    (links if entry.is_symlink() else images).append(name)
            except OSError:
                pass  # a ring of links, or a file that may not be looked at
        elif entry.is_dir():
            folders.append((name, entry.is_symlink()))
    return images, links, folders, special


def _is_image(name: str) -> bool:
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in IMAGE_SUFFIXES
