"""A run over a project that another program leads: orders on stdin, what happens on stdout.

The first line of the input is an order in JSON; then ``stop`` ends the run as Ctrl+C does, and so
does the end of the input, which comes when the leading program has died. The output is a line of
JSON for each event: ``planned``, ``image``, ``ended`` or ``failed``.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from spn_annotator.batch.engine import Stop
from spn_annotator.batch.places import Place
from spn_annotator.batch.refiners import ModelChoice, RefinerMaker
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import PAGE_NAME, JobReport
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.batch.staging import FREE, stage_project
from spn_annotator.errors import SpnAnnotatorError


def serve(
    maker_for: Callable[[dict[str, Any]], RefinerMaker],
    *,
    orders: TextIO = sys.stdin,
    events: TextIO = sys.stdout,
) -> int:
    """Do the run that is ordered and return the exit code: 0, or 1 if it could not be done.

    Parameters
    ----------
    maker_for : callable
        Returns what loads the model, from the order.
    orders, events : text streams
    """

    def say(event: str, **values: Any) -> None:
        events.write(json.dumps({"event": event, **values}) + "\n")
        events.flush()

    order: dict[str, Any] = json.loads(orders.readline())
    stop = Stop()
    threading.Thread(target=_listen, args=(orders, stop), daemon=True).start()
    try:
        _run(order, maker_for(order), stop, say)
    except SpnAnnotatorError as error:
        say("failed", message=str(error))
        return 1
    return 0


def _run(order: dict[str, Any], maker: RefinerMaker, stop: Stop, say: Callable[..., None]) -> None:
    out = Place.of(order["out"])
    wanted = order.get("images")
    staged = stage_project(
        Path(order["project"]),
        out=out,
        confidence=True,
        only=None if wanted is None else frozenset(wanted),
    )
    jobs = {job.stem: job for job in staged.jobs}
    settings = BatchSettings(
        processes=order.get("processes"), resume=bool(order.get("resume")), retry=1
    )
    say("planned", total=len(jobs))

    def progress(report: JobReport, done: int, total: int) -> None:
        confidence = jobs[report.stem].confidence
        say(
            "image",
            image_id=staged.image_ids[report.stem],
            report=report.to_json(),
            confidence=None if confidence is None else str(confidence),
            done=done,
            total=total,
        )

    report = run_jobs(
        staged.jobs,
        out=out,
        maker=maker,
        settings=replace(settings, unknown=FREE),
        progress=progress,
        stop=stop,
    )
    counts = report.to_json()["counts"]
    say("ended", counts=counts, seconds=report.seconds, page=str(out / PAGE_NAME))


def _listen(orders: TextIO, stop: Stop) -> None:
    for line in orders:
        if line.strip() == "stop":
            break
    stop.ask()


def model_of(order: dict[str, Any]) -> RefinerMaker:
    """Return the model that an order names."""
    model = order.get("model")
    return ModelChoice(Path(model) if model else None, order.get("device") or "auto")


if __name__ == "__main__":
    sys.exit(serve(model_of))
