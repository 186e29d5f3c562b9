"""Several processes on this machine: they are fed, watched, and replaced when they die."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any

from spn_annotator.batch.engine import Stop
from spn_annotator.batch.refiners import RefinerMaker
from spn_annotator.batch.report import JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.batch.work import Outcome, Task, untouched
from spn_annotator.batch.worker import work
from spn_annotator.errors import SpnAnnotatorError

_IN_FLIGHT = 3  # a process has one task to load, one to refine and one to save
_PATIENCE = 0.25  # seconds between looks at whether the run shall end
_STARTS = 3  # processes in a row that may die before they are ready
_GRACE = 10.0  # seconds for a process without work to end by itself


@dataclass(eq=False)
class _Worker:
    """A process and what it has in hand."""

    process: SpawnProcess
    orders: Any  # a Connection, on Windows a PipeConnection
    life: Any
    ready: bool = False
    leaving: bool = False
    flying: dict[int, Task] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    alone: bool = False  # has a task that may have killed the process before

    def tell(self, order: Any) -> None:
        """Send an order; a process that has just died is noticed later."""
        try:
            self.orders.send(order)
        except OSError:
            pass


class PoolEngine:
    """Does tasks in spawned processes.

    A process that dies takes its tasks with it: those it had not begun go to others; those it had
    are tried again, one at a time and alone, so that a task that kills its process is found out.

    Parameters
    ----------
    maker : callable
        Loads the model in each process; must be importable there.
    settings : BatchSettings
    processes, threads : int
        Number of processes, and of threads in each.

    Raises
    ------
    SpnAnnotatorError
        The processes do not start, or the model does not load in them.
    """

    def __init__(
        self, maker: RefinerMaker, settings: BatchSettings, *, processes: int, threads: int
    ) -> None:
        self.processes = processes
        self._maker = maker
        self._settings = settings
        self._threads = threads
        self._failed_starts = 0
        self._deaths: Counter[int] = Counter()
        self._pending: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._on_outcome: Callable[[Outcome], None] = lambda outcome: None
        self._workers: list[_Worker] = []
        try:
            for _ in range(processes):
                self._workers.append(self._start())
            while not any(worker.ready for worker in self._workers):
                self._attend()
                while len(self._workers) < processes:
                    self._workers.append(self._start())
        except BaseException:
            self.close()
            raise

    def process_ids(self) -> list[int]:
        """Return the process ids of the workers."""
        return [worker.process.pid or 0 for worker in self._workers]

    def run(self, tasks: Sequence[Task], on_outcome: Callable[[Outcome], None], stop: Stop) -> None:
        """See :meth:`spn_annotator.batch.engine.Engine.run`."""
        self._pending.extend(tasks)
        self._on_outcome = on_outcome
        while len(self._workers) < self.processes:  # one died when there was no work left for it
            self._workers.append(self._start())
        while not stop.is_asked and (self._pending or self._suspects or self._flying()):
            for worker in self._workers:
                self._feed(worker)
            self._attend()
        if stop.is_asked:
            self._wind_down()

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            if not worker.flying:
                worker.tell("finish")
        deadline = time.monotonic() + _GRACE
        for worker in self._workers:
            if not worker.flying and worker.ready:
                worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.orders.close()
            worker.life.close()
        self._workers.clear()

    # -- processes -------------------------------------------------------------------------------

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        watched, life = context.Pipe(duplex=False)
        process = context.Process(
            target=work,
            args=(theirs, watched, self._maker, self._settings, self._threads),
            name="spn-batch",
            daemon=True,
        )
        process.start()
        theirs.close()
        watched.close()
        return _Worker(process, ours, life)

    def _flying(self) -> bool:
        return any(worker.flying for worker in self._workers)

    def _feed(self, worker: _Worker) -> None:
        """Give a process as much as it can have in hand; less of it where the end is near."""
        if not worker.ready or worker.leaving or worker.alone:
            return
        if self._suspects and not worker.flying:
            worker.alone = True
            self._give(worker, self._suspects.popleft())
            return
        share = 1 + len(self._pending) // max(1, len(self._workers))
        while self._pending and len(worker.flying) < min(_IN_FLIGHT, share):
            self._give(worker, self._pending.popleft())

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.flying[task.number] = task
        worker.tell(task)

    def _attend(self) -> None:
        """Wait for a while and take in what the processes say, and which of them have died."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.orders] = worker
            handles[worker.process.sentinel] = worker
        spoke = {id(w): w for w in (handles[h] for h in wait(list(handles), _PATIENCE))}
        for worker in spoke.values():
            if not self._listen(worker):
                self._bury(worker)

    def _listen(self, worker: _Worker) -> bool:
        """Take in the messages of a process; False when it has died."""
        alive = worker.process.is_alive()  # before the messages: it may die in between
        messages: list[Any] = []
        try:
            while worker.orders.poll():
                messages.append(worker.orders.recv())
        except (EOFError, OSError):
            worker.process.join(_GRACE)
            alive = False
        for message in messages:
            self._hear(worker, message)
        return alive

    def _hear(self, worker: _Worker, message: Any) -> None:
        match message:
            case ("ready",):
                worker.ready = True
                self._failed_starts = 0
            case ("began", number):
                worker.begun.add(number)
            case ("done", outcome):
                worker.flying.pop(outcome.task.number, None)
                worker.begun.discard(outcome.task.number)
                worker.alone = False
                self._on_outcome(outcome)
            case ("broken", error):
                raise error
            case ("bye",):
                worker.leaving = True

    def _bury(self, worker: _Worker) -> None:
        """Take over the tasks of a dead process and put another one in its place."""
        self._workers.remove(worker)
        worker.orders.close()
        worker.life.close()
        if not worker.ready and not worker.leaving:
            self._failed_starts += 1
            if self._failed_starts > _STARTS:
                raise SpnAnnotatorError(
                    f"the processes that refine do not start ({_cause(worker.process.exitcode)})",
                    remedy="A script has to call this below `if __name__ == '__main__':`; else "
                    "use one process, or run `spn-annotator doctor`",
                )
        for number, task in reversed(worker.flying.items()):
            if number not in worker.begun:
                self._pending.appendleft(task)
                continue
            self._deaths[number] += 1
            if self._deaths[number] <= 1 + self._settings.retry:
                self._suspects.append(task)
                continue
            deaths = self._deaths.pop(number)
            report = replace(
                untouched(task),
                status=JobStatus.FAILED,
                attempts=deaths,
                error=f"{task.job.image}: the process that refined it died {deaths} times "
                f"({_cause(worker.process.exitcode)}). Use a smaller copy of it or fewer processes",
            )
            self._on_outcome(Outcome(task, report))
        if self._pending or self._suspects:
            self._workers.append(self._start())

    def _wind_down(self) -> None:
        """Let each process finish what it refines and writes; drop what is only waiting."""
        self._pending.clear()
        self._suspects.clear()
        for worker in self._workers:
            worker.tell("stop")
            worker.alone = True
        while any(worker.flying and not worker.leaving for worker in self._workers):
            self._attend_the_leaving()
        for worker in self._workers:
            worker.flying.clear()

    def _attend_the_leaving(self) -> None:
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            if worker.flying and not worker.leaving:
                handles[worker.orders] = worker
                handles[worker.process.sentinel] = worker
        for worker in {id(w): w for w in (handles[h] for h in wait(list(handles), 1.0))}.values():
            if not self._listen(worker):
                worker.leaving = True  # its tasks stay undone, as those that were not begun


def _cause(exit_code: int | None) -> str:
    if exit_code == -9:
        return "killed by signal 9, as the system does where memory runs out"
    if exit_code is not None and exit_code < 0:
        return f"killed by signal {-exit_code}"
    return f"exit code {exit_code}"
