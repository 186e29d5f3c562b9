"""A process that refines: what runs in it, from its start to its end."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Literal

from spn_annotator.batch.overlap import run_overlapped
from spn_annotator.batch.refiners import RefinerMaker, limit_threads
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.batch.work import Outcome, Steps, Task
from spn_annotator.errors import SpnAnnotatorError

# What a worker says: it is ready, it has begun a task, a task's outcome, it cannot work at all,
# and, as its last word, that it does nothing any more.
Message = (
    tuple[Literal["ready"]]
    | tuple[Literal["began"], int]
    | tuple[Literal["done"], Outcome]
    | tuple[Literal["broken"], Exception]
    | tuple[Literal["bye"]]
)
# What it is told: a task, to finish what it has, or to finish what it refines and writes just now.
Order = Task | Literal["finish", "stop"]


_ORPHANED = 3  # exit code


def work(
    orders: Connection,
    life: Connection,
    maker: RefinerMaker,
    settings: BatchSettings,
    threads: int,
) -> None:
    """Do tasks until told to end, or until the process that asked for them is gone.

    Parameters
    ----------
    orders : Connection
        Orders come in on it, messages go out.
    life : Connection
        Nothing ever comes on it; it breaks when the other end dies.
    maker : callable
        Loads the model.
    settings : BatchSettings
    threads : int
        To compute on.
    """
    # Ctrl+C reaches every process of a terminal; the one that leads the run tells us what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()
    limit_threads(threads)
    said = threading.Lock()

    def say(message: Message) -> None:
        with said:
            try:
                orders.send(message)
            except OSError:
                os._exit(_ORPHANED)  # nobody listens any more

    try:
        refiner = maker()
    except Exception as error:  # noqa: BLE001  (the leading process raises it)
        say(("broken", _portable(error)))
        return
    say(("ready",))
    inbox = _Inbox(orders)
    run_overlapped(
        Steps(refiner, settings),
        inbox,
        lambda outcome: say(("done", outcome)),
        on_start=lambda task: say(("began", task.number)),
        between=lambda: not inbox.stopped,
    )
    say(("bye",))


class _Inbox:
    """The tasks among the orders, read on a thread of its own so that a stop is heard at once."""

    def __init__(self, orders: Connection) -> None:
        self.stopped = False
        self._orders = orders
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __iter__(self) -> Iterator[Task]:
        while (task := self._tasks.get()) is not None and not self.stopped:
            yield task

    def _read(self) -> None:
        while True:
            try:
                order: Order = self._orders.recv()
            except (EOFError, OSError):
                return  # the leading process is gone, and this one ends
            if isinstance(order, Task):
                self._tasks.put(order)
                continue
            self.stopped = order == "stop"
            self._tasks.put(None)
            return


def _end_with(life: Connection) -> None:
    """End this process at once when the leading one is gone.

    A result that is half written has its temporary name still; one written later could replace that
    of another run.
    """
    try:
        life.recv_bytes()
    except (EOFError, OSError):
        pass
    os._exit(_ORPHANED)


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent to another process."""
    if isinstance(error, SpnAnnotatorError):
        return error
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return RuntimeError(f"{type(error).__name__}: {error}")
