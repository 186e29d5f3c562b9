"""Annotations of a data set or a project as coarse masks, so that a run can begin with them.

Each image's map of objects is written as a 16-bit PNG beside the results, in ``coarse/``: the run
reads it as it reads any mask, and the report can show it. Which object has which label is kept for
the export. A file that would hold what is there already is left as it is.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from spn_annotator.annotation.document import Document
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.batch.places import Place
from spn_annotator.batch.plan import Job, refuse_overwriting
from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.formats.codec import Picture
from spn_annotator.formats.names import UniqueNames, safe_name
from spn_annotator.project import PROJECT_NAME, Project

COARSE_NAME = "coarse"
IMAGES_NAME = "images"
SURE_NAME = "sure"
CONFIDENCE_NAME = "confidence"
FREE = 65535
"""In a map of what is held: nothing is. In a coarse one: unknown."""


@dataclass
class Staged:
    """What a data set became.

    Attributes
    ----------
    jobs : list of Job
        One for each image, in the data set's order; an image that cannot be refined says why.
    labels : LabelSet
    objects : dict of str to mapping
        By the job's stem: the objects of the image by their id.
    names : dict of str to str
        By the job's stem: the image's name in the data set.
    image_ids : dict of str to int
        By the job's stem: the image's number in the project, if it is one.
    """

    labels: LabelSet
    jobs: list[Job] = field(default_factory=list)
    objects: dict[str, Mapping[int, AnnotatedObject]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    image_ids: dict[str, int] = field(default_factory=dict)


def is_project(source: Place) -> bool:
    """Return whether a folder of this machine is a project."""
    return not source.is_remote and (source.path / PROJECT_NAME).is_file()


def stage_project(
    folder: Path,
    *,
    out: Place,
    confidence: bool = False,
    write: bool = True,
    only: Collection[int] | None = None,
) -> Staged:
    """Write the coarse masks of a project's images.

    Sure strokes are held and the objects of locked labels do not change, as in the window.

    Parameters
    ----------
    folder : Path
    out : Place
        Of the results.
    confidence : bool
        Whether the run shall write maps of the confidence too.
    write : bool
        False writes nothing: the jobs are there, their masks are not.
    only : collection of int, optional
        Numbers of the images to take; all that are annotated if left out.

    Raises
    ------
    SpnAnnotatorError
        The project cannot be opened, or ``out`` cannot be written to.
    """
    with Project.open(folder, create=False) as project:
        staged = Staged(project.labels.frozen())
        stems = UniqueNames()
        for record in project.images():
            stem = stems.take(_stem(record.path))
            staged.names[stem], staged.image_ids[stem] = record.path, record.id
            image, output = Place.of(project.image_path(record.id)), out / f"{stem}.png"
            if not record.saved or (only is not None and record.id not in only):
                continue  # nothing is painted: it is no work for this run
            try:
                document = project.load(record.id)
            except SpnAnnotatorError as error:
                staged.jobs.append(Job(stem, image, None, output, problem=str(error)))
                continue
            coarse = document.coarse_map()
            if not coarse.any():
                continue
            sure = document.sure_for_refine()
            locked = {o.id for o in document.objects.values() if _is_locked(document, o)}
            staged.objects[stem] = dict(document.objects)
            staged.jobs.append(
                Job(
                    stem,
                    image,
                    _write_map(out / COARSE_NAME / f"{stem}.png", coarse, write=write),
                    output,
                    sure=None
                    if (sure == FREE).all()
                    else _write_map(out / SURE_NAME / f"{stem}.png", sure, write=write),
                    labels=(0, *(i for i in document.objects if i not in locked))
                    if locked
                    else None,
                    page=record.page,
                    confidence=out / CONFIDENCE_NAME / f"{stem}.png" if confidence else None,
                )
            )
    if not staged.jobs:
        raise UsageError(
            "has no annotated image, so there is nothing to refine",
            path=folder,
            remedy="Paint something roughly first, or give a folder of coarse masks",
        )
    return staged


def stage_dataset(
    source: Path,
    *,
    images: Place | None,
    out: Place,
    format_name: str | None = None,
    write: bool = True,
) -> Staged:
    """Write the coarse masks of a data set in any format that can be read.

    Parameters
    ----------
    source : Path
        A file or folder: COCO, Pascal VOC, labelme, YOLO and so on.
    images : Place or None
        Folder of the images, for a data set that does not know where they are.
    out : Place
        Of the results.
    format_name : str, optional
        Which format it is; found out if left out.
    write : bool
        False writes nothing: the jobs are there, their masks are not.

    Raises
    ------
    SpnAnnotatorError
        It cannot be read at all, or ``out`` cannot be written to.
    """
    from spn_annotator.formats.limits import Limits
    from spn_annotator.formats.registry import detect_codec, get_codec

    codec = detect_codec(source) if format_name is None else get_codec(format_name)
    dataset = codec.read(source, Limits.from_environment())
    stems = UniqueNames()
    jobs: list[Job] = []
    staged = Staged(LabelSet())
    for name, problem in dataset.problems:
        stem = stems.take(_stem(name))
        jobs.append(Job(stem, None, None, out / f"{stem}.png", problem=problem))
    for item in dataset.items:
        stem = stems.take(_stem(item.name))
        staged.names[stem] = item.name
        output = out / f"{stem}.png"
        try:
            image = _image_of(item.name, item.image, images, out, write=write)
            annotated = item.load()
            staged.objects[stem] = dict(annotated.objects)
            place = out / COARSE_NAME / f"{stem}.png"
            mask = _write_map(place, annotated.object_map, write=write)
            jobs.append(Job(stem, image, mask, output, page=item.page))
        except SpnAnnotatorError as error:
            jobs.append(Job(stem, None, None, output, problem=str(error)))
    if not jobs:
        raise UsageError("holds no image", path=source, remedy="Name another data set")
    refuse_overwriting(jobs, out)
    return Staged(dataset.labels.frozen(), jobs, staged.objects, staged.names)


def _image_of(name: str, known: Picture, images: Place | None, out: Place, *, write: bool) -> Place:
    """Return where an image of a data set lies; one that the data set holds inside is written."""
    if images is not None:
        for candidate in (images / name, images / PurePosixPath(name).name):
            if candidate.is_file():
                return candidate
        raise UsageError(
            f"{images}: holds no image named {name}", remedy="Name the folder of the images"
        )
    if callable(known):
        place = out / IMAGES_NAME / f"{_stem(name)}{PurePosixPath(name).suffix}"
        return _write_if_other(place, known()) if write else place
    if known is not None and known.is_file():
        return Place.of(known)
    raise UsageError(
        f"{name}: the data set does not have this image",
        remedy="Give the folder of the images first, then the data set",
    )


def _stem(name: str) -> str:
    """Return a path without its suffix that stays below the folder of the results."""
    parts = PurePosixPath(name).with_suffix("").parts
    return "/".join(safe_name(part) for part in parts if part not in ("/", "..", "."))


def _is_locked(document: Document, item: AnnotatedObject) -> bool:
    return document.labels.get(item.label_id).locked


def _write_map(place: Place, array: np.ndarray, *, write: bool) -> Place:
    if not write:
        return place
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(array, np.uint16)).save(stream, format="PNG")
    return _write_if_other(place, stream.getvalue())


def _write_if_other(place: Place, data: bytes) -> Place:
    if place.read_bytes() != data:
        place.write_bytes(data)
    return place
