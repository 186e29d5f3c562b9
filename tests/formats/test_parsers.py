"""The parsers of foreign files, on anything at all: a value of the right kind, or a FormatError."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.containment import inside
from spn_annotator.formats.labelbook import LabelBook, clean_name
from spn_annotator.formats.limits import Limits
from spn_annotator.formats.lookups import boxes, distinct, through
from spn_annotator.formats.polygons import filled, joined, outlines
from spn_annotator.formats.rle import decode_rle
from spn_annotator.formats.shapes import points_of
from spn_annotator.formats.splits import assign, parse_split
from spn_annotator.formats.structured import parse_json, read_yaml

PLACE = Path("a.json")
MASKS = arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)
few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def spread(found: tuple[np.ndarray, int], shape: tuple[int, int]) -> np.ndarray:
    """Return the whole mask of columns and the first of them."""
    mask = np.zeros(shape, bool)
    mask[:, found[1] : found[1] + found[0].shape[1]] = found[0]
    return mask


@few
@given(MASKS)
def test_run_lengths_of_pycocotools_are_decoded(mask: np.ndarray) -> None:
    height, width = mask.shape
    rle: Any = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    code = {"size": [height, width], "counts": rle["counts"].decode("ascii")}
    assert np.array_equal(spread(decode_rle(code, mask.shape, PLACE), mask.shape), mask)
    flat = mask.ravel(order="F")
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=not flat[-1]))
    runs = np.diff(edges, prepend=0).tolist()
    plain = {"size": [height, width], "counts": runs}
    assert np.array_equal(spread(decode_rle(plain, mask.shape, PLACE), mask.shape), mask)


@few
@given(
    st.dictionaries(st.sampled_from(["size", "counts", "x"]), ANYTHING)
    | st.fixed_dictionaries({"size": st.just([3, 4]), "counts": st.lists(st.integers())})
    | st.fixed_dictionaries({"size": st.just([3, 4]), "counts": st.text(max_size=30)})
    | st.fixed_dictionaries(
        {
            "size": st.just([3, 4]),
            "counts": st.text(st.characters(min_codepoint=48, max_codepoint=111), max_size=30),
        }
    )
)
def test_any_run_lengths_give_a_mask_or_an_error(code: dict[str, Any]) -> None:
    try:
        part, left = decode_rle(code, (3, 4), PLACE)
    except FormatError:
        return
    assert part.dtype == bool
    assert part.shape[0] == 3
    assert left + part.shape[1] <= 4


@few
@given(ANYTHING | st.lists(st.lists(st.floats() | st.integers(), min_size=2, max_size=2)))
def test_any_points_are_finite_and_near_or_an_error(values: Any) -> None:
    try:
        points = points_of(values, (30, 40), PLACE, least=3)
    except FormatError:
        return
    assert np.isfinite(points).all()
    assert len(points) >= 3
    assert np.abs(points).max() < 2000


@few
@given(st.binary(max_size=200) | ANYTHING.map(lambda value: repr(value).encode(errors="replace")))
def test_any_bytes_are_json_or_an_error(data: bytes) -> None:
    message = ""
    try:
        parse_json(data, PLACE, Limits())
    except FormatError as error:
        message = str(error)
    assert len(message) < 400


@few
@given(st.text(max_size=200))
def test_any_text_is_yaml_or_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    message = ""
    try:
        read_yaml(path, Limits())
    except FormatError as error:
        message = str(error)
    assert "\n" not in message


@few
@given(ANYTHING)
def test_any_path_stays_inside_or_is_an_error(tmp_path: Path, name: Any) -> None:
    for given_name in (name, f"../{name}", f"a/../../{name}", f"/{name}", f"..\\{name}"):
        try:
            path = inside(tmp_path, given_name)
        except FormatError:
            continue
        assert path.resolve().is_relative_to(tmp_path.resolve())


@few
@given(st.text())
def test_any_text_becomes_the_name_of_a_label(text: str) -> None:
    name = clean_name(text)
    book = LabelBook()
    assert book.labels.by_name(name) is None
    assert book.named(text) == book.named(text)
    assert book.labels.get(book.named(text)).name == name
    name.encode()


@few
@given(MASKS)
def test_polygons_around_pixels_have_their_area_and_give_them_back(mask: np.ndarray) -> None:
    found = outlines(mask)
    area = 0.0
    for outline in found:
        x, y = outline.ring.T
        area += abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2
    assert area == mask.sum()
    near = outlines(mask, inset=(0.25, 0.55))
    if near:
        part, left, top = filled([outline.ring for outline in near], mask.shape)
        back = np.zeros_like(mask)
        back[top : top + part.shape[0], left : left + part.shape[1]] = part
        assert np.array_equal(back, mask)
        whole = joined([outline.ring for outline in near])
        part, left, top = filled([whole], mask.shape)
        back[top : top + part.shape[0], left : left + part.shape[1]] |= part
        assert (back >= mask).all()


@few
@given(
    arrays(np.uint16, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 5))
)
def test_numbers_are_counted_replaced_and_boxed(values: np.ndarray) -> None:
    numbers, counts = np.unique(values, return_counts=True)
    assert distinct(values) == dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    assert distinct(values.astype(np.int64) - 3) == {
        number - 3: count for number, count in distinct(values).items()
    }
    table = {2: 7, 5: 1}
    wanted = np.where(values == 2, 7, np.where(values == 5, 1, 0))
    assert np.array_equal(through(values, table, np.uint8), wanted)
    shifted = {number - 9: value for number, value in table.items()}
    assert np.array_equal(through(values.astype(np.int32) - 9, shifted, np.uint8), wanted)
    for number, (x, y, width, height) in boxes(values).items():
        rows, columns = np.nonzero(values == number)
        assert (x, y) == (columns.min(), rows.min())
        assert (width, height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)
    assert set(boxes(values)) == set(numbers.tolist()) - {0}


@few
@given(st.integers(0, 60), st.integers(0, 3))
def test_parts_have_the_sizes_that_were_asked_for(number: int, seed: int) -> None:
    fractions = parse_split("train=0.7,val=0.2,test=0.1")
    names = [f"{i}.png" for i in range(number)]
    found = assign(names, fractions, seed=seed)
    assert set(found) == set(names)
    assert assign(reversed(names), fractions, seed=seed) == found
    for part, fraction in fractions.items():
        share = list(found.values()).count(part)
        assert abs(share - fraction * number) <= 1 or number < 8
        assert share >= 1 or number < 3


@pytest.mark.parametrize(
    "text", ["", "train", "train=", "train=2", "train=-1,val=2", "a=0.5,a=0.5", "a=nan", "a=0.4"]
)
def test_splits_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_split(text)


def test_more_than_254_labels_are_refused() -> None:
    book = LabelBook()
    for number in range(254):
        book.named(f"label {number}")
    with pytest.raises(UsageError, match="at most 254 labels"):
        book.named("one more")


def test_labels_take_the_ids_they_want_if_these_are_free() -> None:
    book = LabelBook()
    assert book.keyed("a", "cat", wanted=9) == 9
    assert book.keyed("b", "cat", wanted=9) == 10
    assert book.keyed("c", "dog", wanted=300) == 11
    assert [label.name for label in book.labels] == ["cat", "cat (2)", "dog"]
