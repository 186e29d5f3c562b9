"""The tables of a project file, and how a file is recognised as one."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

from spn_annotator import __version__
from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.project.records import Status

APPLICATION_ID = 0x53504E41  # "SPNA", in the header of the file
SCHEMA_VERSION = 3
"""The version this program writes; `migrations` leads to it from each earlier one."""

_MAGIC = b"SQLite format 3\0"
_STATUSES = ", ".join(f"'{status.value}'" for status in Status)

# Labels are rewritten as a whole, so what points to them is checked at the end of a transaction.
_LABEL = """
CREATE TABLE label (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 254),
    name TEXT NOT NULL UNIQUE,
    color TEXT NOT NULL,
    key TEXT UNIQUE,
    visible INTEGER NOT NULL CHECK (visible IN (0, 1)),
    locked INTEGER NOT NULL CHECK (locked IN (0, 1))
);
"""

IMAGE = f"""
CREATE TABLE image (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    page INTEGER NOT NULL DEFAULT 0 CHECK (page >= 0),
    -- 1: lies outside of the folder, and the user said so; 0: must lie in it.
    outside INTEGER NOT NULL DEFAULT 0 CHECK (outside IN (0, 1)),
    sort_key TEXT NOT NULL,
    width INTEGER NOT NULL DEFAULT 0 CHECK (width >= 0),
    height INTEGER NOT NULL DEFAULT 0 CHECK (height >= 0),
    status TEXT NOT NULL DEFAULT '{Status.TODO.value}' CHECK (status IN ({_STATUSES})),
    missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
    -- The file is not the one that was annotated.
    changed INTEGER NOT NULL DEFAULT 0 CHECK (changed IN (0, 1)),
    -- The IoU to expect of the stored proposal (earlier ones: its mean confidence).
    confidence REAL CHECK (confidence BETWEEN 0 AND 1),
    -- The file that was annotated: bytes, modification time in ns, BLAKE2b-128.
    file_size INTEGER CHECK (file_size >= 0),
    file_time INTEGER,
    file_checksum TEXT,
    added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    saved TEXT,
    -- How many times its annotations were saved.
    version INTEGER NOT NULL DEFAULT 0 CHECK (version >= 0),
    UNIQUE (path, page)
);
"""

_OBJECT = """
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

REVIEW = """
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE proposal (
    image_id INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    made TEXT NOT NULL
);
-- Where a tile of the object map is not here, the proposal is the object map itself.
CREATE TABLE proposal_tile (
    image_id INTEGER NOT NULL REFERENCES proposal (image_id) ON DELETE CASCADE,
    plane TEXT NOT NULL CHECK (plane IN ('object', 'confidence')),
    tile_row INTEGER NOT NULL,
    tile_column INTEGER NOT NULL,
    height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    dtype TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (image_id, plane, tile_row, tile_column)
);
CREATE TABLE comment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    written TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX comment_of_image ON comment (image_id);
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER REFERENCES image (id) ON DELETE SET NULL,
    action TEXT NOT NULL,
    author TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1 CHECK (times >= 1),
    model TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX event_of_image ON event (image_id);
"""

EXTRA = """
-- What files of other formats said that the program itself does not know: JSON.
CREATE TABLE extra (
    image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (image_id, format)
) WITHOUT ROWID;
"""

_VERSIONS = """
CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    applied TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
"""

_TABLES = _VERSIONS + _LABEL + IMAGE + _OBJECT + REVIEW + EXTRA

CATALOGUE_TABLES = ("schema_version", "setting", "label", "image", "object", "proposal", "comment")
"""Tables that are looked through on opening, however large the file is."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, in one transaction."""
    connection.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} "
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; "
        f"INSERT INTO schema_version (version, program) "
        f"VALUES ({SCHEMA_VERSION}, 'spn-annotator {__version__}'); COMMIT;"
    )


def recognise(path: Path) -> int:
    """Check that a file is a project of this program, by its first 100 bytes alone.

    Returns
    -------
    int
        The version of its schema, from 1 to `SCHEMA_VERSION`.

    Raises
    ------
    FileReadError
        The file cannot be read.
    FormatError
        It is no project, or one of a newer version.
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
            remedy="Update spn-annotator (pip install --upgrade spn-annotator)",
        )
    if version < 1:
        raise FormatError(
            f"says it has the format {version}, which never existed",
            path=path,
            remedy="Restore the file from a backup",
        )
    return version
