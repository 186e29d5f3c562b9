"""What an engine is: it does tasks somewhere and hands back their outcomes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from spn_annotator.batch.overlap import run_overlapped
from spn_annotator.batch.refiners import RefinerLike
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.batch.work import Outcome, Steps, Task


class Stop:
    """A wish to end a run: what is in flight is finished, nothing new is begun."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ask(self) -> None:
        """Wish for the end."""
        self._event.set()

    @property
    def is_asked(self) -> bool:
        """Whether somebody wished for it."""
        return self._event.is_set()


class Engine(Protocol):
    """Does tasks. Made by a function that has loaded the model, ended by :meth:`close`."""

    @property
    def processes(self) -> int:
        """Number of processes that refine."""
        ...

    def run(self, tasks: Sequence[Task], on_outcome: Callable[[Outcome], None], stop: Stop) -> None:
        """Do tasks, and call back on the calling thread with each outcome.

        A task that is not begun when ``stop`` is asked has no outcome. ``on_outcome`` raises
        nothing. May be called again with other tasks.
        """
        ...

    def close(self) -> None:
        """End the processes, at once if they are busy."""
        ...


class InProcessEngine:
    """Does tasks in the calling process, with reading and writing on threads of their own."""

    processes = 1

    def __init__(self, refiner: RefinerLike, settings: BatchSettings) -> None:
        self._steps = Steps(refiner, settings)

    def run(self, tasks: Sequence[Task], on_outcome: Callable[[Outcome], None], stop: Stop) -> None:
        """See :meth:`Engine.run`."""
        done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

        def drain() -> None:
            while not done.empty():
                on_outcome(done.get())

        def between() -> bool:
            drain()
            return not stop.is_asked

        def drawn() -> Iterator[Task]:
            for task in tasks:
                if stop.is_asked:
                    return
                yield task

        try:
            run_overlapped(self._steps, drawn(), done.put, between=between)
        finally:
            drain()

    def close(self) -> None:
        """Nothing is left to end."""
