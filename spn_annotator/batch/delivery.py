"""Results on their way: into a project as proposals, or into another format."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spn_annotator.annotation.document import Document
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.batch.places import Place
from spn_annotator.batch.report import BatchReport, JobReport
from spn_annotator.batch.staging import Staged
from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.formats.export import ExportItem, ExportReport, export_project
from spn_annotator.formats.masks import read_label_map
from spn_annotator.project import Project


@dataclass(frozen=True)
class Delivered:
    """What came of the results.

    Attributes
    ----------
    stored : int
        Images that have a proposal now.
    left : tuple of (str, str)
        Images that have none, and why.
    """

    stored: int
    left: tuple[tuple[str, str], ...]


def check_project(folder: Path) -> None:
    """Make sure that results can be stored in a project.

    Raises
    ------
    UsageError
        It is open elsewhere, or cannot be written to.
    FileReadError, FormatError
        It is no project.
    """
    with Project.open(folder, create=False) as project:
        if project.read_only:
            raise UsageError(
                f"cannot be written to: {project.read_only_reason}",
                path=folder,
                remedy="Close it there, or use --out without --into",
            )


def store_proposals(
    report: BatchReport,
    folder: Path,
    *,
    staged: Staged | None,
    model: str,
    confidences: Mapping[str, Place],
    progress: Callable[[int, int], None] | None = None,
) -> Delivered:
    """Store the results of a run in a project, for review in the window.

    The window shows proposals in the order of their confidence. Where masks came from elsewhere,
    they become the image's annotations, an object a value, unless it has some already.

    Parameters
    ----------
    report : BatchReport
    folder : Path
        Of the project.
    staged : Staged or None
        What the run began with if that was this project itself.
    model : str
        Its name, for the history.
    confidences : mapping of str to Place
        By stem: maps of the confidence.
    progress : callable, optional
        Called with the number of images done, and of all.

    Raises
    ------
    SpnAnnotatorError
        The project cannot be opened or written to.
    """
    done = [job for job in report.jobs if job.is_done]
    left: list[tuple[str, str]] = []
    stored = 0
    with Project.open(folder, create=False) as project:
        for number, job in enumerate(done, start=1):
            try:
                _store(project, job, staged, model, confidences.get(job.stem))
                stored += 1
            except SpnAnnotatorError as error:
                left.append((job.stem, str(error)))
            if progress is not None:
                progress(number, len(done))
    return Delivered(stored, tuple(left))


def _store(
    project: Project,
    job: JobReport,
    staged: Staged | None,
    model: str,
    confidence: Place | None,
) -> None:
    refined = _map_at(job.output)
    certain = None
    if confidence is not None and confidence.exists():
        certain = _map_at(confidence).astype(np.float32) / 255
    if staged is not None and job.stem in staged.image_ids:
        image_id = staged.image_ids[job.stem]
        now = project.load(image_id).coarse_map()
        if not np.array_equal(now, _map_at(job.mask)):
            raise UsageError("it was annotated further since the run began")
    else:
        image_id = _take_over(project, job, staged)
    project.store_proposal(image_id, refined.astype(np.uint16), confidence=certain, model=model)


def _take_over(project: Project, job: JobReport, staged: Staged | None) -> int:
    """Store the coarse mask of an image as its annotations, and return the image's number."""
    record = None if job.image is None else project.find(Place.of(job.image).path)
    if record is None:
        raise UsageError("it is no image of the project")
    if record.saved and project.load(record.id).object_map.any():
        raise UsageError("it has annotations already, which are kept")
    assert job.mask is not None
    file = read_label_map(Place.of(job.mask).path)
    coarse = file.array.astype(np.uint16)
    if file.unknown is not None:
        coarse[file.array == file.unknown] = 0
    refined = _map_at(job.output)
    if staged is not None and job.stem in staged.objects:
        objects, labels = _objects_by_name(staged, job.stem, project.labels)
    else:
        values = np.union1d(np.unique(coarse), np.unique(refined)).tolist()
        objects, labels = _objects_of_values([v for v in values if v], project.labels)
    document = Document(coarse.shape, labels, objects=objects, object_map=coarse)
    project.save(record.id, document)
    return record.id


def _objects_by_name(
    staged: Staged, stem: str, known: LabelSet
) -> tuple[list[AnnotatedObject], LabelSet]:
    """Return an image's objects with the project's labels of the same names, made where missing."""
    labels = LabelSet(known)
    objects = []
    for item in staged.objects[stem].values():
        theirs = staged.labels.get(item.label_id)
        ours = labels.by_name(theirs.name) or labels.add(theirs.name, color=theirs.color)
        objects.append(AnnotatedObject(item.id, ours.id, item.name))
    return objects, labels


def _objects_of_values(
    values: list[int], known: LabelSet
) -> tuple[list[AnnotatedObject], LabelSet]:
    """Return an object for each value, of the label with that id; one is made where none is."""
    labels = LabelSet(known)
    objects = []
    for value in values:
        if value in labels:
            label_id = value
        else:
            name = f"value {value}"
            label_id = (labels.by_name(name) or labels.add(name)).id
        objects.append(AnnotatedObject(value, label_id))
    return objects, labels


def export_results(
    report: BatchReport, out: Path, formats: Collection[str], *, staged: Staged | None
) -> ExportReport:
    """Write the results of a run in other formats, into ``out``.

    Parameters
    ----------
    report : BatchReport
    out : Path
    formats : collection of str
        See :mod:`spn_annotator.formats.registry`.
    staged : Staged or None
        Gives labels and objects; without it each value of the masks is a label and an object.

    Raises
    ------
    SpnAnnotatorError
        There is no such format, or ``out`` cannot be written to.
    """
    done = [job for job in report.jobs if job.is_done]
    labels = LabelSet(staged.labels) if staged is not None else LabelSet()
    objects: dict[str, Mapping[int, AnnotatedObject]] = {}
    if staged is not None:
        objects.update(staged.objects)
    else:
        for job in done:
            values = np.unique(_map_at(job.output))
            found, labels = _objects_of_values([int(v) for v in values if v], labels)
            objects[job.stem] = {item.id: item for item in found}
    names = {} if staged is None else staged.names
    items = [
        ExportItem(
            names.get(job.stem) or _image_name(job),
            _loader(job, objects[job.stem], labels),
            image=_local(job.image),
        )
        for job in done
    ]
    return export_project(items, labels, out, formats)


def _loader(
    job: JobReport, objects: Mapping[int, AnnotatedObject], labels: LabelSet
) -> Callable[[], Document]:
    def load() -> Document:
        array = _map_at(job.output).astype(np.uint16)
        return Document(array.shape, labels, objects=objects.values(), object_map=array)

    return load


def _image_name(job: JobReport) -> str:
    suffix = Place.of(job.image).suffix if job.image is not None else ""
    return f"{job.stem}{suffix or '.png'}"


def _local(place: Place | Path | None) -> Path | None:
    if place is None or Place.of(place).is_remote:
        return None
    return Place.of(place).path


def _map_at(place: Place | Path | None) -> np.ndarray:
    assert place is not None
    return read_label_map(Place.of(place).path, unknown=None).array
