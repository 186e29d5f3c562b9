"""What a format writes it reads back: every pixel, label and object that it can hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet
from spn_annotator.formats.codec import ExportItem, WriteOptions
from spn_annotator.formats.export import export_project
from spn_annotator.formats.images import read_image
from spn_annotator.formats.registry import codec_names, detect_codec, get_codec
from tests.formats.support import (
    FORMATS,
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

NAMED = ("coco", "coco-polygons", "labelme", "png16", "tiff", "npz", "imagefolder")
WITH_PICTURES = (
    "coco",
    "coco-polygons",
    "coco-panoptic",
    "labelme",
    "voc",
    "cvat",
    "yolo",
    "cityscapes",
    "pixelannotationtool",
    "imagefolder",
)


def documents() -> dict[str, Document]:
    return {
        "ulm_000001_000019.png": street(),
        "ulm_000002_000019.png": Document((9, 12), LABELS),
    }


def test_every_format_that_can_be_written_is_tested() -> None:
    writable = {name for name in codec_names() if get_codec(name).traits.writes}
    assert writable == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_data_set_comes_back(tmp_path: Path, name: str) -> None:
    report = export(name, items(tmp_path / "in", documents()), tmp_path / "out")
    assert report.is_clean
    assert (report.images, report.objects) == (2, 5)
    assert all((tmp_path / "out" / file).is_file() for file in report.files)
    found = loaded(read(name, tmp_path / "out"))
    assert sorted(found) == ["ulm_000001_000019", "ulm_000002_000019"]
    for stem, truth in found.items():
        wanted = truth_of(documents()[f"{stem}.png"], LABELS)
        assert np.array_equal(class_names(truth), class_names(wanted))
        if get_codec(name).traits.instances and name != "cityscapes":
            assert same_objects(truth, wanted)
        if name in NAMED:
            assert sorted(truth[1].values()) == sorted(wanted[1].values())
    if name == "cityscapes":
        cars = found["ulm_000001_000019"][1].values()
        assert sorted(label for label, _ in cars) == ["car", "car", "person", "person", "road"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", range(3))
def test_ragged_objects_come_back(tmp_path: Path, name: str, seed: int) -> None:
    document = noise(seed)
    report = export(name, items(tmp_path / "in", {"a.png": document}), tmp_path / "out")
    (found,) = loaded(read(name, tmp_path / "out")).values()
    wanted = truth_of(document, LABELS)
    if name == "yolo":
        # A row holds one polygon, so the parts of an object are joined by lines: the report says
        # what that costs, and reading gives back no less.
        assert report.polygons is not None
        assert report.polygons.changed > 0
        same = class_names(found) == class_names(wanted)
        assert same.mean() > 0.8
        return
    assert np.array_equal(class_names(found), class_names(wanted))
    if get_codec(name).traits.instances and name != "cityscapes":
        assert same_objects(found, wanted)
    if name == "coco-polygons":
        assert report.polygons is not None
        assert (report.polygons.lowest, report.polygons.changed) == (1, 0)


@pytest.mark.parametrize("name", FORMATS)
def test_a_data_set_is_recognised(tmp_path: Path, name: str) -> None:
    export(name, items(tmp_path / "in", documents()), tmp_path / "out")
    wanted = "coco" if name == "coco-polygons" else name
    assert detect_codec(tmp_path / "out").name == wanted


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_pictures_go_along(tmp_path: Path, name: str) -> None:
    given = items(tmp_path / "in", {"a.png": street()})
    export(name, given, tmp_path / "out")
    (item,) = read(name, tmp_path / "out").items
    assert isinstance(item.image, Path)
    assert item.image.is_relative_to(tmp_path / "out")
    found = read_image(item.image).astype(int)
    assert found.shape == (*street().shape, 3)
    if name != "voc":  # which wants JPEG
        assert np.array_equal(found, read_image(tmp_path / "in" / "a.png"))


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_pictures_stay_behind_on_request(tmp_path: Path, name: str) -> None:
    given = items(tmp_path / "in", {"a.png": street()})
    report = export(name, given, tmp_path / "out", options=WriteOptions(images="none"))
    assert report.is_clean
    assert list((tmp_path / "out").rglob("*.jpg")) == []
    if name != "yolo":  # which needs the picture for the size
        (item,) = read(name, tmp_path / "out").items
        assert item.load().object_map.shape == street().shape


@pytest.mark.parametrize("name", FORMATS)
def test_parts_of_a_data_set_stay_apart(tmp_path: Path, name: str) -> None:
    given = [
        ExportItem(item.name, item.load, image=item.image, split=split)
        for item, split in zip(
            items(tmp_path / "in", {"a.png": street(), "b.png": noise(1)}),
            ("train", "val"),
            strict=True,
        )
    ]
    options = WriteOptions(splits=("train", "val"))
    assert export(name, given, tmp_path / "out", options=options).is_clean
    assert (
        sorted(item.split for item in read(name, tmp_path / "out").items)
        == (["", ""] if name == "cvat" else ["train", "val"])
        or name == "cvat"
    )


@pytest.mark.parametrize("name", [n for n in FORMATS if n not in ("labelme", "cityscapes")])
def test_labels_without_an_object_are_kept(tmp_path: Path, name: str) -> None:
    """All but two formats list the labels somewhere."""
    export(name, items(tmp_path / "in", {"a.png": Document((5, 5), LABELS)}), tmp_path / "out")
    dataset = read(name, tmp_path / "out")
    loaded(dataset)
    assert {label.name for label in dataset.labels} == {"road", "car", "person"}


def test_what_is_in_several_formats_agrees(tmp_path: Path) -> None:
    report = export_project(items(tmp_path / "in", documents()), LABELS, tmp_path / "out", FORMATS)
    assert report.is_clean
    maps = [
        class_names(loaded(read(name, tmp_path / "out" / name))["ulm_000001_000019"])
        for name in FORMATS
        if name != "cityscapes"
    ]
    assert all(np.array_equal(found, maps[0]) for found in maps[1:])


@pytest.mark.parametrize("name", ["voc", "cvat"])
def test_too_many_objects_fail_their_image_alone(tmp_path: Path, name: str) -> None:
    many = np.arange(1, 301, dtype=np.uint16).reshape(15, 20)
    crowd = Document(
        many.shape,
        LABELS,
        objects=[AnnotatedObject(number, 24) for number in range(1, 301)],
        object_map=many,
    )
    given = items(tmp_path / "in", {"a.png": crowd, "b.png": street()})
    report = export(name, given, tmp_path / "out")
    assert (report.images, report.failed) == (1, 1)
    assert "300 objects" in report.skipped[0][1]
    assert len(read(name, tmp_path / "out").items) == 1


def test_cityscapes_lists_what_it_has_no_class_for(tmp_path: Path) -> None:
    labels = LABELS.copy()
    cat = labels.add("cat")
    objects = np.array([[1, 2]], np.uint16)
    document = Document(
        (1, 2),
        labels,
        objects=[AnnotatedObject(1, cat.id), AnnotatedObject(2, 26)],
        object_map=objects,
    )
    given = items(tmp_path / "in", {"a.png": document})
    report = export("cityscapes", given, tmp_path / "out", labels=labels)
    assert not report.is_clean
    assert report.dropped == 1
    assert report.skipped == (("a.png, object 1", "Cityscapes has no class 'cat'"),)
    assert report.renamed == {"a.png": "images_000000_000001"}


def test_a_merged_object_is_said_in_the_report(tmp_path: Path) -> None:
    report = export("indexed", items(tmp_path / "in", {"a.png": street()}), tmp_path / "out")
    (note,) = report.notes
    assert "became one" in note
    assert report.notes[note] == ("a.png",)
    written = json.loads((tmp_path / "out" / "export_report.json").read_text())
    assert written["notes"] == [{"note": note, "images": ["a.png"]}]


def test_unknown_keys_of_labelme_survive(tmp_path: Path) -> None:
    export("labelme", items(tmp_path / "in", {"a.png": street()}), tmp_path / "one")
    file = tmp_path / "one" / "a.json"
    content = json.loads(file.read_text())
    content |= {"flags": {"checked": True}, "camera": {"iso": 100}}
    content["shapes"][0] |= {"flags": {"hard": True}, "score": 0.5}
    file.write_text(json.dumps(content))
    dataset = read("labelme", tmp_path / "one")
    export_project(dataset.items, lambda: dataset.labels, tmp_path / "two", ["labelme"], flat=True)
    again = json.loads((tmp_path / "two" / "a.json").read_text())
    assert again["flags"] == {"checked": True}
    assert again["camera"] == {"iso": 100}
    assert again["shapes"][0]["score"] == 0.5
    assert again["shapes"] == content["shapes"]


def test_unknown_keys_of_a_labelme_file_that_is_replaced_survive(tmp_path: Path) -> None:
    given = items(tmp_path / "in", {"a.png": street()})
    export("labelme", given, tmp_path / "out")
    file = tmp_path / "out" / "a.json"
    content = json.loads(file.read_text()) | {"camera": {"iso": 100}}
    file.write_text(json.dumps(content))
    export("labelme", given, tmp_path / "out")
    assert json.loads(file.read_text())["camera"] == {"iso": 100}


def test_strokes_of_pixelannotationtool_come_back_as_sure_ones(tmp_path: Path) -> None:
    rough = np.zeros((4, 6), np.uint16)
    rough[0, :3] = 2
    sure = np.zeros((4, 6), np.uint16)
    sure[1, 1] = 2
    document = Document(
        (4, 6),
        LABELS,
        objects=[AnnotatedObject(1, 26)],
        object_map=np.ones((4, 6), np.uint16),
        rough_map=rough,
        sure_map=sure,
    )
    given = items(tmp_path / "in", {"a.png": document})
    export("pixelannotationtool", given, tmp_path / "out")
    (item,) = read("pixelannotationtool", tmp_path / "out").items
    found = item.load()
    (number,) = found.objects
    assert np.array_equal(found.sure_map == number + 1, (rough > 0) | (sure > 0))


def test_labels_that_turn_up_late_keep_the_numbers_of_earlier_ones(tmp_path: Path) -> None:
    """Converting knows the labels of later images only when they are read."""
    for name in ("voc", "yolo", "cvat"):
        known = LabelSet()

        def load(label_id: int, known: LabelSet = known) -> Document:
            known._put(LABELS.get(label_id))
            return Document(
                (3, 3),
                known,
                objects=[AnnotatedObject(1, label_id)],
                object_map=np.ones((3, 3), np.uint16),
            )

        given = [
            ExportItem(f"{i}.png", lambda i=i: load(i), image=item.image)
            for i, item in (
                (i, items(tmp_path / name, {f"{i}.png": Document((3, 3), LABELS)})[0])
                for i in (26, 24, 7)
            )
        ]
        out = tmp_path / name / "out"
        assert export_project(
            given, lambda known=known: known.copy(), out, [name], flat=True
        ).is_clean
        found = {stem: set(class_names(t).ravel()) for stem, t in loaded(read(name, out)).items()}
        assert found == {"26": {"car"}, "24": {"person"}, "7": {"road"}}
