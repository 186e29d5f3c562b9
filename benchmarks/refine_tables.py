"""What the benchmark of the refiner prints: figures, each with the bar the project set itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.peers import Peer
from benchmarks.refine_accuracy import COARSE, Outcome, Summary, summarise, worse_sets
from benchmarks.refine_checks import settle, truth_cost
from benchmarks.refine_speed import SIZES, UNFUSED, Large, Speed, measure_large, measure_speed
from benchmarks.report import Chart, Series, print_table, verdict
from spn_annotator.refine import Refiner
from spn_annotator.training.calibration import BAD, Calibration, calibrate

# Bars of the project on the validation images, in points of IoU and mBA.
ACCURACY_BARS = {
    "perturbed": (91.5, 73.0),
    "brush": (91.5, 72.0),
    "lowres": (65.0, 65.0),
    "scribbles": (58.0, 62.0),
}
BINARY_SCRIBBLES_BAR = (78.0, 70.0)
GRABCUT_RATIO, CRF_RATIO, CRF_LABELS_RATIO = 10.0, 4.0, 2.0
MEMORY_BAR = 1.5  # GB at 4000 x 3000
TRUTH_BAR = (1.0, 3.0)  # points that refining the truth may cost
MOVED_BAR = 0.5  # percent of the pixels that a second pass may move


def accuracy(outcomes: list[Outcome], *, bars: bool) -> dict[str, object]:
    """Print and return the accuracy of each method on each protocol."""
    summaries = summarise(outcomes)
    for protocol in dict.fromkeys(s.protocol for s in summaries):
        here = [s for s in summaries if s.protocol == protocol]
        sets = ", ".join(here[0].sets)
        print(f"\n{protocol}: {here[0].images} images ({sets}); IoU / mBA, mean of sets")
        print_table(
            ["method", "IoU", "mBA", "ms for 512²", "set_image"],
            [_accuracy_row(summary, len(here[0].sets)) for summary in here],
        )
        whole = len(here[0].sets)
        others = [s for s in here if s.method != COARSE and not s.method.startswith("refiner")]
        rivals = [s for s in others if len(s.sets) == whole]
        if rivals:
            best = (
                f"{100 * max(s.iou for s in rivals):.2f} / {100 * max(s.mba for s in rivals):.2f}"
            )
            print(f"best peer, each figure's own best: {best}")
        for summary in here:
            if bars and summary.method.startswith("refiner"):
                _print_bars(summary, ACCURACY_BARS[protocol])
    _print_binary_scribbles(outcomes, bars=bars)
    worse = worse_sets(summaries)
    for method, names in worse.items():
        print(f"{method}: sets that came out worse than coarse: {', '.join(names) or 'none'}")
    return {"summaries": [asdict(s) for s in summaries], "worse_than_coarse": worse}


def _accuracy_row(summary: Summary, sets: int) -> list[str]:
    """Return a line of the table; a method that cannot do all sets says how many it did."""

    def time(value: float) -> str:
        return "" if isnan(value) or not value else f"{value:.0f}"

    few = "" if len(summary.sets) == sets else f" ({len(summary.sets)} of {sets} sets)"
    return [
        summary.method + few,
        f"{100 * summary.iou:.2f}",
        f"{100 * summary.mba:.2f}",
        time(summary.milliseconds),
        time(summary.image_milliseconds),
    ]


def _print_bars(summary: Summary, bars: tuple[float, float]) -> None:
    print(
        f"{summary.method}: IoU {verdict(100 * summary.iou, bars[0], more=True)}, "
        f"mBA {verdict(100 * summary.mba, bars[1], more=True)}"
    )


def _print_binary_scribbles(outcomes: list[Outcome], *, bars: bool) -> None:
    binary = [o for o in outcomes if o.protocol == "scribbles" and o.binary]
    if not binary or len(binary) == sum(o.protocol == "scribbles" for o in outcomes):
        return
    print("\nscribbles, binary sets alone")
    here = summarise(binary)
    print_table(
        ["method", "IoU", "mBA", "ms for 512²", "set_image"],
        [_accuracy_row(summary, len(here[0].sets)) for summary in here],
    )
    for summary in here:
        if bars and summary.method.startswith("refiner"):
            _print_bars(summary, BINARY_SCRIBBLES_BAR)


ESTIMATES = {
    "expected IoU": lambda o: o.expected_iou,
    "mean confidence": lambda o: o.mean_confidence,
}


def quality_control(outcomes: list[Outcome]) -> dict[str, object]:
    """Print and return how well the refiner's own estimates predict its IoU."""
    found: dict[str, object] = {}
    rows = []
    for method in dict.fromkeys(o.method for o in outcomes if not isnan(o.expected_iou)):
        mine = [o for o in outcomes if o.method == method]
        groups = {"all": mine}
        for outcome in mine:
            groups.setdefault(outcome.protocol, []).append(outcome)
        for estimate, value in ESTIMATES.items():
            for name, group in groups.items():
                result = calibrate([value(o) for o in group], [o.iou for o in group])
                title = f"{method}, {estimate}, {name}"
                found[title] = result.to_json()
                rows.append([title, result.count, result.bad, *_figures(result)])
    print(f"\nwhat predicts the IoU; bad: under {BAD}")
    print_table(["", "masks", "bad", "Pearson", "Spearman", "AUROC", "mean error"], rows)
    return found


def _figures(result: Calibration) -> list[str]:
    values = (result.pearson, result.spearman, result.auroc)
    return [*("–" if isnan(v) else f"{v:.3f}" for v in values), f"{100 * result.error:.1f}"]


def speed(refiners: dict[str, Refiner], peers: dict[str, Peer], repeats: int) -> dict[str, object]:
    """Print and return the times at 512 x 512 and their ratios."""
    result = measure_speed(refiners, peers, repeats=repeats)
    print(f"\nmilliseconds at 512 x 512, median of {repeats}")
    names = list(dict.fromkeys(name for times in result.scenes.values() for name in times))
    print_table(
        ["", *names],
        [
            [scene, *(f"{times[n]:.0f}" if n in times else "–" for n in names)]
            for scene, times in result.scenes.items()
        ],
    )
    _print_ratios(result, next(iter(refiners)))
    return asdict(result)


def _print_ratios(result: Speed, method: str) -> None:
    for scene in result.scenes:
        labels = scene.startswith("8")
        for peer, bar in (
            ("GrabCut", GRABCUT_RATIO),
            ("dense CRF", CRF_LABELS_RATIO if labels else CRF_RATIO),
        ):
            ratio = result.ratio(scene, peer, method)
            if ratio is not None:
                text = verdict(ratio, bar, more=True, digits=1)
                print(f"{scene}: {peer} takes {text} times as long as the {method}")
        unfused = result.ratio(scene, method + UNFUSED, method)
        if unfused is not None:
            print(f"{scene}: without fused propagation {unfused:.2f} times as long")
    print(", ".join(f"set_image at {s}²: {ms:.0f} ms" for s, ms in result.set_image.items()))
    print(
        ", ".join(
            f"set_image and first refinement at {s}²: {ms:.0f} ms"
            for s, ms in result.first_refinement.items()
        )
    )
    grabcut = result.scenes["one object, fills the image"].get("GrabCut")
    if grabcut:
        ratio = result.set_image[1024] / grabcut
        print(f"set_image at 1024² for one GrabCut at 512²: {verdict(ratio, 1, more=False)}")


def large(sizes: Sequence[tuple[int, int]], model: Path | None, device: str) -> dict[str, object]:
    """Print and return time and memory of large images."""
    print("\nlarge images, one look, each in a process of its own")
    found: list[Large] = []
    for width, height in sizes:
        found.append(measure_large(width, height, model=model, device=device))
    print_table(
        ["size", "first, s", "again, s", "s a megapixel", "peak memory, GB"],
        [
            [
                f"{f.width} x {f.height}",
                f"{f.seconds:.2f}",
                f"{f.again_seconds:.2f}",
                f"{f.seconds / f.megapixels:.2f}",
                "unknown" if f.peak_gigabytes is None else f"{f.peak_gigabytes:.2f}",
            ]
            for f in found
        ],
    )
    last = found[-1]
    if last.peak_gigabytes is not None and (last.width, last.height) == SIZES[-1]:
        print(f"memory: {verdict(last.peak_gigabytes, MEMORY_BAR, more=False, unit=' GB')}")
    if len(found) > 1:
        growth = (last.seconds / found[0].seconds) / (last.megapixels / found[0].megapixels)
        print(
            f"from the first size to the last the time grows {growth:.2f} times as much as the "
            "pixels (1 is linear)"
        )
    return {"sizes": [asdict(f) for f in found]}


def stability(refiner: Refiner, cases: list[Case]) -> dict[str, object]:
    """Print and return what refining right masks costs and whether a result settles."""
    cost = truth_cost(refiner, cases)
    print("\nstability, one look")
    print_table(
        ["refining the truth costs, points", "IoU", "mBA"],
        [[name, f"{a:.2f}", f"{b:.2f}"] for name, (a, b) in cost.sets.items()],
    )
    print(f"IoU, mean of sets: {verdict(cost.iou, TRUTH_BAR[0], more=False)} points")
    print(f"mBA, mean of sets: {verdict(cost.mba, TRUTH_BAR[1], more=False)} points")
    result = settle(refiner, cases)
    for protocol, moved in result.moved.items():
        print(
            f"a second pass moves, {protocol}: {verdict(moved, MOVED_BAR, more=False, unit=' %')}"
        )
    print(f"on the worst image: {result.moved_worst:.2f} %")
    print(f"pixels under a sure stroke that came back otherwise: {result.disobeyed} (bar: 0)")
    if result.strokes:
        print(
            "pixels corrected for each one painted by a corrective stroke: median "
            f"{verdict(result.median_gain, 1, more=True)}, mean {result.mean_gain:.2f}, "
            f"above 1 on {100 * result.share_above_one:.0f} % of {result.strokes} masks"
        )
    return {
        "truth_cost": cost.sets,
        **asdict(result),
        "median_gain": result.median_gain,
        "mean_gain": result.mean_gain,
    }


def chart(summaries: list[Summary]) -> Chart:
    """Return the figure of accuracy against time: a point a method and protocol."""
    series = []
    for protocol in dict.fromkeys(s.protocol for s in summaries):
        here = [s for s in summaries if s.protocol == protocol and s.method != COARSE]
        series.append(
            Series(
                points=tuple((s.milliseconds, 100 * s.iou) for s in here),
                texts=tuple(s.method for s in here),
                name=protocol,
            )
        )
    return Chart(
        title="IoU against time after set_image, mean of sets",
        x_title="milliseconds for 512 x 512 pixels",
        y_title="IoU, points",
        series=tuple(series),
        log_x=True,
        width=760,
        height=520,
    )
