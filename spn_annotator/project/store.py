"""The statements that read and write a project's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np

from spn_annotator.annotation import (
    AnnotatedObject,
    Label,
    LabelSet,
    color_from_hex,
    color_to_hex,
)
from spn_annotator.annotation.planes import TILE
from spn_annotator.project.records import ImageRecord, Status
from spn_annotator.project.tiles import StoredTile, unpack


def read_labels(connection: sqlite3.Connection) -> LabelSet:
    """Return the labels; UsageError if they contradict each other."""
    rows = connection.execute("SELECT id, name, color, key, visible, locked FROM label ORDER BY id")
    return LabelSet(
        Label(row[0], row[1], color_from_hex(row[2]), row[3], bool(row[4]), bool(row[5]))
        for row in rows
    ).frozen()


def write_labels(connection: sqlite3.Connection, labels: LabelSet) -> None:
    """Make the stored labels these; objects of a label that is left out fail the transaction."""
    connection.execute("DELETE FROM label")
    connection.executemany(
        "INSERT INTO label (id, name, color, key, visible, locked) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (item.id, item.name, color_to_hex(item.color), item.key, item.visible, item.locked)
            for item in labels
        ),
    )


def used_labels(connection: sqlite3.Connection, *, other_than: int = 0) -> set[int]:
    """Return ids of labels that stored objects have, but for the objects of one image."""
    rows = connection.execute(
        "SELECT DISTINCT label_id FROM object WHERE image_id != ?", (other_than,)
    )
    return {row[0] for row in rows}


def read_images(connection: sqlite3.Connection) -> Iterator[ImageRecord]:
    """Yield all images; ValueError if a row cannot be one."""
    rows = connection.execute(
        "SELECT id, path, width, height, status, missing, saved IS NOT NULL FROM image"
    )
    for row in rows:
        yield ImageRecord(
            row[0],
            str(row[1]),
            int(row[2]),
            int(row[3]),
            Status(row[4]),
            bool(row[5]),
            bool(row[6]),
        )


def add_images(connection: sqlite3.Connection, paths: Iterable[str]) -> list[ImageRecord]:
    """Add images and return them."""
    added = []
    for path in paths:
        cursor = connection.execute("INSERT INTO image (path) VALUES (?)", (path,))
        assert cursor.lastrowid is not None
        added.append(ImageRecord(cursor.lastrowid, path))
    return added


def set_missing(connection: sqlite3.Connection, image_ids: Iterable[int], *, missing: bool) -> None:
    """Flag images as missing or found."""
    connection.executemany(
        "UPDATE image SET missing = ? WHERE id = ?", ((missing, i) for i in image_ids)
    )


def set_status(connection: sqlite3.Connection, image_id: int, status: Status) -> None:
    """Set the status of one image."""
    connection.execute("UPDATE image SET status = ? WHERE id = ?", (status.value, image_id))


def read_objects(connection: sqlite3.Connection, image_id: int) -> list[AnnotatedObject]:
    """Return the objects of an image; UsageError if one has an id that cannot be."""
    rows = connection.execute(
        "SELECT id, label_id, name FROM object WHERE image_id = ? ORDER BY id", (image_id,)
    )
    return [AnnotatedObject(row[0], row[1], row[2]) for row in rows]


def read_tiles(
    connection: sqlite3.Connection, image_id: int
) -> Iterator[tuple[str, tuple[int, int], np.ndarray]]:
    """Yield plane, tile and values of the stored tiles; FormatError if one is damaged."""
    rows = connection.execute(
        "SELECT plane, tile_row, tile_column, height, width, dtype, data FROM tile "
        "WHERE image_id = ?",
        (image_id,),
    )
    for row in rows:
        stored = StoredTile(*row)
        yield stored.plane, (stored.row, stored.column), unpack(stored, max_side=TILE)


def write_annotations(
    connection: sqlite3.Connection,
    image_id: int,
    *,
    shape: tuple[int, int],
    objects: Iterable[AnnotatedObject],
    tiles: Iterable[StoredTile],
    blank: Iterable[tuple[str, tuple[int, int]]],
) -> None:
    """Store the annotations of an image.

    Parameters
    ----------
    connection : sqlite3.Connection
        Within a transaction.
    image_id : int
    shape : (int, int)
        Height and width of the image.
    objects : iterable of AnnotatedObject
        All of them.
    tiles : iterable of StoredTile
        Those that changed; the others stay.
    blank : iterable of (str, (int, int))
        Planes and tiles that changed and hold nothing now.
    """
    connection.executemany(
        "DELETE FROM tile WHERE image_id = ? AND plane = ? AND tile_row = ? AND tile_column = ?",
        ((image_id, plane, *tile) for plane, tile in blank),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO tile "
        "(image_id, plane, tile_row, tile_column, height, width, dtype, data) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((image_id, t.plane, t.row, t.column, t.height, t.width, t.dtype, t.data) for t in tiles),
    )
    connection.execute("DELETE FROM object WHERE image_id = ?", (image_id,))
    connection.executemany(
        "INSERT INTO object (image_id, id, label_id, name) VALUES (?, ?, ?, ?)",
        ((image_id, item.id, item.label_id, item.name) for item in objects),
    )
    connection.execute(
        "UPDATE image SET width = ?, height = ?, saved = CURRENT_TIMESTAMP WHERE id = ?",
        (shape[1], shape[0], image_id),
    )
