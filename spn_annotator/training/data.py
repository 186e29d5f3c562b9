"""Training batches from a folder with a manifest. NumPy and OpenCV; torch only to hand over.

Layout of the folder: ``manifest.csv`` with the columns split, set, stem, kind (binary, classes or
regions); images ``<split>/<set>/images/<stem>.jpg``; ground truth, 8-bit label ids with 255 to
ignore, ``<split>/<set>/masks/<stem>.png``.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from spn_annotator.cv import cv2
from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.network.inputs import ColorBins, mask_planes
from spn_annotator.training.config import TrainConfig
from spn_annotator.training.synthesis import KINDS, Mask, Rng

IGNORE = 255
_MANIFEST_COLUMNS = {"split", "set", "stem", "kind"}


@dataclass(frozen=True)
class Entry:
    """One image with its ground truth."""

    image: Path
    mask: Path
    set: str
    kind: str


@dataclass(frozen=True)
class Batch:
    """Images of one step and the masks on them.

    Attributes
    ----------
    rgb : (I, H, W, 3) uint8
    counts : (I,) int64
        Masks an image; the other arrays are in that order.
    numbers : (I,) int64
        Of the images within their step, which may be shared among processes.
    planes : (N, C, H, W) float32
    truth : (N, H, W) float32 in {0, 1}
    weight : (N, H, W) float32
        0 where the truth is unknown, more than 1 near an outline that is exact.
    """

    rgb: torch.Tensor
    counts: torch.Tensor
    numbers: torch.Tensor
    planes: torch.Tensor
    truth: torch.Tensor
    weight: torch.Tensor


def read_entries(data: Path, split: str) -> list[Entry]:
    """Return the entries of a split in the manifest's order.

    Raises
    ------
    FileReadError, FormatError
        The manifest is missing or lacks a column.
    """
    manifest = data / "manifest.csv"
    if not manifest.is_file():
        raise FileReadError(
            "there is no manifest.csv in this folder",
            path=data,
            remedy="See docs/training.md for the layout of a training folder",
        )
    with manifest.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = _MANIFEST_COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise FormatError(
                f"the columns {', '.join(sorted(missing))} are missing",
                path=manifest,
                remedy="See docs/training.md for the layout of a training folder",
            )
        rows = [row for row in reader if row["split"] == split]
    entries = []
    for row in rows:
        base = data / row["split"] / row["set"]
        entries.append(
            Entry(
                base / "images" / f"{row['stem']}.jpg",
                base / "masks" / f"{row['stem']}.png",
                row["set"],
                row["kind"],
            )
        )
    return entries


def split_held_out(entries: list[Entry], share: float) -> tuple[list[Entry], list[Entry]]:
    """Return (for training, held out); which is which depends on the names alone."""

    def held(entry: Entry) -> bool:
        return zlib.crc32(f"{entry.set}/{entry.image.stem}".encode()) % 10_000 < share * 10_000

    return [e for e in entries if not held(e)], [e for e in entries if held(e)]


def read_pair(entry: Entry) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return the image (H, W, 3) RGB and its truth (H, W).

    Raises
    ------
    FileReadError
        One of them is missing or damaged, or they differ in size.
    """
    image = cv2.imread(str(entry.image), cv2.IMREAD_COLOR)
    truth = cv2.imread(str(entry.mask), cv2.IMREAD_GRAYSCALE)
    for path, array in ((entry.image, image), (entry.mask, truth)):
        if array is None:
            raise FileReadError(
                "this file is missing or damaged", path=path, remedy="Get the data set again"
            )
    if image.shape[:2] != truth.shape:
        raise FileReadError(
            "image and ground truth differ in size",
            path=entry.mask,
            remedy="Get the data set again",
        )
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB), truth


def label_counts(
    truth: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the labels of a truth, in order and without ignored pixels, and their sizes."""
    counts = np.bincount(truth.ravel(), minlength=IGNORE + 1)[:IGNORE]
    values = np.flatnonzero(counts)
    return values, counts[values]


def choose_object(truth: npt.NDArray[np.uint8], kind: str, rng: Rng) -> Mask:
    """Return one object: a label, or now and then several labels taken together."""
    if kind == "binary":
        return truth == 1
    values, counts = label_counts(truth)
    keep = counts > 40
    if kind == "classes" and rng.random() < 0.8:
        keep &= values != 0
    if not keep.any():
        return truth == (values[-1] if len(values) else 0)
    values, counts = values[keep], counts[keep]
    share = np.sqrt(counts) / np.sqrt(counts).sum()
    count = 1
    if len(values) > 2 and rng.random() < 0.25:
        count = int(rng.integers(2, min(5, len(values))))
    chosen = rng.choice(values, count, replace=False, p=share)
    picked = np.zeros(256, bool)
    picked[chosen] = True
    return picked[truth]


def _crop(
    rgb: npt.NDArray[np.uint8],
    truth: npt.NDArray[np.uint8],
    entry: Entry,
    config: TrainConfig,
    rng: Rng,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return a square view at a random scale, with an outline in it where there is one."""
    size = config.crop
    height, width = truth.shape
    whole = size / max(height, width)
    if config.closer and rng.random() < config.closer:
        scale = float(np.exp(rng.uniform(np.log(max(whole, 1.25)), np.log(max(whole, 2.5)))))
    elif rng.random() < 0.35:
        scale = whole * rng.uniform(0.9, 1.15)
    else:
        scale = float(np.exp(rng.uniform(np.log(max(whole, 0.4)), np.log(max(whole, 1.25)))))
    new = (max(8, round(width * scale)), max(8, round(height * scale)))
    rgb = cv2.resize(rgb, new, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    truth = cv2.resize(truth, new, interpolation=cv2.INTER_NEAREST_EXACT)
    down, right = max(0, size - new[1]), max(0, size - new[0])
    if down or right:
        rgb = cv2.copyMakeBorder(rgb, 0, down, 0, right, cv2.BORDER_REFLECT_101)
        truth = cv2.copyMakeBorder(truth, 0, down, 0, right, cv2.BORDER_CONSTANT, value=IGNORE)
    height, width = truth.shape
    target = choose_object(truth, entry.kind, rng).astype(np.uint8)
    edge = cv2.morphologyEx(target, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero(edge)
    if len(ys):
        i = rng.integers(len(ys))
        cy, cx = int(ys[i]), int(xs[i])
    else:
        cy, cx = int(rng.integers(height)), int(rng.integers(width))
    jitter = size // 4
    y = int(np.clip(cy - size // 2 + rng.integers(-jitter, jitter + 1), 0, height - size))
    x = int(np.clip(cx - size // 2 + rng.integers(-jitter, jitter + 1), 0, width - size))
    return rgb[y : y + size, x : x + size], truth[y : y + size, x : x + size]


def _recolour(rgb: npt.NDArray[np.uint8], rng: Rng) -> npt.NDArray[np.uint8]:
    """Change light, contrast, gamma and colour a little; sometimes blur or add noise."""
    tones = np.repeat(np.arange(256, dtype=np.float32)[:, None] / 255, 3, 1)
    tones = np.clip(tones * rng.uniform(0.85, 1.15, 3).astype(np.float32), 0, 1)
    tones = tones ** np.float32(np.exp(rng.normal(0, 0.25)))
    x = cv2.LUT(rgb, tones[None])
    mean = x.mean()
    x = (x - mean) * np.float32(rng.uniform(0.6, 1.3)) + mean + np.float32(rng.normal(0, 0.05))
    if rng.random() < 0.08:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.15:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.4, 1.4))
    if rng.random() < 0.2:
        x = x + rng.normal(0, rng.uniform(0.005, 0.04), x.shape).astype(np.float32)
    return (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)


def loss_weight(
    mask: Mask, valid: Mask, boundary: float, falloff: float
) -> npt.NDArray[np.float32]:
    """Return 1 plus ``boundary`` at the outline, falling off over pixels; 0 where not valid."""
    inside = mask.astype(np.uint8)
    edge = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    if not edge.any():
        return valid.astype(np.float32)
    distance = cv2.distanceTransform(1 - edge, cv2.DIST_L2, 3)
    return ((1 + boundary * np.exp(-((distance / falloff) ** 2))) * valid).astype(np.float32)


def make_example(
    entry: Entry, config: TrainConfig, rng: Rng, *, kinds: list[str] | None = None
) -> tuple[npt.NDArray[np.uint8], list[tuple[npt.NDArray[np.float32], ...]]]:
    """Return an image crop and (planes, truth, weight) for each mask on it."""
    rgb, truth = read_pair(entry)
    rgb, truth = _crop(rgb, truth, entry, config, rng)
    if rng.random() < 0.5:
        rgb, truth = rgb[:, ::-1], truth[:, ::-1]
    if rng.random() < 0.1:
        turns = int(rng.integers(1, 4))
        rgb, truth = np.rot90(rgb, turns), np.rot90(truth, turns)
    rgb, truth = np.ascontiguousarray(_recolour(rgb, rng)), np.ascontiguousarray(truth)
    bins, valid = ColorBins.of(rgb), truth != IGNORE
    names = list(config.kinds)
    share = np.array([config.kinds[n] for n in names])
    if kinds is None:
        kinds = list(rng.choice(names, config.masks_per_image, p=share / share.sum()))
    masks = []
    for kind in kinds:
        mask = choose_object(truth, entry.kind, rng) & valid
        coarse = KINDS[kind](truth, mask, rng)
        boundary = config.boundary.get(entry.set, 2.0)
        weight = loss_weight(mask, valid, boundary, config.boundary_falloff)
        masks.append((mask_planes(bins, coarse), mask.astype(np.float32), weight))
    return rgb, masks


def collate(
    examples: list[tuple[npt.NDArray[np.uint8], list[tuple[npt.NDArray[np.float32], ...]]]],
    *,
    numbers: Sequence[int] | None = None,
) -> Batch:
    """Stack examples of a step; ``numbers`` says which, all of them without it."""
    masks = [mask for _, group in examples for mask in group]
    planes, truth, weight = (
        torch.from_numpy(np.stack([mask[i] for mask in masks])) for i in range(3)
    )
    return Batch(
        torch.from_numpy(np.stack([rgb for rgb, _ in examples])),
        torch.tensor([len(group) for _, group in examples]),
        torch.tensor(range(len(examples)) if numbers is None else numbers),
        planes,
        truth,
        weight,
    )


class Steps(Dataset[Batch]):
    """Step i of a run: a batch that depends on the configuration, the seed and i alone.

    Parameters
    ----------
    rank, size : int
        Number of the process and of how many; each gets its share of the images of every step.
    """

    def __init__(
        self, entries: list[Entry], config: TrainConfig, *, rank: int = 0, size: int = 1
    ) -> None:
        if not entries:
            raise FormatError(
                "the manifest lists no training images", remedy="Check its split column"
            )
        self.entries = entries
        self.config = config
        self.numbers = range(rank, config.images_per_step, size)
        counts: dict[str, int] = {}
        for entry in entries:
            counts[entry.set] = counts.get(entry.set, 0) + 1
        # Sets count by weight, softened by their size, so that large ones do not drown the rest.
        share = np.array([config.sets.get(e.set, 1.0) / np.sqrt(counts[e.set]) for e in entries])
        self.share = share / share.sum()

    def __len__(self) -> int:
        """Return the number of steps."""
        return self.config.steps

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of a step."""
        config = self.config
        rng = np.random.default_rng((config.seed, step))
        chosen = rng.choice(len(self.entries), config.images_per_step, p=self.share)
        examples = []
        for i in self.numbers:
            # A generator each, so that no process has to make the images of the others.
            own = np.random.default_rng((config.seed, step, 2, i))
            examples.append(make_example(self.entries[chosen[i]], config, own))
        return collate(examples, numbers=self.numbers)
