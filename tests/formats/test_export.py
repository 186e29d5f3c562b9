"""Annotations out: what is written is what was annotated, and what is not is listed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet
from spn_annotator.errors import FileReadError, SaveError, UsageError
from spn_annotator.formats.export import (
    ExportItem,
    ExportReport,
    export_document,
    export_project,
    label_palette,
)
from spn_annotator.formats.masks import read_label_map


def some_labels(*names: str) -> LabelSet:
    labels = LabelSet()
    for name in names or ("cat", "dog"):
        labels.add(name)
    return labels


def ring(labels: LabelSet) -> Document:
    """Return a document with a ring of label 1 and, inside its hole, a dot of label 2."""
    objects = np.zeros((9, 11), np.uint16)
    objects[1:8, 1:8] = 5
    objects[3:6, 3:6] = 0
    objects[4, 4] = 6
    return Document(
        (9, 11),
        labels,
        objects=[AnnotatedObject(5, 1, "ring"), AnnotatedObject(6, 2), AnnotatedObject(7, 2)],
        object_map=objects,
    )


def item(name: str, document: Document) -> ExportItem:
    return ExportItem(name, lambda: document)


def files(report: ExportReport) -> set[str]:
    found = {
        path.relative_to(report.folder).as_posix()
        for path in report.folder.rglob("*")
        if path.is_file()
    }
    return found - {"export_report.json"}


class TestContent:
    def test_indexed_maps_hold_label_ids_in_the_colours_of_the_labels(self, tmp_path: Path) -> None:
        labels = some_labels()
        document = ring(labels)
        export_document(document, "a.jpg", labels, tmp_path, ["indexed"])
        file = read_label_map(tmp_path / "indexed" / "a.png", unknown=None)
        assert file.mode == "P"
        assert np.array_equal(file.array, document.class_map())
        assert file.palette == label_palette(labels)
        with Image.open(tmp_path / "indexed" / "a.png") as image:
            rgb = np.array(image.convert("RGB"))
        assert tuple(rgb[1, 1]) == labels.get(1).color
        assert tuple(rgb[0, 0]) == (0, 0, 0)

    def test_binary_maps_are_0_and_255_for_each_label_that_occurs(self, tmp_path: Path) -> None:
        labels = some_labels("cat", "dog", "bird")
        document = ring(labels)
        report = export_document(document, "a.jpg", labels, tmp_path, ["binary"])
        assert files(report) == {"binary/a/cat.png", "binary/a/dog.png", "binary/labels.json"}
        for label in (1, 2):
            name = labels.get(label).name
            file = read_label_map(tmp_path / "binary" / "a" / f"{name}.png")
            assert file.is_binary
            assert np.array_equal(file.array == 255, document.class_map() == label)

    def test_a_label_that_is_gone_takes_its_old_binary_map_with_it(self, tmp_path: Path) -> None:
        labels = some_labels()
        export_document(ring(labels), "a.jpg", labels, tmp_path, ["binary"])
        (tmp_path / "binary" / "a" / "mine.png").touch()
        document = ring(labels)
        document.remove_object(6)
        report = export_document(document, "a.jpg", labels, tmp_path, ["binary"])
        assert files(report) == {"binary/a/cat.png", "binary/a/mine.png", "binary/labels.json"}

    # pycocotools' decoder is older than the copy keyword of NumPy 2.
    @pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
    def test_coco_masks_are_ours_to_the_pixel(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        labels = some_labels()
        document = ring(labels)
        export_document(document, "sub/a.jpg", labels, tmp_path, ["coco"])
        coco = COCO(str(tmp_path / "coco" / "instances.json"))
        capsys.readouterr()
        assert [entry["file_name"] for entry in coco.loadImgs(coco.getImgIds())] == ["sub/a.jpg"]
        names = {entry["id"]: entry["name"] for entry in coco.loadCats(coco.getCatIds())}
        assert names == {1: "cat", 2: "dog"}
        first, second = coco.loadAnns(coco.getAnnIds())
        for annotation, object_id in ((first, 5), (second, 6)):
            mask = document.object_map == object_id
            assert np.array_equal(coco.annToMask(annotation), mask)
            assert annotation["area"] == mask.sum()
        assert first["bbox"] == [1, 1, 7, 7]
        assert second["bbox"] == [4, 4, 1, 1]
        assert (first["category_id"], second["category_id"]) == (1, 2)

    def test_an_image_without_objects_is_written_in_every_format(self, tmp_path: Path) -> None:
        labels = some_labels()
        report = export_document(Document((4, 5), labels), "a.jpg", labels, tmp_path)
        assert report.images == 1
        assert read_label_map(tmp_path / "indexed" / "a.png").array.max() == 0
        coco = json.loads((tmp_path / "coco" / "instances.json").read_text())
        assert [image["file_name"] for image in coco["images"]] == ["a.jpg"]
        assert coco["annotations"] == []


class TestReport:
    def test_counts_what_was_written_and_lists_what_was_not(self, tmp_path: Path) -> None:
        labels = some_labels()

        def broken() -> Document:
            raise FileReadError("is damaged", path="b.jpg")

        report = export_project(
            [item("a.jpg", ring(labels)), ExportItem("b.jpg", broken)], labels, tmp_path
        )
        assert (report.images, report.objects, report.failed) == (1, 2, 1)
        assert not report.is_clean
        assert report.skipped == (
            ("a.jpg, object 7", "it has no pixels"),
            ("b.jpg", "b.jpg: is damaged"),
        )
        assert {path.as_posix() for path in report.files} == files(report)
        written = json.loads((tmp_path / "export_report.json").read_text())
        assert written["images"] == 1
        assert {"name": "b.jpg", "reason": "b.jpg: is damaged"} in written["skipped"]

    def test_an_unknown_label_id_fails_its_image_alone(self, tmp_path: Path) -> None:
        document = ring(some_labels())
        labels = some_labels("cat")
        report = export_project(
            [item("a.jpg", document), item("b.jpg", Document((3, 3), labels))], labels, tmp_path
        )
        assert report.images == 1
        name, reason = report.skipped[0]
        assert name == "a.jpg"
        assert reason == (
            "a.jpg: has an object of the unknown label id 2. "
            "Add the label or give the object another one"
        )
        assert "indexed/a.png" not in files(report)

    def test_progress_counts_the_images(self, tmp_path: Path) -> None:
        labels = some_labels()
        seen: list[int] = []
        items = [item(name, Document((3, 3), labels)) for name in ("a.jpg", "b.jpg")]
        export_project(items, labels, tmp_path, ["indexed"], progress=seen.append)
        assert seen == [1, 2]


class TestNames:
    def test_images_of_one_stem_get_files_of_their_own(self, tmp_path: Path) -> None:
        labels = some_labels()
        items = [item(name, Document((3, 3), labels)) for name in ("a.jpg", "a.png", "A.tif")]
        report = export_project(items, labels, tmp_path, ["indexed"])
        maps = {"indexed/a.png", "indexed/a_2.png", "indexed/A_3.png"}
        assert files(report) == {*maps, "indexed/labels.json"}
        assert report.renamed == {"a.png": "a_2", "A.tif": "A_3"}

    @pytest.mark.parametrize("name", ["../../b.jpg", "/etc/b.jpg", "sub/../../b.jpg"])
    def test_nothing_leaves_the_folder(self, tmp_path: Path, name: str) -> None:
        labels = some_labels()
        out = tmp_path / "deep" / "out"
        export_document(ring(labels), name, labels, out)
        assert [path.name for path in tmp_path.iterdir()] == ["deep"]
        assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
        coco = json.loads((out / "coco" / "instances.json").read_text())
        assert coco["images"][0]["file_name"] == "b.jpg"

    def test_label_names_become_file_names(self, tmp_path: Path) -> None:
        labels = some_labels("../up", "a/b", "a:b", "CON", "Кот", "A/B")
        objects = np.arange(1, 7, dtype=np.uint16)[None]
        document = Document(
            (1, 6),
            labels,
            objects=[AnnotatedObject(number, number) for number in range(1, 7)],
            object_map=objects,
        )
        report = export_document(document, "x.jpg", labels, tmp_path, ["binary"])
        assert files(report) == {
            "binary/x/_up.png",
            "binary/x/a_b.png",
            "binary/x/a_b_2.png",
            "binary/x/_CON.png",
            "binary/x/Кот.png",
            "binary/x/A_B_3.png",
            "binary/labels.json",
        }


class TestArguments:
    @pytest.mark.parametrize("formats", [[], ["nonsense"], ["images"]])
    def test_formats_that_do_not_exist_are_refused(self, tmp_path: Path, formats: list) -> None:
        with pytest.raises(UsageError, match="indexed, binary, coco"):
            export_project([], some_labels(), tmp_path / "out", formats)
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_place_of_the_folder_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "out").touch()
        with pytest.raises(SaveError, match="is a file"):
            export_project([], some_labels(), tmp_path / "out")


def test_runs_are_coded_like_those_of_pycocotools(tmp_path: Path) -> None:
    from spn_annotator.formats.coco import encode_objects

    rng = np.random.default_rng(1)
    for shape in [(1, 1), (1, 9), (9, 1), (23, 31)]:
        for _ in range(25):
            objects = rng.integers(0, 4, shape).astype(np.uint16)
            found = dict(encode_objects(objects))
            assert set(found) == set(np.unique(objects).tolist()) - {0}
            for number, rle in found.items():
                mask = np.asfortranarray((objects == number).astype(np.uint8))
                assert rle == coco_mask.encode(mask)
