"""Reading and writing go on while the model computes: three steps on three threads.

Memory is bounded: one image is being loaded or waits, one is refined, one is written. Where the
next one is large it is loaded only once the one before it has been refined. For a GPU, which small
images do not keep busy one by one, as many wait as it takes in at once: those of one size go
together, as far as they have been loaded while it was busy.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from spn_annotator.batch.work import Loaded, Outcome, Refined, Steps, Task

AHEAD_BYTES = 256 << 20
"""Bytes of loaded images up to which another one is loaded ahead."""

MOST_PIXELS = 4 << 20
"""Pixels of images that are taken in at once; a larger image comes alone."""

_PATIENCE = 0.1  # seconds between looks at what else goes on while no image is ready


class Emit(Protocol):
    """Takes an outcome as soon as it is there, on whichever thread."""

    def __call__(self, outcome: Outcome, /) -> None:
        """Take the outcome."""
        ...


def run_overlapped(
    steps: Steps,
    tasks: Iterable[Task],
    emit: Emit,
    *,
    on_start: Callable[[Task], None] = lambda task: None,
    between: Callable[[], bool] = lambda: True,
) -> None:
    """Do tasks until there are no more, refining on the calling thread.

    Parameters
    ----------
    steps : Steps
    tasks : iterable of Task
        Drawn from on another thread; may block.
    emit : Emit
        Called once for each task that is finished, from any of the threads.
    on_start : callable
        Called with a task before anything is done for it, on another thread.
    between : callable
        Called before each refinement; False ends the run: what is being refined or written is
        finished, what is only loaded is dropped without an outcome. What it raises passes through
        after that.
    """
    _Overlap(steps, emit).run(tasks, on_start, between)


class _Overlap:
    def __init__(self, steps: Steps, emit: Emit) -> None:
        self._steps = steps
        self._emit = emit
        self._loaded: queue.Queue[Loaded | None] = queue.Queue()
        self._refined: queue.Queue[Refined | None] = queue.Queue(maxsize=1)
        self._room = threading.Condition()
        self._gathered: list[Loaded] = []  # taken from the queue, to be refined next
        self._waiting = 0  # loaded images that nobody has taken yet
        self._bytes = 0  # that they and the one being refined take
        self._stopped = False
        self._failure: BaseException | None = None

    def run(
        self,
        tasks: Iterable[Task],
        on_start: Callable[[Task], None],
        between: Callable[[], bool],
    ) -> None:
        loader = threading.Thread(target=self._load, args=(tasks, on_start), daemon=True)
        saver = threading.Thread(target=self._save, daemon=True)
        loader.start()
        saver.start()
        try:
            while group := self._group(between):
                self._took(len(group))
                pairs = self._steps.prepare(group)
                group.clear()  # a large image shall go as soon as it is refined
                while pairs:
                    self._refine(*pairs.pop(0))
        finally:
            with self._room:
                self._stopped = True
                self._room.notify_all()
            self._refined.put(None)
            saver.join()
            # The loader may block in `tasks` for ever; it is a daemon and holds nothing.
        if self._failure is not None:
            raise self._failure

    def _refine(self, loaded: Loaded, image: Any) -> None:
        size = loaded.size
        result = self._steps.refine(loaded, image)
        del loaded, image
        self._done_with(size)
        if isinstance(result, Refined):
            self._refined.put(result)
        else:
            self._emit(result)

    def _group(self, between: Callable[[], bool]) -> list[Loaded]:
        """Return the next image to refine with those of its size that are there; [] at the end."""
        if not self._gathered:
            first = self._next(between)
            if first is None:
                return []
            self._gathered.append(first)
        elif not between():
            return []
        while len(self._gathered) < self._steps.together:
            try:
                more = self._loaded.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._loaded.put(None)  # the end, for the time when all are refined
                break
            self._gathered.append(more)
        shape = self._gathered[0].rgb.shape
        fitting = [loaded for loaded in self._gathered if loaded.rgb.shape == shape]
        group = fitting[: max(1, min(self._steps.together, MOST_PIXELS // (shape[0] * shape[1])))]
        taken = {id(loaded) for loaded in group}
        self._gathered = [loaded for loaded in self._gathered if id(loaded) not in taken]
        return group

    def _next(self, between: Callable[[], bool]) -> Loaded | None:
        """Return the next image to refine, None where there is none or the run shall end."""
        while between():
            try:
                return self._loaded.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
        return None

    def _load(self, tasks: Iterable[Task], on_start: Callable[[Task], None]) -> None:
        try:
            for task in tasks:
                if self._stopped:
                    break
                on_start(task)
                result = self._steps.load(task)
                if isinstance(result, Outcome):
                    self._emit(result)
                    continue
                with self._room:
                    self._waiting += 1
                    self._bytes += result.size
                self._loaded.put(result)
                del result
                with self._room:
                    self._room.wait_for(
                        lambda: (
                            self._stopped
                            or (self._waiting < self._steps.together and self._bytes <= AHEAD_BYTES)
                        )
                    )
        except BaseException as error:  # noqa: BLE001  (told to the calling thread)
            self._failure = error
        self._loaded.put(None)

    def _took(self, count: int) -> None:
        with self._room:
            self._waiting -= count
            self._room.notify_all()

    def _done_with(self, size: int) -> None:
        with self._room:
            self._bytes -= size
            self._room.notify_all()

    def _save(self) -> None:
        while (refined := self._refined.get()) is not None:
            try:
                self._emit(self._steps.save(refined))
            except BaseException as error:  # noqa: BLE001  (told to the calling thread)
                self._failure = error
                self._stopped = True
