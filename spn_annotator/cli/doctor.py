"""The command that looks at the installation."""

from __future__ import annotations

import typer

from spn_annotator.cli.app import app


@app.command()
def doctor() -> None:
    """Look at the installation: what is wrong with it, and how to mend it."""
    from spn_annotator.doctor import diagnose, print_report

    raise typer.Exit(print_report(diagnose()))
