"""The images of a project on their way out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.codec import ExportItem
from spn_annotator.formats.splits import assign
from spn_annotator.project.project import Project
from spn_annotator.project.records import ImageRecord, Status


def export_items(
    project: Project,
    *,
    statuses: Collection[Status] | None = None,
    split: Mapping[str, float] | None = None,
    seed: int = 0,
) -> tuple[list[ExportItem], list[str]]:
    """Return what of a project goes out, and what stays.

    Parameters
    ----------
    project : Project
    statuses : collection of Status, optional
        Only images of these; without it all that were worked on.
    split : mapping of str to float, optional
        Parts and their fractions.
    seed : int
        Of the split.

    Returns
    -------
    list of ExportItem
        In the order of the project.
    list of str
        Paths of the images that are left out.
    """
    wanted, left = [], []
    for record in project.images():
        chosen = record.saved if statuses is None else record.status in statuses
        (wanted if chosen else left).append(record)
    parts = assign([export_name(record) for record in wanted], split, seed=seed) if split else {}
    items = [
        ExportItem(
            export_name(record),
            lambda record=record: project.load(record.id),
            image=_path_of(project, record),
            page=record.page,
            split=parts.get(export_name(record), ""),
        )
        for record in wanted
    ]
    return items, [export_name(record) for record in left]


def export_name(record: ImageRecord) -> str:
    """Return what an image is called in exports: its path; pages but the first get a number."""
    if not record.page:
        return record.path
    path = PurePosixPath(record.path)
    return path.with_name(f"{path.stem}_p{record.page + 1:03}{path.suffix}").as_posix()


def _path_of(project: Project, record: ImageRecord) -> Path | None:
    try:
        return project.image_path(record.id)
    except SpnAnnotatorError:
        return None  # loading says why
