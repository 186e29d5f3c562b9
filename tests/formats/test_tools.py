"""The tools themselves judge: they read what is written here, and what they write is read here.

pycocotools is a dependency of the program, imgviz one of its tests. The others are heavy, or bring
another Qt or OpenCV: `make test` installs them without their dependencies into a folder of their
own (``tools.txt``), and they are asked in a process of their own. Where that folder is missing,
their tests are skipped; `make test-formats` sets SPN_ANNOTATOR_FORMAT_TOOLS_REQUIRED, and none is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from spn_annotator.annotation import Document
from spn_annotator.formats.codecs.cityscapes import LABELS as CITY_LABELS
from spn_annotator.formats.images import read_image
from spn_annotator.formats.palettes import voc_palette
from spn_annotator.formats.registry import detect_codec
from tests.formats import tool_side
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

FOLDER = Path(sys.prefix) / "format-tools"
REQUIRED = bool(os.environ.get("SPN_ANNOTATOR_FORMAT_TOOLS_REQUIRED"))
# What a tool is called, and where it lies.
MODULES = {"cityscapes": "cityscapesscripts"}


def ask(tool: str, what: str, folder: Path) -> dict[str, np.ndarray]:
    """Let a tool read from or write to a folder, and return what it says."""
    module = MODULES.get(tool, tool)
    if not (FOLDER / module).is_dir() and find_spec(module) is None:
        assert not REQUIRED, f"{module} is missing"
        pytest.skip(f"{module} is not installed: make test-formats")
    answer = folder.parent / f"{tool}_{what}.npz"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", tool_side.__file__, f"{tool}_{what}", folder, answer],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(FOLDER), "HF_DATASETS_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with np.load(answer) as found:
        return dict(found)


def written(name: str, tmp_path: Path, document: Document | None = None) -> Path:
    """Write a data set of one image and return its folder."""
    out = tmp_path / "out"
    export(name, items(tmp_path / "in", {"a.png": document or street()}), out)
    return out


def composed(masks: np.ndarray, names: np.ndarray) -> tuple[np.ndarray, dict]:
    """Return masks that do not overlap as what `truth_of` returns."""
    numbers = np.zeros(masks.shape[1:], np.uint16)
    for number, mask in enumerate(masks, start=1):
        numbers[mask.astype(bool)] = number
    return numbers, {number: (str(name), "") for number, name in enumerate(names, start=1)}


def expected(document: Document | None = None) -> tuple[np.ndarray, dict]:
    return truth_of(document or street(), LABELS)


# pycocotools' decoder is older than the copy keyword of NumPy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("name", ["coco", "coco-polygons"])
@pytest.mark.parametrize("seed", [None, 0, 1])
def test_pycocotools_sees_the_same_masks(
    tmp_path: Path, name: str, seed: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    document = street() if seed is None else noise(seed)
    coco = COCO(str(written(name, tmp_path, document) / "instances.json"))
    capsys.readouterr()
    numbers = sorted(set(np.unique(document.object_map).tolist()) - {0})
    annotations = coco.loadAnns(coco.getAnnIds())
    for number, annotation in zip(numbers, annotations, strict=True):
        mask = document.object_map == number
        assert np.array_equal(coco.annToMask(annotation), mask)
        assert annotation["area"] == mask.sum()
        (category,) = coco.loadCats(annotation["category_id"])
        assert category["name"] == LABELS.get(document.objects[number].label_id).name


def test_labelme_sees_the_same_labels_and_objects(tmp_path: Path) -> None:
    found = ask("labelme", "read", written("labelme", tmp_path))
    assert np.array_equal(found["a_classes"], street().class_map())
    objects = found["a_objects"]
    assert same_objects((objects, dict.fromkeys(set(np.unique(objects)) - {0})), expected())


def test_what_labelme_draws_is_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("labelme", "write", folder)
    truth = loaded(read("labelme", folder))["a"]
    names = {"road": 7, "person": 24, "car": 26, "": 0}
    classes = np.vectorize(names.get)(class_names(truth))
    assert np.array_equal(classes, found["classes"])
    objects = found["objects"]
    assert same_objects(truth, (objects, dict.fromkeys(set(np.unique(objects)) - {0})))


def test_supervision_sees_the_same_masks_in_yolo_files(tmp_path: Path) -> None:
    found = ask("supervision", "read", written("yolo", tmp_path))
    names = found["names"][found["a_ids"]]
    truth = composed(found["a_masks"], names)
    assert found["a_masks"].sum() == (truth[0] > 0).sum()
    assert same_objects(truth, expected())
    assert np.array_equal(class_names(truth), class_names(expected()))


def test_yolo_files_of_supervision_are_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("supervision", "write", folder)
    assert detect_codec(folder).name == "yolo"
    (truth,) = loaded(read("yolo", folder)).values()
    wanted = composed(found["masks"], found["names"])
    assert same_objects(truth, wanted)
    assert np.array_equal(class_names(truth), class_names(wanted))


@pytest.mark.parametrize(("name", "tool"), [("cvat", ""), ("coco-panoptic", "panoptic_")])
def test_datumaro_sees_the_same_objects(tmp_path: Path, name: str, tool: str) -> None:
    found = ask("datumaro", f"{tool}read", written(name, tmp_path))
    truth = composed(found["a_masks"], found["a_names"])
    assert same_objects(truth, expected())
    assert np.array_equal(class_names(truth), class_names(expected()))


def test_segmentation_masks_of_datumaro_are_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("datumaro", "write", folder)
    assert detect_codec(folder).name == "cvat"
    dataset = read("cvat", folder)
    (truth,) = loaded(dataset).values()
    wanted = composed(found["masks"], found["names"])
    assert same_objects(truth, wanted)
    assert np.array_equal(class_names(truth), class_names(wanted))
    assert {label.name: label.color for label in dataset.labels} == {
        "cat": (10, 20, 30),
        "dog": (250, 0, 5),
    }


def test_cityscapes_scripts_know_the_same_ids_and_count_the_same_objects(tmp_path: Path) -> None:
    found = ask("cityscapes", "read", written("cityscapes", tmp_path))
    rows = [json.loads(row) for row in found["table"].tolist()]
    theirs = {(r[0], r[1], tuple(json.loads(r[2])), r[3]) for r in rows if r[0] > 0}
    assert {(c.id, c.name, c.color, c.instances) for c in CITY_LABELS} == theirs
    areas = {name: sorted(sizes) for name, sizes in json.loads(str(found["found"])).items()}
    numbers, counts = np.unique(street().object_map, return_counts=True)
    wanted: dict[str, list[int]] = {}
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        name = LABELS.get(street().objects[number].label_id).name if number else "unlabeled"
        wanted[name] = sorted([*wanted.get(name, []), count])
    assert areas == wanted


def test_maps_of_cityscapes_scripts_are_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("cityscapes", "write", folder)
    assert detect_codec(folder).name == "cityscapes"
    (truth,) = loaded(read("cityscapes", folder)).values()
    names = {label.id: label.name for label in CITY_LABELS} | {0: ""}
    assert np.array_equal(class_names(truth), np.vectorize(names.get)(found["labelIds"]))
    numbers = found["instanceIds"]
    assert same_objects(truth, (numbers, dict.fromkeys(set(np.unique(numbers).tolist()) - {0})))


def test_coco_files_of_datumaro_are_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("datumaro", "coco_write", folder)
    assert detect_codec(folder).name == "coco"
    dataset = read("coco", folder)
    (item,) = dataset.items
    assert item.load().overlap == (found["masks"].sum(axis=0) - 1).clip(0).sum() > 0
    (truth,) = loaded(dataset).values()
    wanted = composed(found["masks"], found["names"])
    assert same_objects(truth, wanted)
    assert np.array_equal(class_names(truth), class_names(wanted))


def test_imgviz_has_the_same_colours_and_reads_the_same_indices(tmp_path: Path) -> None:
    folder = written("voc", tmp_path)
    found = ask("imgviz", "read", folder)
    assert found["colors"].tobytes() == voc_palette()
    names = (folder / "class_names.txt").read_text().splitlines()
    read_back = np.array(names)[found["a"]]
    wanted = class_names(expected())
    assert np.array_equal(np.where(read_back == "_background_", "", read_back), wanted)


def test_label_maps_of_imgviz_are_read_to_the_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    found = ask("imgviz", "write", folder)
    truth = loaded(read("voc", folder))["a"]
    names = {0: "", 12: "dog", 15: "person"}
    wanted = np.vectorize(names.get)(found["classes"])
    assert np.array_equal(class_names(truth), wanted)


def test_voc_reads_as_torchvision_reads_it(tmp_path: Path) -> None:
    """As torchvision.datasets.VOCSegmentation finds its files: by the names in a list."""
    folder = written("voc", tmp_path)
    stems = (folder / "ImageSets" / "Segmentation" / "train.txt").read_text().splitlines()
    assert stems == ["a"]
    with Image.open(folder / "JPEGImages" / "a.jpg") as image:
        assert image.convert("RGB").size == (31, 23)
    with Image.open(folder / "SegmentationClass" / "a.png") as target:
        values = np.array(target)
    assert values.shape == (23, 31)
    assert sorted(np.unique(values).tolist()) == [0, 1, 2, 3]


def test_datasets_loads_pictures_masks_and_objects(tmp_path: Path) -> None:
    found = ask("datasets", "read", written("imagefolder", tmp_path))
    assert np.array_equal(found["train_0_image"], read_image(tmp_path / "in" / "a.png"))
    assert np.array_equal(found["train_0_mask"], street().class_map())
    assert np.array_equal(found["train_0_objects"], street().object_map)
    rows = json.loads(str(found["train_0_rows"]))
    assert [row["id"] for row in rows] == [3, 9, 40, 41, 500]
    assert rows[2]["bbox"] == [4, 3, 10, 7]


def test_panoptic_ids_and_areas_follow_the_rule_of_panopticapi(tmp_path: Path) -> None:
    """It is on no package index: its rule for ids stands here, and datumaro's reader above."""
    folder = written("coco-panoptic", tmp_path)
    with Image.open(folder / "panoptic" / "a.png") as image:
        colors = np.array(image).astype(np.uint32)
    ids = colors[..., 0] + 256 * colors[..., 1] + 256 * 256 * colors[..., 2]
    assert np.array_equal(ids, street().object_map)
    entry = json.loads((folder / "panoptic.json").read_text())["annotations"][0]
    areas = {segment["id"]: segment["area"] for segment in entry["segments_info"]}
    numbers, counts = np.unique(ids[ids > 0], return_counts=True)
    assert areas == dict(zip(numbers.tolist(), counts.tolist(), strict=True))
