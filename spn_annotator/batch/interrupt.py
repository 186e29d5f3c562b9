"""Ctrl+C once: finish what is in flight. Twice: end at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from spn_annotator.batch.engine import Stop


@contextmanager
def stopping_on_signals(stop: Stop) -> Iterator[Callable[[], bool]]:
    """Ask for the stop on the first Ctrl+C or end of session, and raise on the second.

    Yields
    ------
    callable
        Says whether a signal came. On another thread than the main one signals stay as they are.
    """
    came: list[int] = []

    def handle(number: int, frame: object) -> None:
        came.append(number)
        if len(came) > 1:
            raise KeyboardInterrupt
        stop.ask()

    def interrupted() -> bool:
        return bool(came)

    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
