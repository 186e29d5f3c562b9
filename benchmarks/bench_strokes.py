"""Strokes that a simulated annotator needs to an IoU of 0.90 and 0.95, with the refiner and peers.

    make bench-strokes ARGS="--limit 4"

Each stroke is a disc inside the largest region of error (spn_annotator/training/annotator.py), the
same rule for all; where the IoU is not reached, one stroke more than allowed counts. Work begins
from the coarse mask, or from nothing but two strokes, one in the object and one in the background.

The refiner refines what was there at the beginning under all strokes so far, as the window does
until a proposal is accepted (``--from last``: its own last result instead). GrabCut goes on from
its last result, the random walker from the coarse mask; for both the strokes are certain and so is
the inside of a mask, except around the strokes that corrected it. "brush alone" is the same
annotator without any help.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean, median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)

from benchmarks.cases import UNKNOWN, Case, add_options, chosen_cases  # noqa: E402
from benchmarks.peers import grabcut_states, run_grabcut, seeds, walk  # noqa: E402
from benchmarks.report import (  # noqa: E402
    RESULTS,
    Chart,
    Series,
    draw,
    machine,
    print_table,
    verdict,
    write_json,
)
from spn_annotator.cv import cv2  # noqa: E402
from spn_annotator.errors import SpnAnnotatorError  # noqa: E402
from spn_annotator.paths import default_model_path  # noqa: E402
from spn_annotator.refine import Refiner  # noqa: E402
from spn_annotator.training.annotator import (  # noqa: E402
    Answer,
    Turn,
    Work,
    annotate,
    mean_strokes,
    median_strokes,
    share_reached,
)

TARGETS = (0.90, 0.95)
REFINER = "refiner"
Method = Callable[[Case], Answer]
"""Sets an image and returns what answers the strokes on it."""


def with_refiner(refiner: Refiner, *, from_last: bool) -> Method:
    """Return the method of the program: strokes are held, the rest is refined."""

    def begin(case: Case) -> Answer:
        refiner.set_image(case.rgb)

        def answer(turn: Turn) -> np.ndarray:
            mask = turn.guess if from_last else turn.start
            return refiner.refine(mask, sure=turn.sure).label_map

        return answer

    return begin


class _Doubted:
    """Where strokes have corrected a mask: around them its inside is no longer certain."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.pixels = np.zeros(shape, bool)

    def add(self, turn: Turn) -> None:
        if turn.last is not None:
            around = replace(turn.last, radius=3 * turn.last.radius)
            self.pixels[around.pixels(self.pixels.shape)] = True


def with_grabcut(case: Case) -> Answer:
    """Go on from the last result: strokes are certain, and what lies deep in a coarse mask."""
    doubted = _Doubted(case.coarse.shape)

    def answer(turn: Turn) -> np.ndarray:
        doubted.add(turn)
        states = np.where(turn.guess == 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
        if (turn.start != UNKNOWN).all():
            states = np.where(doubted.pixels, states, grabcut_states(turn.guess))
        states[turn.sure == 1] = cv2.GC_FGD
        states[turn.sure == 0] = cv2.GC_BGD
        return run_grabcut(case.rgb, states)

    return answer


def with_walker(case: Case) -> Answer:
    """Walk from the strokes and the inside of the mask that was there at the beginning."""
    doubted = _Doubted(case.coarse.shape)

    def answer(turn: Turn) -> np.ndarray:
        doubted.add(turn)
        marked = turn.sure.copy()
        if (turn.start != UNKNOWN).all():
            kept = np.where(doubted.pixels, UNKNOWN, seeds(turn.start))
            marked = np.where(turn.sure == UNKNOWN, kept, turn.sure).astype(np.uint8)
        return walk(case.rgb, marked)

    return answer


def brush_alone(case: Case) -> Answer:
    """Change nothing but what is painted."""
    return lambda turn: np.where(turn.guess == UNKNOWN, 0, turn.guess)


def work_on(
    cases: list[Case], methods: dict[str, Method], *, empty: bool, most: int
) -> dict[str, list[Work]]:
    """Let the annotator work on each case with each method."""
    works: dict[str, list[Work]] = {name: [] for name in methods}
    for number, case in enumerate(cases, start=1):
        truth, valid = case.truth == 1, case.truth != UNKNOWN
        for name, method in methods.items():
            start = None if empty else case.coarse
            works[name].append(
                annotate(truth, method(case), start=start, valid=valid, most=most, enough=0.95)
            )
        if number % 10 == 0:
            print(f"  {number} images", flush=True)
    return works


def show(works: dict[str, list[Work]], *, most: int) -> dict[str, object]:
    """Print the table of one beginning and return its figures."""
    rows, found = [], {}
    for name, group in works.items():
        gains = [gain for work in group for gain in work.gains]
        figures = {
            "median_strokes": {str(t): median_strokes(group, t, most=most) for t in TARGETS},
            "mean_strokes": {str(t): mean_strokes(group, t, most=most) for t in TARGETS},
            "share_reached": {str(t): share_reached(group, t) for t in TARGETS},
            "median_gain": median(gains) if gains else None,
            "mean_gain": fmean(gains) if gains else None,
            "corrective_strokes": len(gains),
            "works": [asdict(work) for work in group],
        }
        found[name] = figures
        row = [name]
        for target in TARGETS:
            strokes = median_strokes(group, target, most=most)
            row.append(f"> {most}" if strokes > most else f"{strokes:g}")
            row.append(f"{mean_strokes(group, target, most=most):.1f}")
            row.append(f"{100 * share_reached(group, target):.0f} %")
        row += [f"{median(gains):.2f}", f"{fmean(gains):.2f}"] if gains else ["–", "–"]
        rows.append(row)
    headings = ["method"]
    for target in TARGETS:
        headings += [f"strokes to {target:.2f}", "mean", "reached"]
    print_table([*headings, "gain, median", "gain, mean"], rows)
    for target in TARGETS:
        mine = mean_strokes(works[REFINER], target, most=most)
        for name in works:
            if name not in (REFINER, "brush alone"):
                other = mean_strokes(works[name], target, most=most)
                print(
                    f"to {target:.2f}: {mine:.1f} strokes on the average, with {name} {other:.1f} "
                    f"(bar: fewer, {'met' if mine < other else 'missed'})"
                )
    gains = [gain for work in works[REFINER] for gain in work.gains]
    if gains:
        print(
            "pixels corrected for each one painted, refiner, median: "
            f"{verdict(median(gains), 1, more=True)}"
        )
    return found


def chart(works: dict[str, list[Work]], *, most: int, title: str) -> Chart:
    """Return the mean IoU after each stroke, a line a method; a finished mask keeps its IoU."""

    def after(work: Work, strokes: int) -> float:
        return work.ious[min(strokes, len(work.ious) - 1)]

    return Chart(
        title=title,
        x_title="strokes",
        y_title="mean IoU, points",
        series=tuple(
            Series(
                points=tuple((n, 100 * fmean(after(w, n) for w in group)) for n in range(most + 1)),
                name=name,
                line=True,
            )
            for name, group in works.items()
        ),
    )


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.set_defaults(protocols="perturbed")
    parser.add_argument("--begin", choices=("coarse", "empty", "both"), default="both")
    parser.add_argument(
        "--from", choices=("start", "last"), default="start", help="what the refiner refines"
    )
    parser.add_argument("--most", type=int, default=20, help="strokes at most")
    parser.add_argument("--model", type=Path, help="model file; the one that ships if left out")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path, default=RESULTS / "strokes.json")
    parser.add_argument("--plot", type=Path, default=RESULTS / "strokes.svg")
    parser.add_argument("--quick", action="store_true", help="one image a set, 6 strokes")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Measure what was asked for, print it and write the files."""
    if options.quick:
        options.limit, options.most = options.limit or 1, min(options.most, 6)
    _, cases = chosen_cases(options)
    held = [case for case in cases if case.binary and (case.coarse != UNKNOWN).all()]
    if not held:
        raise SpnAnnotatorError(
            "no binary image with a mask that is known in full was chosen",
            remedy="Use --protocols perturbed or brush, and binary sets",
        )
    model = options.model or default_model_path()
    refiner = Refiner(model, options.device)
    refiner.warm_up()
    methods: dict[str, Method] = {
        REFINER: with_refiner(refiner, from_last=getattr(options, "from") == "last"),
        "GrabCut": with_grabcut,
        "random walker": with_walker,
        "brush alone": brush_alone,
    }
    print(f"model {model.name}, {len(held)} images, at most {options.most} strokes")
    result: dict[str, object] = {
        "machine": machine("torch", "opencv-python", "scikit-image"),
        "model": model.name,
        "images": len(held),
        "most": options.most,
    }
    begins = ("coarse", "empty") if options.begin == "both" else (options.begin,)
    for begin in begins:
        empty = begin == "empty"
        title = "from two strokes" if empty else "from a coarse mask"
        cases_here = _once(held) if empty else held
        print(f"\n{title}, {len(cases_here)} images")
        works = work_on(cases_here, methods, empty=empty, most=options.most)
        result[begin] = show(works, most=options.most)
        plot = options.plot.with_stem(f"{options.plot.stem}-{begin}")
        draw(chart(works, most=options.most, title=f"Simulated annotator, {title}"), plot)
    write_json(options.json, result)


def _once(cases: list[Case]) -> list[Case]:
    """Return each image once, whatever coarse masks it has."""
    return list({(case.set, case.stem): case for case in cases}.values())


def main() -> None:
    """Run the benchmark; wrong options end it with one line."""
    try:
        run(parse())
    except SpnAnnotatorError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
