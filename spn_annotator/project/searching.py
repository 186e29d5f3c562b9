"""Where images that are missing may have gone: a search by content, name and size."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.images import IMAGE_SUFFIXES, read_size
from spn_annotator.project.fingerprints import Fingerprint, checksum_of
from spn_annotator.project.records import ImageRecord

_MOST = 5  # suggestions for one image


class Reason(StrEnum):
    """Why a file may be the image, the best reason first."""

    CONTENT = "same content"
    NAME_AND_SIZE = "same name and size in pixels"
    NAME = "same name"


@dataclass(frozen=True, slots=True)
class RelinkSuggestion:
    """A file that may be an image that is missing or has changed.

    Parameters
    ----------
    image_id : int
    path : Path
        The file; pass it to `Project.relink`.
    reason : Reason
    """

    image_id: int
    path: Path
    reason: Reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """An image that is looked for, with what is known of its file."""

    record: ImageRecord
    fingerprint: Fingerprint | None


def search(
    folder: Path,
    wanted: Iterable[Wanted],
    *,
    taken: Callable[[Path], bool],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[RelinkSuggestion]:
    """Look for images in a folder and those inside it; links to folders are not followed.

    Parameters
    ----------
    folder : Path
    wanted : iterable of Wanted
    taken : callable
        Whether a file is another image of the project, with work of its own.
    cancelled : callable
        Asked now and then; what was found until then is returned.

    Returns
    -------
    list of RelinkSuggestion
        Image by image, the best first, at most five for each. Files of another size in pixels
        than the annotations are left out.
    """
    by_name: dict[str, list[Path]] = defaultdict(list)
    by_size: dict[int, list[Path]] = defaultdict(list)
    for path, size in _files(folder, cancelled):
        by_name[path.name.casefold()].append(path)
        by_size[size].append(path)
    checksums: dict[Path, str | None] = {}
    found: list[RelinkSuggestion] = []
    for item in wanted:
        if cancelled():
            break
        best: dict[Path, Reason] = {}
        name = item.record.path.rpartition("/")[2].casefold()
        if item.fingerprint is not None:
            for path in by_size.get(item.fingerprint.size, ()):
                if path not in checksums:
                    checksums[path] = _checksum(path)
                if checksums[path] == item.fingerprint.checksum:
                    best[path] = Reason.CONTENT
        for path in by_name.get(name, ()):
            if path not in best and (reason := _by_name(path, item.record)) is not None:
                best[path] = reason
        reasons = list(Reason)
        ranked = sorted(
            (path for path in best if not taken(path)),
            key=lambda path: (
                reasons.index(best[path]),
                path.name.casefold() != name,
                -_common_end(path, item.record.path),
                str(path),
            ),
        )
        found += [RelinkSuggestion(item.record.id, path, best[path]) for path in ranked[:_MOST]]
    return found


def _files(folder: Path, cancelled: Callable[[], bool]) -> Iterable[tuple[Path, int]]:
    for place, folders, names in os.walk(folder):
        if cancelled():
            return
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or path.suffix.lower() not in IMAGE_SUFFIXES:
                continue
            try:
                yield path, path.stat().st_size
            except OSError:
                continue


def _checksum(path: Path) -> str | None:
    try:
        return checksum_of(path)
    except OSError:
        return None


def _by_name(path: Path, record: ImageRecord) -> Reason | None:
    if not record.width:
        return Reason.NAME
    try:
        size = read_size(path)
    except SpnAnnotatorError:
        return None
    return Reason.NAME_AND_SIZE if size == (record.width, record.height) else None


def _common_end(path: Path, stored: str) -> int:
    """Return how many of the last parts of two paths are the same."""
    count = 0
    for one, other in zip(reversed(path.parts), reversed(stored.split("/")), strict=False):
        if one.casefold() != other.casefold():
            break
        count += 1
    return count
