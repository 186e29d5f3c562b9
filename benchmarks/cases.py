"""Images with coarse masks and, mostly, their truth, for the benchmarks of the refiner.

From a folder of evaluation data if there is one: ``DATA/manifest.csv`` as for training, and coarse
label maps ``COARSE/<protocol>/<set>/<stem>.png``. Without it, from pictures that come with
scikit-image: one photograph shows through a shape cut out of another, so that the truth is exact,
and the coarse masks are made from it with fixed seeds.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from spn_annotator.cv import cv2
from spn_annotator.errors import UsageError
from spn_annotator.formats.masks import read_label_map
from spn_annotator.samples import load_samples
from spn_annotator.training.data import Entry, read_entries, read_pair, split_held_out
from spn_annotator.training.synthesis import KINDS

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
COARSE = ROOT.parent / "shared" / "eval" / "coarse"
PROTOCOLS = ("perturbed", "brush", "lowres", "scribbles")
UNKNOWN = 255
SHIPPED = "composites"
"""Name of the set that is made from pictures of scikit-image."""


@dataclass(frozen=True)
class Case:
    """An image, a coarse mask on it and the truth.

    Attributes
    ----------
    protocol, set, stem : str
        The kind of coarse mask, the set the image is from, the image's name.
    rgb : (H, W, 3) uint8
    coarse : (H, W) uint8
        Label ids, 255 = unknown.
    truth : (H, W) uint8
        Label ids, 255 = not counted.
    binary : bool
        Whether the ids are background and one object.
    """

    protocol: str
    set: str
    stem: str
    rgb: np.ndarray = field(repr=False)
    coarse: np.ndarray = field(repr=False)
    truth: np.ndarray = field(repr=False)
    binary: bool

    @property
    def megapixels(self) -> float:
        """Return the size in millions of pixels."""
        return self.coarse.size / 1e6


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which images are used."""
    parser.add_argument("--data", type=Path, help=f"folder with manifest.csv ({DATA} if there)")
    parser.add_argument("--coarse", type=Path, help="folder of coarse masks, <protocol>/<set>/")
    parser.add_argument(
        "--split",
        choices=("val", "held-out"),
        default="val",
        help="held-out: training images kept from training, coarse masks made on the fly",
    )
    parser.add_argument("--protocols", default=",".join(PROTOCOLS), help="comma between them")
    parser.add_argument("--sets", default="", help="comma between them; all if left out")
    parser.add_argument(
        "--composites",
        action="store_true",
        help="take composites of scikit-image's pictures even where there is evaluation data",
    )
    parser.add_argument("--limit", type=int, default=0, help="images a set at most (0: all)")


def chosen_cases(options: argparse.Namespace) -> tuple[list[str], Iterator[Case]]:
    """Return the protocols asked for and an iterator over the cases, in a fixed order.

    Raises
    ------
    UsageError
        A protocol has another name, or the folders named hold no case.
    """
    protocols = [name for name in options.protocols.split(",") if name]
    wrong = [name for name in protocols if name not in PROTOCOLS]
    if wrong:
        raise UsageError(f"there is no protocol {wrong[0]!r}", remedy=f"Use {', '.join(PROTOCOLS)}")
    sets = {name for name in options.sets.split(",") if name}
    data = options.data or (DATA if (DATA / "manifest.csv").is_file() else None)
    coarse = options.coarse or (COARSE if data == DATA else None)
    if data is None or options.composites:
        print("the images are composites of scikit-image's pictures (others: --data, --coarse)")
        return protocols, shipped_cases(protocols, limit=options.limit)
    if options.split == "held-out":
        entries = split_held_out(read_entries(data, "train"), 0.04)[1]
        cases = _made_cases(_limited(entries, sets, options.limit), protocols)
    else:
        if coarse is None or not coarse.is_dir():
            raise UsageError(
                "needs the folder of its coarse masks", path=data, remedy="Use --coarse"
            )
        entries = read_entries(data, "val")
        cases = _fixed_cases(_limited(entries, sets, options.limit), protocols, coarse)
    return protocols, cases


def _limited(entries: list[Entry], sets: set[str], limit: int) -> list[Entry]:
    """Return the entries of the sets, evenly thinned to ``limit`` a set."""
    by_set: dict[str, list[Entry]] = {}
    for entry in entries:
        if not sets or entry.set in sets:
            by_set.setdefault(entry.set, []).append(entry)
    out = []
    for group in by_set.values():
        count = min(limit, len(group)) if limit else len(group)
        out += [group[i * len(group) // count] for i in range(count)]
    if not out:
        raise UsageError("no image of the data belongs to these sets", remedy="Check --sets")
    return out


def _fixed_cases(entries: list[Entry], protocols: list[str], coarse: Path) -> Iterator[Case]:
    for protocol in protocols:
        for entry in entries:
            path = coarse / protocol / entry.set / f"{entry.image.stem}.png"
            if not path.is_file():
                continue  # a protocol does not have all sets
            rgb, truth = read_pair(entry)
            mask = read_label_map(path, unknown=None).array
            yield Case(
                protocol, entry.set, entry.image.stem, rgb, mask, truth, entry.kind == "binary"
            )


def _made_cases(entries: list[Entry], protocols: list[str]) -> Iterator[Case]:
    """Make coarse masks of one object an image, with seeds that depend on the name alone."""
    for protocol in protocols:
        for entry in entries:
            rgb, truth = read_pair(entry)
            seed = zlib.crc32(f"{protocol}/{entry.set}/{entry.image.stem}".encode())
            rng = np.random.default_rng(seed)
            target = _one_object(truth, entry.kind, rng)
            if target is None:
                continue
            yield from _made(protocol, entry.set, entry.image.stem, rgb, truth, target, rng)


def _one_object(truth: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray | None:
    values, counts = np.unique(truth[truth != UNKNOWN], return_counts=True)
    if kind != "regions":
        values, counts = values[values != 0], counts[values != 0]
    large = values[counts >= 0.01 * truth.size]
    if not large.size:
        return None
    return truth == (1 if kind == "binary" else rng.choice(large))


def _made(
    protocol: str,
    group: str,
    stem: str,
    rgb: np.ndarray,
    truth: np.ndarray,
    target: np.ndarray,
    rng: np.random.Generator,
) -> Iterator[Case]:
    signed = KINDS[protocol](truth, target, rng)
    if not ((signed > 0).any() and (signed < 0).any()):
        return
    coarse = np.full(signed.shape, UNKNOWN, np.uint8)
    coarse[signed > 0], coarse[signed < 0] = 1, 0
    exact = np.where(truth == UNKNOWN, UNKNOWN, target).astype(np.uint8)
    yield Case(protocol, group, stem, rgb, coarse, exact, binary=True)


def shipped_cases(protocols: list[str], *, limit: int = 0) -> Iterator[Case]:
    """Yield cases that need nothing but scikit-image's own pictures."""
    scenes = list(_composites())
    for protocol in protocols:
        for stem, rgb, truth in scenes[: limit or None]:
            rng = np.random.default_rng(zlib.crc32(f"{protocol}/{stem}".encode()))
            yield from _made(protocol, SHIPPED, stem, rgb, truth, truth == 1, rng)


def _composites() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield (name, image, truth): a photograph seen through a shape in another one."""
    from skimage import data

    pictures = {sample.name: sample.image()[..., :3] for sample in load_samples()[1]}
    shapes = {"horse": np.logical_not(data.horse())}
    for sample in load_samples()[1]:
        mask = sample.coarse().array
        if not sample.scribbles:
            shapes[sample.name] = mask > 0
    names = list(pictures)
    for number, (shape, outline) in enumerate(shapes.items()):
        for shift in (1, 2):
            inner = pictures[names[number % len(names)]]
            outer = pictures[names[(number + shift) % len(names)]]
            size = (outer.shape[1], outer.shape[0])
            truth = cv2.resize(outline.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
            inner = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
            # The outline is a pixel soft, as in photographs.
            soft = cv2.GaussianBlur(truth.astype(np.float32), (0, 0), 0.7)[..., None]
            rgb = (soft * inner + (1 - soft) * outer + 0.5).astype(np.uint8)
            back = names[(number + shift) % len(names)]
            yield f"{shape}-on-{back}", np.ascontiguousarray(rgb), truth


Fill = Literal["full", "small", "labels"]


def timing_case(fill: Fill, side: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """Return an image of side x side pixels and a coarse mask that costs the same everywhere.

    Parameters
    ----------
    fill : "full", "small" or "labels"
        One object that reaches over the whole image, a small one (the face of the astronaut), or
        eight labels that cover all of it.
    """
    sample = next(s for s in load_samples()[1] if s.name == "astronaut")
    rgb, mask = sample.image(), sample.coarse().array
    if fill == "labels":
        rng = np.random.default_rng(8)
        centers = rng.uniform(0, mask.shape[0], (8, 2))
        rows = np.arange(mask.shape[0])[:, None, None]
        columns = np.arange(mask.shape[1])[None, :, None]
        distance = np.hypot(rows - centers[:, 0], columns - centers[:, 1])
        coarse = distance.argmin(-1).astype(np.uint8)
    elif fill == "small":
        face = next(o.id for o in sample.objects if o.label_id == _label_id("face"))
        coarse = (mask == face).astype(np.uint8)
    else:
        coarse = (mask > 0).astype(np.uint8)
    if side != rgb.shape[0]:
        rgb = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_CUBIC)
        coarse = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST)
    return rgb, coarse


def _label_id(name: str) -> int:
    return next(label.id for label in load_samples()[0] if label.name == name)
