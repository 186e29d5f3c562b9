"""The table of an evaluation."""

from __future__ import annotations

from math import isnan

from spn_annotator.formats.tables import console, plain, table
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
    for stem in result.missing:
        screen.print(plain(f"missing {stem}: no prediction of this stem", "red"), soft_wrap=True)
    for stem, reason in result.failures.items():
        screen.print(plain(f"failed {stem}: {reason}", "red"), soft_wrap=True)
    for stem in result.skipped:
        screen.print(plain(f"skipped {stem}: no truth of this stem", "yellow"), soft_wrap=True)


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{100 * value:.2f}"
