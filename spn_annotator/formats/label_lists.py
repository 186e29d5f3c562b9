"""Lists of labels on their own: the own form in JSON or YAML, COCO categories, CVAT labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from spn_annotator.annotation.labels import (
    MAX_LABEL_ID,
    MIN_LABEL_ID,
    Color,
    Label,
    LabelSet,
    color_from_hex,
    color_to_hex,
)
from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.atomic import atomic_write_bytes
from spn_annotator.formats.labelbook import clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.structured import read_json, read_yaml

ListKind = Literal["labels", "yaml", "coco", "cvat"]
LIST_SUFFIXES = (".json", ".yaml", ".yml")
_LIMITS = Limits(file_bytes=100_000_000)
_REMEDY = "Name a list of labels, a COCO file or the labels of a CVAT task"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLabel:
    """A label as a file describes it; None where the file does not say.

    Parameters
    ----------
    name : str
        One line, not empty.
    id : int or None
        1 to 254.
    color : (int, int, int) or None
        Red, green, blue, 0 to 255.
    key : str or None
        A digit; ``""``: the file says that it has none.
    visible, locked : bool
    """

    name: str
    id: int | None = None
    color: Color | None = None
    key: str | None = None
    visible: bool = True
    locked: bool = False


def write_label_list(path: Path, labels: LabelSet, kind: ListKind = "labels") -> None:
    """Write the labels of a project.

    Parameters
    ----------
    path : Path
        Replaced if it is there.
    labels : LabelSet
    kind : {"labels", "yaml", "coco", "cvat"}
        The program's own form, which keeps everything, in JSON or YAML; the ``categories`` of COCO
        (ids, names, colours); or what CVAT takes in the raw form of its label constructor (names,
        colours: ids in there would mean labels that the task has already).

    Raises
    ------
    SaveError
        The file cannot be written.
    """
    if kind == "yaml":
        import yaml

        text = yaml.safe_dump(labels.to_json(), allow_unicode=True, sort_keys=False)
        atomic_write_bytes(path, text.encode())
        return
    data: Any = labels.to_json()
    if kind == "coco":
        data = {
            "categories": [
                {
                    "id": label.id,
                    "name": label.name,
                    "supercategory": "",
                    "color": list(label.color),
                }
                for label in labels
            ]
        }
    elif kind == "cvat":
        data = [
            {
                "name": label.name,
                "color": color_to_hex(label.color),
                "type": "any",
                "attributes": [],
            }
            for label in labels
        ]
    atomic_write_bytes(path, json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n")


def read_label_list(path: Path) -> list[ListedLabel]:
    """Read the labels of a file, whichever form they have.

    Besides what `write_label_list` writes, whole COCO files, the ``names`` of a YOLO data set and
    bare lists of names are read. Files are YAML if they are named so, else JSON.

    Raises
    ------
    FileReadError
        The file cannot be read or is too large.
    FormatError
        It is no list of labels.
    """
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    data = read_yaml(path, _LIMITS) if is_yaml else read_json(path, _LIMITS)
    entries = data
    if isinstance(data, dict):
        present = (name for name in ("labels", "categories", "names") if name in data)
        entries = data.get(next(present, "labels"))
    if isinstance(entries, dict):  # names by number, as YOLO has them
        entries = list(entries.values())
    if not isinstance(entries, list) or not entries:
        raise FormatError("holds no list of labels", path=path, remedy=_REMEDY)
    return [_listed(entry, number, path) for number, entry in enumerate(entries, start=1)]


def merged(labels: LabelSet, found: Iterable[ListedLabel]) -> list[Label]:
    """Return the labels to add, with the ids they will have; known names are left out.

    A label gets the id and the key that the file says where these are free, else the next ones.

    Raises
    ------
    UsageError
        There would be more labels than a project holds.
    """
    known = labels.copy()
    new: list[Label] = []
    for item in found:
        if known.by_name(item.name) is not None:
            continue
        free = item.key if item.key not in {label.key for label in known} else None
        label = known.make(item.name, color=item.color, key=free)
        label_id = label.id if item.id is None or item.id in known else item.id
        label = replace(label, id=label_id, visible=item.visible, locked=item.locked)
        known = LabelSet([*known, label])
        new.append(label)
    return new


def _listed(entry: Any, number: int, path: Path) -> ListedLabel:
    if isinstance(entry, str):
        entry = {"name": entry}
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not any(c.isprintable() and not c.isspace() for c in name):
        raise FormatError(f"has no name for its label {number}", path=path, remedy=_REMEDY)
    label_id = entry.get("id")
    kept = type(label_id) is int and MIN_LABEL_ID <= label_id <= MAX_LABEL_ID
    return ListedLabel(
        name=clean_name(name),
        id=label_id if kept else None,
        color=_color(entry.get("color")),
        key=_key(entry),
        visible=entry.get("visible") is not False,
        locked=entry.get("locked") is True,
    )


def _key(entry: dict[str, Any]) -> str | None:
    key = entry.get("key")
    if "key" in entry and key is None:
        return ""
    digit = isinstance(key, str) and len(key) == 1 and key.isascii() and key.isdigit()
    return key if digit else None


def _color(value: Any) -> Color | None:
    if isinstance(value, str):
        try:
            return color_from_hex(value)
        except UsageError:
            return None
    if isinstance(value, Sequence) and len(value) == 3:
        if all(type(channel) is int and 0 <= channel <= 255 for channel in value):
            return value[0], value[1], value[2]
    return None
