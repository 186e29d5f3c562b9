"""The command that says what a project or a data set holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.transfer import FromOption, open_dataset


@app.command()
def info(
    path: Annotated[Path, typer.Argument(help="Folder of a project, or a data set.")],
    from_: FromOption = None,
) -> None:
    """Say what a project or a data set holds, and whether the project file is sound."""
    from spn_annotator.project import PROJECT_NAME

    folder = path.parent if path.name == PROJECT_NAME else path
    if (folder / PROJECT_NAME).is_file() and from_ is None:
        raise typer.Exit(_tell_project(folder))
    _tell_dataset(path, from_)


def _tell_project(folder: Path) -> int:
    from spn_annotator.formats.summary import count
    from spn_annotator.project import Project

    with Project.open(folder, create=False) as project:
        images = project.images()
        typer.echo(f"Project {project.path}")
        typer.echo(f"{count(len(images), 'image')}, {sum(i.missing for i in images):,} missing")
        for status, number in project.counts().items():
            typer.echo(f"  {status.value}: {number:,}")
        typer.echo(f"{count(len(project.labels), 'label')}")
        for label in project.labels:
            typer.echo(f"  {label.id}: {label.name}")
        if project.read_only:
            typer.echo(f"Read-only: {project.read_only_reason}")
        wrong = project.check()
        for line in wrong:
            typer.echo(f"Damaged: {line}")
        if not wrong:
            typer.echo("The project file is sound.")
        return 1 if wrong else 0


def _tell_dataset(path: Path, from_: str | None) -> None:
    from spn_annotator.formats.limits import Limits
    from spn_annotator.formats.summary import count

    codec, dataset = open_dataset(path, from_, Limits.from_environment())
    typer.echo(f"{codec.traits.title} ({codec.name})")
    typer.echo(f"{count(len(dataset.items), 'image')}")
    splits = {item.split for item in dataset.items if item.split}
    for name in sorted(splits):
        typer.echo(f"  {name}: {sum(item.split == name for item in dataset.items):,}")
    for label in dataset.labels:
        typer.echo(f"  label {label.id}: {label.name}")
    for name, reason in dataset.problems:
        typer.echo(f"Cannot be read: {name}: {reason}")
    raise typer.Exit(1 if dataset.problems else 0)
