"""The commands. What a command needs is imported when it runs, so that ``--help`` answers at once.

Exit codes: 0 all went well, 1 something failed, 2 the arguments are wrong.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spn_annotator import __version__
from spn_annotator.errors import ModelFileError, SpnAnnotatorError, UsageError

if TYPE_CHECKING:
    from spn_annotator.batch.refining import RefinerLike
    from spn_annotator.formats.masks import Unknown

_COMMANDS = ("refine", "demo", "evaluate", "train", "doctor")
_OPEN = "open"  # what is called when no command is named; hidden

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, **spn-annotator PATH** opens the window on an image or a "
    "folder of images. A folder that is named like a command is given as ./NAME.",
)


class Device(StrEnum):
    """Where the model runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class MaskKind(StrEnum):
    """What the ids of masks are."""

    AUTO = "auto"
    BINARY = "binary"
    LABELS = "labels"


OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to; made if missing.")]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="Model file; the one that ships without it.")
]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where the model runs.")]


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code.

    Parameters
    ----------
    arguments : list of str, optional
        Without the program's name; those of the process when left out.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # A file name with broken bytes, or a console of another encoding, must not end in an error.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        app(args=_with_command(arguments), prog_name="spn-annotator")
    except SystemExit as end:
        code = end.code or 0
        if code in (0, 1, 2):
            return code
        typer.echo("interrupted", err=True)  # which has a code of its own
        return 1
    except SpnAnnotatorError as error:
        return _complain(error)
    return 0


def _with_command(arguments: list[str]) -> list[str]:
    """Put the hidden command in front where a path or nothing stands in a command's place."""
    first = arguments[0] if arguments else ""
    if first in (*_COMMANDS, _OPEN, "-h", "--help", "--version"):
        return arguments
    return [_OPEN, *arguments]


def _complain(error: SpnAnnotatorError) -> int:
    typer.secho("error: ", fg="red", bold=True, nl=False, err=True)
    typer.echo(str(error), err=True)
    return 2 if isinstance(error, UsageError | ModelFileError) else 1


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"spn-annotator {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Rough masks in, exact masks out."""


@app.command(_OPEN, hidden=True)
def _open_window(
    path: Annotated[
        Path | None, typer.Argument(help="Image, or folder of images.", show_default=False)
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Open the sample project.", show_default=False)
    ] = False,
) -> None:
    """Open the window on an image, a folder of images, or nothing yet."""
    from spn_annotator.system_libraries import (
        blocking_libraries,
        display_answers,
        has_display,
        remedy,
    )

    if path is not None and sample:
        raise UsageError("--sample opens a project of its own", path=path, remedy="Leave one out")
    if path is not None and not path.exists():
        close = get_close_matches(str(path), _COMMANDS, n=1)
        hint = f"Did you mean the command {close[0]}" if close else "Name an image or a folder"
        raise UsageError("does not exist and is no command", path=path, remedy=hint)
    if not has_display() or not display_answers():
        raise UsageError(
            "there is no display to open the window on"
            if not has_display()
            else "the display does not answer, so no window can open on it",
            remedy="Without one, spn-annotator refine IMAGES COARSE --out DIR refines masks and "
            "spn-annotator demo --out DIR shows it on samples",
        )
    missing = blocking_libraries()
    if missing:
        names = ", ".join(library.soname for library in missing)
        raise UsageError(f"the window needs {names}", remedy=remedy(missing))
    if sample:
        from spn_annotator.paths import user_data_dir
        from spn_annotator.samples import sample_project

        path = sample_project(user_data_dir() / "sample-project")
    from spn_annotator.gui.app import run

    raise typer.Exit(run(path))


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

    value = _unknown(unknown)
    ids = _ids(labels)
    screen = console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Loading the model", total=None)

        def advance(job: JobReport, done: int, total: int) -> None:
            bar.update(task, description="Refining", completed=done, total=total)

        report = refine_folder(
            images=images,
            coarse=coarse,
            out=out,
            make_refiner=lambda: _refiner(model, device),
            unknown=value,
            labels=ids,
            progress=advance,
        )
    print_batch(report, out=out)
    raise typer.Exit(0 if report.is_clean else 1)


@app.command()
def demo(
    out: OutOption,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Refine the samples, export them, and draw a contact sheet.

    Writes images/, coarse/, refined/ (with report.json), export/ (indexed PNG and COCO) and
    contact_sheet.png.
    """
    from spn_annotator.batch.demo import run_demo
    from spn_annotator.batch.tables import print_batch

    result = run_demo(out, make_refiner=lambda: _refiner(model, device))
    print_batch(result.report, out=result.refined)
    typer.echo(f"Contact sheet: {result.contact_sheet}")
    raise typer.Exit(0 if result.report.is_clean else 1)


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
        ignore=_unknown(ignore, option="--ignore"),
        kind=kind.value,
    )
    print_evaluation(result)
    if json is not None:
        atomic_write_bytes(json, dumps(result.to_json(), indent=2).encode() + b"\n")
    raise typer.Exit(0 if result.is_complete else 1)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv, images and masks.")],
    out: Annotated[Path, typer.Option(help="Model file to write (.safetensors).")],
    config: Annotated[
        Path | None, typer.Option(help="TOML file of settings; the shipped recipe without it.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Number of steps, instead of the recipe's.", min=1)
    ] = None,
    device: DeviceOption = Device.AUTO,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run of the same --out.")
    ] = False,
    initial: Annotated[Path | None, typer.Option(help="Model file to start from.")] = None,
) -> None:
    """Train the model."""
    from spn_annotator.training.run import train_command

    train_command(
        data,
        out,
        config,
        steps=steps,
        device=device.value,
        resume=resume,
        initial=initial,
        report=typer.echo,
    )


@app.command()
def doctor() -> None:
    """Look at the installation: what is wrong with it, and how to mend it."""
    from spn_annotator.doctor import diagnose, print_report

    raise typer.Exit(print_report(diagnose()))


def _refiner(model: Path | None, device: Device) -> RefinerLike:
    from spn_annotator.refine import Refiner

    refiner = Refiner(model, device=device.value, rounds=2)  # nobody waits for a single stroke
    refiner.warm_up()  # else the time of compilation would be put down to the first image
    return refiner


def _unknown(text: str, *, option: str = "--unknown") -> Unknown:
    word = text.strip().lower()
    if word == "auto":
        return "auto"
    if word == "none":
        return None
    if word.isascii() and word.isdecimal() and int(word) <= 65535:
        return int(word)
    raise UsageError(f"{option} {text} is no mask value", remedy="Give 0 to 65535, none or auto")


def _ids(text: str | None) -> list[int] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and int(part) <= 65535 for part in parts):
        raise UsageError(
            f"--labels {text} is no list of ids", remedy="Give ids of 0 to 65535, as in 1,4"
        )
    return [int(part) for part in parts]
