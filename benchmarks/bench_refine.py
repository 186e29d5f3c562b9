"""The refiner against classic peers: accuracy, time, memory, stability, and its own confidence.

    make bench-refine ARGS="--data DATA --coarse COARSE"

All figures of a run are taken on the same images in one process, so that their ratios mean
something on a machine that does other things too. Without evaluation data (see
``benchmarks/cases.py``) composites of scikit-image's pictures are taken, and ``--quick`` does a few
of everything. Writes a table in JSON and a figure of accuracy against time; what the project set
itself as a bar stands beside the figure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import torch  # noqa: E402  (the paths come first)

from benchmarks import peers as classic  # noqa: E402
from benchmarks.cases import Case, add_options, chosen_cases  # noqa: E402
from benchmarks.refine_accuracy import make_refiners, measure_cases, summarise  # noqa: E402
from benchmarks.refine_speed import SIZES  # noqa: E402
from benchmarks.refine_tables import (  # noqa: E402
    accuracy,
    chart,
    large,
    quality_control,
    speed,
    stability,
)
from benchmarks.report import RESULTS, draw, machine, write_json  # noqa: E402
from spn_annotator.cv import cv2  # noqa: E402
from spn_annotator.errors import SpnAnnotatorError  # noqa: E402
from spn_annotator.paths import default_model_path  # noqa: E402

PARTS = ("accuracy", "speed", "large", "stability")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--model", type=Path, help="model file; the one that ships if left out")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=0, help="0: as torch and OpenCV choose")
    parser.add_argument("--rounds", default="1,2", help="looks of the refiner, comma between")
    parser.add_argument("--peers", default="", help="comma between them; none; all if left out")
    parser.add_argument("--parts", default=",".join(PARTS), help="comma between them")
    parser.add_argument("--repeats", type=int, default=5, help="of each time at 512 x 512")
    parser.add_argument("--quick", action="store_true", help="one image a set, small sizes")
    parser.add_argument("--json", type=Path, default=RESULTS / "refine.json")
    parser.add_argument("--plot", type=Path, default=RESULTS / "refine.svg")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Measure what was asked for, print it and write the files."""
    if options.threads:
        torch.set_num_threads(options.threads)
        cv2.setNumThreads(options.threads)
    if options.quick:
        options.limit, options.repeats = options.limit or 1, min(options.repeats, 2)
    parts = options.parts.split(",")
    peers, reasons = classic.available()
    for name, reason in reasons.items():
        print(f"left out: {name}, {reason}")
    if options.peers:
        peers = {name: peer for name, peer in peers.items() if name in options.peers.split(",")}
    model = options.model or default_model_path()
    rounds = [int(n) for n in options.rounds.split(",")]
    refiners = make_refiners(model, options.device, rounds)
    first = next(iter(refiners.values()))
    result: dict[str, object] = {
        "machine": machine("torch", "opencv-python", "scikit-image", "pydensecrf2"),
        "threads": torch.get_num_threads(),
        "model": model.name,
        "left_out": reasons,
    }
    print(f"{result['machine']}, {result['threads']} threads, model {model.name}")
    held: list[Case] = []
    if "accuracy" in parts or "stability" in parts:
        held = list(chosen_cases(options)[1])
        print(f"{len(held)} coarse masks")
    if "accuracy" in parts:
        outcomes = measure_cases(held, refiners, peers)
        bars = options.split == "val" and not options.limit and len(held) > 100
        result["accuracy"] = accuracy(outcomes, bars=bars)
        result["quality_control"] = quality_control(outcomes)
        draw(chart(summarise(outcomes)), options.plot)
    if "speed" in parts:
        result["speed"] = speed(refiners, peers, options.repeats)
    if "large" in parts:
        result["large"] = large(SIZES[:2] if options.quick else SIZES, model, options.device)
    if "stability" in parts:
        result["stability"] = stability(first, held)
    write_json(options.json, result)


def main() -> None:
    """Run the benchmark; wrong options end it with one line."""
    try:
        run(parse())
    except SpnAnnotatorError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
