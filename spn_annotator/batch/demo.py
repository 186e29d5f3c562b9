"""The product's main job on its own samples: refine, export, show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spn_annotator.annotation.document import Document
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.batch.contact_sheet import SheetRow, write_contact_sheet
from spn_annotator.batch.refiners import Loaded, RefinerLike, checksum_of
from spn_annotator.batch.refining import Progress, refine_folder
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.errors import SaveError, UsageError
from spn_annotator.formats.atomic import make_folder
from spn_annotator.formats.export import ExportItem, ExportReport, export_project
from spn_annotator.formats.masks import read_label_map
from spn_annotator.samples import Sample, load_samples, write_samples


@dataclass(frozen=True)
class DemoResult:
    """What :func:`run_demo` made.

    Attributes
    ----------
    report : BatchReport
        Of the refinement.
    export : ExportReport
        Of the export.
    refined, contact_sheet : Path
        Folder of the refined masks; the picture of all.
    """

    report: BatchReport
    export: ExportReport
    refined: Path
    contact_sheet: Path


def run_demo(
    out: Path | str,
    *,
    make_refiner: Callable[[], RefinerLike],
    progress: Progress | None = None,
) -> DemoResult:
    """Refine the samples, export them as indexed PNG and COCO, and draw a contact sheet.

    Parameters
    ----------
    out : Path or str
        Folder to write to; made if missing. A sample that fails is missing from export and sheet.
    make_refiner, progress : callable
        As for :func:`spn_annotator.batch.refining.refine_folder`.

    Raises
    ------
    UsageError
        ``out`` cannot be written to.
    ModelFileError
        From ``make_refiner``.
    SaveError
        Something could not be written later on.
    """
    refiner = make_refiner()
    try:
        out = make_folder(out)
    except SaveError as error:
        raise UsageError(error.message, path=error.path, remedy=error.remedy) from error
    labels, samples = load_samples()
    images, coarse = write_samples(out)
    refined = out / "refined"
    report = refine_folder(
        images=images,
        coarse=coarse,
        out=refined,
        make_refiner=Loaded(refiner, checksum_of(make_refiner)),
        progress=progress,
    )
    done = {job.stem: job for job in report.jobs if job.status is JobStatus.REFINED}
    maps = {
        sample.name: read_label_map(refined / f"{sample.name}.png", unknown=None).array
        for sample in samples
        if sample.name in done
    }
    shown = [sample for sample in samples if sample.name in maps]
    export = export_project(
        [_export_item(sample, maps[sample.name], labels) for sample in shown],
        labels,
        out / "export",
        ("indexed", "coco"),
    )
    sheet = out / "contact_sheet.png"
    write_contact_sheet(
        sheet,
        [_row(sample, maps[sample.name], labels, done[sample.name]) for sample in shown],
        heading="SPN Annotator: rough masks in, exact masks out",
    )
    return DemoResult(report, export, refined, sheet)


def _export_item(sample: Sample, refined: np.ndarray, labels: LabelSet) -> ExportItem:
    def load() -> Document:
        return Document(refined.shape, labels, objects=sample.objects, object_map=refined)

    return ExportItem(f"{sample.name}.png", load)


def _row(sample: Sample, refined: np.ndarray, labels: LabelSet, job: JobReport) -> SheetRow:
    coarse = sample.coarse()
    return SheetRow(
        title=sample.title,
        note=f"{job.changed or 0:,} pixels changed in {job.seconds:.2f} s",
        image=sample.image(),
        coarse=coarse.array,
        refined=refined,
        unknown=coarse.unknown,
        colors={item.id: labels.get(item.label_id).color for item in sample.objects},
        legend=tuple(
            (label.name, label.color)
            for label in labels
            if any(item.label_id == label.id for item in sample.objects)
        ),
    )
