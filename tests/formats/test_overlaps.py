"""Objects that overlap where they come from: one rule settles it, and the reports say so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from spn_annotator import cli
from spn_annotator.formats.composing import LATER_WINS, PRIORITY_WINS
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import get_codec
from spn_annotator.project import Project
from tests.formats.support import class_names, picture, truth_of

SHAPE = (20, 30)
# Left, top, right and bottom: the dog covers a part of the cat, and the bird a part of both.
BOXES = {"cat": (2, 2, 16, 12), "dog": (10, 6, 26, 16), "bird": (12, 0, 18, 9)}
MASKS = {}
for _name, (_left, _top, _right, _bottom) in BOXES.items():
    MASKS[_name] = np.zeros(SHAPE, bool)
    MASKS[_name][_top:_bottom, _left:_right] = True
CLAIMED_TWICE = sum(int(mask.sum()) for mask in MASKS.values()) - int(
    np.any(list(MASKS.values()), axis=0).sum()
)


def coco(folder: Path) -> None:
    names = list(MASKS)
    picture(folder / "a.png", SHAPE)
    codes = [coco_mask.encode(np.asfortranarray(mask, np.uint8)) for mask in MASKS.values()]
    content = {
        "images": [{"id": 1, "file_name": "a.png", "width": 30, "height": 20}],
        "categories": [{"id": i, "name": name} for i, name in enumerate(names, start=1)],
        "annotations": [
            {
                "id": i,
                "image_id": 1,
                "category_id": i,
                "segmentation": {"size": list(SHAPE), "counts": code["counts"].decode()},
            }
            for i, code in enumerate(codes, start=1)
        ],
    }
    (folder / "instances.json").write_text(json.dumps(content))


def labelme(folder: Path) -> None:
    picture(folder / "a.png", SHAPE)
    shapes = [
        {
            "label": name,
            "shape_type": "rectangle",
            "points": [[left, top], [right - 1, bottom - 1]],
        }
        for name, (left, top, right, bottom) in BOXES.items()
    ]
    content = {"shapes": shapes, "flags": {}, "imagePath": "a.png", "imageData": None}
    (folder / "a.json").write_text(json.dumps({**content, "imageHeight": 20, "imageWidth": 30}))


def yolo(folder: Path) -> None:
    for part in ("images", "labels"):
        (folder / part / "train").mkdir(parents=True)
    picture(folder / "images" / "train" / "a.png", SHAPE)
    (folder / "data.yaml").write_text("train: images/train\nnames: [cat, dog, bird]\n")
    rows = []
    for number, (left, top, right, bottom) in enumerate(BOXES.values()):
        corners = ((left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1))
        points = " ".join(f"{(x + 0.5) / 30} {(y + 0.5) / 20}" for x, y in corners)
        rows.append(f"{number} {points}\n")
    (folder / "labels" / "train" / "a.txt").write_text("".join(rows))


def binary(folder: Path) -> None:
    (folder / "a").mkdir()
    for name, mask in MASKS.items():
        Image.fromarray(mask.astype(np.uint8) * 255).save(folder / "a" / f"{name}.png")


# Binary maps come in the order of their names.
ORDERS: dict[str, tuple[str, ...]] = {"binary": ("bird", "cat", "dog")}
MAKERS: dict[str, Callable[[Path], None]] = {
    "coco": coco,
    "labelme": labelme,
    "yolo": yolo,
    "binary": binary,
}
formats = pytest.mark.parametrize("name", MAKERS)


@pytest.fixture
def folder(tmp_path: Path, name: str) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    MAKERS[name](path)
    return path


def painted(order: tuple[str, ...]) -> np.ndarray:
    """Return the names of the labels where each is painted over those before it."""
    found = np.full(SHAPE, "", dtype=object)
    for name in order:
        found[MASKS[name]] = name
    return found


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@formats
def test_the_later_object_has_the_pixels(folder: Path, name: str) -> None:
    dataset = get_codec(name).read(folder, Limits())
    (item,) = dataset.items
    found = item.load()
    wanted = painted(ORDERS.get(name, tuple(MASKS)))
    assert np.array_equal(class_names(truth_of(found, dataset.labels)), wanted)
    assert (found.overlap, found.notes) == (CLAIMED_TWICE, (LATER_WINS,))


@formats
@pytest.mark.parametrize(
    ("priority", "order"),
    [
        (("cat",), {"": ("dog", "bird", "cat"), "binary": ("bird", "dog", "cat")}),
        (("cat", "dog", "bird"), {"": ("bird", "dog", "cat")}),
        (("bird", "cat"), {"": ("dog", "cat", "bird")}),
        (("dog", "nothing"), {"": ("cat", "bird", "dog"), "binary": ("bird", "cat", "dog")}),
    ],
)
def test_labels_of_an_order_keep_their_pixels(
    folder: Path, name: str, priority: tuple[str, ...], order: dict[str, tuple[str, ...]]
) -> None:
    dataset = get_codec(name).read(folder, Limits())
    dataset.prefer(priority)
    (item,) = dataset.items
    found = item.load()
    wanted = painted(order.get(name, order[""]))
    assert np.array_equal(class_names(truth_of(found, dataset.labels)), wanted)
    assert (found.overlap, found.notes) == (CLAIMED_TWICE, (PRIORITY_WINS,))


@formats
def test_the_reports_tell_of_overlaps_and_of_names_that_are_none(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = ("--from", name, "--priority", "cat, dgo")
    pictured = name != "binary"  # whose maps come alone here
    if pictured:
        arguments = ("import", folder, "--project", tmp_path / "p", *to, "--json", tmp_path / "r")
        assert run(*arguments) == 0
    assert run("convert", folder, *to, "--to", "png16", "--out", tmp_path / "out") == 0
    told = {
        "rule": "priority of labels",
        "priority": ["cat", "dgo"],
        "unknown_labels": ["dgo"],
        "images": 1,
        "pixels": CLAIMED_TWICE,
    }
    reports = [tmp_path / "out" / "export_report.json"] + [tmp_path / "r"] * pictured
    for report in reports:
        assert json.loads(report.read_text())["overlaps"] == told
    printed = capsys.readouterr().out
    assert f"Overlaps: {CLAIMED_TWICE} pixels in 1 image" in printed
    assert "no label is called 'dgo'" in printed
    if pictured:
        with Project.open(tmp_path / "p", create=False) as project:
            found = class_names(truth_of(project.load(1), project.labels))
        assert (found[MASKS["cat"]] == "cat").all()


@pytest.mark.parametrize("name", ["coco"])
def test_an_order_without_a_name_is_a_mistake(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("convert", folder, "--to", "png16", "--out", tmp_path / "o", "--priority", "a,,b")
    assert run(*arguments) == 2
    assert "--priority 'a,,b' names no label" in capsys.readouterr().err
