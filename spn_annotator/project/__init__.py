"""A dataset on disk: the catalogue of its images and their annotations, in SQLite. No Qt."""

from spn_annotator.project.lock import LOCK_NAME, LockHolder
from spn_annotator.project.opening import open_path
from spn_annotator.project.project import PROJECT_NAME, Project
from spn_annotator.project.records import ImageRecord, Status
from spn_annotator.project.saving import Snapshot

__all__ = [
    "LOCK_NAME",
    "PROJECT_NAME",
    "ImageRecord",
    "LockHolder",
    "Project",
    "Snapshot",
    "Status",
    "open_path",
]
