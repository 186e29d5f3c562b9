"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from spn_annotator import cli

RECORDS = ["manifest.jsonl", "report.html", "report.json"]
"""What a run writes besides its results."""

SHAPE = (12, 16)
NOISE = np.random.default_rng(0).integers(0, 255, (*SHAPE, 3), dtype=np.uint8)
MASK = np.repeat(np.array([[0, 3, 255, 1]], np.uint8).repeat(SHAPE[0], 0), 4, 1)


class Settler:
    """Stands in for the model: what is unknown becomes background."""

    def set_image(self, rgb: np.ndarray) -> None:
        pass

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        result = coarse if unknown is None else np.where(coarse == unknown, 0, coarse)
        return SimpleNamespace(
            label_map=result.astype(coarse.dtype),
            confidence=np.ones(coarse.shape, np.float32),
            changed=int((result != coarse).sum()),
            device="test",
        )


def refine(folder: Path, *options: str) -> int:
    return cli.main(
        [
            "refine",
            str(folder / "images"),
            str(folder / "coarse"),
            "--out",
            str(folder / "out"),
            *options,
        ]
    )


def one_line(text: str) -> str:
    """Return the only line of what was printed to the error stream."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("error: ")
    return lines[0].removeprefix("error: ")


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
