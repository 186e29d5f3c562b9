"""Annotations out: indexed PNG, a binary PNG a label, COCO; with a report of what was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Protocol, get_args

import numpy as np

from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.errors import FormatError, SpnAnnotatorError, UsageError
from spn_annotator.formats.atomic import atomic_write_bytes, make_folder, save_error
from spn_annotator.formats.coco import CocoBuilder, CocoImage
from spn_annotator.formats.masks import write_label_map
from spn_annotator.formats.names import UniqueNames, safe_name, safe_stem

ExportFormat = Literal["indexed", "binary", "coco"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

VOID = 255
VOID_COLOR = (224, 224, 192)  # Pascal VOC's
REPORT_NAME = "export_report.json"
COCO_NAME = "instances.json"


class Annotated(Protocol):
    """What an export takes from a :class:`spn_annotator.annotation.document.Document`."""

    @property
    def object_map(self) -> np.ndarray:
        """(H, W) uint16 object ids, 0 = nothing."""
        ...

    @property
    def objects(self) -> Mapping[int, AnnotatedObject]:
        """The objects by id."""
        ...


@dataclass(frozen=True)
class ExportItem:
    """An image to export.

    Attributes
    ----------
    name : str
        Path of the image, POSIX, relative to the folder of its project.
    load : callable
        Returns its annotations; called once, when its turn comes.
    """

    name: str
    load: Callable[[], Annotated]


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote and what it did not.

    Attributes
    ----------
    folder : Path
        Where it was written.
    images, objects : int
        Number of images, and of objects with pixels, written in each of the formats.
    files : tuple of Path
        Written files without the report, relative to ``folder``.
    skipped : tuple of (str, str)
        Name of an image, or of an object in it, and why it is not there.
    renamed : dict of str to str
        Images whose files have another stem than they, and that stem.
    failed : int
        Number of images among ``skipped``.
    """

    folder: Path
    images: int
    objects: int
    files: tuple[Path, ...]
    skipped: tuple[tuple[str, str], ...]
    renamed: dict[str, str]
    failed: int

    @property
    def is_clean(self) -> bool:
        """Whether every image was written."""
        return not self.failed

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "images": self.images,
            "objects": self.objects,
            "files": [path.as_posix() for path in self.files],
            "skipped": [{"name": name, "reason": reason} for name, reason in self.skipped],
            "renamed": self.renamed,
        }


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
    labels: LabelSet,
    out: Path | str,
    formats: Collection[ExportFormat] = EXPORT_FORMATS,
    *,
    progress: Callable[[int], None] | None = None,
) -> ExportReport:
    """Export images with their annotations.

    ``indexed/STEM.png`` holds label ids in the labels' colours, ``binary/STEM/LABEL.png`` 0 and 255
    for each label that occurs, ``coco/instances.json`` the objects. An image without objects is
    written too. Names that a file system does not take are changed, as the report says; nothing
    is written outside ``out``.

    Parameters
    ----------
    items : iterable of ExportItem
        One that cannot be loaded or written is skipped and reported; the others come out.
    labels : LabelSet
        The labels of the project.
    out : Path or str
        Folder to write to; made if missing. Files of the same names are replaced.
    formats : collection of "indexed", "binary", "coco"
        What to write.
    progress : callable, optional
        Called with the number of images done; may raise to stop.

    Returns
    -------
    ExportReport
        Also written to ``out`` as ``export_report.json``.

    Raises
    ------
    UsageError
        A format that does not exist, or none.
    SaveError
        ``out`` cannot be written to.
    """
    wrong = [name for name in formats if name not in EXPORT_FORMATS]
    if wrong or not formats:
        raise UsageError(
            f"there is no export format {wrong[0]}" if wrong else "no export format was chosen",
            remedy=f"Choose among {', '.join(EXPORT_FORMATS)}",
        )
    export = _Export(make_folder(out), labels, tuple(f for f in EXPORT_FORMATS if f in formats))
    for number, item in enumerate(items, start=1):
        export.add(item)
        if progress is not None:
            progress(number)
    return export.finish()


@dataclass
class _Export:
    """An export under way."""

    out: Path
    labels: LabelSet
    formats: tuple[ExportFormat, ...]
    images: int = 0
    objects: int = 0
    failed: int = 0
    files: list[Path] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    stems: UniqueNames = field(default_factory=UniqueNames)

    def __post_init__(self) -> None:
        self.coco = CocoBuilder(self.labels)
        names = UniqueNames()
        self.label_files = {label.id: names.take(safe_name(label.name)) for label in self.labels}

    def add(self, item: ExportItem) -> None:
        try:
            document = item.load()
            present = _present_objects(document, item.name)
            classes = _class_map(document, present, self.labels, item.name)
            stem = self.stems.take(safe_stem(item.name))
            files = self._write(document, classes, stem, item.name)
        except SpnAnnotatorError as error:
            self.failed += 1
            self.skipped.append((item.name, str(error)))
            return
        self.files += files
        self.images += 1
        self.objects += len(present)
        if stem != PurePosixPath(item.name).with_suffix("").as_posix():
            self.renamed[item.name] = stem
        for object_id, entry in document.objects.items():
            if object_id not in present:
                name = f"{item.name}, object {object_id}" + (f" {entry.name}" if entry.name else "")
                self.skipped.append((name, "it has no pixels"))

    def _write(self, document: Annotated, classes: np.ndarray, stem: str, name: str) -> list[Path]:
        files: list[Path] = []
        if "indexed" in self.formats:
            file = make_folder(self.out / "indexed") / f"{stem}.png"
            write_label_map(file, classes, palette=label_palette(self.labels))
            files.append(file)
        if "binary" in self.formats:
            folder = make_folder(self.out / "binary" / stem)
            present = set(np.unique(classes).tolist())
            for label_id, label_file in self.label_files.items():
                file = folder / f"{label_file}.png"
                if label_id not in present:
                    _remove(file)  # of an earlier export: it would contradict this one
                    continue
                write_label_map(file, np.where(classes == label_id, 255, 0).astype(np.uint8))
                files.append(file)
        if "coco" in self.formats:
            inside = not name.startswith("/") and ".." not in PurePosixPath(name).parts
            file_name = name if inside else PurePosixPath(name).name
            self.coco.add(CocoImage(file_name, document.object_map, document.objects))
        return [file.relative_to(self.out) for file in files]

    def finish(self) -> ExportReport:
        if "coco" in self.formats:
            file = make_folder(self.out / "coco") / COCO_NAME
            self.coco.write(file)
            self.files.append(file.relative_to(self.out))
        report = ExportReport(
            folder=self.out,
            images=self.images,
            objects=self.objects,
            files=tuple(self.files),
            skipped=tuple(self.skipped),
            renamed=self.renamed,
            failed=self.failed,
        )
        text = json.dumps(report.to_json(), indent=2, ensure_ascii=False)
        atomic_write_bytes(self.out / REPORT_NAME, text.encode("utf-8", "backslashreplace") + b"\n")
        return report


def label_palette(labels: LabelSet) -> bytes:
    """Return the 256 RGB triples of an indexed map: black, the labels' colours, void."""
    table = np.zeros((256, 3), np.uint8)
    for label in labels:
        table[label.id] = label.color
    table[VOID] = VOID_COLOR
    return table.tobytes()


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise save_error(error, file) from error


def _present_objects(document: Annotated, name: str) -> set[int]:
    present = set(np.flatnonzero(np.bincount(document.object_map.ravel())).tolist()) - {0}
    for object_id in sorted(present):
        if object_id not in document.objects:
            raise FormatError(
                f"has pixels of object {object_id}, which does not exist",
                path=name,
                remedy="Add the object or erase its pixels",
            )
    return present


def _class_map(document: Annotated, present: set[int], labels: LabelSet, name: str) -> np.ndarray:
    table = np.zeros(max(present, default=0) + 1, np.uint8)
    for object_id in present:
        label_id = document.objects[object_id].label_id
        if label_id not in labels:
            raise FormatError(
                f"has an object of the unknown label id {label_id}",
                path=name,
                remedy="Add the label or give the object another one",
            )
        table[object_id] = label_id
    return table[document.object_map]
