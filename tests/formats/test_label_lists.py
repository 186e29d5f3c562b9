"""Lists of labels are written for other tools and read back, whatever their form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from spn_annotator.annotation import Label, LabelSet
from spn_annotator.errors import FileReadError, FormatError, SpnAnnotatorError, UsageError
from spn_annotator.formats.label_lists import (
    ListedLabel,
    ListKind,
    merged,
    read_label_list,
    write_label_list,
)


def labels() -> LabelSet:
    return LabelSet(
        [
            Label(2, "person", (1, 2, 3), key="5"),
            Label(7, "Straße 道路", (255, 0, 10), visible=False),
            Label(254, "yes: #1", (0, 0, 0), key="0", locked=True),
        ]
    )


@pytest.mark.parametrize(("kind", "suffix"), [("labels", "json"), ("yaml", "yaml")])
def test_the_own_forms_keep_everything(tmp_path: Path, kind: ListKind, suffix: str) -> None:
    path = tmp_path / f"labels.{suffix}"
    write_label_list(path, labels(), kind)
    assert LabelSet(merged(LabelSet(), read_label_list(path))) == labels()


def test_coco_categories_keep_ids_names_and_colours(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    write_label_list(path, labels(), "coco")
    written = json.loads(path.read_text(encoding="utf-8"))["categories"]
    assert set(written[0]) == {"id", "name", "supercategory", "color"}
    again = merged(LabelSet(), read_label_list(path))
    assert [(x.id, x.name, x.color) for x in again] == [(x.id, x.name, x.color) for x in labels()]


def test_labels_for_cvat_keep_names_and_colours_and_claim_no_ids(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    write_label_list(path, labels(), "cvat")
    written = json.loads(path.read_text(encoding="utf-8"))
    assert [set(entry) for entry in written] == 3 * [{"name", "color", "type", "attributes"}]
    again = merged(LabelSet(), read_label_list(path))
    assert [(x.name, x.color) for x in again] == [(x.name, x.color) for x in labels()]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bare.json", '["a", "b"]'),
        ("bare.yaml", "- a\n- b\n"),
        ("data.yaml", "path: x\nnc: 2\nnames: [a, b]\n"),
        ("data.yml", "names:\n  0: a\n  1: b\n"),
        ("task.JSON", '{"name": "t", "labels": [{"name": " a "}, {"name": "b\\n", "id": 900}]}'),
        ("bom.json", '\ufeff{"images": [], "categories": [{"name": "a"}, {"name": "b"}]}'),
    ],
)
def test_lists_of_other_tools_are_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_label_list(path) == [ListedLabel(name="a"), ListedLabel(name="b")]


def test_known_names_stay_and_what_is_taken_is_not_taken() -> None:
    new = merged(
        labels(),
        [
            ListedLabel(name="person", key="1", color=(8, 8, 8)),
            ListedLabel(name="horse", key="5", id=7),
            ListedLabel(name="dog", color=(9, 9, 9), id=3, key=""),
            ListedLabel(name="dog", id=4),
        ],
    )
    assert [label.name for label in new] == ["horse", "dog"]
    assert new[0].key == "1", "the first digit that is free"
    assert new[0].id == 1, "254 is taken, so the first id that is free"
    assert new[1] == Label(3, "dog", (9, 9, 9), key=None)


def test_more_labels_than_a_project_holds_are_refused() -> None:
    with pytest.raises(UsageError, match="254"):
        merged(LabelSet(), [ListedLabel(name=f"label {i}") for i in range(255)])


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[]", "3", '[{"name": ""}]', "[3]", '{"labels": 1}', '["a", NaN]']
)
def test_json_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"labels\.json"):
        read_label_list(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "labels:\n",
        "- !!python/object/apply:os.system [true]\n",
        "labels: &x [*x]\n",
        "- name: 3\n",
        "\x00",
    ],
)
def test_yaml_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"labels\.yaml"):
        read_label_list(path)


def test_files_that_are_absent_or_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileReadError):
        read_label_list(tmp_path / "absent.json")
    for name in ("image.json", "image.yaml"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\xff\xfe\x00")
        with pytest.raises(SpnAnnotatorError):
            read_label_list(tmp_path / name)


def test_colours_and_keys_that_are_none_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    entries = [
        {"name": "a", "color": "red", "key": 1},
        {"name": "b", "color": [1, 2, 300], "key": "ab", "id": True},
        {"name": "c", "color": [True, 2, 3], "key": "²", "id": 0},
    ]
    path.write_text(json.dumps(entries))
    plain = ListedLabel(name="a")
    assert read_label_list(path) == [plain, replace(plain, name="b"), replace(plain, name="c")]
