"""Ctrl+C in the terminal and the end of a login close the window as its cross does."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def closed_by_signals(window: QWidget) -> Iterator[None]:
    """Close the window, and so save, when the process is asked to end.

    Python runs handlers between two lines of Python, of which there are none while Qt waits for
    events: a byte sent to a socket wakes it up.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: ours.recv(1))
    former = {number: signal.signal(number, lambda *_: window.close()) for number in _SIGNALS}
    former_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(former_fd)
        for number, handler in former.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()
