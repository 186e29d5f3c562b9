"""The command that refines coarse masks, of one image or of a hundred thousand."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.batch.looks import LOOKS
from spn_annotator.cli.app import app
from spn_annotator.cli.options import (
    Device,
    DeviceOption,
    ModelOption,
    PrecisionChoice,
    PrecisionOption,
    label_ids,
    mask_value,
    model_choice,
)


class EngineChoice(StrEnum):
    """Where the processes run."""

    LOCAL = "local"
    RAY = "ray"


@app.command()
def refine(
    images: Annotated[
        str,
        typer.Argument(
            help="Image, folder, pattern such as 'photos/**/*.jpg', or URL (s3://…). Alone: a "
            "project, or a data set with images and annotations."
        ),
    ],
    coarse: Annotated[
        str | None,
        typer.Argument(
            help="Coarse PNG masks: file, folder, pattern or URL. Or a data set: COCO, VOC, "
            "labelme, YOLO…"
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", help="Folder or URL to write to; made if missing."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Project that gets the results as proposals for review."),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(help="Formats to write besides, into OUT/export, as in coco,voc."),
    ] = None,
    source_format: Annotated[
        str | None, typer.Option("--format", help="Format of the data set; found out without it.")
    ] = None,
    model: ModelOption = None,
    looks: Annotated[
        int,
        typer.Option(
            min=1,
            max=3,
            help="1 is as quick as the window; the second look, at twice the size, is slower and "
            "follows edges more closely; the third moves some edges a little further.",
        ),
    ] = LOOKS,
    device: DeviceOption = Device.AUTO,
    precision: PrecisionOption = PrecisionChoice.AUTO,
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
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep results of an earlier run that are still right.")
    ] = False,
    retry: Annotated[
        int, typer.Option(min=0, help="How often an image that failed is tried again.")
    ] = 0,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first image that fails.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that refine; by cores, memory and images without it."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of each; an even share without it.")
    ] = None,
    engine: Annotated[
        EngineChoice, typer.Option(help="Where: processes of this machine, or Ray.")
    ] = EngineChoice.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster; one on this machine without it.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done and do nothing.")
    ] = False,
) -> None:
    """Refine coarse masks, matched to their images by stem.

    Writes STEM.png in the mode, ids and palette of the coarse mask, and beside them manifest.jsonl,
    report.json and report.html. Images without a coarse mask are skipped. The exit code is 1 if an
    image failed; the others are written. Ctrl+C finishes what is in flight; --resume goes on later.
    """
    from spn_annotator.batch.dataset import plan_batch, run_batch
    from spn_annotator.batch.progress import ProgressDisplay
    from spn_annotator.batch.settings import BatchSettings
    from spn_annotator.batch.tables import print_batch, print_delivery, print_plan
    from spn_annotator.formats.tables import console

    settings = BatchSettings.with_labels(
        label_ids(labels),
        unknown=mask_value(unknown),
        processes=processes,
        threads=threads,
        retry=retry,
        fail_fast=fail_fast,
        resume=resume,
        engine=engine.value,
        address=address,
    )
    formats = [name.strip() for name in (export or "").split(",") if name.strip()]
    plan = plan_batch(
        images,
        coarse,
        out=out,
        into=into,
        export=formats,
        format_name=source_format,
        write=not dry_run,
    )
    if dry_run:
        print_plan(plan, settings)
        raise typer.Exit(0 if all(job.problem is None for job in plan.jobs) else 1)
    screen = console(stderr=True)
    with ProgressDisplay(screen) as progress:
        result = run_batch(
            plan,
            maker=model_choice(model, device, looks=looks, precision=precision),
            settings=settings,
            progress=progress,
            note=progress.note,
        )
    print_batch(result.report, out=result.out)
    print_delivery(result)
    raise typer.Exit(0 if result.is_clean else 1)
