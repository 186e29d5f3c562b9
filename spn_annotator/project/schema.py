"""The tables of a project file, and how a file is recognised as one."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

from spn_annotator import __version__
from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.project.records import Status

APPLICATION_ID = 0x53504E41  # "SPNA", in the header of the file
SCHEMA_VERSION = 1

_MAGIC = b"SQLite format 3\0"
_STATUSES = ", ".join(f"'{status.value}'" for status in Status)

# Labels are rewritten as a whole, so what points to them is checked at the end of a transaction.
_TABLES = f"""
CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    applied TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE label (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 254),
    name TEXT NOT NULL UNIQUE,
    color TEXT NOT NULL,
    key TEXT UNIQUE,
    visible INTEGER NOT NULL CHECK (visible IN (0, 1)),
    locked INTEGER NOT NULL CHECK (locked IN (0, 1))
);
CREATE TABLE image (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    width INTEGER NOT NULL DEFAULT 0 CHECK (width >= 0),
    height INTEGER NOT NULL DEFAULT 0 CHECK (height >= 0),
    status TEXT NOT NULL DEFAULT '{Status.TODO.value}' CHECK (status IN ({_STATUSES})),
    missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
    added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    saved TEXT
);
CREATE TABLE object (
    image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 65534),
    label_id INTEGER NOT NULL REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    PRIMARY KEY (image_id, id)
) WITHOUT ROWID;
CREATE INDEX object_of_label ON object (label_id);
-- Tiles of 256 x 256 pixels, less at the right and bottom edge; none where all is 0.
CREATE TABLE tile (
    image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    plane TEXT NOT NULL CHECK (plane IN ('object', 'rough', 'sure')),
    tile_row INTEGER NOT NULL,
    tile_column INTEGER NOT NULL,
    height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    dtype TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (image_id, plane, tile_row, tile_column)
);
"""

CATALOGUE_TABLES = ("schema_version", "label", "image", "object")


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, in one transaction."""
    connection.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} "
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; "
        f"INSERT INTO schema_version (version, program) "
        f"VALUES ({SCHEMA_VERSION}, 'spn-annotator {__version__}'); COMMIT;"
    )


def recognise(path: Path) -> None:
    """Check that a file is a project of this program, by its first 100 bytes alone.

    Raises
    ------
    FileReadError
        The file cannot be read.
    FormatError
        It is no project, or one of another version.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise FileReadError(
            f"cannot be read ({error.strerror})", path=path, remedy="Check its permissions"
        ) from error
    application = version = 0
    if len(header) == 100 and header.startswith(_MAGIC):
        (version,) = struct.unpack_from(">I", header, 60)
        (application,) = struct.unpack_from(">I", header, 68)
    if application != APPLICATION_ID:
        raise FormatError(
            "is no project of this program",
            path=path,
            remedy="Move the file away, or restore it from a backup, and open the folder again",
        )
    if version > SCHEMA_VERSION:
        raise FormatError(
            f"was made by a newer version of the program (format {version}, this one knows "
            f"{SCHEMA_VERSION})",
            path=path,
            remedy="Update spn-annotator",
        )
    if version < SCHEMA_VERSION:
        raise FormatError(
            f"says it has the format {version}, which never existed",
            path=path,
            remedy="Restore the file from a backup",
        )
