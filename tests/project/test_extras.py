"""What other tools say beyond labels and pixels goes through a project and comes out again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject
from spn_annotator.errors import FormatError
from spn_annotator.formats.export import export_project
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import get_codec
from spn_annotator.project import PROJECT_NAME, Project
from spn_annotator.project.exporting import export_items
from spn_annotator.project.importing import import_dataset
from tests.formats.support import export, items, street


@pytest.fixture
def labelme(tmp_path: Path) -> Path:
    """A labelme data set whose file says more than this program knows."""
    export("labelme", items(tmp_path / "in", {"a.png": street()}), tmp_path / "labelme")
    file = tmp_path / "labelme" / "a.json"
    content = json.loads(file.read_text())
    content |= {"flags": {"checked": True}, "camera": {"iso": 100}, "odd \ud800": [1.5, None, "ü"]}
    for number, shape in enumerate(content["shapes"]):
        shape |= {"flags": {"hard": bool(number % 2)}, "score": number / 8, "group_id": number}
    file.write_text(json.dumps(content))
    return tmp_path / "labelme"


@pytest.fixture
def project(tmp_path: Path, labelme: Path) -> Iterator[Project]:
    (tmp_path / "p").mkdir()
    with Project.open(tmp_path / "p") as opened:
        assert take(opened, "labelme", labelme).is_clean
        yield opened


def take(project: Project, name: str, folder: Path, **options: bool) -> Any:
    return import_dataset(get_codec(name).read(folder, Limits()), project, **options)


def give(project: Project, name: str, out: Path) -> Any:
    chosen, _ = export_items(project)
    assert export_project(chosen, project.labels, out, [name], flat=True).is_clean
    return json.loads((out / ("a.json" if name == "labelme" else "instances.json")).read_text())


def test_unknown_keys_of_labelme_go_through_a_project(
    tmp_path: Path, labelme: Path, project: Project
) -> None:
    again = give(project, "labelme", tmp_path / "out")
    assert again == json.loads((labelme / "a.json").read_text())


def test_they_stay_when_the_image_is_worked_on_and_the_project_opened_again(
    tmp_path: Path, labelme: Path, project: Project
) -> None:
    document = project.load(1)
    with document.begin_stroke(kind="rough", object_id=1) as stroke:
        stroke.segment((2, 20), (9, 20), 2)
    project.save(1, document)
    project.close()
    with Project.open(tmp_path / "p") as opened:
        again = give(opened, "labelme", tmp_path / "out")
    before = json.loads((labelme / "a.json").read_text())
    assert [shape["score"] for shape in again["shapes"]] == [
        shape["score"] for shape in before["shapes"]
    ]
    assert again["camera"] == {"iso": 100}


def test_what_is_said_of_an_object_goes_with_it_and_comes_back_with_undo(
    tmp_path: Path, project: Project
) -> None:
    document = project.load(1)
    last = max(document.objects)
    document.remove_object(last)
    project.save(1, document)
    shapes = give(project, "labelme", tmp_path / "without")["shapes"]
    assert [shape["score"] for shape in shapes] == [number / 8 for number in range(4)]
    document.undo()
    project.save(1, document)
    shapes = give(project, "labelme", tmp_path / "with")["shapes"]
    assert [shape["score"] for shape in shapes] == [number / 8 for number in range(5)]


def test_a_new_object_with_the_number_of_a_removed_one_inherits_nothing(
    tmp_path: Path, project: Project
) -> None:
    document = project.load(1)
    last = max(document.objects)
    document.remove_object(last)
    new = document.add_object(project.labels.by_name("car").id)
    assert new.id == last
    far = np.zeros(document.shape, bool)
    far[-4:, -4:] = True
    document.fill_mask(far, object_id=last, kind="rough")
    project.save(1, document)
    shape = give(project, "labelme", tmp_path / "out")["shapes"][-1]
    assert "score" not in shape
    assert (shape["flags"], shape["group_id"]) == ({}, None)


def test_another_import_takes_the_place_of_what_was_said(
    tmp_path: Path, labelme: Path, project: Project
) -> None:
    file = labelme / "a.json"
    content = json.loads(file.read_text())
    del content["camera"]
    file.write_text(json.dumps(content))
    assert take(project, "labelme", labelme, replace_existing=True).is_clean
    assert "camera" not in give(project, "labelme", tmp_path / "out")


def test_attributes_of_coco_go_through_a_project(tmp_path: Path) -> None:
    export("coco", items(tmp_path / "in", {"a.png": street()}), tmp_path / "coco")
    file = tmp_path / "coco" / "instances.json"
    content = json.loads(file.read_text())
    content["images"][0] |= {"coco_url": "http://example.org/a.png", "date_captured": "2020"}
    content["annotations"][0] |= {"iscrowd": 1, "score": 0.25}
    content["annotations"][1]["attributes"] |= {"occluded": True}
    file.write_text(json.dumps(content))
    (tmp_path / "p").mkdir()
    with Project.open(tmp_path / "p") as project:
        assert take(project, "coco", tmp_path / "coco").is_clean
        again = give(project, "coco", tmp_path / "out")
        document = project.load(1)
        document.replace_object(AnnotatedObject(2, document.objects[2].label_id, "another name"))
        project.save(1, document)
        renamed = give(project, "coco", tmp_path / "renamed")
    assert again["images"] == content["images"]
    assert again["annotations"] == content["annotations"]
    assert renamed["annotations"][1]["attributes"] == {"name": "another name", "occluded": True}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "3",
        "[" * 100_000,
        '{"image": 1}',
        '{"image": {}}',
        '{"image": {}, "objects": {"1": 2}}',
        '{"image": {}, "objects": {"x": {"box": [0, 0, 9, 9], "values": {}}}}',
        '{"image": {}, "objects": {"1": {"box": [0, 0, 9], "values": {}}}}',
    ],
)
def test_damage_is_told_and_fails_the_export_of_that_image_alone(
    tmp_path: Path, project: Project, text: str
) -> None:
    other = sqlite3.connect(tmp_path / "p" / PROJECT_NAME)
    with other:
        other.execute("UPDATE extra SET content = ?", (text,))
    other.close()
    document = project.load(1)
    with pytest.raises(FormatError, match="is damaged"):
        project.extra(1, document)
    chosen, _ = export_items(project)
    report = export_project(chosen, project.labels, tmp_path / "out", ["labelme"])
    assert (report.images, report.failed) == (0, 1)
