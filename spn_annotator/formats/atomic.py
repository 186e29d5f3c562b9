"""Files that are there as a whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from spn_annotator.errors import SaveError

_REMEDIES = {
    errno.EACCES: "Choose a folder you may write to",
    errno.EPERM: "Choose a folder you may write to",
    errno.EROFS: "Choose a folder you may write to",
    errno.ENOSPC: "Make room on the disk and try again",
    errno.EDQUOT: "Make room on the disk and try again",
    errno.ENOENT: "Make the folder first or choose another one",
    errno.ENOTDIR: "A part of this path is a file; choose another one",
    errno.EISDIR: "There is a folder of this name; choose another name",
    errno.ENAMETOOLONG: "Choose a shorter name",
}


def save_error(error: OSError, path: Path) -> SaveError:
    """Return the error to raise for a failed write, with the remedy that fits its cause."""
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "Check the folder and try again")
    return SaveError(f"cannot be written ({reason})", path=path, remedy=remedy)


_TEMPORARY = re.compile(r"\.spn-[0-9a-f]{16}\.tmp")
_LEFTOVER_AGE = 60.0  # seconds


def _temporary_name() -> str:
    return f".spn-{secrets.token_hex(8)}.tmp"


@contextmanager
def atomic_write(path: Path | str) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only when the block ends without an error.

    The bytes go to a temporary file in the same folder, reach the disk, and then replace ``path``
    in one step. After an error the temporary file is gone and ``path`` is as it was.

    Parameters
    ----------
    path : Path or str
        The file to write; a symbolic link is followed. Its folder must exist.

    Yields
    ------
    BinaryIO
        The open temporary file.

    Raises
    ------
    SaveError
        The folder is missing, full or not writable. Errors of the block itself that are no
        ``OSError`` pass through.
    """
    path = Path(path)
    # Only a link is resolved: the message shall name the path as the user gave it.
    target = path.resolve() if path.is_symlink() else path
    temporary = target.parent / _temporary_name()
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # Not tempfile.mkstemp: its files are for the owner alone, these follow the user's umask.
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise save_error(error, path) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def atomic_write_bytes(path: Path | str, data: bytes) -> None:
    """Write ``data`` as the whole content of ``path``; see :func:`atomic_write`."""
    with atomic_write(path) as handle:
        handle.write(data)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder and those below it.

    A young one stays: it may be of a process that is at work. What cannot be removed stays too.
    """
    before = time.time() - _LEFTOVER_AGE
    for path in folder.rglob(".spn-*.tmp"):
        with suppress(OSError):
            if _TEMPORARY.fullmatch(path.name) and path.lstat().st_mtime < before:
                path.unlink()


def make_folder(path: Path | str) -> Path:
    """Make a folder and those above it, prove that it can be written to, and return it.

    Raises
    ------
    SaveError
        It cannot be made or written to, or a file is in the way.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / _temporary_name()
        probe.touch(exist_ok=False)
        probe.unlink()
    except FileExistsError as error:
        raise SaveError(
            "is a file, not a folder", path=path, remedy="Choose another folder"
        ) from error
    except OSError as error:
        raise save_error(error, path) from error
    return path


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk, where the system knows how."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network drives refuse it; the file itself is safe already
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
