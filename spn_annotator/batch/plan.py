"""Which image goes with which coarse mask, and where the result goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.formats.pairing import StemFiles, files_by_stem


@dataclass(frozen=True)
class Job:
    """One image of a run.

    Attributes
    ----------
    stem : str
        Name of the image without its suffix; the result is ``<stem>.png``.
    image, mask : Path or None
        The two files; None where there is none.
    output : Path
        File to write.
    problem : str or None
        Why the job cannot be done at all.
    """

    stem: str
    image: Path | None
    mask: Path | None
    output: Path
    problem: str | None = None


def plan_jobs(*, images: Path, coarse: Path, out: Path) -> list[Job]:
    """Pair images with coarse masks of the same stem.

    Parameters
    ----------
    images, coarse : Path
        A folder each, or a file each (then their stems need not agree).
    out : Path
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
    pictures = files_by_stem(images, what="images")
    masks = files_by_stem(coarse, what="coarse masks")
    _refuse_same_folder(pictures, masks, out)
    if pictures.is_file and masks.is_file:
        jobs = [Job(images.stem, images, coarse, out / f"{images.stem}.png")]
    else:
        if not pictures.by_stem.keys() & masks.by_stem.keys():
            raise UsageError(
                f"holds no file with the stem of an image in {images}",
                path=coarse,
                remedy="Give each mask its image's name but for the suffix",
            )
        stems = [*pictures.by_stem, *(s for s in masks.by_stem if s not in pictures.by_stem)]
        jobs = [_job(stem, pictures, masks, out) for stem in stems]
    _refuse_overwriting(jobs, out)
    return jobs


def _job(stem: str, pictures: StemFiles, masks: StemFiles, out: Path) -> Job:
    output = out / f"{stem}.png"
    try:
        return Job(stem, pictures.picture(stem), masks.mask(stem), output)
    except SpnAnnotatorError as error:
        image = next(iter(pictures.by_stem.get(stem, ())), None)
        return Job(stem, image, None, output, problem=str(error))


def _refuse_same_folder(pictures: StemFiles, masks: StemFiles, out: Path) -> None:
    if not pictures.is_file and not masks.is_file and _same(pictures.source, masks.source):
        raise UsageError(
            "holds the images and the coarse masks both",
            path=pictures.source,
            remedy="Put the masks into a folder of their own",
        )
    for files, what in ((pictures, "images"), (masks, "coarse masks")):
        if not files.is_file and _same(files.source, out):
            raise UsageError(
                f"is the folder of the {what}, which are not overwritten",
                path=out,
                remedy="Choose another folder for --out",
            )


def _refuse_overwriting(jobs: list[Job], out: Path) -> None:
    inputs = {path.resolve() for job in jobs for path in (job.image, job.mask) if path is not None}
    for job in jobs:
        if job.output.resolve() in inputs:
            raise UsageError(
                "is read by this run and would be overwritten",
                path=job.output,
                remedy="Choose another folder for --out",
            )
    if out.is_file():
        raise UsageError("is a file, not a folder", path=out, remedy="Choose a folder for --out")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
