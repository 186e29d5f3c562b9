"""import, export, convert and info, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator import cli
from spn_annotator.formats.images import read_image
from spn_annotator.project import Project, Status
from tests.cli.support import files, one_line
from tests.formats.support import (
    LABELS,
    class_names,
    export,
    items,
    loaded,
    noise,
    read,
    same_objects,
    street,
    truth_of,
)


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """A COCO data set of two images."""
    given = items(tmp_path / "in", {"a.png": street(), "b.png": noise(1)})
    export("coco", given, tmp_path / "coco")
    return tmp_path / "coco"


@pytest.fixture
def project(tmp_path: Path, coco: Path) -> Path:
    """A project that this data set was imported into."""
    assert run("import", coco, "--project", tmp_path / "project") == 0
    return tmp_path / "project"


def test_import_brings_pictures_labels_and_objects(
    tmp_path: Path, coco: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    assert run("import", coco, "--project", project) == 0
    assert "COCO instances: 2 images with 9 objects; 2 pictures copied" in capsys.readouterr().out
    with Project.open(project, create=False) as opened:
        assert {label.id: label.name for label in opened.labels} == {
            7: "road",
            24: "person",
            26: "car",
        }
        for name, wanted in (("a.png", street()), ("b.png", noise(1))):
            record = opened.find(name)
            assert record is not None
            assert record.status is Status.IN_PROGRESS
            found = opened.load(record.id)
            assert same_objects(truth_of(found, opened.labels), truth_of(wanted, LABELS))
    assert np.array_equal(read_image(project / "a.png"), read_image(tmp_path / "in" / "a.png"))


def test_import_keeps_what_was_annotated_unless_told(coco: Path, project: Path) -> None:
    assert run("import", coco, "--project", project) == 1
    assert run("import", coco, "--project", project, "--replace", "--status", "accepted") == 0
    with Project.open(project, create=False) as opened:
        assert {record.status for record in opened.images()} == {Status.ACCEPTED}
        assert len(opened.images()) == 2


def test_import_uses_the_pictures_that_the_project_has(tmp_path: Path, coco: Path) -> None:
    folder = tmp_path / "project"
    items(folder, {"a.png": street(), "b.png": noise(1)})
    for path in (coco / "images").iterdir():
        path.unlink()
    assert run("import", coco, "--project", folder) == 0
    with Project.open(folder, create=False) as opened:
        assert [record.path for record in opened.images()] == ["a.png", "b.png"]
        assert all(record.saved for record in opened.images())


def test_import_gives_another_name_to_another_picture_of_a_name(tmp_path: Path, coco: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    Image.new("RGB", (5, 5)).save(folder / "a.png")
    assert run("import", coco, "--project", folder) == 0
    with Project.open(folder, create=False) as opened:
        saved = {record.path: record.saved for record in opened.images()}
    assert saved == {"a.png": False, "a_2.png": True, "b.png": True}


def test_import_matches_labels_by_name(tmp_path: Path, coco: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    with Project.open(folder) as opened:
        labels = opened.labels.copy()
        labels.add("car")
        for number in range(2, 25):
            labels.add(f"other {number}")
        opened.save_labels(labels)
    assert run("import", coco, "--project", folder) == 0
    with Project.open(folder, create=False) as opened:
        record = opened.find("a.png")
        assert record is not None
        found = class_names(truth_of(opened.load(record.id), opened.labels))
        assert np.array_equal(found, class_names(truth_of(street(), LABELS)))
        names = [label.name for label in opened.labels]
        assert len(names) == len(set(names)) == 26


def test_a_picture_of_another_size_is_left_out_and_the_rest_comes(
    tmp_path: Path, coco: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (5, 5)).save(coco / "images" / "a.png")
    report = tmp_path / "report.json"
    assert run("import", coco, "--project", tmp_path / "project", "--json", report) == 1
    written = json.loads(report.read_text())
    assert (written["images"], written["failed"]) == (1, 1)
    assert "its image a.png is 5 x 5" in written["skipped"][0]["reason"]
    assert "1 image and 0 objects left out" in capsys.readouterr().out


def test_pages_of_a_tiff_become_images(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pages = [rng.integers(0, 4096, (6, 8)).astype(np.uint16) for _ in range(3)]
    first, *more = [Image.fromarray(page) for page in pages]
    (tmp_path / "in").mkdir()
    first.save(tmp_path / "in" / "stack.tif", save_all=True, append_images=more)
    assert run("import", tmp_path / "in", "--project", tmp_path / "project") == 0
    for number, page in enumerate(pages, start=1):
        with Image.open(tmp_path / "project" / f"stack_p{number:03}.tif") as image:
            assert np.array_equal(np.array(image), page)
    with Project.open(tmp_path / "project", create=False) as opened:
        assert {record.status for record in opened.images()} == {Status.TODO}


def test_export_of_what_was_imported_is_the_same(tmp_path: Path, project: Path) -> None:
    assert run("export", project, "--format", "labelme", "--out", tmp_path / "out") == 0
    found = loaded(read("labelme", tmp_path / "out"))
    assert same_objects(found["a"], truth_of(street(), LABELS))


def test_export_splits_and_says_what_it_left_out(tmp_path: Path, project: Path) -> None:
    items(project, {"c.png": noise(2)})
    with Project.open(project) as opened:
        opened.scan()
    out = tmp_path / "out"
    split = ("--split", "train=0.5,val=0.5")
    assert run("export", project, "--format", "yolo", "--out", out, *split) == 0
    for part in ("train", "val"):
        assert len(list((out / "labels" / part).iterdir())) == 1
    notes = json.loads((out / "export_report.json").read_text())["notes"]
    assert {"note": "left out: without annotations", "images": ["c.png"]} in notes


def test_export_takes_a_status_alone(tmp_path: Path, project: Path) -> None:
    with Project.open(project) as opened:
        record = opened.find("b.png")
        assert record is not None
        opened.set_status(record.id, Status.ACCEPTED)
    options = ("--status", "accepted", "--no-images")
    assert run("export", project, "--format", "indexed", "--out", tmp_path / "out", *options) == 0
    assert files(tmp_path / "out") == ["b.png", "export_report.json", "labels.json"]


def test_export_that_loses_something_ends_in_1(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "a.png").unlink()
    assert run("export", project, "--format", "voc", "--out", tmp_path / "out") == 1
    assert "the image is missing" in capsys.readouterr().out
    assert (tmp_path / "out" / "SegmentationClass" / "b.png").is_file()


def test_convert_needs_no_project(tmp_path: Path, coco: Path) -> None:
    assert run("convert", coco, "--to", "cvat", "--out", tmp_path / "out") == 0
    found = loaded(read("cvat", tmp_path / "out"))
    assert same_objects(found["a"], truth_of(street(), LABELS))


def test_convert_counts_what_cannot_be_read(tmp_path: Path, coco: Path) -> None:
    content = json.loads((coco / "instances.json").read_text())
    content["annotations"][0]["category_id"] = 99
    content["images"].append({"id": 9, "file_name": "../../x.png", "width": 5, "height": 5})
    (coco / "instances.json").write_text(json.dumps(content))
    assert run("convert", coco, "--to", "png16", "--out", tmp_path / "out") == 1
    report = json.loads((tmp_path / "out" / "export_report.json").read_text())
    assert (report["images"], report["failed"], report["dropped"]) == (2, 1, 1)


def test_info_of_projects_and_data_sets(
    coco: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("info", project) == 0
    said = capsys.readouterr().out
    assert "2 images, 0 missing" in said
    assert "in progress: 2" in said
    assert "The project file is sound." in said
    assert run("info", coco) == 0
    assert "COCO instances (coco)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("convert", "{nothing}", "--to", "voc", "--out", "{out}"), "does not exist"),
        (("convert", "{coco}", "--to", "nonsense", "--out", "{out}"), "no export format nonsense"),
        (("convert", "{coco}", "--to", "voc", "--out", "{coco}"), "is where the data is read from"),
        (("import", "{coco}", "--project", "{out}", "--from", "x"), "there is no format x"),
        (("export", "{out}", "--format", "voc", "--out", "{out}2"), "is no folder"),
        (
            ("convert", "{coco}", "--to", "voc", "--out", "{out}", "--split", "train=0.8"),
            "add up to 0.8",
        ),
        (
            ("convert", "{coco}", "--to", "voc", "--out", "{out}", "--split", "../x=1"),
            "is no split",
        ),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path,
    coco: Path,
    arguments: tuple[str, ...],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = {"nothing": tmp_path / "nothing", "coco": coco, "out": tmp_path / "out"}
    capsys.readouterr()
    assert run(*(argument.format(**places) for argument in arguments)) in (1, 2)
    assert message in one_line(capsys.readouterr().err)


def test_limits_can_be_set(tmp_path: Path, coco: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(*options: str) -> int:
        return run("convert", coco, "--to", "voc", "--out", tmp_path / "out", *options)

    assert convert("--max-pixels", "600") == 1  # a.png has 713, b.png 513
    monkeypatch.setenv("SPN_ANNOTATOR_MAX_PIXELS", "600")
    assert convert() == 1
    assert convert("--max-pixels", "1000") == 0
    monkeypatch.setenv("SPN_ANNOTATOR_MAX_PIXELS", "many")
    assert convert() == 2
