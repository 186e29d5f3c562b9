"""The program: what it is called with, and how it ends."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from spn_annotator import __version__
from spn_annotator.cli.app import OPEN, app, command_names
from spn_annotator.errors import ModelFileError, SpnAnnotatorError, UsageError

# Each registers its commands; in the order of --help.
for _module in (
    "window",
    "refine",
    "transfer",
    "info",
    "check",
    "demo",
    "evaluate",
    "train",
    "doctor",
):
    import_module(f"spn_annotator.cli.{_module}")


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
    if first in (*command_names(), OPEN, "-h", "--help", "--version"):
        return arguments
    return [OPEN, *arguments]


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
