"""Rectangles and the shape of the brush."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spn_annotator.annotation import Rect, capsule_spans
from spn_annotator.errors import ShapeError

SHAPE = (23, 31)
COORDINATES = st.floats(-20, 50, allow_nan=False)
POINTS = st.tuples(COORDINATES, COORDINATES)


def brush(start, end, radius, shape=SHAPE) -> np.ndarray:
    spans = capsule_spans(start, end, radius, shape)
    if spans is None:
        return np.zeros(shape, dtype=bool)
    return spans.mask(Rect.of_shape(shape))


def distances(start, end, shape=SHAPE) -> np.ndarray:
    """Return the distance of every pixel centre to a segment, the slow way."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = 0.0 if length < 1e-18 else ((x - start[0]) * dx + (y - start[1]) * dy) / length
    share = np.clip(share, 0.0, 1.0)
    return np.hypot(x - start[0] - share * dx, y - start[1] - share * dy)


@settings(deadline=None, max_examples=300)
@given(POINTS, POINTS, st.floats(0.51, 12))
@example((0.0, 0.0), (1e-9, 0.0), 1.0)  # nearly a dab
@example((0.0, 0.0), (1e-9, 1e-9), 1.0)
def test_brush_covers_the_pixels_nearer_than_its_radius(start, end, radius) -> None:
    expected = distances(start, end)
    got = brush(start, end, radius)
    for x, y in (start, end):
        if 0 <= x < SHAPE[1] and 0 <= y < SHAPE[0]:
            assert got[math.floor(y), math.floor(x)], "the pixel under an end point is covered"
            expected[math.floor(y), math.floor(x)] = 0.0
    undecided = np.abs(expected - radius) < 1e-6
    assert np.array_equal(got[~undecided], (expected < radius)[~undecided])


@settings(deadline=None)
@given(st.floats(0, 30.99), st.floats(0, 22.99), st.floats(0.01, 0.5))
def test_thin_brush_clicked_covers_exactly_the_pixel_under_it(x, y, radius) -> None:
    got = brush((x, y), (x, y), radius)
    assert got.sum() == 1
    assert got[math.floor(y), math.floor(x)]


@settings(deadline=None, max_examples=300)
@given(
    st.tuples(st.floats(0, 30.9), st.floats(0, 22.9)),
    st.tuples(st.floats(0, 30.9), st.floats(0, 22.9)),
)
def test_thin_line_is_one_chain_of_touching_pixels(start, end) -> None:
    got = brush(start, end, 0.5)
    rows, columns = np.nonzero(got)
    assert got[math.floor(start[1]), math.floor(start[0])]
    assert got[math.floor(end[1]), math.floor(end[0])]
    assert len(rows) <= max(np.ptp(rows), np.ptp(columns)) + 1 + 2, "one pixel wide but at the ends"
    todo, found = [(int(rows[0]), int(columns[0]))], set()
    while todo:
        row, column = todo.pop()
        inside = 0 <= row < SHAPE[0] and 0 <= column < SHAPE[1]
        if inside and got[row, column] and (row, column) not in found:
            found.add((row, column))
            todo += [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    assert len(found) == len(rows), "a gap in the line"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2.0, 5.0), (20.0, 5.0)),  # between two rows
        ((7.0, 2.0), (7.0, 20.0)),  # between two columns
        ((0.0, 0.0), (20.0, 20.0)),  # through corners
        ((20.0, 0.0), (0.0, 20.0)),
    ],
)
def test_thin_line_on_pixel_borders_has_no_gap(start, end) -> None:
    got = brush(start, end, 0.5)
    along = np.asarray(got.any(axis=0) if end[0] != start[0] else got.any(axis=1))
    low, high = np.flatnonzero(along)[[0, -1]]
    assert along[low : high + 1].all()
    assert high - low >= 17


@settings(deadline=None)
@given(POINTS, POINTS, POINTS, st.floats(0.5, 6))
def test_path_of_segments_covers_what_its_segments_cover(a, b, c, radius) -> None:
    whole = brush(a, b, radius) | brush(b, c, radius)
    dabs = brush(a, a, radius) | brush(b, b, radius) | brush(c, c, radius)
    if radius > 0.5:
        assert not (dabs & ~whole).any(), "each turning point is covered"
    assert np.array_equal(brush(a, b, radius), brush(b, a, radius)) or radius <= 0.5


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 24])
def test_dab_in_the_middle_of_its_pixels_is_symmetric(size: int) -> None:
    centre = 12.5 if size % 2 else 12.0
    got = brush((centre, centre), (centre, centre), size / 2, (25, 25) if size % 2 else (24, 24))
    assert np.array_equal(got, got[::-1])
    assert np.array_equal(got, got[:, ::-1])
    assert got.any(axis=0).sum() == size


def test_brush_far_outside_covers_nothing() -> None:
    assert capsule_spans((-100, -100), (-50, 400), 20, SHAPE) is None
    assert capsule_spans((15, 900), (15, 1e12), 20, SHAPE) is None
    assert capsule_spans((-1, 5), (-1, 5), 0.5, SHAPE) is None


@pytest.mark.parametrize("radius", [0.5, 3.0])
def test_stroke_across_the_image_from_far_away_is_cut_at_its_edge(radius: float) -> None:
    got = brush((-1e9, 11.5), (1e9, 11.5), radius)
    assert got.any(axis=0).all()
    assert got.any(axis=1).sum() == (1 if radius == 0.5 else 5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_brush_fills_an_image_smaller_than_itself(shape) -> None:
    assert brush((0.5, 0.5), (0.5, 0.5), 20, shape).all()


@pytest.mark.parametrize(
    ("start", "radius"), [((math.nan, 0), 1), ((0, math.inf), 1), ((0, 0), math.nan)]
)
def test_numbers_that_are_not_finite_are_refused(start, radius) -> None:
    with pytest.raises(ShapeError, match="finite"):
        capsule_spans(start, (0, 0), radius, SHAPE)


@pytest.mark.parametrize("radius", [0, -1])
def test_radius_must_be_above_zero(radius) -> None:
    with pytest.raises(ShapeError, match="above 0"):
        capsule_spans((0, 0), (0, 0), radius, SHAPE)


RECTS = st.builds(Rect, *[st.integers(-5, 15)] * 4)


@given(RECTS, RECTS)
def test_union_holds_both_rectangles_and_intersection_what_is_in_both(one: Rect, two: Rect) -> None:
    def pixels(rect: Rect) -> set[tuple[int, int]]:
        return {(x, y) for x in range(rect.x0, rect.x1) for y in range(rect.y0, rect.y1)}

    assert pixels(one) | pixels(two) <= pixels(one.union(two))
    assert pixels(one.intersection(two)) == pixels(one) & pixels(two)
    assert one.is_empty == (not pixels(one))
    assert one.area == len(pixels(one))


def test_empty_rectangle_adds_nothing_and_selects_nothing() -> None:
    full = Rect(2, 3, 5, 9)
    assert full.union(Rect(100, 100, 100, 100)) == full
    assert Rect(7, 7, 3, 3).union(Rect.empty()).is_empty
    assert np.ones((20, 20))[Rect(9, 9, 4, 4).slices].size == 0
    assert np.ones((20, 20))[full.slices].shape == (6, 3)
