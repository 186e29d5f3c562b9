"""The window, which opens when no command is named."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import OPEN, app, command_names
from spn_annotator.errors import UsageError


@app.command(OPEN, hidden=True)
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
        close = get_close_matches(str(path), command_names(), n=1)
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
        from spn_annotator.paths import sample_project_dir
        from spn_annotator.samples import sample_project

        path = sample_project(sample_project_dir())
    from spn_annotator.gui.app import run

    raise typer.Exit(run(path))
