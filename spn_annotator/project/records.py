"""What a project knows of an image."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far the work on an image is."""

    TODO = "to do"
    IN_PROGRESS = "in progress"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image of a project.

    Parameters
    ----------
    id : int
        Never given to another image of the project.
    path : str
        Relative to the project folder, with slashes.
    width, height : int
        In pixels, upright; 0 until the image was opened for the first time: nothing is read
        before it is needed.
    status : Status
    missing : bool
        Whether the file was absent at the last scan; its annotations are kept.
    saved : bool
        Whether annotations of it are stored.
    """

    id: int
    path: str
    width: int = 0
    height: int = 0
    status: Status = Status.TODO
    missing: bool = False
    saved: bool = False
