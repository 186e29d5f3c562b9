"""The tables of evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan

from rich.console import Console

from spn_annotator.formats.tables import console, plain, table
from spn_annotator.training.data_set_scores import LayoutEvaluation
from spn_annotator.training.evaluation import Evaluation


def print_evaluation(result: Evaluation) -> None:
    """Print the figures of each image in percent, their mean, and what could not be scored."""
    screen = console()
    rows = table("image", "IoU", "mBA", "boundary F")
    for stem, score in [*result.scores.items(), ("mean", result.mean)]:
        style = "bold" if score is result.mean or stem == "mean" else ""
        values = (score.iou, score.mba, score.boundary_f)
        rows.add_row(plain(stem, style), *(plain(_percent(value), style) for value in values))
    screen.print(rows)
    what = "masks of one object" if result.kind == "binary" else "label maps"
    screen.print(plain(f"{len(result.scores)} images, read as {what}"))
    _print_trouble(screen, result.missing, result.failures)
    for stem in result.skipped:
        screen.print(plain(f"skipped {stem}: no truth of this stem", "yellow"), soft_wrap=True)


def print_layout_evaluation(result: LayoutEvaluation) -> None:
    """Print the score of each part or class over a data set in percent, and the overall one."""
    screen = console()
    helen = result.layout == "helen"
    rows = table("part" if helen else "class", result.measure)
    for name, score in result.scores.items():
        rows.add_row(plain(name), plain(_percent(score)))
    rows.add_row(plain(result.overall_name, "bold"), plain(_percent(result.overall), "bold"))
    screen.print(rows)
    screen.print(plain(f"{result.images} images of {result.split}, counted over all of them"))
    _print_trouble(screen, result.missing, result.failures)


def _print_trouble(screen: Console, missing: Iterable[str], failures: Mapping[str, str]) -> None:
    for stem in missing:
        screen.print(plain(f"missing {stem}: no prediction of this stem", "red"), soft_wrap=True)
    for stem, reason in failures.items():
        screen.print(plain(f"failed {stem}: {reason}", "red"), soft_wrap=True)


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{100 * value:.2f}"
