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
from spn_annotator.project.backups import back_up, backups_of
from spn_annotator.project.migrations import migrate

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

    Attributes
    ----------
    migrated_from : (int, Path) or None
        The version it had until it was opened, and the backup from before.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, in_memory: bool) -> None:
        self.path = path
        self.migrated_from: tuple[int, Path] | None = None
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

        One of an earlier version is backed up and migrated; read-only, a copy of it is.

        Raises
        ------
        FileReadError
            It cannot be opened.
        FormatError
            It is no project, of a newer version, or damaged. It is not changed.
        SaveError
            It cannot be backed up or migrated. It is not changed.
        """
        schema.recognise(path)
        uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}"
        try:
            connection = _connect(uri)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # SQLite's message may quote the damaged bytes themselves, which are no text.
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
                # Not what `recognise` saw: a transaction cut short has been rolled back since.
                (version,) = reader.execute("PRAGMA user_version").fetchone()
            if version == schema.SCHEMA_VERSION:
                return database
            if not read_only:
                database._migrate(version)
                return database
            migrated = _migrated_copy(database, version)
        except BaseException:
            database.close()
            raise
        database.close()
        return migrated

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
            except (sqlite3.Error, UnicodeDecodeError) as error:
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

    def back_up(self) -> Path:
        """Copy the file whole into the folder of backups; SaveError if that does not work."""
        with self._mutex:
            return back_up(self._connection, self.path)

    def _migrate(self, version: int) -> None:
        try:
            self.migrated_from = (version, back_up(self._connection, self.path))
            migrate(self._connection, version)
        except (sqlite3.Error, OSError) as error:
            raise SaveError(
                f"could not be brought to the format of this version of the program ({error}); it "
                "was left as it is",
                path=self.path,
                remedy="Check the free space and the permissions, then open the project again",
            ) from error

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
        uri, uri=bool(uri), isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
    )
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _migrated_copy(database: Database, version: int) -> Database:
    """Return a copy of a project that cannot be written to, brought to the present version."""
    copy = _connect("")  # a file of SQLite's own, that goes when it is closed
    try:
        with database.reading() as connection:
            connection.backup(copy)
        migrate(copy, version)
    except sqlite3.Error as error:
        copy.close()
        raise FileReadError(
            f"is of an earlier version and cannot be converted in memory ({error})",
            path=database.path,
            remedy="Open it once where it can be written to",
        ) from error
    return Database(database.path, copy, in_memory=True)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _damaged(path: Path, detail: object) -> FormatError:
    return FormatError(
        f"is damaged ({detail}); it was left as it is", path=path, remedy=restoring(path)
    )


def restoring(path: Path) -> str:
    """Return what to do about a damaged project file."""
    backups = backups_of(path)
    if not backups:
        return "Restore the file from a backup"
    return f"Restore the file from a backup; the newest of the program is {backups[0]}"
