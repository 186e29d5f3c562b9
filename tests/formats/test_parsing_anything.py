"""Every reader on files that hypothesis makes up: annotations that are sound, or a plain error.

The readers' parts have properties of their own in ``test_parsers.py``; whole data sets with other
damage are in ``tests/faults/test_mutated_files.py``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.codec import AnnotatedImage
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.registry import detect_codec, get_codec
from tests.formats.support import FORMATS, export, items, street

STRUCTURED = {
    "indexed": "labels.json",
    "binary": "labels.json",
    "coco": "instances.json",
    "coco-polygons": "instances.json",
    "coco-panoptic": "panoptic.json",
    "labelme": "a.json",
    "png16": "objects.json",
    "tiff": "objects.json",
    "pixelannotationtool": "config.json",
    "imagefolder": "metadata.jsonl",
}
TEXTS = {
    ("voc", "class_names.txt"): "abc_ \n\t-0",
    ("voc", "ImageSets/Segmentation/train.txt"): "ab./\\ \n-1",
    ("cvat", "labelmap.txt"): "ab:,#0129- \n",
    ("cvat", "ImageSets/Segmentation/default.txt"): "ab./\\ \n-1",
    ("yolo", "data.yaml"): "ab:,[]{}&*!|-019'\" \n",
    ("yolo", "labels/train/a.txt"): "019.- enaif\n",
}
MAPS = {
    "indexed": "a.png",
    "binary": "a/car.png",
    "coco-panoptic": "panoptic/a.png",
    "voc": "SegmentationClass/a.png",
    "cvat": "SegmentationObject/a.png",
    "cityscapes": "gtFine/train/images/images_000000_000001_gtFine_instanceIds.png",
    "png16": "a.png",
    "tiff": "a.tif",
    "pixelannotationtool": "a_watershed_mask.png",
    "imagefolder": "objects/a.png",
}
NUMBERS = st.sampled_from((0, 1, 2, 31, 255, -1, 2**31, 10**30, 0.5, 1e300, float("nan")))
WORDS = st.sampled_from(("", "car", "a.png", "../a.png", "/a.png", "\0", "\ud800", "mask"))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
SHAPES = st.sampled_from(((23, 31), (1, 1), (31, 23)))
some = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sound data set of each format."""
    folder = tmp_path_factory.mktemp("sound")
    for name in FORMATS:
        export(name, items(folder / "in" / name, {"a.png": street()}), folder / name)
    return {name: folder / name for name in FORMATS}


def read_all(name: str, folder: Path) -> None:
    """Read a data set; whatever comes must be sound, and an error one line."""
    try:
        detect_codec(folder)
    except SpnAnnotatorError:
        pass
    try:
        dataset = get_codec(name).read(folder, Limits(pixels=1_000_000, objects=2000))
    except SpnAnnotatorError as error:
        check(error)
        return
    for item in dataset.items:
        assert "\0" not in item.name
        try:
            found = item.load()
        except SpnAnnotatorError as error:
            check(error)
            continue
        assert isinstance(found, AnnotatedImage)
        assert found.object_map.dtype == np.uint16
        assert set(np.unique(found.object_map).tolist()) - {0} <= set(found.objects)
        for entry in found.objects.values():
            assert dataset.labels.get(entry.label_id).name.strip()
    for problem, reason in dataset.problems:
        assert "\n" not in problem + reason


def check(error: SpnAnnotatorError) -> None:
    assert "\n" not in str(error)
    assert len(str(error)) < 2000


def read_with(name: str, folder: Path, file: str, content: bytes) -> None:
    """Read a data set with one of its files replaced, and put that back."""
    before = (folder / file).read_bytes()
    (folder / file).write_bytes(content)
    try:
        read_all(name, folder)
    finally:
        (folder / file).write_bytes(before)


def places(content: Any) -> Iterator[tuple[Any, Any]]:
    entries = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in list(entries):
        yield content, key
        if isinstance(value, (dict, list)):
            yield from places(value)


@pytest.mark.parametrize("name", STRUCTURED)
@some
@given(data=st.data())
def test_any_value_in_any_place(sound: dict[str, Path], name: str, data: st.DataObject) -> None:
    file = STRUCTURED[name]
    text = (sound[name] / file).read_text()
    content = json.loads(text.splitlines()[0] if file.endswith(".jsonl") else text)
    for _ in range(data.draw(st.integers(1, 3))):
        found = list(places(content))
        if not found:
            break
        # Keys of objects first: else nearly all would be numbers of lists.
        keys = sorted({key for _, key in found if isinstance(key, str)}) or [0]
        key = data.draw(st.sampled_from(keys))
        holder, key = data.draw(st.sampled_from([p for p in found if p[1] == key] or found))
        if data.draw(st.booleans()):
            holder[key] = data.draw(VALUES)
        else:
            del holder[key]
    read_with(name, sound[name], file, json.dumps(content).encode())


@pytest.mark.parametrize(("name", "file"), TEXTS)
@some
@given(data=st.data())
def test_any_text(sound: dict[str, Path], name: str, file: str, data: st.DataObject) -> None:
    text = data.draw(st.text(TEXTS[name, file], max_size=60) | st.text(max_size=20))
    if data.draw(st.booleans()):
        text = (sound[name] / file).read_text() + text
    read_with(name, sound[name], file, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", MAPS)
@some
@given(data=st.data())
def test_any_numbers_in_a_map(sound: dict[str, Path], name: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from((np.uint8, np.uint16, np.bool_)))
    few = st.sampled_from((0, 1, 2, 7, 24, 26, 254, 255, 24_001, 65_535))
    elements = few.map(lambda value: kind(value % (np.iinfo(kind).max + 1)))
    if kind is np.bool_:
        elements = st.booleans()
    shape = data.draw(SHAPES)
    if kind is np.uint8 and data.draw(st.booleans()):
        shape = (*shape, data.draw(st.sampled_from((3, 4))))
    values = data.draw(arrays(kind, shape, elements=elements, fill=elements))
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "TIFF" if name == "tiff" else "PNG")
    read_with(name, sound[name], MAPS[name], stream.getvalue())


@some
@given(data=st.data())
def test_any_arrays_in_an_npz(sound: dict[str, Path], data: st.DataObject) -> None:
    with np.load(sound["npz"] / "a.npz") as file:
        content = {key: file[key] for key in file.files}
    key = data.draw(st.sampled_from(sorted(content)))
    kind = data.draw(st.sampled_from((np.uint16, np.int64, np.float64, np.bool_, np.str_)))
    shape = data.draw(st.sampled_from(((), (0,), (3,), (23, 31), (2, 2, 2))))
    if data.draw(st.booleans()):
        content[key] = np.zeros(shape, "U3" if kind is np.str_ else kind)
    else:
        del content[key]
    stream = io.BytesIO()
    np.savez(stream, **content)
    read_with("npz", sound["npz"], "a.npz", stream.getvalue())


def test_every_format_has_files_made_up() -> None:
    tried = set(STRUCTURED) | {name for name, _ in TEXTS} | set(MAPS) | {"npz"}
    assert tried == set(FORMATS)
