"""The statements that read and write images, labels, objects and maps; others: `review_store`."""

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
from spn_annotator.project.fingerprints import Fingerprint
from spn_annotator.project.ordering import sort_key
from spn_annotator.project.records import ImageRecord, Status
from spn_annotator.project.tiles import StoredTile, unpack

_STATUSES = {status.value: status for status in Status}


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
        "SELECT id FROM label WHERE EXISTS "
        "(SELECT 1 FROM object WHERE label_id = label.id AND image_id != ?)",
        (other_than,),
    )
    return {row[0] for row in rows}


def images_with_label(connection: sqlite3.Connection, label_id: int) -> set[int]:
    """Return ids of images in which a stored object has this label."""
    rows = connection.execute(
        "SELECT DISTINCT image_id FROM object WHERE label_id = ?", (label_id,)
    )
    return {row[0] for row in rows}


def read_images(connection: sqlite3.Connection) -> Iterator[ImageRecord]:
    """Yield all images in natural order of their paths; ValueError if a row cannot be one."""
    rows = connection.execute(
        "SELECT id, path, width, height, status, missing, saved IS NOT NULL, page, outside, "
        "changed, confidence, proposal.image_id IS NOT NULL, version "
        "FROM image LEFT JOIN proposal ON proposal.image_id = image.id "
        "ORDER BY sort_key, path, page"
    )
    # Of a hundred thousand rows each conversion counts; SQLite's own types need none.
    flags = {0: False, 1: True}
    for row in rows:
        path, width, height, confidence = row[1], row[2], row[3], row[10]
        if not (isinstance(path, str) and isinstance(width, int) and isinstance(height, int)):
            raise ValueError(f"the image {row[0]} has a path or size that cannot be")
        if confidence is not None and not isinstance(confidence, float):
            raise ValueError(f"the image {row[0]} has a confidence that cannot be")
        status = _STATUSES.get(row[4])
        if status is None:
            raise ValueError(f"the image {row[0]} has the status {row[4]!r}")
        yield ImageRecord(
            row[0],
            path,
            width,
            height,
            status,
            flags.get(row[5], True),
            flags[row[6]],
            row[7],
            flags.get(row[8], False),
            flags.get(row[9], True),
            confidence,
            flags[row[11]],
            row[12],
        )


def add_images(
    connection: sqlite3.Connection, images: Iterable[tuple[str, int]], *, outside: bool = False
) -> list[ImageRecord]:
    """Add images, named by path and page, and return them."""
    added = []
    for path, page in images:
        cursor = connection.execute(
            "INSERT INTO image (path, page, outside, sort_key) VALUES (?, ?, ?, ?)",
            (path, page, outside, sort_key(path)),
        )
        assert cursor.lastrowid is not None
        added.append(ImageRecord(cursor.lastrowid, path, page=page, outside=outside))
    return added


def set_path(connection: sqlite3.Connection, image_id: int, path: str, *, outside: bool) -> None:
    """Say that an image lies elsewhere; it is neither missing nor changed then."""
    connection.execute(
        "UPDATE image SET path = ?, outside = ?, sort_key = ?, missing = 0, changed = 0 "
        "WHERE id = ?",
        (path, outside, sort_key(path), image_id),
    )


def remove_image(connection: sqlite3.Connection, image_id: int) -> None:
    """Remove an image with all that is stored of it but its history."""
    connection.execute("DELETE FROM image WHERE id = ?", (image_id,))


def read_fingerprint(connection: sqlite3.Connection, image_id: int) -> Fingerprint | None:
    """Return what is known of the file that was annotated, None if nothing is."""
    row = connection.execute(
        "SELECT file_size, file_time, file_checksum FROM image WHERE id = ?", (image_id,)
    ).fetchone()
    if row is None or row[2] is None:
        return None
    return Fingerprint(int(row[0] or 0), int(row[1] or 0), str(row[2]))


def read_fingerprints(connection: sqlite3.Connection) -> dict[int, Fingerprint]:
    """Return what is known of the files that were annotated, by image."""
    rows = connection.execute(
        "SELECT id, file_size, file_time, file_checksum FROM image WHERE file_checksum IS NOT NULL"
    )
    return {row[0]: Fingerprint(int(row[1] or 0), int(row[2] or 0), str(row[3])) for row in rows}


def write_fingerprint(
    connection: sqlite3.Connection, image_id: int, fingerprint: Fingerprint
) -> None:
    """Say which file was annotated."""
    connection.execute(
        "UPDATE image SET file_size = ?, file_time = ?, file_checksum = ? WHERE id = ?",
        (fingerprint.size, fingerprint.time, fingerprint.checksum, image_id),
    )


def write_first_fingerprint(
    connection: sqlite3.Connection, image_id: int, fingerprint: Fingerprint
) -> None:
    """Say which file was annotated, unless that is stored already."""
    if read_fingerprint(connection, image_id) is None:
        write_fingerprint(connection, image_id, fingerprint)


def set_changed(connection: sqlite3.Connection, image_ids: Iterable[int], *, changed: bool) -> None:
    """Flag images as others than were annotated."""
    connection.executemany(
        "UPDATE image SET changed = ? WHERE id = ?", ((changed, i) for i in image_ids)
    )


def set_confidence(connection: sqlite3.Connection, image_id: int, confidence: float | None) -> None:
    """Set the IoU to expect of the stored proposal."""
    connection.execute("UPDATE image SET confidence = ? WHERE id = ?", (confidence, image_id))


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
        "UPDATE image SET width = ?, height = ?, saved = CURRENT_TIMESTAMP, "
        "version = version + 1 WHERE id = ?",
        (shape[1], shape[0], image_id),
    )
