"""The images of a project on their way out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from spn_annotator.annotation import AnnotatedObject, Document
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
            lambda record=record: load_for_export(project, record.id),
            image=_path_of(project, record),
            page=record.page,
            split=parts.get(export_name(record), ""),
        )
        for record in wanted
    ]
    return items, [export_name(record) for record in left]


@dataclass(frozen=True, eq=False)
class StoredImage:
    """The annotations of an image with what other tools' files said of it.

    Attributes
    ----------
    document : Document
    extra : mapping of str to Any
        As `AnnotatedImage.extra`.
    """

    document: Document
    extra: Mapping[str, Any]

    @property
    def object_map(self) -> np.ndarray:
        """(H, W) uint16 object ids, 0 = nothing."""
        return self.document.object_map

    @property
    def rough_map(self) -> np.ndarray:
        """(H, W) uint16 rough strokes: 0 none, id + 1 of an object."""
        return self.document.rough_map

    @property
    def sure_map(self) -> np.ndarray:
        """(H, W) uint16 sure strokes, as `rough_map`."""
        return self.document.sure_map

    @property
    def objects(self) -> Mapping[int, AnnotatedObject]:
        """The objects by id."""
        return self.document.objects


def load_for_export(project: Project, image_id: int) -> StoredImage:
    """Return what of an image goes out; errors as from `Project.load`, and for damaged extras."""
    document = project.load(image_id)
    return StoredImage(document, project.extra(image_id, document))


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
