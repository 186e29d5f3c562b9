"""Accuracy and time of the refiner and its peers on the same images."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from statistics import fmean, median

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers import BINARY_ONLY, Peer
from spn_annotator.refine import Refiner
from spn_annotator.training.metrics import iou, mba

PIXELS = 512 * 512
COARSE = "coarse"


@dataclass(frozen=True)
class Outcome:
    """What one method made of one case; times in seconds, ``nan`` for the coarse mask."""

    protocol: str
    set: str
    stem: str
    binary: bool
    method: str
    iou: float
    mba: float
    seconds: float
    image_seconds: float
    megapixels: float
    expected_iou: float = nan
    mean_confidence: float = nan

    @property
    def milliseconds(self) -> float:
        """Return the time for as many pixels as 512 x 512 have, without ``set_image``."""
        return 1e3 * self.seconds / self.megapixels * PIXELS / 1e6

    @property
    def image_milliseconds(self) -> float:
        """Return the time of ``set_image`` for as many pixels."""
        return 1e3 * self.image_seconds / self.megapixels * PIXELS / 1e6


def refiner_name(rounds: int) -> str:
    """Return what a refiner is called in the tables."""
    looks = {1: "one look", 2: "two looks", 3: "three looks"}
    return f"refiner, {looks.get(rounds, f'{rounds} looks')}"


def make_refiners(model: Path | None, device: str, rounds: Iterable[int]) -> dict[str, Refiner]:
    """Return refiners that are warm, by their names."""
    refiners = {refiner_name(n): Refiner(model, device, rounds=n) for n in rounds}
    for refiner in refiners.values():
        refiner.warm_up()
    return refiners


def measure_cases(
    cases: Iterable[Case],
    refiners: Mapping[str, Refiner],
    peers: Mapping[str, Peer],
    *,
    keep: Callable[[Case, str, np.ndarray], None] | None = None,
) -> list[Outcome]:
    """Run every method on every case.

    Parameters
    ----------
    keep : callable, optional
        Called with the case, the method's name and its result.
    """
    found: list[Outcome] = []
    for number, case in enumerate(cases, start=1):
        found.append(_scored(case, COARSE, case.coarse))
        for name, refiner in refiners.items():
            began = time.perf_counter()
            refiner.set_image(case.rgb)
            seen = time.perf_counter()
            proposal = refiner.refine(case.coarse)
            done = time.perf_counter()
            outcome = _scored(
                case,
                name,
                proposal.label_map,
                seconds=done - seen,
                image_seconds=seen - began,
                expected_iou=proposal.expected_iou,
                mean_confidence=float(proposal.confidence.mean()),
            )
            found.append(outcome)
            if keep is not None:
                keep(case, name, proposal.label_map)
        for name, peer in peers.items():
            if name in BINARY_ONLY and not case.binary:
                continue
            began = time.perf_counter()
            result = peer(case.rgb, case.coarse)
            seconds = time.perf_counter() - began
            found.append(_scored(case, name, result, seconds=seconds, image_seconds=0.0))
            if keep is not None:
                keep(case, name, result)
        if number % 20 == 0:
            print(f"  {number} images", flush=True)
    return found


def _scored(
    case: Case,
    method: str,
    result: np.ndarray,
    *,
    seconds: float = nan,
    image_seconds: float = nan,
    expected_iou: float = nan,
    mean_confidence: float = nan,
) -> Outcome:
    return Outcome(
        protocol=case.protocol,
        set=case.set,
        stem=case.stem,
        binary=case.binary,
        method=method,
        iou=iou(case.truth, result, binary=case.binary),
        mba=mba(case.truth, result),
        seconds=seconds,
        image_seconds=image_seconds,
        megapixels=case.megapixels,
        expected_iou=expected_iou,
        mean_confidence=mean_confidence,
    )


@dataclass(frozen=True)
class Summary:
    """One method on one protocol: means over the sets, and of each set; IoU and mBA 0 to 1."""

    protocol: str
    method: str
    images: int
    iou: float
    mba: float
    milliseconds: float
    image_milliseconds: float
    sets: dict[str, tuple[float, float]]


def summarise(outcomes: Iterable[Outcome]) -> list[Summary]:
    """Return a summary for each protocol and method, in the order they came."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.protocol, outcome.method), []).append(outcome)
    return [_summary(protocol, method, group) for (protocol, method), group in groups.items()]


def _summary(protocol: str, method: str, group: list[Outcome]) -> Summary:
    by_set: dict[str, list[Outcome]] = {}
    for outcome in group:
        by_set.setdefault(outcome.set, []).append(outcome)
    sets = {
        name: (fmean(o.iou for o in part), fmean(o.mba for o in part))
        for name, part in sorted(by_set.items())
    }
    return Summary(
        protocol=protocol,
        method=method,
        images=len(group),
        iou=fmean(a for a, _ in sets.values()),
        mba=fmean(b for _, b in sets.values()),
        milliseconds=median(o.milliseconds for o in group),
        image_milliseconds=median(o.image_milliseconds for o in group),
        sets=sets,
    )


def worse_sets(summaries: list[Summary]) -> dict[str, list[str]]:
    """Return, by refiner, the sets that came out with a lower IoU or mBA than the coarse masks.

    Scribbles are left out: there the coarse mask is no mask.
    """
    coarse = {s.protocol: s for s in summaries if s.method == COARSE}
    found: dict[str, list[str]] = {}
    for summary in summaries:
        if not summary.method.startswith("refiner") or summary.protocol == "scribbles":
            continue
        worse = found.setdefault(summary.method, [])
        for name, (new_iou, new_mba) in summary.sets.items():
            old_iou, old_mba = coarse[summary.protocol].sets[name]
            if new_iou < old_iou or new_mba < old_mba:
                change = f"{100 * (new_iou - old_iou):+.2f} / {100 * (new_mba - old_mba):+.2f}"
                worse.append(f"{summary.protocol} {name} {change}")
    return found
