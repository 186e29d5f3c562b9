"""One run at a time in a folder of results.

On this machine the system's own lock on a file counts: it ends with the process that holds it, so a
killed run stops nobody. Elsewhere a small file says who is at work and is written anew every few
seconds; one that was not is of a run that has died.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import asdict
from typing import Any

from spn_annotator.batch.places import Place
from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.project.lock import LockHeldError, LockHolder, ProjectLock

LOCK_NAME = ".spn-batch.lock"
BEAT = 15.0
"""Seconds between signs of life on a store elsewhere; four missed ones end the lock."""


class RunLock:
    """The lock of one folder; made by :meth:`acquire`, ended by :meth:`release`."""

    def __init__(self, local: ProjectLock | None, beat: _Beat | None) -> None:
        self._local = local
        self._beat = beat

    @classmethod
    def acquire(cls, folder: Place) -> RunLock:
        """Take the lock of a folder that exists.

        Raises
        ------
        UsageError
            Another run has it.
        """
        if folder.is_remote:
            return cls(None, _Beat.start(folder / LOCK_NAME, folder))
        try:
            return cls(ProjectLock.acquire(folder.path, name=LOCK_NAME), None)
        except LockHeldError as error:
            raise _taken(folder, None if error.holder is None else str(error.holder)) from error
        except OSError as error:
            raise UsageError(
                f"cannot be written ({error.strerror})",
                path=folder.path,
                remedy="Choose a folder you may write to",
            ) from error

    def release(self) -> None:
        """Give the lock back; once is enough, more does no harm."""
        if self._local is not None:
            self._local.release()
        if self._beat is not None:
            self._beat.end()
            self._beat = None


class _Beat:
    """Writes a lock file elsewhere anew until it is ended."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._token = secrets.token_hex(8)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    @classmethod
    def start(cls, place: Place, folder: Place) -> _Beat:
        found = _read(place)
        if found is not None and time.time() - float(found.get("alive", 0)) < 4 * BEAT:
            raise _taken(folder, str(found.get("who") or "") or None)
        beat = cls(place)
        beat._write()
        # Two runs that begin in the same moment both write; the one whose word stands goes on.
        if (_read(place) or {}).get("token") != beat._token:
            raise _taken(folder, None)
        beat._thread.start()
        return beat

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        try:
            if (_read(self._place) or {}).get("token") == self._token:
                self._place.remove()
        except SpnAnnotatorError:
            pass  # it cannot be reached; the file grows stale by itself

    def _go_on(self) -> None:
        while not self._over.wait(BEAT):
            try:
                self._write()
            except SpnAnnotatorError:
                continue  # the network may come back; results that cannot be written say so

    def _write(self) -> None:
        holder = LockHolder.this_process()
        text = {"who": str(holder), **asdict(holder), "alive": time.time(), "token": self._token}
        self._place.write_bytes(json.dumps(text).encode())


def _read(place: Place) -> dict[str, Any] | None:
    try:
        data = json.loads(place.read_bytes() or b"null")
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _taken(folder: Place, holder: str | None) -> UsageError:
    return UsageError(
        f"{folder}: another run writes to this folder: {holder or 'it does not say which'}",
        remedy="Wait for it to end, or choose another folder for --out"
        + ("; a killed one counts no more after a minute" if folder.is_remote else ""),
    )
