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
        With slashes; relative to the project folder, or absolute where `outside` is set and there
        is no way there from the folder.
    width, height : int
        In pixels, upright; 0 until the image was opened for the first time: nothing is read
        before it is needed.
    status : Status
    missing : bool
        Whether the file was absent at the last scan; its annotations are kept.
    saved : bool
        Whether annotations of it are stored.
    page : int
        Of a TIFF with several pages, from 0.
    outside : bool
        Whether it lies outside of the project folder, as the user said (`Project.add_image`).
    changed : bool
        Whether the file was found to be another one than was annotated (`Project.check_images`).
    confidence : float or None
        The IoU to expect of the stored proposal, 0 to 1; None without one.
    proposed : bool
        Whether a proposal is stored.
    version : int
        How many times its annotations were saved.
    """

    id: int
    path: str
    width: int = 0
    height: int = 0
    status: Status = Status.TODO
    missing: bool = False
    saved: bool = False
    page: int = 0
    outside: bool = False
    changed: bool = False
    confidence: float | None = None
    proposed: bool = False
    version: int = 0

    @property
    def name(self) -> str:
        """What to show a person: the path, with the page, from 1, where it is not the first."""
        return self.path if self.page == 0 else f"{self.path} ({self.page + 1})"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about an image.

    Parameters
    ----------
    id, image_id : int
    author : str
    written : str
        Date and time, UTC, ``YYYY-MM-DD HH:MM:SS``.
    text : str
    """

    id: int
    image_id: int
    author: str
    written: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to an image, when, and with which model.

    The order of events is that of their ids: clocks are set back at times.

    Parameters
    ----------
    id : int
    image_id : int or None
        None for what concerns the project as a whole.
    action : str
        One of `Action`; of a newer version of the program perhaps another word.
    author : str
    began, ended : str
        Date and time, UTC. Saves by one person that follow each other are one event.
    times : int
        How many saves it was.
    model : str
        What made the proposal that was stored or accepted; empty for work by hand.
    detail : str
    """

    id: int
    image_id: int | None
    action: str
    author: str
    began: str
    ended: str
    times: int
    model: str
    detail: str


class Action(StrEnum):
    """What can have happened."""

    ANNOTATED = "annotated"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    STATUS = "status"
    LABELS = "labels"
    COMMENTED = "commented"
    COMMENT_REMOVED = "comment removed"
    ADDED = "added"
    RELINKED = "relinked"
    CONFIRMED = "confirmed"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class ProposalInfo:
    """What is known of a stored proposal.

    Parameters
    ----------
    model : str
        Name of the model, empty if it was not told.
    made : str
        Date and time, UTC.
    confidence : float or None
        The IoU to expect, 0 to 1.
    """

    model: str
    made: str
    confidence: float | None
