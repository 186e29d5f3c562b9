"""Face parts and scenes, coarse against refined, for one or several models.

    make bench-parsing ARGS="--model one-way=a.safetensors --model three-way=b.safetensors"

The tables of the propagation paper (Liu et al. 2017, HELEN and VOC 2012) on the sets of the
evaluation data: F-score by part on faces-celeb and faces-pose, mean IoU on clothing (classes,
counted over all images) and on bsds500 (regions, whose ids mean nothing across images: the mean
over images of the mean over regions). Coarse masks are those of the protocol ``lowres``. Who has
HELEN or VOC 2012 scores predictions on them with ``spn-annotator evaluate --layout``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)

from benchmarks import peers as classic  # noqa: E402
from benchmarks.cases import Case, add_options, chosen_cases  # noqa: E402
from benchmarks.report import RESULTS, machine, print_table, write_json  # noqa: E402
from spn_annotator.errors import SpnAnnotatorError, UsageError  # noqa: E402
from spn_annotator.paths import default_model_path  # noqa: E402
from spn_annotator.refine import Refiner  # noqa: E402
from spn_annotator.training.confusion import Confusion  # noqa: E402
from spn_annotator.training.data_set_scores import part_scores  # noqa: E402
from spn_annotator.training.metrics import iou  # noqa: E402

COARSE = "coarse"
CLASSES = 256
"""As many as an id of 8 bit can name."""


@dataclass(frozen=True)
class FaceSet:
    """The parts of a set of faces: ids of each, and which make the overall score."""

    parts: Mapping[str, tuple[int, ...]]
    overall: tuple[str, ...]


FACES = {
    "faces-celeb": FaceSet(
        parts={
            "skin": (1,),
            "brows": (6, 7),
            "eyes": (4, 5),
            "nose": (2,),
            "upper lip": (11,),
            "inner mouth": (10,),
            "lower lip": (12,),
            "mouth": (10, 11, 12),
            "hair": (13,),
        },
        overall=("brows", "eyes", "nose", "mouth"),
    ),
    # Its eyes hold the brows.
    "faces-pose": FaceSet(
        parts={"skin": (1,), "eyes": (3,), "nose": (5,), "mouth": (4,), "hair": (2,)},
        overall=("eyes", "nose", "mouth"),
    ),
}
SCENES = {"clothing": "classes", "bsds500": "regions"}

Method = Callable[[Case], np.ndarray]


@dataclass
class Tally:
    """What one method got right on one set so far."""

    counts: Confusion = field(default_factory=lambda: Confusion.empty(CLASSES))
    image_ious: list[float] = field(default_factory=list)

    def add(self, case: Case, result: np.ndarray) -> None:
        """Count an image."""
        self.counts = self.counts.plus(case.truth, result)
        self.image_ious.append(iou(case.truth, result))


def measure(cases: list[Case], methods: Mapping[str, Method]) -> dict[str, dict[str, Tally]]:
    """Return, by set and method, what came out."""
    found: dict[str, dict[str, Tally]] = {}
    for number, case in enumerate(cases, start=1):
        tallies = found.setdefault(case.set, {name: Tally() for name in methods})
        for name, method in methods.items():
            tallies[name].add(case, method(case))
        if number % 10 == 0:
            print(f"  {number} images", flush=True)
    return found


def show_faces(name: str, tallies: Mapping[str, Tally]) -> dict[str, dict[str, float]]:
    """Print and return the F-scores of a set of faces in points, by method and part."""
    faces = FACES[name]
    found: dict[str, dict[str, float]] = {}
    for method, tally in tallies.items():
        scores, overall = part_scores(tally.counts, faces.parts, faces.overall)
        scores["overall"] = overall
        found[method] = {part: 100 * score for part, score in scores.items()}
    images = len(next(iter(tallies.values())).image_ious)
    print(f"\n{name}: {images} images; F-score by part, counted over all of them")
    print_table(
        ["method", *faces.parts, "overall"],
        [[method, *(_points(v) for v in scores.values())] for method, scores in found.items()],
    )
    print(f"overall: {', '.join(faces.overall)}")
    return found


def show_scenes(tallies: Mapping[str, Mapping[str, Tally]]) -> dict[str, dict[str, float]]:
    """Print and return the mean IoU of the scene sets in points, by method and set."""
    sets = [name for name in SCENES if name in tallies]
    methods = list(tallies[sets[0]])
    found = {
        method: {
            name: 100
            * (
                tallies[name][method].counts.mean_iou()
                if SCENES[name] == "classes"
                else fmean(tallies[name][method].image_ious)
            )
            for name in sets
        }
        for method in methods
    }
    headings = [
        f"{name} ({SCENES[name]}, {len(tallies[name][COARSE].image_ious)} images)" for name in sets
    ]
    print("\nscenes; mean IoU")
    print_table(
        ["method", *headings],
        [[method, *(_points(v) for v in scores.values())] for method, scores in found.items()],
    )
    return found


def _points(value: float) -> str:
    return "–" if isnan(value) else f"{value:.2f}"


def named_models(given: list[str]) -> dict[str, Path]:
    """Return the models by the names they get in the tables.

    Raises
    ------
    UsageError
        Two have the same name.
    """
    models: dict[str, Path] = {}
    for text in given:
        name, equals, path = text.partition("=")
        name, path = (name, path) if equals else (Path(text).stem, text)
        if name in models or name == COARSE:
            raise UsageError(f"two lines would be called {name!r}", remedy="Use NAME=FILE")
        models[name] = Path(path)
    return models or {"refiner": default_model_path()}


def _refining(refiner: Refiner) -> Method:
    def refine(case: Case) -> np.ndarray:
        refiner.set_image(case.rgb)
        return refiner.refine(case.coarse).label_map

    return refine


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.set_defaults(protocols="lowres", sets=",".join([*FACES, *SCENES]))
    parser.add_argument("--model", action="append", default=[], help="NAME=FILE, once for each")
    parser.add_argument("--rounds", type=int, default=1, help="looks of the refiner")
    parser.add_argument("--peers", default="dense CRF", help="comma between them")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path, default=RESULTS / "parsing.json")
    parser.add_argument("--quick", action="store_true", help="one image a set")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Measure what was asked for, print it and write the file."""
    if options.quick:
        options.limit = options.limit or 1
    models = named_models(options.model)
    cases = [case for case in chosen_cases(options)[1] if case.set in (*FACES, *SCENES)]
    if not cases:
        print("nothing to do: faces and scenes are in the evaluation data alone (--data, --coarse)")
        return
    methods: dict[str, Method] = {COARSE: lambda case: case.coarse}
    available, reasons = classic.available()
    for name in filter(None, options.peers.split(",")):
        if name in reasons:
            print(f"left out: {name}, {reasons[name]}")
        elif name not in available or name in classic.BINARY_ONLY:
            raise UsageError(f"there is no peer {name!r} for label maps")
        else:
            methods[name] = lambda case, peer=available[name]: peer(case.rgb, case.coarse)
    for name, path in models.items():
        methods[name] = _refining(Refiner(path, options.device, rounds=options.rounds))
    tallies = measure(cases, methods)
    faces = {name: show_faces(name, tallies[name]) for name in FACES if name in tallies}
    scenes = show_scenes(tallies) if any(name in tallies for name in SCENES) else {}
    write_json(
        options.json,
        {
            "machine": machine("torch", "pydensecrf2"),
            "models": {name: path.name for name, path in models.items()},
            "looks": options.rounds,
            "f_by_part": faces,
            "mean_iou": scenes,
        },
    )


def main() -> None:
    """Run the benchmark; wrong options end it with one line."""
    try:
        run(parse())
    except SpnAnnotatorError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
