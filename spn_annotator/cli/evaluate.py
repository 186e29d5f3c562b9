"""The command that scores masks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import mask_value
from spn_annotator.errors import UsageError


class MaskKind(StrEnum):
    """What the ids of masks are."""

    AUTO = "auto"
    BINARY = "binary"
    LABELS = "labels"


class LayoutOption(StrEnum):
    """Where the truth lies."""

    FOLDERS = "folders"
    HELEN = "helen"
    VOC = "voc"


@app.command()
def evaluate(
    truth: Annotated[
        Path,
        typer.Option(help="True mask, or folder of them; with a layout, the data set's folder."),
    ],
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
    layout: Annotated[
        LayoutOption,
        typer.Option(
            help="Folders of masks, or a data set as it is published: HELEN face parsing (F-score "
            "by part), VOC 2012 (IoU by class), both over all images."
        ),
    ] = LayoutOption.FOLDERS,
    split: Annotated[
        str | None,
        typer.Option(
            help="List of the data set: testing, tuning or exemplars of helen (testing), val, "
            "train or trainval of voc (val)."
        ),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="File to write the figures to.")] = None,
) -> None:
    """Score predicted masks: IoU, mean boundary accuracy (mBA), boundary F.

    Files are matched by stem. A truth without a prediction counts as one with no pixel right, is
    listed, and makes the exit code 1.
    """
    if layout is not LayoutOption.FOLDERS:
        _refuse_for_layouts(images=images, ignore=ignore, kind=kind, layout=layout)
        _evaluate_layout(truth, pred, layout, split, json)
    if split is not None:
        raise UsageError("--split goes with a layout", remedy="Add --layout helen or --layout voc")
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
    _finish(result.to_json(), json, complete=result.is_complete)


def _refuse_for_layouts(
    *, images: Path | None, ignore: str, kind: MaskKind, layout: LayoutOption
) -> None:
    """A data set says itself which images it has and what its values mean."""
    given = {"--images": images, "--ignore": ignore != "auto", "--kind": kind is not MaskKind.AUTO}
    for option, value in given.items():
        if value:
            raise UsageError(
                f"{option} does not go with --layout {layout.value}", remedy="Leave it out"
            )


def _evaluate_layout(
    truth: Path, pred: Path, layout: LayoutOption, split: str | None, target: Path | None
) -> NoReturn:
    from spn_annotator.training.data_set_scores import evaluate_layout
    from spn_annotator.training.tables import print_layout_evaluation

    assert layout is not LayoutOption.FOLDERS
    result = evaluate_layout(truth, pred, layout=layout.value, split=split)
    print_layout_evaluation(result)
    _finish(result.to_json(), target, complete=result.is_complete)


def _finish(figures: dict[str, Any], target: Path | None, *, complete: bool) -> NoReturn:
    """Write the figures where that was asked for and end: 1 if something could not be scored."""
    from json import dumps

    from spn_annotator.formats.atomic import atomic_write_bytes

    if target is not None:
        atomic_write_bytes(target, dumps(figures, indent=2).encode() + b"\n")
    raise typer.Exit(0 if complete else 1)
