"""The statements that read and write proposals, comments, the history and settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from spn_annotator.annotation.planes import TILE
from spn_annotator.project.records import Action, Comment, Event, ProposalInfo
from spn_annotator.project.tiles import CONFIDENCE_DTYPE, DTYPE, StoredTile, unpack

#: Saves that follow each other within this time are one event of the history.
_ONE_SITTING = timedelta(minutes=10)
_TIME = "%Y-%m-%d %H:%M:%S"


def now() -> str:
    """Return date and time as the tables hold it: UTC, to the second."""
    return datetime.now(UTC).strftime(_TIME)


# -- settings --------------------------------------------------------------------------------------


def read_setting(connection: sqlite3.Connection, key: str) -> str | None:
    """Return a setting, None if it was never made."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def write_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Make a setting."""
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


# -- proposals -------------------------------------------------------------------------------------


def write_proposal(
    connection: sqlite3.Connection,
    image_id: int,
    *,
    model: str,
    made: str,
    tiles: Iterable[StoredTile],
) -> None:
    """Store a proposal in the place of the one before it."""
    remove_proposal(connection, image_id)
    connection.execute(
        "INSERT INTO proposal (image_id, model, made) VALUES (?, ?, ?)", (image_id, model, made)
    )
    connection.executemany(
        "INSERT INTO proposal_tile "
        "(image_id, plane, tile_row, tile_column, height, width, dtype, data) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((image_id, t.plane, t.row, t.column, t.height, t.width, t.dtype, t.data) for t in tiles),
    )


def remove_proposal(connection: sqlite3.Connection, image_id: int) -> None:
    """Remove the stored proposal of an image, if there is one."""
    connection.execute("DELETE FROM proposal WHERE image_id = ?", (image_id,))


def read_proposal(connection: sqlite3.Connection, image_id: int) -> ProposalInfo | None:
    """Return what is known of the stored proposal, None without one."""
    row = connection.execute(
        "SELECT model, made, confidence FROM proposal JOIN image ON image.id = image_id "
        "WHERE image_id = ?",
        (image_id,),
    ).fetchone()
    return None if row is None else ProposalInfo(str(row[0]), str(row[1]), row[2])


def read_proposal_tiles(
    connection: sqlite3.Connection, image_id: int
) -> Iterator[tuple[str, tuple[int, int], np.ndarray]]:
    """Yield plane, tile and values of a proposal; FormatError if a tile is damaged."""
    rows = connection.execute(
        "SELECT plane, tile_row, tile_column, height, width, dtype, data FROM proposal_tile "
        "WHERE image_id = ?",
        (image_id,),
    )
    for row in rows:
        stored = StoredTile(*row)
        dtype = CONFIDENCE_DTYPE if stored.plane == "confidence" else DTYPE
        values = unpack(stored, max_side=TILE, dtype=dtype)
        yield stored.plane, (stored.row, stored.column), values


# -- comments --------------------------------------------------------------------------------------


def read_comments(connection: sqlite3.Connection, image_id: int) -> list[Comment]:
    """Return the comments of an image, in the order they were written."""
    rows = connection.execute(
        "SELECT id, image_id, author, written, text FROM comment WHERE image_id = ? ORDER BY id",
        (image_id,),
    )
    return [Comment(*row) for row in rows]


def add_comment(
    connection: sqlite3.Connection, image_id: int, *, author: str, text: str
) -> Comment:
    """Add a comment and return it."""
    written = now()
    cursor = connection.execute(
        "INSERT INTO comment (image_id, author, written, text) VALUES (?, ?, ?, ?)",
        (image_id, author, written, text),
    )
    assert cursor.lastrowid is not None
    return Comment(cursor.lastrowid, image_id, author, written, text)


def remove_comment(connection: sqlite3.Connection, comment_id: int) -> int | None:
    """Remove a comment; return the image it was about, None if there was none."""
    row = connection.execute("SELECT image_id FROM comment WHERE id = ?", (comment_id,)).fetchone()
    connection.execute("DELETE FROM comment WHERE id = ?", (comment_id,))
    return None if row is None else row[0]


def commented_images(connection: sqlite3.Connection) -> set[int]:
    """Return ids of images with a comment."""
    return {row[0] for row in connection.execute("SELECT DISTINCT image_id FROM comment")}


# -- history ---------------------------------------------------------------------------------------


def add_event(
    connection: sqlite3.Connection,
    image_id: int | None,
    action: Action,
    *,
    author: str,
    model: str = "",
    detail: str = "",
) -> None:
    """Note what was done; saves and proposals that follow each other closely are one event."""
    moment = now()
    if action in (Action.ANNOTATED, Action.PROPOSED):
        last = connection.execute(
            "SELECT id, ended FROM event WHERE image_id = ? AND action = ? AND author = ? "
            "AND model = ? ORDER BY id DESC LIMIT 1",
            (image_id, action.value, author, model),
        ).fetchone()
        if last is not None and _close(last[1], moment):
            connection.execute(
                "UPDATE event SET ended = ?, times = times + 1 WHERE id = ?", (moment, last[0])
            )
            return
    connection.execute(
        "INSERT INTO event (image_id, action, author, began, ended, model, detail) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (image_id, action.value, author, moment, moment, model, detail),
    )


def read_events(connection: sqlite3.Connection, image_id: int | None, *, limit: int) -> list[Event]:
    """Return events, the newest first; of the whole project where no image is named."""
    where, values = ("", ()) if image_id is None else ("WHERE image_id = ? ", (image_id,))
    rows = connection.execute(
        "SELECT id, image_id, action, author, began, ended, times, model, detail FROM event "
        f"{where}ORDER BY id DESC LIMIT ?",
        (*values, limit),
    )
    return [Event(*row) for row in rows]


def _close(ended: object, moment: str) -> bool:
    """Return whether two times lie in one sitting; a clock that was set back ends it."""
    try:
        passed = datetime.fromisoformat(moment) - datetime.fromisoformat(str(ended))
    except (ValueError, TypeError):  # no date, or one with a time zone
        return False
    return timedelta(0) <= passed <= _ONE_SITTING
