"""What other tools' files say beyond labels and pixels: kept beside the annotations for them.

A format puts it into `AnnotatedImage.extra` when it reads a data set, and writes it again: flags of
labelme, attributes of COCO. Objects may be changed, removed and painted anew in between, so what is
said of an object goes with its id as long as the object still lies where it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from spn_annotator.annotation import Document
from spn_annotator.formats.codec import AnnotatedImage
from spn_annotator.formats.lookups import boxes

Box = tuple[int, int, int, int]
"""x, y, width and height."""


def packed(annotated: AnnotatedImage) -> dict[str, str]:
    """Return what of an image is to be stored, by the name of the format."""
    if not annotated.extra:
        return {}
    where = boxes(annotated.object_map)
    found = {}
    for name, extra in annotated.extra.items():
        objects = {
            str(object_id): {"box": where[object_id], "values": values}
            for object_id, values in extra.get("objects", {}).items()
            if object_id in where and values
        }
        image = extra.get("image", {})
        if image or objects:
            # ASCII: letters from a file may be halves of pairs, which SQLite does not take.
            found[name] = json.dumps({"image": image, "objects": objects}, allow_nan=False)
    return found


def unpacked(stored: Mapping[str, str], document: Document) -> dict[str, dict[str, Any]]:
    """Return what is stored as `AnnotatedImage.extra` holds it, of objects that are still there.

    Parameters
    ----------
    stored : mapping of str to str
        From `read`.
    document : Document
        The annotations now.

    Raises
    ------
    ValueError
        It is damaged.
    """
    if not stored:
        return {}
    now = boxes(document.object_map)
    found: dict[str, dict[str, Any]] = {}
    for name, text in stored.items():
        content = json.loads(text)
        if not isinstance(content, dict) or not isinstance(content.get("image"), dict):
            raise ValueError(f"what {name} said of an image is no object")
        objects = dict(_objects(content.get("objects"), now))
        found[name] = {"image": content["image"], "objects": objects}
    return found


def read(connection: sqlite3.Connection, image_id: int) -> dict[str, str]:
    """Return what is stored of an image, by the name of the format."""
    rows = connection.execute("SELECT format, content FROM extra WHERE image_id = ?", (image_id,))
    return {str(name): str(content) for name, content in rows}


def write(connection: sqlite3.Connection, image_id: int, stored: Mapping[str, str]) -> None:
    """Put this in the place of what is stored of an image."""
    connection.execute("DELETE FROM extra WHERE image_id = ?", (image_id,))
    connection.executemany(
        "INSERT INTO extra (image_id, format, content) VALUES (?, ?, ?)",
        ((image_id, name, content) for name, content in stored.items()),
    )


def _objects(stored: object, now: Mapping[int, Box]) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(stored, dict):
        raise ValueError("what is said of objects is no object")
    for number, entry in stored.items():
        box = entry.get("box") if isinstance(entry, dict) else None
        values = entry.get("values") if isinstance(entry, dict) else None
        sound = isinstance(box, list) and len(box) == 4 and all(type(side) is int for side in box)
        if not sound or not isinstance(box, list) or not isinstance(values, dict):
            raise ValueError(f"what is said of the object {number[:20]} is damaged")
        object_id = int(number)
        if object_id in now and _meet(now[object_id], (box[0], box[1], box[2], box[3])):
            yield object_id, values


def _meet(one: Box, two: Box) -> bool:
    return all(
        one[axis] < two[axis] + two[axis + 2] and two[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )
