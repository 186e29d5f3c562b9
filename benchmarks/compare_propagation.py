"""The paper's comparison: the same model with no, one-way and three-way propagation, trained alike.

    make compare-propagation ARGS="--data DATA --out OUT [--val]"

A recipe (benchmarks/recipes/propagation.toml) names the variants. Each is trained with the same
images in the same order from the same weights where they have them in common, for each seed in
turn, then scored on whole held-out training images, with ``--val`` on the fixed masks too. What is
done is not done again: stop it at any time and give the same command to go on. The table is
brought up to date after each model, in OUT/propagation.md and OUT/propagation.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

from pydantic import BaseModel, ConfigDict, Field, ValidationError  # noqa: E402  (paths first)

from benchmarks.cases import add_options, chosen_cases  # noqa: E402
from benchmarks.refine_accuracy import COARSE, measure_cases, summarise  # noqa: E402
from benchmarks.report import machine, write_json  # noqa: E402
from spn_annotator.errors import FormatError, SpnAnnotatorError  # noqa: E402
from spn_annotator.network import load_model  # noqa: E402
from spn_annotator.refine import Refiner  # noqa: E402
from spn_annotator.training.config import TrainConfig  # noqa: E402
from spn_annotator.training.run import train  # noqa: E402
from spn_annotator.training.state import is_finished  # noqa: E402

RECIPE = Path(__file__).resolve().parent / "recipes" / "propagation.toml"
MODEL = "model"
DENSE = ("perturbed", "brush", "lowres")
"""Protocols whose coarse masks know every pixel."""

Figures = dict[str, dict[str, Any]]
"""By protocol: ``images``, ``iou``, ``mba``, ``milliseconds``, ``sets``."""


class Recipe(BaseModel):
    """What is compared: ``variants`` change the model of ``train``, ``seeds`` its seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seeds: list[int] = Field(min_length=1)
    train: TrainConfig
    variants: dict[str, dict[str, Any]] = Field(min_length=1)


@dataclass(frozen=True)
class Trial:
    """One model of the comparison."""

    variant: str
    seed: int
    config: TrainConfig

    @property
    def name(self) -> str:
        """Name of its folder."""
        words = re.sub(r"[^a-z0-9]+", "-", self.variant.lower()).strip("-")
        return f"{words}-seed-{self.seed}"


def read_trials(path: Path, *, steps: int | None = None) -> list[Trial]:
    """Return the models of a recipe, all variants of the first seed first.

    Raises
    ------
    FormatError
        The file is no TOML, or has an unknown or impossible entry, or two variants that would
        share a folder.
    """
    try:
        recipe = Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        trials = []
        for seed in recipe.seeds:
            for variant, change in recipe.variants.items():
                base = recipe.train.model_dump()
                base |= {"seed": seed, "model": base["model"] | change}
                if steps is not None:
                    base |= {"steps": steps, "decay_steps": None}
                trials.append(Trial(variant, seed, TrainConfig.model_validate(base)))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FormatError(
            f"this is not a readable TOML file ({error})", path=path, remedy="Correct the file"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise FormatError(
            f"{where}: {first['msg']}", path=path, remedy="Correct or remove this entry"
        ) from error
    if recipe.train.held_out != TrainConfig().held_out:
        raise FormatError(
            f"train.held_out has to stay {TrainConfig().held_out}: these images score the models",
            path=path,
            remedy="Remove this entry",
        )
    if len({trial.name for trial in trials}) < len(trials):
        raise FormatError(
            "two variants have the same letters in their names, or a seed is there twice",
            path=path,
            remedy="Rename one of them",
        )
    return trials


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.set_defaults(split="held-out")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--out", type=Path, required=True, help="folder for models and tables")
    parser.add_argument("--val", action="store_true", help="score on the split val too")
    parser.add_argument("--steps", type=int, help="instead of the recipe's, for a trial")
    parser.add_argument("--backbone", type=Path, help="as in spn-annotator train")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--devices", type=int, default=1)
    parser.add_argument("--precision", default="32", choices=("32", "bf16-mixed"))
    parser.add_argument("--workers", type=int, help="processes that make examples")
    return parser.parse_args(arguments)


def learn(trial: Trial, options: argparse.Namespace) -> Path:
    """Train a model, or what is left of it, and return its file."""
    out = options.out / trial.name / f"{MODEL}.safetensors"
    config = trial.config
    if options.workers is not None:
        config = config.model_copy(update={"workers": options.workers})
    if not is_finished(out.with_suffix(".state"), config):
        print(f"{trial.variant}, seed {trial.seed}", flush=True)
        has_backbone = config.model.backbone != "none"
        train(
            options.data,
            out,
            config,
            device=options.device,
            devices=options.devices,
            precision=options.precision,
            resume=True,
            backbone=options.backbone if has_backbone else None,
            report=_indented,
        )
    return out


def _indented(text: str) -> None:
    print(f"  {text}", flush=True)


def score(model: Path, split: str, options: argparse.Namespace) -> dict[str, Figures]:
    """Return the figures of a model and of the coarse masks; from the last time if nothing changed.

    The coarse masks are under their own name, the model under "model".
    """
    asked = {
        "model": hashlib.sha256(model.read_bytes()).hexdigest(),
        **{key: str(getattr(options, key)) for key in ("protocols", "sets", "limit", "coarse")},
    }
    target = model.with_name(f"{split}.json")
    if target.is_file():
        before = json.loads(target.read_text(encoding="utf-8"))
        if before["asked"] == asked:
            return before["figures"]
    options = argparse.Namespace(**{**vars(options), "split": split})
    refiner = Refiner(model, options.device)
    refiner.warm_up()
    _, cases = chosen_cases(options)
    figures: dict[str, Figures] = {}
    for summary in summarise(measure_cases(cases, {MODEL: refiner}, {})):
        figures.setdefault(summary.method, {})[summary.protocol] = {
            "images": summary.images,
            "iou": summary.iou,
            "mba": summary.mba,
            "milliseconds": summary.milliseconds,
            "sets": summary.sets,
        }
    write_json(target, {"asked": asked, "figures": figures})
    return json.loads(target.read_text(encoding="utf-8"))["figures"]


@dataclass(frozen=True)
class Result:
    """A trained model with its figures by split."""

    trial: Trial
    weights: int
    splits: dict[str, dict[str, Figures]]


def _cell(values: list[float]) -> str:
    """Return a mean in points, with the deviation between seeds where there are several."""
    text = f"{100 * fmean(values):.1f}"
    return f"{text} ± {100 * stdev(values):.1f}" if len(values) > 1 else text


def table(results: list[Result], split: str) -> list[str]:
    """Return the lines of a Markdown table for a split: IoU / mBA in points by protocol."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.trial.variant, []).append(result)
    first = results[0].splits[split]
    protocols = list(first[COARSE])
    lines = [
        f"| variant | {' | '.join(protocols)} | mean | weights | ms |",
        f"|---{'|---' * (len(protocols) + 3)}|",
    ]

    def row(name: str, found: list[Figures], *more: str) -> str:
        cells = [
            " / ".join(_cell([f[protocol][key] for f in found]) for key in ("iou", "mba"))
            for protocol in protocols
        ]
        means = [[fmean(f[p][key] for p in protocols) for f in found] for key in ("iou", "mba")]
        cells.append(" / ".join(map(_cell, means)))
        if name == COARSE:  # strokes are no mask, so neither they nor the mean have a figure
            cells = [c if p in DENSE else "" for p, c in zip([*protocols, ""], cells, strict=True)]
        return f"| {' | '.join([name, *cells, *more])} |"

    lines.append(row(COARSE, [first[COARSE]], "", ""))
    for variant, group in groups.items():
        found = [result.splits[split][MODEL] for result in group]
        time = median(f[p]["milliseconds"] for f in found for p in protocols)
        lines.append(row(variant, found, f"{group[0].weights / 1e6:.2f} M", f"{time:.0f}"))
    return lines


def write_tables(results: list[Result], options: argparse.Namespace) -> None:
    """Write what is known so far as Markdown and JSON."""
    config = results[0].trial.config
    seeds = sorted({result.trial.seed for result in results})
    how = (
        f"IoU / mBA in points, mean of the sets. {config.steps} steps of {config.images_per_step} "
        f"images with {config.masks_per_image} masks, crops of {config.crop}², seeds "
        f"{', '.join(map(str, seeds))}; one look. ms: a refinement of 512 x 512 pixels, after the "
        f"image was set, on {options.device}."
    )
    lines = ["# Propagation: none, one-way, three-way", "", how]
    for split in results[0].splits:
        lines += ["", f"## {split}", "", *table(results, split)]
    text = "\n".join(lines) + "\n"
    (options.out / "propagation.md").write_text(text, encoding="utf-8")
    rows = [
        {
            "variant": result.trial.variant,
            "seed": result.trial.seed,
            "weights": result.weights,
            "model": result.trial.config.model.model_dump(),
            "figures": result.splits,
        }
        for result in results
    ]
    train_config = config.model_dump(exclude={"model", "seed"})
    content = {"machine": machine("torch"), "train": train_config, "results": rows}
    write_json(options.out / "propagation.json", content)


def compare(options: argparse.Namespace) -> list[Result]:
    """Train and score every model of the recipe."""
    trials = read_trials(options.recipe, steps=options.steps)
    options.out.mkdir(parents=True, exist_ok=True)
    splits = ["held-out", "val"] if options.val else ["held-out"]
    results = []
    for trial in trials:
        model = learn(trial, options)
        weights = sum(p.numel() for p in load_model(model).parameters())
        figures = {split: score(model, split, options) for split in splits}
        results.append(Result(trial, weights, figures))
        write_tables(results, options)
    return results


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; return its exit status."""
    options = parse(arguments)
    if options.data is None:
        print("needs --data, a folder with manifest.csv (docs/training.md)", file=sys.stderr)
        return 2
    try:
        compare(options)
    except SpnAnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    print((options.out / "propagation.md").read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
