"""What came of an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spn_annotator.annotation.labels import LabelSet

REPORT_NAME = "export_report.json"


@dataclass(frozen=True)
class PolygonLoss:
    """What became of the objects that were written as polygons.

    Attributes
    ----------
    objects : int
    lowest, mean : float
        Intersection over union of an object with what its polygons give back.
    changed : int
        How many objects do not come back to the pixel.
    """

    objects: int
    lowest: float
    mean: float
    changed: int


@dataclass(frozen=True)
class Overlaps:
    """Objects that overlapped where they came from, and which of them have the pixels now.

    Attributes
    ----------
    images, pixels : int
        How many images it is about, and how many pixels in all.
    priority : tuple of str
        Labels that keep their pixels, the first one before all others; without any the later
        object has them.
    unknown : tuple of str
        Those among them that no label is called.
    """

    images: int = 0
    pixels: int = 0
    priority: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def add(self, pixels: int) -> Overlaps:
        """Return the sum with the pixels of one more image."""
        return (
            replace(self, images=self.images + 1, pixels=self.pixels + pixels) if pixels else self
        )

    def checked(self, labels: LabelSet) -> Overlaps:
        """Return it with the names that no label has."""
        unknown = tuple(name for name in self.priority if labels.by_name(name) is None)
        return replace(self, unknown=unknown)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "rule": "priority of labels" if self.priority else "the later object",
            "priority": list(self.priority),
            "unknown_labels": list(self.unknown),
            "images": self.images,
            "pixels": self.pixels,
        }


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
    dropped : int
        Number of objects among ``skipped`` that have pixels, or had them where they came from.
    notes : dict of str to tuple of str
        What a format could not hold or had to change, and the images it is about.
    polygons : PolygonLoss or None
        None where nothing was written as polygons.
    overlaps : Overlaps
        Of the data set that was converted; objects of a project never overlap.
    """

    folder: Path
    images: int
    objects: int
    files: tuple[Path, ...]
    skipped: tuple[tuple[str, str], ...]
    renamed: dict[str, str]
    failed: int
    dropped: int = 0
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    polygons: PolygonLoss | None = None
    overlaps: Overlaps = field(default_factory=Overlaps)

    @property
    def is_clean(self) -> bool:
        """Whether every image was written, with all of its pixels."""
        return not self.failed and not self.dropped

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        loss = self.polygons
        return {
            "images": self.images,
            "objects": self.objects,
            "failed": self.failed,
            "dropped": self.dropped,
            "files": [path.as_posix() for path in self.files],
            "skipped": [{"name": name, "reason": reason} for name, reason in self.skipped],
            "renamed": self.renamed,
            "notes": [{"note": text, "images": list(names)} for text, names in self.notes.items()],
            "overlaps": self.overlaps.to_json(),
            "polygons": None
            if loss is None
            else {
                "objects": loss.objects,
                "changed": loss.changed,
                "lowest_iou": loss.lowest,
                "mean_iou": loss.mean,
            },
        }


def polygon_loss(ious: Sequence[float]) -> PolygonLoss | None:
    """Return the loss from each object's intersection over union, None where there are none."""
    if not ious:
        return None
    changed = sum(value < 1 for value in ious)
    return PolygonLoss(len(ious), min(ious), sum(ious) / len(ious), changed)
