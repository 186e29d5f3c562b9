"""Project files as earlier versions of the program wrote them, kept as SQL for ever."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

from spn_annotator.project import PROJECT_NAME

# What version 1 of the schema was, word for word. Never to be changed.
VERSION_1 = """
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
    status TEXT NOT NULL DEFAULT 'to do'
        CHECK (status IN ('to do', 'in progress', 'proposed', 'accepted', 'rejected')),
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
PRAGMA application_id = 1397771841;
PRAGMA user_version = 1;
INSERT INTO schema_version (version, program, applied)
    VALUES (1, 'spn-annotator 0.1.0', '2026-01-02 03:04:05');
INSERT INTO label VALUES (1, 'cat', '#ff0000', 'c', 1, 0), (7, 'dog', '#00ff00', NULL, 0, 1);
INSERT INTO image (id, path, width, height, status, missing, added, saved) VALUES
    (1, 'a.png', 60, 40, 'accepted', 0, '2026-01-02 03:04:05', '2026-01-02 03:05:00'),
    (2, 'b10.png', 0, 0, 'to do', 0, '2026-01-02 03:04:05', NULL),
    (3, 'b9.png', 60, 40, 'rejected', 1, '2026-01-02 03:04:05', NULL);
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'image';
INSERT INTO object VALUES (1, 3, 1, 'Tom'), (1, 65534, 7, '');
"""

# What version 2 of the schema was. Never to be changed.
VERSION_2 = """
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
    path TEXT NOT NULL,
    page INTEGER NOT NULL DEFAULT 0 CHECK (page >= 0),
    outside INTEGER NOT NULL DEFAULT 0 CHECK (outside IN (0, 1)),
    sort_key TEXT NOT NULL,
    width INTEGER NOT NULL DEFAULT 0 CHECK (width >= 0),
    height INTEGER NOT NULL DEFAULT 0 CHECK (height >= 0),
    status TEXT NOT NULL DEFAULT 'to do'
        CHECK (status IN ('to do', 'in progress', 'proposed', 'accepted', 'rejected')),
    missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
    changed INTEGER NOT NULL DEFAULT 0 CHECK (changed IN (0, 1)),
    confidence REAL CHECK (confidence BETWEEN 0 AND 1),
    file_size INTEGER CHECK (file_size >= 0),
    file_time INTEGER,
    file_checksum TEXT,
    added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    saved TEXT,
    version INTEGER NOT NULL DEFAULT 0 CHECK (version >= 0),
    UNIQUE (path, page)
);
CREATE TABLE object (
    image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 65534),
    label_id INTEGER NOT NULL REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    PRIMARY KEY (image_id, id)
) WITHOUT ROWID;
CREATE INDEX object_of_label ON object (label_id);
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
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE proposal (
    image_id INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    made TEXT NOT NULL
);
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
PRAGMA application_id = 1397771841;
PRAGMA user_version = 2;
INSERT INTO schema_version (version, program, applied)
    VALUES (2, 'spn-annotator 0.1.0', '2026-05-02 03:04:05');
INSERT INTO label VALUES (1, 'cat', '#ff0000', 'c', 1, 0), (7, 'dog', '#00ff00', NULL, 0, 1);
INSERT INTO image (id, path, sort_key, width, height, status, missing, added, saved, version) VALUES
    (1, 'a.png', 'a.png', 60, 40, 'accepted', 0, '2026-05-02 03:04:05', '2026-05-02 03:05:00', 4),
    (2, 'b10.png', 'b' || char(1) || '#10.png', 0, 0, 'to do', 0, '2026-05-02 03:04:05', NULL, 0),
    (3, 'b9.png', 'b' || char(1) || '"9.png', 60, 40, 'rejected', 1, '2026-05-02 03:04:05',
        NULL, 0);
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'image';
INSERT INTO object VALUES (1, 3, 1, 'Tom'), (1, 65534, 7, '');
INSERT INTO comment (image_id, author, written, text)
    VALUES (1, 'ann', '2026-05-02 03:06:00', 'whose cat is this?');
INSERT INTO event (image_id, action, author, began, ended, times, model, detail)
    VALUES (1, 'status', 'ann', '2026-05-02 03:05:00', '2026-05-02 03:05:00', 1, '', 'accepted');
"""

#: Each earlier version with the SQL that makes a small project of it.
EARLIER = {1: VERSION_1, 2: VERSION_2}


def project_file(folder: Path, version: int) -> Path:
    """Write a project of an earlier version: images a.png, b10.png, and b9.png, which has gone."""
    path = folder / PROJECT_NAME
    connection = sqlite3.connect(path)
    connection.executescript(EARLIER[version])
    rows = bytearray(60 * 40 * 2)
    rows[0:2] = (3).to_bytes(2, "little")  # one pixel of Tom, in the corner
    rows[-2:] = (65_534).to_bytes(2, "little")
    connection.execute(
        "INSERT INTO tile VALUES (1, 'object', 0, 0, 40, 60, '<u2', ?)",
        (zlib.compress(bytes(rows)),),
    )
    connection.commit()
    connection.close()
    return path
