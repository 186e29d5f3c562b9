"""Annotations out, in one format or several, with a report of what was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.errors import FormatError, SpnAnnotatorError, UsageError
from spn_annotator.formats.atomic import atomic_write_bytes, make_folder, save_error
from spn_annotator.formats.codec import (
    Annotated,
    ExportItem,
    Outgoing,
    WriteOptions,
    Writer,
    Written,
)
from spn_annotator.formats.lookups import distinct
from spn_annotator.formats.names import UniqueNames, safe_name, safe_stem, without_suffix
from spn_annotator.formats.palettes import VOID, VOID_COLOR, label_palette
from spn_annotator.formats.registry import get_codec, writable_names
from spn_annotator.formats.report import (
    REPORT_NAME,
    ExportReport,
    Overlaps,
    PolygonLoss,
    polygon_loss,
)

__all__ = [
    "EXPORT_FORMATS",
    "REPORT_NAME",
    "VOID",
    "VOID_COLOR",
    "Annotated",
    "ExportFormat",
    "ExportItem",
    "ExportReport",
    "PolygonLoss",
    "export_document",
    "export_project",
    "label_palette",
]

ExportFormat = str
"""Name of a format that can be written; see :mod:`spn_annotator.formats.registry`."""

EXPORT_FORMATS: tuple[ExportFormat, ...] = ("indexed", "binary", "coco")
"""What is written where nothing else is asked for."""


def export_document(
    document: Annotated,
    name: str,
    labels: LabelSet,
    out: Path | str,
    formats: Collection[ExportFormat] = EXPORT_FORMATS,
) -> ExportReport:
    """Export one image; as :func:`export_project` with one item."""
    return export_project([ExportItem(name, lambda: document)], labels, out, formats)


def export_project(
    items: Iterable[ExportItem],
    labels: LabelSet | Callable[[], LabelSet],
    out: Path | str,
    formats: Collection[ExportFormat] = EXPORT_FORMATS,
    *,
    options: WriteOptions | None = None,
    flat: bool = False,
    problems: Iterable[tuple[str, str]] = (),
    notes: Mapping[str, Iterable[str]] | None = None,
    priority: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> ExportReport:
    """Export images with their annotations.

    Each format has a folder of its name in ``out``. An image without objects is written too. Names
    that a file system does not take are changed, as the report says; nothing is written outside
    ``out``.

    Parameters
    ----------
    items : iterable of ExportItem
        One that cannot be loaded or written is skipped and reported; the others come out.
    labels : LabelSet or callable
        The labels of the project; a callable is asked for those known by now.
    out : Path or str
        Folder to write to; made if missing. Files of the same names are replaced.
    formats : collection of str
        What to write.
    options : WriteOptions, optional
    flat : bool
        Write into ``out`` itself; for one format only.
    problems : iterable of (str, str)
        Images that are known to be missing and why: they count as failed.
    notes : mapping of str to iterable of str, optional
        What else the report shall say, and of which images.
    priority : sequence of str
        The rule by which overlaps were settled when the items were read, for the report.
    progress : callable, optional
        Called with the number of images done; may raise to stop.

    Returns
    -------
    ExportReport
        Also written to ``out`` as ``export_report.json``.

    Raises
    ------
    UsageError
        A format that does not exist or cannot be written, or none.
    SaveError
        ``out`` cannot be written to.
    """
    names = writable_names()
    wrong = [name for name in formats if name not in names]
    if wrong or not formats:
        raise UsageError(
            f"there is no export format {wrong[0]}" if wrong else "no export format was chosen",
            remedy=f"Choose among {', '.join(names)}",
        )
    if flat and len(formats) > 1:
        raise UsageError("only one format can be written into the folder itself")
    out = make_folder(out)
    _remove(out / REPORT_NAME)  # it is the last file to come: its absence says "not complete"
    options = options or WriteOptions()
    writers = [
        get_codec(name).writer(out if flat else make_folder(out / name), options)
        for name in names
        if name in formats
    ]
    export = _Export(out, labels if callable(labels) else lambda: labels, writers)
    export.overlaps = Overlaps(priority=tuple(priority))
    export.notes.update({text: list(about) for text, about in (notes or {}).items()})
    for number, item in enumerate(items, start=1):
        export.add(item)
        if progress is not None:
            progress(number)
    return export.finish(problems)


@dataclass
class _Export:
    """An export under way."""

    out: Path
    labels: Callable[[], LabelSet]
    writers: list[Writer]
    images: int = 0
    objects: int = 0
    failed: int = 0
    dropped: int = 0
    files: list[Path] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    ious: list[float] = field(default_factory=list)
    stems: UniqueNames = field(default_factory=UniqueNames)
    overlaps: Overlaps = field(default_factory=Overlaps)

    def add(self, item: ExportItem) -> None:
        try:
            annotated = item.load()
            areas = _areas(annotated, item.name)
            labels = self.labels()
            _check_labels(annotated, areas, labels, item.name)
            stem = self.stems.take(safe_stem(item.name))
            split = safe_name(item.split) if item.split else ""
            outgoing = Outgoing(
                item.name, stem, split, annotated, labels, areas, item.image, item.page
            )
            written = [writer.add(outgoing) for writer in self.writers]
        except SpnAnnotatorError as error:
            self._fail(item.name, str(error))
            return
        except MemoryError:
            self._fail(item.name, "it does not fit into memory")
            return
        self.images += 1
        self.objects += min((result.objects for result in written), default=0)
        stem = next((result.stem for result in written if result.stem), stem)
        if stem != without_suffix(item.name):
            self.renamed[item.name] = stem
        for object_id, entry in annotated.objects.items():
            if object_id not in areas:
                name = f"{item.name}, object {object_id}" + (f" {entry.name}" if entry.name else "")
                self.skipped.append((name, "it has no pixels"))
        self.overlaps = self.overlaps.add(getattr(annotated, "overlap", 0))
        for result in [_lost_before(annotated), *written]:
            self._take(item.name, result)

    def _take(self, name: str, result: Written) -> None:
        self.files += result.files
        self.ious += result.ious
        self.dropped += len(result.dropped)
        self.skipped += [(f"{name}, {what}", reason) for what, reason in result.dropped]
        for note in result.notes:
            self.notes.setdefault(note, []).append(name)

    def _fail(self, name: str, reason: str) -> None:
        self.failed += 1
        self.skipped.append((name, reason))

    def finish(self, problems: Iterable[tuple[str, str]]) -> ExportReport:
        for name, reason in problems:
            self._fail(name, reason)
        for writer in self.writers:
            self.files += writer.finish(self.labels())
        report = ExportReport(
            folder=self.out,
            images=self.images,
            objects=self.objects,
            files=tuple(dict.fromkeys(path.relative_to(self.out) for path in self.files)),
            skipped=tuple(self.skipped),
            renamed=self.renamed,
            failed=self.failed,
            dropped=self.dropped,
            notes={text: tuple(names) for text, names in self.notes.items()},
            polygons=polygon_loss(self.ious),
            overlaps=self.overlaps.checked(self.labels()),
        )
        text = json.dumps(report.to_json(), indent=2, ensure_ascii=False)
        atomic_write_bytes(self.out / REPORT_NAME, text.encode("utf-8", "backslashreplace") + b"\n")
        return report


def _lost_before(annotated: Annotated) -> Written:
    """Return what was lost already when the image was read from another format."""
    return Written(
        (),
        0,
        dropped=tuple(getattr(annotated, "dropped", ())),
        notes=tuple(getattr(annotated, "notes", ())),
    )


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise save_error(error, file) from error


def _areas(document: Annotated, name: str) -> dict[int, int]:
    areas = {number: area for number, area in distinct(document.object_map).items() if number}
    for object_id in areas:
        if object_id not in document.objects:
            raise FormatError(
                f"has pixels of object {object_id}, which does not exist",
                path=name,
                remedy="Add the object or erase its pixels",
            )
    return areas


def _check_labels(document: Annotated, areas: dict[int, int], labels: LabelSet, name: str) -> None:
    for object_id in areas:
        label_id = document.objects[object_id].label_id
        if label_id not in labels:
            raise FormatError(
                f"has an object of the unknown label id {label_id}",
                path=name,
                remedy="Add the label or give the object another one",
            )
