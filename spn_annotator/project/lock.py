"""Who may write to a project: one program at a time.

The lock file holds, as JSON, who has the project open. What counts is the lock of the operating
system on that file, which ends with the process that holds it, so a file left by a crash stops
nobody. On file systems without such locks the process number and host in the file are looked at.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

LOCK_NAME = "project.spn.lock"

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A program that has a project open.

    Parameters
    ----------
    pid : int
        Its process number.
    host : str
        The computer it runs on.
    user : str
    since : str
        Local date and time at which it opened the project.
    """

    pid: int
    host: str
    user: str = ""
    since: str = ""

    def __str__(self) -> str:
        who = f"{self.user} on {self.host}" if self.user else self.host
        since = f" since {self.since}" if self.since else ""
        return f"{who} (process {self.pid}){since}"

    @classmethod
    def this_process(cls) -> LockHolder:
        """Return who we are."""
        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a user number without a name
            user = ""
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        return cls(os.getpid(), socket.gethostname(), user, since)


class LockHeldError(Exception):
    """Another program holds the lock; `holder` says which, None if its file does not tell."""

    def __init__(self, holder: LockHolder | None) -> None:
        super().__init__(str(holder))
        self.holder = holder


class ProjectLock:
    """The lock of one project folder; made by `acquire`, ended by `release`.

    Attributes
    ----------
    left_by : LockHolder or None
        Who left the lock file without removing it: that program has crashed or was killed.
    """

    def __init__(self, path: Path, descriptor: int, left_by: LockHolder | None) -> None:
        self._path = path
        self._descriptor: int | None = descriptor
        self.left_by = left_by

    @classmethod
    def acquire(cls, folder: Path, *, name: str = LOCK_NAME) -> ProjectLock:
        """Take the lock that the file of this name in the folder stands for.

        Raises
        ------
        LockHeldError
            Another program has it.
        OSError
            The lock file cannot be written: the folder is read-only.
        """
        path = folder / name
        for _ in range(_ATTEMPTS):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                if not _lock(descriptor):
                    raise LockHeldError(_read(path))
                if not _is_at(descriptor, path):
                    os.close(descriptor)  # released and removed between opening and locking
                    continue
                left_by = _read(path)
                text = json.dumps(asdict(LockHolder.this_process())).encode()
                os.ftruncate(descriptor, 0)
                os.lseek(descriptor, 0, os.SEEK_SET)
                os.write(descriptor, text)
            except BaseException:
                os.close(descriptor)
                raise
            return cls(path, descriptor, left_by)
        raise LockHeldError(_read(path))

    def release(self) -> None:
        """Give the lock back; once is enough, more does no harm."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            if os.name != "nt" and _is_at(descriptor, self._path):
                self._path.unlink()  # while still locked: nobody can have taken it over
        except OSError:
            pass  # the folder has gone or become read-only; closing ends the lock all the same
        os.close(descriptor)
        if os.name == "nt":
            try:
                self._path.unlink()  # Windows removes no open file
            except OSError:
                pass


def _read(path: Path) -> LockHolder | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        holder = LockHolder(
            int(data["pid"]), str(data["host"]), str(data["user"]), str(data["since"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return holder


def _is_at(descriptor: int, path: Path) -> bool:
    """Return whether an open file is the one that lies at the path now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> bool:
    try:
        _lock_file(descriptor)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        if error.errno not in _NO_LOCKS:
            raise
        return not _is_alive(_read_descriptor(descriptor))
    return True


def _lock_file(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        # Far behind the text: a locked byte cannot be read by others on Windows.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_descriptor(descriptor: int) -> LockHolder | None:
    try:
        data = json.loads(os.pread(descriptor, 4096, 0))
        return LockHolder(int(data["pid"]), str(data["host"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_alive(holder: LockHolder | None) -> bool:
    """Return whether a program may still run; of another computer nothing is known: yes."""
    if holder is None:
        return False
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
