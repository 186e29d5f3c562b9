"""The commands that take data sets in and out: import, export, convert."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spn_annotator.cli.app import app
from spn_annotator.cli.options import OutOption
from spn_annotator.errors import UsageError

if TYPE_CHECKING:
    from spn_annotator.formats.codec import Codec, Dataset
    from spn_annotator.formats.limits import Limits


class StatusName(StrEnum):
    """How far the work on an image is."""

    TODO = "todo"
    IN_PROGRESS = "in-progress"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


SourceArgument = Annotated[Path, typer.Argument(help="File or folder of a data set.")]
ProjectOption = Annotated[Path, typer.Option("--project", help="Folder of the project.")]
FromOption = Annotated[str | None, typer.Option("--from", help="Its format; found out without it.")]
PictureOption = Annotated[
    bool, typer.Option("--images/--no-images", help="Copy the pictures, where a format has them.")
]
PriorityOption = Annotated[
    str | None,
    typer.Option(
        help="Labels that keep their pixels where objects overlap, as in person,car: the first one "
        "before all others. Without it the later object has them."
    ),
]
ReportOption = Annotated[Path | None, typer.Option("--json", help="File to write the report to.")]
PixelsOption = Annotated[
    int | None, typer.Option("--max-pixels", help="Largest map of objects, in pixels.", min=1)
]
BytesOption = Annotated[
    int | None, typer.Option("--max-bytes", help="Largest text, JSON or array file.", min=1)
]
ObjectsOption = Annotated[
    int | None, typer.Option("--max-objects", help="Most objects of an image.", min=1, max=65_534)
]


@app.command("import")
def import_(
    source: SourceArgument,
    project: ProjectOption,
    from_: FromOption = None,
    status: Annotated[
        StatusName, typer.Option(help="Status of the images that get annotations.")
    ] = StatusName.IN_PROGRESS,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace annotations that the project has.")
    ] = False,
    priority: PriorityOption = None,
    json: ReportOption = None,
    max_pixels: PixelsOption = None,
    max_bytes: BytesOption = None,
    max_objects: ObjectsOption = None,
) -> None:
    """Take a data set into a project, with its pictures where the project lacks them.

    Labels are matched by name. The exit code is 1 if anything was left out; the rest is there.
    """
    from json import dumps

    from spn_annotator.formats.atomic import atomic_write_bytes, make_folder
    from spn_annotator.formats.summary import count, print_left, print_notes, print_overlaps
    from spn_annotator.formats.tables import console
    from spn_annotator.project import Project, Status
    from spn_annotator.project.importing import import_dataset

    limits = _limits(max_pixels, max_bytes, max_objects)
    codec, dataset = open_dataset(source, from_, limits)
    dataset.prefer(_names(priority))
    make_folder(project)
    with Project.open(project) as opened, _Bar(f"Importing {codec.traits.title}") as bar:
        report = import_dataset(
            dataset,
            opened,
            status=Status[status.name],
            replace_existing=replace,
            progress=bar.update,
        )
    screen = console()
    typer.echo(
        f"Imported from {codec.traits.title}: {count(report.images, 'image')} with "
        f"{count(report.objects, 'object')}; {count(len(report.added), 'picture')} copied"
    )
    print_left(screen, report.skipped, report.failed, report.dropped)
    print_notes(screen, report.notes)
    print_overlaps(screen, report.overlaps)
    if json is not None:
        atomic_write_bytes(json, dumps(report.to_json(), indent=2).encode() + b"\n")
    raise typer.Exit(0 if report.is_clean else 1)


@app.command()
def export(
    project: Annotated[Path, typer.Argument(help="Folder of the project.")],
    format_: Annotated[str, typer.Option("--format", help="Format to write.")],
    out: OutOption,
    split: Annotated[
        str | None, typer.Option(help="Parts and their fractions, as in train=0.8,val=0.2.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one splits differently.")] = 0,
    status: Annotated[
        list[StatusName] | None,
        typer.Option(help="Only images of this status; may be given more than once."),
    ] = None,
    images: PictureOption = True,
) -> None:
    """Write the images of a project in another tool's format.

    Without --status, all that were worked on. Writes export_report.json too. The exit code is 1 if
    anything could not be written; the rest is there.
    """
    from spn_annotator.formats.codec import WriteOptions
    from spn_annotator.formats.export import export_project
    from spn_annotator.formats.splits import parse_split
    from spn_annotator.formats.summary import print_export
    from spn_annotator.project import Project, Status
    from spn_annotator.project.exporting import export_items

    fractions = parse_split(split) if split is not None else {}
    with Project.open(project, create=False) as opened:
        _check_out(out, opened.folder)
        statuses = None if not status else [Status[name.name] for name in status]
        items, left = export_items(opened, statuses=statuses, split=fractions, seed=seed)
        if not items:
            raise UsageError(
                "has no image to export", path=project, remedy="Annotate one, or choose a --status"
            )
        why = "without annotations" if statuses is None else "of another status"
        with _Bar("Exporting", total=len(items)) as bar:
            report = export_project(
                items,
                opened.labels,
                out,
                [format_],
                options=WriteOptions("copy" if images else "none", tuple(fractions)),
                flat=True,
                notes={f"left out: {why}": left} if left else None,
                progress=bar.advance,
            )
    print_export(report)
    raise typer.Exit(0 if report.is_clean else 1)


@app.command()
def convert(
    source: SourceArgument,
    to: Annotated[str, typer.Option("--to", help="Format to write.")],
    out: OutOption,
    from_: FromOption = None,
    split: Annotated[
        str | None,
        typer.Option(
            help="Parts and their fractions, as in train=0.8,val=0.2, instead of its own."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one splits differently.")] = 0,
    priority: PriorityOption = None,
    images: PictureOption = True,
    max_pixels: PixelsOption = None,
    max_bytes: BytesOption = None,
    max_objects: ObjectsOption = None,
) -> None:
    """Write a data set in another format, without a project.

    Writes export_report.json too. The exit code is 1 if anything could not be read or written; the
    rest is there.
    """
    from dataclasses import replace

    from spn_annotator.formats.codec import WriteOptions
    from spn_annotator.formats.export import export_project
    from spn_annotator.formats.splits import assign, parse_split
    from spn_annotator.formats.summary import print_export

    fractions = parse_split(split) if split is not None else {}
    _, dataset = open_dataset(source, from_, _limits(max_pixels, max_bytes, max_objects))
    dataset.prefer(_names(priority))
    _check_out(out, source if source.is_dir() else source.parent)
    items = list(dataset.items)
    if fractions:
        parts = assign([item.name for item in items], fractions, seed=seed)
        items = [replace(item, split=parts[item.name]) for item in items]
    splits = tuple(fractions) or tuple(dict.fromkeys(item.split for item in items if item.split))
    with _Bar("Converting", total=len(items)) as bar:
        report = export_project(
            items,
            lambda: dataset.labels,
            out,
            [to],
            options=WriteOptions("copy" if images else "none", splits),
            flat=True,
            problems=dataset.problems,
            priority=dataset.book.priority,
            progress=bar.advance,
        )
    print_export(report)
    raise typer.Exit(0 if report.is_clean else 1)


def open_dataset(source: Path, name: str | None, limits: Limits) -> tuple[Codec, Dataset]:
    """Open a data set in the format that is named, or found out.

    Raises
    ------
    SpnAnnotatorError
        It does not exist, is of no known format, or cannot be read.
    """
    from spn_annotator.formats.registry import detect_codec, get_codec

    if not source.exists():
        raise UsageError("does not exist", path=source, remedy="Name a file or a folder")
    codec = get_codec(name) if name else detect_codec(source)
    if not codec.traits.reads:
        raise UsageError(f"the format {codec.name} can only be written")
    return codec, codec.read(source, limits)


def _names(text: str | None) -> list[str]:
    """Return the labels that an option names."""
    if text is None:
        return []
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise UsageError(f"--priority {text!r} names no label", remedy="Write it as person,car")
    return names


def _limits(pixels: int | None, size: int | None, objects: int | None) -> Limits:
    from dataclasses import replace

    from spn_annotator.formats.limits import Limits

    limits = Limits.from_environment()
    return replace(
        limits,
        pixels=pixels or limits.pixels,
        file_bytes=size or limits.file_bytes,
        objects=objects or limits.objects,
    )


def _check_out(out: Path, source: Path) -> None:
    """Raise UsageError if what is read would be written over."""
    if out.exists() and out.resolve() == source.resolve():
        raise UsageError("is where the data is read from", path=out, remedy="Name another folder")


class _Bar:
    """A bar of progress on the screen, where there is one."""

    def __init__(self, text: str, *, total: int | None = None) -> None:
        from rich.progress import Progress

        from spn_annotator.formats.tables import console

        screen = console(stderr=True)
        self._progress = Progress(console=screen, transient=True, disable=not screen.is_terminal)
        self._task = self._progress.add_task(text, total=total)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def advance(self, done: int) -> None:
        """Show how many are done."""
        self._progress.update(self._task, completed=done)

    def update(self, done: int, total: int) -> None:
        """Show how many are done, and of how many."""
        self._progress.update(self._task, completed=done, total=total)
