"""The maps as they were at one moment, read later and on another thread."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from spn_annotator.annotation import Document
from spn_annotator.annotation.moment import NamedTiles
from spn_annotator.annotation.planes import Planes, TileArrays
from tests.annotation.builders import document, paint


def maps(target: Document) -> dict[tuple[str, tuple[int, int]], np.ndarray]:
    return {(name, tile): array.copy() for name, tile, array in target.tiles_since(-1)}


def change(target: Document, random: np.random.Generator) -> None:
    """Do one of the things that write pixels."""
    x, y = (float(value) for value in random.integers(0, 500, 2))
    what = int(random.integers(0, 6))
    if what < 3:
        kind = "sure" if random.random() < 0.3 else "rough"
        paint(target, int(random.integers(0, 3)), (x, y), (y, x), radius=30, kind=kind)
    elif what == 3:
        target.undo()
    elif what == 4:
        target.redo()
    else:
        array = target.coarse_map()
        array[int(y) : int(y) + 60, int(x) : int(x) + 60] = 2
        target.set_proposal(array, revision=target.revision)
        target.accept_proposal()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_saved_is_the_state_when_it_was_asked_for(seed: int) -> None:
    random = np.random.default_rng(seed)
    target = document(500, 600)
    for _ in range(4):
        change(target, random)
    expected, later = maps(target), target.tiles_since(-1)
    for _ in range(8):
        change(target, random)
    found = {(name, tile): array for name, tile, array in later}
    assert len(later) == len(expected) == len(found)
    for place, array in expected.items():
        np.testing.assert_array_equal(found[place], array)


def test_a_stroke_that_is_open_is_left_out_whatever_becomes_of_it() -> None:
    target = document()
    paint(target, 1, (10, 10))
    expected = maps(target)
    stroke = target.begin_stroke(kind="rough", object_id=2)
    stroke.segment((5, 5), (40, 30), 4)
    committed, cancelled = target.tiles_since(-1), target.tiles_since(-1)
    for later in (committed, cancelled):
        for name, tile, array in later:
            np.testing.assert_array_equal(array, expected[name, tile])
    stroke.commit()
    for name, tile, array in committed:
        np.testing.assert_array_equal(array, expected[name, tile])


def test_a_proposal_is_saved_as_it_would_have_been_accepted_then() -> None:
    target = document(500, 600)
    array = target.coarse_map()
    array[100:400, 200:500] = 2
    target.set_proposal(array, confidence=np.full((500, 600), 0.5), revision=0)
    paint(target, 1, (300, 300), radius=20)
    expected = {(name, tile): values.copy() for name, tile, values in target.proposal_tiles()}
    later = target.proposal_tiles()
    paint(target, 1, (250, 150), (450, 350), radius=40)
    target.accept_proposal()
    assert len(later) == len(expected)
    for name, tile, values in later:
        np.testing.assert_array_equal(values, expected[name, tile])


def test_a_copy_that_a_stroke_came_into_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    target = document()
    paint(target, 1, (10, 10))
    expected, later = maps(target), target.tiles_since(-1)
    copy_tile = Planes.copy_tile
    late: list[int] = []

    def copy_while_painting(planes: Planes, tile: tuple[int, int]) -> TileArrays:
        monkeypatch.undo()
        paint(target, 2, (20, 20), radius=9)  # as the other thread may, in the middle of the copy
        late.append(int(target.object_map[20, 20]))
        return copy_tile(planes, tile)

    monkeypatch.setattr(Planes, "copy_tile", copy_while_painting)
    for name, tile, array in later:
        np.testing.assert_array_equal(array, expected[name, tile])
    assert late == [2]


def test_another_thread_reads_while_strokes_are_painted() -> None:
    target = document(512, 512)
    stop = threading.Event()
    torn: list[str] = []
    waiting: list[NamedTiles] = []
    everything = np.ones(target.shape, bool)
    target.fill_mask(everything, object_id=1, kind="rough")

    def read() -> None:
        while not stop.is_set() or waiting:
            if waiting:
                # Each stroke covers the image in one value: a torn copy would hold two.
                torn.extend(f"{n} {t}" for n, t, a in waiting.pop() if len(np.unique(a)) > 1)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for number in range(40):
            waiting.append(target.tiles_since(-1))
            target.fill_mask(everything, object_id=number % 3, kind="rough")
    finally:
        stop.set()
        thread.join()
    assert torn == []


def test_what_nobody_reads_any_more_costs_nothing() -> None:
    target = document(500, 600)
    later = target.tiles_since(-1)
    assert len(target._planes.moments) == 1
    del later
    gc.collect()
    assert len(target._planes.moments) == 0
