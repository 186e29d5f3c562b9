"""The same steps on a Ray cluster: Ray Data carries tasks to actors that hold the model.

An actor loads the model once. Tasks travel in small blocks, so that reading, refining and writing
overlap inside a block; Ray keeps as many blocks under way as the actors can take, starts an actor
anew when it dies and does its block again. Results are written from where they are made: images and
results must lie where every node reaches them, on a shared drive or in a store such as S3.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from spn_annotator.batch.engine import Stop
from spn_annotator.batch.manifest import report_of
from spn_annotator.batch.overlap import run_overlapped
from spn_annotator.batch.places import Place
from spn_annotator.batch.plan import Job
from spn_annotator.batch.refiners import ModelChoice, RefinerMaker, limit_threads
from spn_annotator.batch.report import JobReport
from spn_annotator.batch.settings import BatchSettings, usable_cores
from spn_annotator.batch.work import Outcome, Steps, Task
from spn_annotator.errors import SpnAnnotatorError, UsageError

BLOCK = 8
"""Most tasks of a block: what an actor that dies has to do again."""


class RayEngine:
    """Does tasks on Ray.

    Parameters
    ----------
    maker : callable
        Loads the model in each actor; must be importable on every node.
    settings : BatchSettings
        ``processes`` is the number of actors, all that the cluster has room for without it;
        ``threads`` the cores of each; ``address`` that of the cluster, one on this machine if None.

    Raises
    ------
    UsageError
        Ray is not installed, or there is no cluster at the address.
    """

    def __init__(self, maker: RefinerMaker, settings: BatchSettings) -> None:
        self._ray = _import_ray()
        self._maker = maker
        self._settings = settings
        self._started = not self._ray.is_initialized()
        if self._started:
            self._connect()
        self._gpu = self._wants_gpu()
        self._threads = settings.threads or 1
        self.processes = settings.processes or self._room()

    def run(self, tasks: Sequence[Task], on_outcome: Callable[[Outcome], None], stop: Stop) -> None:
        """See :meth:`spn_annotator.batch.engine.Engine.run`."""
        by_number = {task.number: task for task in tasks}
        for row in self._rows(tasks):
            task = by_number[int(row["number"])]
            report = report_of(row["report"])
            if report is None:
                raise SpnAnnotatorError("an actor returned something that is no report")
            report = replace(report, full=bool(row["full"]))
            on_outcome(Outcome(task, report))
            if stop.is_asked:
                return  # Ray drops what is waiting once nobody asks for it any more

    def close(self) -> None:
        """Leave the cluster; one that was started for this run ends."""
        if self._started:
            self._ray.shutdown()

    def _connect(self) -> None:
        address = self._settings.address
        try:
            self._ray.init(
                address=address,
                num_cpus=None if address else max(usable_cores(), self._cores_wanted()),
                include_dashboard=False if address is None else None,
                log_to_driver=False,
                logging_level="ERROR",
            )
        except Exception as error:  # Ray has many
            where = f"at {address}" if address else "on this machine"
            raise UsageError(
                f"there is no Ray cluster {where} ({' '.join(str(error).split())[:200]})",
                remedy="Start it with `ray start --head`, or leave --address out",
            ) from error

    def _cores_wanted(self) -> int:
        return (self._settings.processes or 1) * (self._settings.threads or 1)

    def _wants_gpu(self) -> bool:
        has_gpu = self._ray.cluster_resources().get("GPU", 0) >= 1
        if isinstance(self._maker, ModelChoice) and self._maker.device != "auto":
            return self._maker.device.startswith("cuda")
        return bool(has_gpu) and isinstance(self._maker, ModelChoice)

    def _room(self) -> int:
        have = self._ray.cluster_resources()
        by_cores = int(have.get("CPU", 1)) // self._threads
        return max(1, min(by_cores, int(have["GPU"])) if self._gpu else by_cores)

    def _rows(self, tasks: Sequence[Task]) -> Iterator[dict[str, Any]]:
        """Yield what the actors return, as it comes."""
        import ray.data

        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        size = max(1, min(BLOCK, len(tasks) // (2 * self.processes)))
        items = [{"task": json.dumps(_packed(task))} for task in tasks]
        data = ray.data.from_items(items, override_num_blocks=-(-len(items) // size))
        done = data.map_batches(
            _Actor,
            fn_constructor_args=(self._maker, self._settings, self._threads),
            batch_size=size,
            compute=ray.data.ActorPoolStrategy(size=self.processes),
            num_cpus=self._threads,
            num_gpus=1 if self._gpu else None,
        )
        try:
            for row in done.iter_rows():
                yield json.loads(row["outcome"])
        except self._ray.exceptions.RayError as error:
            raise _given_up(error) from error


class _Actor:
    """Holds the model on a node and does blocks of tasks."""

    def __init__(self, maker: RefinerMaker, settings: BatchSettings, threads: int) -> None:
        limit_threads(threads)
        self._steps = Steps(maker(), settings)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        outcomes: list[Outcome] = []
        tasks = [_unpacked(json.loads(str(item))) for item in batch["task"]]
        run_overlapped(self._steps, tasks, outcomes.append)
        return {"outcome": [json.dumps(_said(outcome)) for outcome in outcomes]}


# -- tasks and outcomes as text: Ray Data moves tables, which want one type a column ---------------


def _said(outcome: Outcome) -> dict[str, Any]:
    report = outcome.report
    return {"number": outcome.task.number, "report": report.to_json(), "full": report.full}


def _packed(task: Task) -> dict[str, Any]:
    job = task.job
    names = ("image", "mask", "output", "sure", "confidence")
    places = {name: getattr(job, name) for name in names}
    return {
        "number": task.number,
        "attempt": task.attempt,
        "stem": job.stem,
        "problem": job.problem,
        "page": job.page,
        "labels": None if job.labels is None else list(job.labels),
        "previous": None if task.previous is None else task.previous.to_json(),
        **{name: None if place is None else place.text for name, place in places.items()},
    }


def _unpacked(item: Any) -> Task:
    def place(name: str) -> Place | None:
        return None if item[name] is None else Place.of(item[name])

    output = place("output")
    assert output is not None
    job = Job(
        stem=item["stem"],
        image=place("image"),
        mask=place("mask"),
        output=output,
        problem=item["problem"],
        sure=place("sure"),
        labels=None if item["labels"] is None else tuple(int(v) for v in item["labels"]),
        page=int(item["page"]),
        confidence=place("confidence"),
    )
    previous: JobReport | None = None if item["previous"] is None else report_of(item["previous"])
    return Task(int(item["number"]), job, previous, int(item["attempt"]))


def _given_up(error: Exception) -> SpnAnnotatorError:
    """Return the last line of Ray's long story."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return SpnAnnotatorError(
        f"Ray gave up ({lines[-1] if lines else type(error).__name__})",
        remedy="Look into Ray's logs; what was done is kept: run again with --resume",
    )


def _import_ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # else it reports home
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "--engine ray needs the package ray", remedy="pip install 'spn-annotator[cluster]'"
        ) from error
    return ray
