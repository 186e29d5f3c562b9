"""From each earlier version of a project file to the present one.

A step never uses what may change later (such as the tables of `schema`) without a test that holds
its result against a new file: see ``tests/project/test_migrations.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from spn_annotator import __version__
from spn_annotator.project import schema
from spn_annotator.project.ordering import sort_key

#: A project of an earlier version listed the images of its folder, not of those inside it.
_FLAT = "INSERT INTO setting (key, value) VALUES ('subfolders', '0')"


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a project to the present version, in one transaction.

    Parameters
    ----------
    connection : sqlite3.Connection
        Outside of a transaction.
    version : int
        Its version now.

    Raises
    ------
    sqlite3.Error
        It cannot be done; the file is as it was.
    """
    (keys,) = connection.execute("PRAGMA foreign_keys").fetchone()
    connection.execute("PRAGMA foreign_keys = OFF")  # tables are made anew and exchanged
    try:
        connection.execute("BEGIN IMMEDIATE")
        for number in range(version, schema.SCHEMA_VERSION):
            _STEPS[number](connection)
            connection.execute(
                "INSERT OR REPLACE INTO schema_version (version, program) VALUES (?, ?)",
                (number + 1, f"spn-annotator {__version__}"),
            )
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise sqlite3.IntegrityError(f"a row of {broken[0]} points to nothing in {broken[2]}")
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute(f"PRAGMA foreign_keys = {keys}")


def _statements(connection: sqlite3.Connection, text: str) -> None:
    """Execute statements within the open transaction, which `executescript` would end."""
    statement = ""
    for line in text.splitlines():
        if line.lstrip().startswith("--"):
            continue
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def _to_2(connection: sqlite3.Connection) -> None:
    """Images get pages, a sort key, a fingerprint; proposals, comments and a history come."""
    # Were the old table renamed, the references of other tables would follow it.
    _statements(connection, schema.IMAGE.replace("CREATE TABLE image (", "CREATE TABLE image_2 ("))
    rows = connection.execute("SELECT id, path FROM image").fetchall()
    connection.executemany(
        "INSERT INTO image_2 (id, path, sort_key, width, height, status, missing, added, saved) "
        "SELECT id, path, ?, width, height, status, missing, added, saved FROM image WHERE id = ?",
        ((sort_key(str(path)), image_id) for image_id, path in rows),
    )
    # Numbers of images that are no more are not given again.
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'image'").fetchone()
    connection.execute("DROP TABLE image")
    connection.execute("ALTER TABLE image_2 RENAME TO image")
    if last is not None:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'image'")
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('image', ?)", last)
    _statements(connection, schema.REVIEW)
    connection.execute(_FLAT)


def _to_3(connection: sqlite3.Connection) -> None:
    """What other tools' files say beyond labels and pixels gets a place."""
    _statements(connection, schema.EXTRA)


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _to_2, 2: _to_3}
