"""What can be the matter with the file of an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.project.fingerprints import Fingerprint
from spn_annotator.project.pages import size_of
from spn_annotator.project.records import ImageRecord


class ProblemKind(StrEnum):
    """What can be the matter with the file of an image."""

    MISSING = "missing"
    CHANGED = "changed"
    RESIZED = "another size"
    UNREADABLE = "unreadable"
    REFUSED = "outside of the folder"


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """What `Project.check_images` found.

    Parameters
    ----------
    image_id : int
    kind : ProblemKind
    detail : str
        For the user, in words.
    """

    image_id: int
    kind: ProblemKind
    detail: str


def examine(
    record: ImageRecord, path: Callable[[int], Path], fingerprint: Fingerprint | None
) -> ImageProblem | Fingerprint | None:
    """Look at the file of an image.

    Parameters
    ----------
    record : ImageRecord
    path : callable
        Gives the file of an image id; FormatError if it may not lie where it is said to.
    fingerprint : Fingerprint, optional
        What is known of the file that was annotated.

    Returns
    -------
    ImageProblem, Fingerprint or None
        What is the matter; or the fingerprint with the time the file has now, if it is the same
        file with another time; or None.
    """
    try:
        file = path(record.id)
        status = file.stat()
    except FormatError as error:
        return ImageProblem(record.id, ProblemKind.REFUSED, error.message)
    except FileNotFoundError:
        return ImageProblem(record.id, ProblemKind.MISSING, f"{record.path} is not there")
    except OSError as error:
        detail = f"{record.path} cannot be read ({error.strerror})"
        return ImageProblem(record.id, ProblemKind.UNREADABLE, detail)
    if fingerprint is None or (status.st_size, status.st_mtime_ns) == (
        fingerprint.size,
        fingerprint.time,
    ):
        return None
    try:
        if fingerprint.is_same(file):
            return replace(fingerprint, time=status.st_mtime_ns)
        size = size_of(file, record.page)
    except (FileReadError, OSError):
        detail = f"{record.path} cannot be read as an image any more"
        return ImageProblem(record.id, ProblemKind.UNREADABLE, detail)
    if size != (record.width, record.height):
        detail = (
            f"{record.path} is {size[0]} x {size[1]} pixels, its annotations are "
            f"{record.width} x {record.height}"
        )
        return ImageProblem(record.id, ProblemKind.RESIZED, detail)
    detail = f"{record.path} is not the file that was annotated"
    return ImageProblem(record.id, ProblemKind.CHANGED, detail)
