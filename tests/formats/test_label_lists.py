"""Lists of labels are written for other tools and read back, whatever their form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spn_annotator.annotation import LabelSet
from spn_annotator.errors import FileReadError, FormatError
from spn_annotator.formats.label_lists import ListKind, merged, read_label_list, write_label_list


def labels() -> LabelSet:
    made = LabelSet()
    made.add("person", color=(1, 2, 3), key="5")
    made.add("Straße", color=(255, 0, 10), key="")
    return made


@pytest.mark.parametrize("kind", ["labels", "coco", "cvat"])
def test_what_is_written_is_read_back(tmp_path: Path, kind: ListKind) -> None:
    path = tmp_path / "labels.json"
    write_label_list(path, labels(), kind)
    found = read_label_list(path)
    assert [(name, color) for name, color, _ in found] == [
        ("person", (1, 2, 3)),
        ("Straße", (255, 0, 10)),
    ]
    if kind == "labels":
        assert [key for _, _, key in found] == ["5", None]


def test_known_names_stay_and_a_taken_key_is_not_taken() -> None:
    new = merged(labels(), [("person", None, "1"), ("horse", None, "5"), ("dog", (9, 9, 9), None)])
    assert [label.name for label in new] == ["horse", "dog"]
    assert new[0].key != "5"
    assert new[1].color == (9, 9, 9)


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[]", "3", '[{"name": ""}]', "[3]", '{"labels": 1}']
)
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)
    with pytest.raises(FormatError):
        read_label_list(path)
    with pytest.raises(FileReadError):
        read_label_list(tmp_path / "absent.json")


def test_colours_that_are_none_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    entries = [{"name": "a", "color": "red"}, {"name": "b", "color": [1, 2, 300]}, "c"]
    path.write_text(json.dumps(entries))
    assert read_label_list(path) == [("a", None, None), ("b", None, None), ("c", None, None)]
