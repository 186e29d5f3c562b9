"""Data sets of other tools into a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from spn_annotator.annotation import AnnotatedObject, Document, Label, LabelSet
from spn_annotator.annotation.labels import merge_labels
from spn_annotator.errors import FileReadError, MaskSizeError, SpnAnnotatorError, UsageError
from spn_annotator.formats.atomic import atomic_write_bytes
from spn_annotator.formats.codec import AnnotatedImage, Dataset, ExportItem
from spn_annotator.formats.images import IMAGE_SUFFIXES, count_pages
from spn_annotator.formats.names import safe_name
from spn_annotator.formats.pages import write_page
from spn_annotator.formats.report import Overlaps
from spn_annotator.project.extras import packed
from spn_annotator.project.matching import ImageFinder, renamed_by_export
from spn_annotator.project.project import Project
from spn_annotator.project.records import ImageRecord, Status


@dataclass(frozen=True)
class ImportReport:
    """What an import brought into a project and what it did not.

    Attributes
    ----------
    source : Path
    images, objects : int
        Images whose annotations are stored now, and their objects.
    added : tuple of str
        Pictures that are new in the project.
    skipped : tuple of (str, str)
        Name of an image, or of something in it, and why it is not there.
    failed, dropped : int
        How many images, and how many objects or shapes, are among ``skipped``.
    notes : dict of str to tuple of str
        What was changed on the way, and the images it is about.
    overlaps : Overlaps
        Objects that overlapped in the data set.
    """

    source: Path
    images: int
    objects: int
    added: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    failed: int
    dropped: int
    notes: dict[str, tuple[str, ...]]
    overlaps: Overlaps = field(default_factory=Overlaps)

    @property
    def is_clean(self) -> bool:
        """Whether everything was taken over."""
        return not self.failed and not self.dropped

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "source": str(self.source),
            "images": self.images,
            "objects": self.objects,
            "added": list(self.added),
            "failed": self.failed,
            "dropped": self.dropped,
            "skipped": [{"name": name, "reason": reason} for name, reason in self.skipped],
            "overlaps": self.overlaps.to_json(),
            "notes": [{"note": text, "images": list(names)} for text, names in self.notes.items()],
        }


def import_dataset(
    dataset: Dataset,
    project: Project,
    *,
    status: Status = Status.IN_PROGRESS,
    replace_existing: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take a data set into a project.

    A picture that the project has is used as it is, even if the data set has it as another file (a
    JPEG of a PNG); others are copied into the project's folder,
    each page of a TIFF as a file of its own. Labels are matched by name and added where missing.
    Nothing that was annotated already is replaced unless that is asked for.

    Parameters
    ----------
    dataset : Dataset
    project : Project
        Open for writing.
    status : Status
        Of the images that get annotations.
    replace_existing : bool
        Whether annotations that the project has give way.
    progress : callable, optional
        Called with the number of images done, and of all; may raise to stop.

    Raises
    ------
    UsageError
        The project is read-only.
    FileReadError
        Its folder cannot be read.
    SaveError
        What belongs to all images cannot be stored.
    """
    if project.read_only:
        raise UsageError(
            f"cannot be written to: {project.read_only_reason}",
            path=project.folder,
            remedy="Close it there and try again",
        )
    run = _Import(dataset.source, project, status, replace_existing)
    run.overlaps = Overlaps(priority=dataset.book.priority)
    for name, reason in dataset.problems:
        run.fail(name, reason)
    for number, item in enumerate(dataset.items, start=1):
        run.take(item, dataset)
        if progress is not None:
            progress(number, len(dataset.items))
    run.keep_labels(dataset.labels)
    run.overlaps = run.overlaps.checked(dataset.labels)
    return run.report()


@dataclass
class _Import:
    """An import under way."""

    source: Path
    project: Project
    status: Status
    replace_existing: bool
    images: int = 0
    objects: int = 0
    failed: int = 0
    dropped: int = 0
    added: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    overlaps: Overlaps = field(default_factory=Overlaps)

    def __post_init__(self) -> None:
        self.project.scan()
        self.finder = ImageFinder(self.project, renamed_by_export(self.source))
        # Some systems take names that differ in case alone for one.
        self.taken = {path.name.casefold() for path in self.project.folder.iterdir()}

    def fail(self, name: str, reason: str) -> None:
        """Note an image that is not taken over."""
        self.failed += 1
        self.skipped.append((name, reason))

    def take(self, item: ExportItem, dataset: Dataset) -> None:
        """Take one image over."""
        try:
            annotated = item.load()
            assert isinstance(annotated, AnnotatedImage)
            record, note = self._record(item)
            if record.id in self.done:
                raise UsageError("another image of the data set is this one too")
            if dataset.annotated:
                self._store(record, annotated, dataset.labels)
            self.done.add(record.id)
        except SpnAnnotatorError as error:
            self.fail(item.name, str(error))
            return
        except MemoryError:
            self.fail(item.name, "it does not fit into memory")
            return
        self.images += 1
        self.objects += len(annotated.objects)
        self.overlaps = self.overlaps.add(annotated.overlap)
        self.dropped += len(annotated.dropped)
        self.skipped += [(f"{item.name}, {what}", reason) for what, reason in annotated.dropped]
        for text in (note, *annotated.notes):
            if text:
                self.notes.setdefault(text, []).append(item.name)

    def _record(self, item: ExportItem) -> tuple[ImageRecord, str]:
        """Return the image of the project that an item is about, and what to say about that.

        It may be added now.
        """
        if item.image is None:
            return self.finder.named(item), ""
        if isinstance(item.image, Path):
            record, note = self.finder.of_picture(item.image, item)
            if record is not None:
                return record, note
        return self._added(item), ""

    def _added(self, item: ExportItem) -> ImageRecord:
        """Copy the picture of an item into the project's folder."""
        source = item.image
        assert source is not None
        pure = PurePosixPath(item.name)
        suffix = pure.suffix.lower() if pure.suffix.lower() in IMAGE_SUFFIXES else ".png"
        is_page = isinstance(source, Path) and count_pages(source) > 1
        suffix = ".tif" if is_page else suffix
        stem = safe_name(pure.stem)
        name, number = stem + suffix, 2
        while name.casefold() in self.taken:
            name, number = f"{stem}_{number}{suffix}", number + 1
        self.taken.add(name.casefold())
        target = self.project.folder / name
        if not isinstance(source, Path):
            atomic_write_bytes(target, source())
        elif is_page:
            write_page(source, item.page, target)
        else:
            atomic_write_bytes(target, _content(source))
        try:
            record = self.project.add_image(target)
        except SpnAnnotatorError:
            target.unlink(missing_ok=True)
            raise
        self.finder.index(record)
        self.added.append(name)
        return record

    def _store(self, record: ImageRecord, annotated: AnnotatedImage, theirs: LabelSet) -> None:
        present = self.project.load(record.id)
        height, width = annotated.object_map.shape
        if present.shape != (height, width):
            raise MaskSizeError(
                f"is {width} x {height} pixels in the data set, the image is "
                f"{present.shape[1]} x {present.shape[0]}",
                path=record.path,
                remedy="Put back the image that was annotated",
            )
        if present.objects and not self.replace_existing:
            raise UsageError(
                "it has annotations in the project, which are kept",
                remedy="Use --replace to put those of the data set in their place",
            )
        labels, ours = self.project.labels, {}
        for label_id in sorted({item.label_id for item in annotated.objects.values()}):
            labels, ours[label_id] = _with_label(labels, theirs.get(label_id))
        document = Document(
            (height, width),
            labels,
            objects=[
                AnnotatedObject(item.id, ours[item.label_id], item.name)
                for item in annotated.objects.values()
            ],
            object_map=annotated.object_map,
            sure_map=annotated.sure_map,
        )
        extra = packed(annotated)
        self.project.save(record.id, document, status=self.status, extra=extra)

    def keep_labels(self, theirs: LabelSet) -> None:
        """Add the labels of the data set that no image has."""
        labels = self.project.labels
        for label in theirs:
            try:
                labels, _ = _with_label(labels, label)
            except UsageError as error:
                self.dropped += 1
                self.skipped.append((f"label {label.name}", str(error)))
        if len(labels) > len(self.project.labels):
            self.project.save_labels(labels)

    def report(self) -> ImportReport:
        """Return what came of it."""
        return ImportReport(
            self.source,
            self.images,
            self.objects,
            tuple(self.added),
            tuple(self.skipped),
            self.failed,
            self.dropped,
            {text: tuple(names) for text, names in self.notes.items()},
            self.overlaps,
        )


def _with_label(labels: LabelSet, wanted: Label) -> tuple[LabelSet, int]:
    """Return the labels, with one more if none has the wanted one's name, and that one's id."""
    known = labels.by_name(wanted.name)
    if known is not None:
        return labels, known.id
    if wanted.id not in labels:
        return merge_labels(labels, [wanted]), wanted.id
    more = labels.copy()
    return more, more.add(wanted.name, color=wanted.color).id


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileReadError(f"cannot be read ({error.strerror})", path=path) from error
