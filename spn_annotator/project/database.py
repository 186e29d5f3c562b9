"""The project file as SQLite sees it: opening, checking, transactions.

Every transaction is on the disk when it has ended (rollback journal, ``synchronous=EXTRA``), or it
has not happened.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spn_annotator.errors import FileReadError, FormatError, SaveError
from spn_annotator.project import schema

# Up to this size the whole file is looked through on opening; of a larger one the catalogue is,
# and each map when it is read. At some 500 MB/s this is a delay nobody notices.
_WHOLE_CHECK_BYTES = 64 * 1024 * 1024
_BUSY_SECONDS = 5.0


class Database:
    """An open project file; safe to use from several threads, one at a time.

    Parameters
    ----------
    path : Path
        Where the file lies; the name that errors show.
    connection : sqlite3.Connection
    in_memory : bool
        Whether there is no file, because its folder cannot be written to.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, in_memory: bool) -> None:
        self.path = path
        self._connection = connection
        self._identity = None if in_memory else _identity(path)
        self._mutex = threading.RLock()

    @classmethod
    def create(cls, path: Path) -> None:
        """Make a new, empty project file; a crash leaves all of it or nothing.

        Raises
        ------
        SaveError
            It cannot be written.
        """
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            temporary.unlink(missing_ok=True)
            connection = sqlite3.connect(temporary, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = EXTRA")
                schema.create(connection)
            finally:
                connection.close()
            temporary.replace(path)
        except (OSError, sqlite3.Error) as error:
            temporary.unlink(missing_ok=True)
            raise SaveError(
                f"the project file cannot be made ({error})",
                path=path,
                remedy="Check the free space and the permissions of the folder",
            ) from error

    @classmethod
    def open(cls, path: Path, *, read_only: bool) -> Database:
        """Open a project file and check it.

        Raises
        ------
        FileReadError
            It cannot be opened.
        FormatError
            It is no project of this version, or it is damaged. It is not changed.
        """
        schema.recognise(path)
        uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}"
        try:
            connection = _connect(uri)
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                raise _damaged(path, error) from error
            raise FileReadError(
                f"cannot be opened ({error})", path=path, remedy="Check its permissions"
            ) from error
        database = cls(path, connection, in_memory=False)
        try:
            with database.reading() as reader:
                whole = path.stat().st_size <= _WHOLE_CHECK_BYTES
                targets = ("1",) if whole else tuple(f"'{t}'" for t in schema.CATALOGUE_TABLES)
                for target in targets:
                    (verdict,) = reader.execute(f"PRAGMA quick_check({target})").fetchone()
                    if verdict != "ok":
                        raise _damaged(path, verdict)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def memory(cls, path: Path) -> Database:
        """Return an empty project without a file, for a folder that cannot be written to."""
        connection = _connect("file::memory:")
        schema.create(connection)
        return cls(path, connection, in_memory=True)

    def close(self) -> None:
        """Close the file; once is enough, more does no harm."""
        with self._mutex:
            self._connection.close()

    def integrity(self) -> list[str]:
        """Look through the whole file; return what is wrong with it, nothing if all is well."""
        with self.reading() as connection:
            verdicts = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            problems = [verdict for verdict in verdicts if verdict != "ok"]
            for row in connection.execute("PRAGMA foreign_key_check"):
                problems.append(f"a row of {row[0]} points to nothing in {row[2]}")
        return problems

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for reading.

        Raises
        ------
        FileReadError
            The file is busy, or cannot be read.
        FormatError
            It is damaged.
        """
        with self._mutex:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:
                raise FileReadError(
                    f"cannot be read ({error})", path=self.path, remedy="Open the project again"
                ) from error
            except sqlite3.Error as error:
                raise _damaged(self.path, error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction: it is on the disk at the end, or undone.

        Raises
        ------
        SaveError
            It could not be written; the file is as it was before.
        """
        with self._mutex:
            self._check_in_place()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except (sqlite3.Error, OSError) as error:
                self._roll_back()
                raise SaveError(
                    f"could not be saved ({error}); the work is kept in memory",
                    path=self.path,
                    remedy="Check the free space and the permissions, then save again",
                ) from error
            except BaseException:
                self._roll_back()
                raise
            self._check_in_place()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                pass  # the journal does it when the file is opened next

    def _check_in_place(self) -> None:
        """An open file that was removed takes writes without a complaint, and loses them."""
        if self._identity is not None and _identity(self.path) != self._identity:
            raise SaveError(
                "the project file was removed or replaced; the work is kept in memory",
                path=self.path,
                remedy="Put the file back and open the project again",
            )


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
    )
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _damaged(path: Path, detail: object) -> FormatError:
    return FormatError(
        f"is damaged ({detail}); it was left as it is",
        path=path,
        remedy="Restore the file from a backup",
    )
