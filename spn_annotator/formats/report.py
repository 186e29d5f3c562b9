"""What came of an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
