"""A small made-up data set, and a recipe that trains on it in seconds."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.cv import cv2
from spn_annotator.training.data import IGNORE


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """Return a folder of twelve images with discs and boxes in front of plain colours."""
    root = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    rows = []
    for i in range(12):
        kind = ("binary", "classes", "regions")[i % 3]
        base = root / "train" / kind
        (base / "images").mkdir(parents=True, exist_ok=True)
        (base / "masks").mkdir(parents=True, exist_ok=True)
        truth = np.zeros((90, 70 + i), np.uint8)
        cv2.circle(truth, (35, 45), int(rng.integers(12, 30)), 1, -1)
        if kind != "binary":
            cv2.rectangle(truth, (0, 60), (30, 89), 2, -1)
        truth[:3] = IGNORE
        palette = rng.integers(30, 226, (256, 3))
        rgb = np.clip(palette[truth] + rng.normal(0, 8, (*truth.shape, 3)), 0, 255)
        cv2.imwrite(str(base / "images" / f"{i:03}.jpg"), rgb.astype(np.uint8))
        cv2.imwrite(str(base / "masks" / f"{i:03}.png"), truth)
        rows.append({"split": "train", "set": kind, "stem": f"{i:03}", "kind": kind})
    with (root / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return root
