"""Lists of labels on their own: JSON of the program, COCO categories, CVAT label constructors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from spn_annotator.annotation.labels import Label, LabelSet, color_from_hex, color_to_hex
from spn_annotator.errors import FileReadError, FormatError, UsageError
from spn_annotator.formats.atomic import atomic_write_bytes

ListKind = Literal["labels", "coco", "cvat"]
LARGEST = 10_000_000
"""Longest file that is read, in bytes."""


def write_label_list(path: Path, labels: LabelSet, kind: ListKind = "labels") -> None:
    """Write the labels of a project.

    Parameters
    ----------
    path : Path
        Replaced if it is there.
    labels : LabelSet
    kind : {"labels", "coco", "cvat"}
        The program's own form, which keeps everything; the ``categories`` of COCO; or what CVAT
        takes in the raw form of its label constructor.

    Raises
    ------
    SaveError
        The file cannot be written.
    """
    data: Any
    if kind == "coco":
        data = {
            "categories": [
                {"id": label.id, "name": label.name, "color": list(label.color)} for label in labels
            ]
        }
    elif kind == "cvat":
        data = [
            {"name": label.name, "color": color_to_hex(label.color), "attributes": []}
            for label in labels
        ]
    else:
        data = labels.to_json()
    atomic_write_bytes(path, json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n")


def read_label_list(path: Path) -> list[tuple[str, tuple[int, int, int] | None, str | None]]:
    """Read names, colours (None: not told) and keys of labels, whichever form they have.

    Raises
    ------
    FileReadError
        The file cannot be read.
    FormatError
        It is no list of labels.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise FormatError("is too large for a list of labels", path=path)
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileReadError(f"cannot be read ({error.strerror})", path=path) from error
    except (ValueError, RecursionError) as error:
        raise FormatError("is no JSON file", path=path, remedy="Name another file") from error
    entries = data
    if isinstance(data, dict):
        entries = data.get("labels", data.get("categories"))
    if not isinstance(entries, list) or not entries:
        raise FormatError(
            "holds no list of labels",
            path=path,
            remedy="Name a list of labels, a COCO file or the labels of a CVAT task",
        )
    return [_entry(entry, path) for entry in entries]


def merged(
    labels: LabelSet, found: Iterable[tuple[str, tuple[int, int, int] | None, str | None]]
) -> list[Label]:
    """Return the labels to add, with the ids they will have; known names are left out.

    Raises
    ------
    UsageError
        There would be more labels than a project holds.
    """
    known = labels.copy()
    new = []
    for name, color, key in found:
        if known.by_name(name) is None:
            free = key if key and key not in {label.key for label in known} else None
            new.append(known.add(name, color=color, key=free))
    return new


def _entry(entry: Any, path: Path) -> tuple[str, tuple[int, int, int] | None, str | None]:
    if isinstance(entry, str):
        entry = {"name": entry}
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.split():
        raise FormatError("holds a label without a name", path=path)
    key = entry.get("key")
    return " ".join(name.split()), _color(entry.get("color")), key if _is_key(key) else None


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and len(key) == 1 and key.isdigit()


def _color(value: Any) -> tuple[int, int, int] | None:
    if isinstance(value, str):
        try:
            return color_from_hex(value)
        except UsageError:
            return None
    numbers = isinstance(value, list) and len(value) == 3
    if numbers and all(type(n) is int and 0 <= n <= 255 for n in value):
        return value[0], value[1], value[2]
    return None
