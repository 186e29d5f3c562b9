"""Which image goes with which coarse mask, and where the result goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spn_annotator.batch.listing import NamedFiles, is_pattern, list_files
from spn_annotator.batch.places import Place
from spn_annotator.errors import SpnAnnotatorError, UsageError


@dataclass(frozen=True)
class Job:
    """One image of a run.

    Attributes
    ----------
    stem : str
        Name of the image without its suffix, with the folders below its source; the result is
        ``<stem>.png``. No two jobs have the same.
    image, mask : Place or None
        The two files; None where there is none.
    output : Place
        File to write.
    problem : str or None
        Why the job cannot be done at all.
    sure : Place or None
        A 16-bit map of ids that are held, 65535 where nothing is.
    labels : tuple of int or None
        The ids of this image that may change; None leaves it to the settings of the run.
    page : int
        Of a TIFF with several pages, from 0.
    confidence : Place or None
        Where a map of the confidence goes, 0 to 255.
    """

    stem: str
    image: Place | None
    mask: Place | None
    output: Place
    problem: str | None = None
    sure: Place | None = None
    labels: tuple[int, ...] | None = None
    page: int = 0
    confidence: Place | None = None


def plan_jobs(
    *, images: Place | Path | str, coarse: Place | Path | str, out: Place | Path | str
) -> list[Job]:
    """Pair images with coarse masks of the same stem.

    Parameters
    ----------
    images, coarse : Place, Path or str
        A folder or a pattern each, or a file each (then their stems need not agree). Where one is
        a pattern that goes into folders, so does the other.
    out : Place, Path or str
        Folder of the results; need not exist.

    Returns
    -------
    list of Job
        In natural order: every image, then every mask that has no image.

    Raises
    ------
    UsageError
        A folder is missing or empty, nothing matches, or results would overwrite what came in.
    """
    images, coarse, out = Place.of(images), Place.of(coarse), Place.of(out)
    deep = any(is_pattern(place) and "**" in place.text for place in (images, coarse))
    pictures = list_files(images, what="images", deep=deep)
    masks = list_files(coarse, what="coarse masks", deep=deep)
    _refuse_same_folder(pictures, masks, out)
    if pictures.is_file and masks.is_file:
        stem = Path(images.name).stem
        jobs = [Job(stem, images, coarse, out / f"{stem}.png")]
    else:
        if not pictures.by_name.keys() & masks.by_name.keys():
            raise UsageError(
                f"{coarse}: holds no file with the stem of an image in {images}",
                remedy="Give each mask its image's name but for the suffix",
            )
        stems = [*pictures.by_name, *(s for s in masks.by_name if s not in pictures.by_name)]
        jobs = [_job(stem, pictures, masks, out) for stem in stems]
    refuse_overwriting(jobs, out)
    return jobs


def _job(stem: str, pictures: NamedFiles, masks: NamedFiles, out: Place) -> Job:
    output = out / f"{stem}.png"
    try:
        return Job(stem, pictures.picture(stem), masks.mask(stem), output)
    except SpnAnnotatorError as error:
        image = next(iter(pictures.by_name.get(stem, ())), None)
        return Job(stem, image, None, output, problem=str(error))


def _refuse_same_folder(pictures: NamedFiles, masks: NamedFiles, out: Place) -> None:
    if not pictures.is_file and not masks.is_file and pictures.by_name == masks.by_name:
        raise UsageError(
            f"{pictures.source}: holds the images and the coarse masks both",
            remedy="Put the masks into a folder of their own",
        )
    for files, what in ((pictures, "images"), (masks, "coarse masks")):
        if not files.is_file and files.source.same_as(out):
            raise UsageError(
                f"{out}: is the folder of the {what}, which are not overwritten",
                remedy="Choose another folder for --out",
            )


def refuse_overwriting(jobs: list[Job], out: Place) -> None:
    """Make sure that no result takes the place of a file that is read.

    Raises
    ------
    UsageError
        One would, or the folder of the results is a file.
    """
    inputs = {
        _identity(place) for job in jobs for place in (job.image, job.mask) if place is not None
    }
    for job in jobs:
        if _identity(job.output) in inputs:
            raise UsageError(
                f"{job.output}: is read by this run and would be overwritten",
                remedy="Choose another folder for --out",
            )
    if not out.is_remote and out.is_file():
        raise UsageError(f"{out}: is a file, not a folder", remedy="Choose a folder for --out")


def _identity(place: Place) -> str:
    return place.text if place.is_remote else str(place.path.resolve())
