"""A dataset on disk: the catalogue of its images and their annotations, in SQLite. No Qt."""

from spn_annotator.project.examining import ImageProblem, ProblemKind
from spn_annotator.project.lock import LOCK_NAME, LockHolder
from spn_annotator.project.opening import open_path
from spn_annotator.project.ordering import ImageQuery
from spn_annotator.project.project import PROJECT_NAME, Project
from spn_annotator.project.records import (
    Action,
    Comment,
    Event,
    ImageRecord,
    ProposalInfo,
    Status,
)
from spn_annotator.project.rescue import Recovery, RescuedImage
from spn_annotator.project.saving import Snapshot
from spn_annotator.project.searching import Reason, RelinkSuggestion

__all__ = [
    "LOCK_NAME",
    "PROJECT_NAME",
    "Action",
    "Comment",
    "Event",
    "ImageProblem",
    "ImageQuery",
    "ImageRecord",
    "LockHolder",
    "ProblemKind",
    "Project",
    "ProposalInfo",
    "Reason",
    "Recovery",
    "RelinkSuggestion",
    "RescuedImage",
    "Snapshot",
    "Status",
    "open_path",
]
