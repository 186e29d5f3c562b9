"""The command that scores masks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import mask_value


class MaskKind(StrEnum):
    """What the ids of masks are."""

    AUTO = "auto"
    BINARY = "binary"
    LABELS = "labels"


@app.command()
def evaluate(
    truth: Annotated[Path, typer.Option(help="True mask, or folder of them.")],
    pred: Annotated[Path, typer.Option(help="Predicted mask, or folder of them.")],
    images: Annotated[
        Path | None,
        typer.Option(help="Image, or folder of images: only what has one is scored."),
    ] = None,
    ignore: Annotated[
        str,
        typer.Option(
            help="Value of the truth that is not counted: a number, none, or auto (255, in 16 bit "
            "65535)."
        ),
    ] = "auto",
    kind: Annotated[
        MaskKind, typer.Option(help="Whether masks are one object (0 and 1, or 0 and 255).")
    ] = MaskKind.AUTO,
    json: Annotated[Path | None, typer.Option(help="File to write the figures to.")] = None,
) -> None:
    """Score predicted masks: IoU, mean boundary accuracy (mBA), boundary F.

    Files are matched by stem. A truth without a prediction counts as one with no pixel right, is
    listed, and makes the exit code 1.
    """
    from json import dumps

    from spn_annotator.formats.atomic import atomic_write_bytes
    from spn_annotator.training.evaluation import evaluate_folders
    from spn_annotator.training.tables import print_evaluation

    result = evaluate_folders(
        images=images,
        truth=truth,
        pred=pred,
        ignore=mask_value(ignore, option="--ignore"),
        kind=kind.value,
    )
    print_evaluation(result)
    if json is not None:
        atomic_write_bytes(json, dumps(result.to_json(), indent=2).encode() + b"\n")
    raise typer.Exit(0 if result.is_complete else 1)
