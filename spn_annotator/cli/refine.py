"""The command that refines coarse masks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import (
    Device,
    DeviceOption,
    ModelOption,
    OutOption,
    label_ids,
    make_refiner,
    mask_value,
)


@app.command()
def refine(
    images: Annotated[Path, typer.Argument(help="Image, or folder of images.")],
    coarse: Annotated[Path, typer.Argument(help="Coarse PNG mask, or folder of them.")],
    out: OutOption,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
    unknown: Annotated[
        str,
        typer.Option(
            help="Mask value that means unknown: a number, none, or auto (255, in 16 bit 65535; "
            "none for masks of 0 and 255 alone)."
        ),
    ] = "auto",
    labels: Annotated[
        str | None,
        typer.Option(help="Ids of the labels that may change, as in 1,4; all without it."),
    ] = None,
) -> None:
    """Refine coarse masks, matched to their images by stem.

    Writes STEM.png in the mode, ids and palette of the coarse mask, and report.json. Images without
    a coarse mask are skipped. The exit code is 1 if an image failed; the others are written.
    """
    from rich.progress import Progress

    from spn_annotator.batch.refining import refine_folder
    from spn_annotator.batch.report import JobReport
    from spn_annotator.batch.tables import print_batch
    from spn_annotator.formats.tables import console

    value = mask_value(unknown)
    ids = label_ids(labels)
    screen = console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Loading the model", total=None)

        def advance(job: JobReport, done: int, total: int) -> None:
            bar.update(task, description="Refining", completed=done, total=total)

        report = refine_folder(
            images=images,
            coarse=coarse,
            out=out,
            make_refiner=lambda: make_refiner(model, device),
            unknown=value,
            labels=ids,
            progress=advance,
        )
    print_batch(report, out=out)
    raise typer.Exit(0 if report.is_clean else 1)
