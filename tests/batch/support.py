"""What the tests of batch runs share: a stand-in for the model, images and masks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from spn_annotator.batch.refining import refine_folder
from spn_annotator.batch.report import BatchReport
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map

RECORDS = ["manifest.jsonl", "report.html", "report.json"]
"""What a run writes besides its results."""

SHAPE = (6, 8)


class GrowingRefiner:
    """Stands in for the model: each unknown pixel gets the id to its left, or 0."""

    def __init__(self, *, error: Exception | None = None, leaves_unknown: bool = False) -> None:
        self.calls: list[dict[str, Any]] = []
        self.error = error
        self.leaves_unknown = leaves_unknown
        self.rgb = np.zeros((0, 0, 3), np.uint8)

    def set_image(self, rgb: np.ndarray) -> None:
        self.rgb = rgb

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        assert self.rgb.shape[:2] == coarse.shape
        self.calls.append({"coarse": coarse.copy(), "labels": labels, "unknown": unknown})
        if self.error is not None and len(self.calls) == 1:
            raise self.error
        result = coarse.copy()
        if unknown is not None and not self.leaves_unknown:
            for column in range(coarse.shape[1]):
                left = result[:, column - 1] if column else np.zeros_like(result[:, 0])
                result[:, column] = np.where(result[:, column] == unknown, left, result[:, column])
        return SimpleNamespace(
            label_map=result,
            confidence=np.full(coarse.shape, 0.75, np.float32),
            changed=int((result != coarse).sum()),
            device="test",
        )


def images(folder: Path, *names: str, shape: tuple[int, int] = SHAPE) -> Path:
    folder.mkdir(exist_ok=True)
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    for name in names:
        write_image(folder / "temporary.png", noise)
        (folder / "temporary.png").rename(folder / name)
    return folder


def mask(ids: tuple[int, ...] = (0, 3, 255, 1), dtype: type = np.uint8) -> np.ndarray:
    """Return a map of four broad columns."""
    return np.repeat(np.array(ids, dtype)[None].repeat(SHAPE[0], 0), 2, 1)


def masks(folder: Path, **maps: np.ndarray) -> Path:
    folder.mkdir(exist_ok=True)
    for stem, array in maps.items():
        write_label_map(folder / f"{stem}.png", array)
    return folder


def run(tmp_path: Path, refiner: GrowingRefiner | None = None, **options: Any) -> BatchReport:
    refiner = refiner or GrowingRefiner()
    return refine_folder(
        images=options.pop("images", tmp_path / "images"),
        coarse=options.pop("coarse", tmp_path / "coarse"),
        out=options.pop("out", tmp_path / "out"),
        make_refiner=lambda: refiner,
        **options,
    )


def outcome(report: BatchReport) -> dict[str, str]:
    return {job.stem: job.status.value for job in report.jobs}


def dataset(folder: Path, count: int, *, poisoned: tuple[int, ...] = ()) -> tuple[Path, Path]:
    """Make ``count`` different images with masks; the poisoned ones are no pictures."""
    noise = np.random.default_rng(1)
    pictures, coarse = folder / "images", folder / "coarse"
    pictures.mkdir(parents=True)
    coarse.mkdir(parents=True)
    for number in range(count):
        rgb = noise.integers(0, 60, (*SHAPE, 3), dtype=np.uint8)
        write_image(pictures / f"i{number:03}.png", rgb)
        write_label_map(coarse / f"i{number:03}.png", mask())
        if number in poisoned:
            (pictures / f"i{number:03}.png").write_bytes(b"no picture")
    return pictures, coarse


def curse(path: Path) -> None:
    """Make an image one on which a fake does its worst."""
    write_image(path, np.full((*SHAPE, 3), 66, np.uint8))


def results(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each result in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.png")
    }
