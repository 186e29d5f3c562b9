"""The command that looks after a project: its file, its images, its backups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.errors import SpnAnnotatorError, UsageError

if TYPE_CHECKING:
    from spn_annotator.project import Project


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of a project.")],
    search: Annotated[
        Path | None,
        typer.Option("--search", help="Where to look for missing images; the project without it."),
    ] = None,
    relink: Annotated[
        bool, typer.Option("--relink", help="Link images again that are found by their content.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Take changed images of the same size as right.")
    ] = False,
    backup: Annotated[
        bool, typer.Option("--backup", help="Copy the project file into the folder of backups.")
    ] = False,
) -> None:
    """Look for damage in a project, and for images that are missing or have changed.

    Ends with 1 if something is still wrong. Annotations are never touched.
    """
    from spn_annotator.project import PROJECT_NAME, Project

    folder = folder.parent if folder.name == PROJECT_NAME else folder
    with Project.open(folder, create=False) as project:
        if project.read_only and (relink or confirm or backup):
            raise UsageError(
                f"nothing can be changed: {project.read_only_reason}",
                remedy="Try again once the project is free",
            )
        damage = project.check()
        for line in damage:
            typer.echo(f"damaged: {line}")
        if backup and not damage:
            typer.echo(f"backup: {project.back_up()}")
        project.scan()
        left = _see_to_images(project, search=search, relink=relink, confirm=confirm)
        if not damage and not left:
            typer.echo("The project file is sound, and all images are as they were annotated.")
    raise typer.Exit(1 if damage or left else 0)


def _see_to_images(project: Project, *, search: Path | None, relink: bool, confirm: bool) -> int:
    """Tell what is the matter with the images, mend what may be, return how many are left."""
    from spn_annotator.project import ProblemKind, Reason

    problems = project.check_images()
    wanted = [problem.image_id for problem in problems]
    suggestions = project.suggest_relinks(search, image_ids=wanted) if wanted else []
    left = 0
    for problem in problems:
        typer.echo(f"{problem.kind.value}: {problem.detail}")
        found = [item for item in suggestions if item.image_id == problem.image_id]
        certain = [item for item in found if item.reason is Reason.CONTENT]
        try:
            if relink and certain:
                record = project.relink(problem.image_id, certain[0].path)
                typer.echo(f"  linked to {record.path} ({certain[0].reason.value})")
                continue
            if confirm and problem.kind is ProblemKind.CHANGED:
                project.confirm_image(problem.image_id)
                typer.echo("  taken as right")
                continue
        except SpnAnnotatorError as error:
            typer.echo(f"  {error}")
        left += 1
        for item in found:
            typer.echo(f"  perhaps {item.path} ({item.reason.value})")
    return left
