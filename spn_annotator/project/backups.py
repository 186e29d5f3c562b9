"""Copies of a project file, made before it is migrated and when asked for.

They lie in the folder ``project.spn.backups`` beside it, numbered: a clock that was set back does
not make an old one look new.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import suppress
from pathlib import Path

from spn_annotator.errors import SaveError

BACKUPS_NAME = "project.spn.backups"
KEPT = 5

_NAME = re.compile(r"(\d{4,})\.v(\d+)\.db")


def backups_of(project_file: Path) -> list[Path]:
    """Return the copies of a project file, the newest first."""
    folder = project_file.parent / BACKUPS_NAME
    try:
        found = [entry for entry in folder.iterdir() if _NAME.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(found, key=_number, reverse=True)


def back_up(connection: sqlite3.Connection, project_file: Path, *, kept: int = KEPT) -> Path:
    """Copy an open project whole, and remove the oldest copies beyond the last ``kept``.

    Parameters
    ----------
    connection : sqlite3.Connection
        Outside of a transaction.
    project_file : Path
        Beside which the copies lie.
    kept : int
        How many copies stay, this one among them.

    Returns
    -------
    Path
        The copy; it is on the disk.

    Raises
    ------
    SaveError
        It cannot be written; nothing is left of it.
    """
    folder = project_file.parent / BACKUPS_NAME
    temporary = folder / f".{os.getpid()}.tmp"
    try:
        folder.mkdir(exist_ok=True)
        others = backups_of(project_file)
        number = 1 + max((_number(path) for path in others), default=0)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        target = folder / f"{number:04d}.v{version}.db"
        copy_to(connection, temporary)
        temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            temporary.unlink()
        raise SaveError(
            f"no backup could be made ({error})",
            path=folder,
            remedy="Check the free space and the permissions of the folder",
        ) from error
    for old in others[max(0, kept - 1) :]:
        with suppress(OSError):  # one copy too many harms nobody
            old.unlink()
    return target


def copy_to(connection: sqlite3.Connection, path: Path) -> None:
    """Write a whole copy of an open database to a new file, checked and on the disk."""
    path.unlink(missing_ok=True)
    copy = sqlite3.connect(path, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous = EXTRA")
        connection.backup(copy)
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")
    finally:
        copy.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return 0 if match is None else int(match[1])
