"""Colours of the overlay, and that parts of it are painted as the whole is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spn_annotator.gui.canvas.overlay import (
    OverlayMode,
    OverlayPainter,
    OverlaySource,
    OverlayStyle,
    premultiplied,
)
from spn_annotator.gui.canvas.view_transform import ViewTransform

RED, BLUE = (200, 0, 0), (0, 0, 200)
PLAIN = OverlayStyle(strokes=False)


def make_source(*, proposal: bool = False, seed: int = 0) -> OverlaySource:
    rng = np.random.default_rng(seed)
    objects = np.kron(rng.integers(0, 3, (12, 16)), np.ones((5, 5))).astype(np.uint16)
    rough = np.kron(rng.integers(0, 4, (6, 8)), np.ones((10, 10))).astype(np.uint16)
    sure = np.kron(rng.integers(0, 4, (4, 5)), np.ones((15, 16))).astype(np.uint16)
    return OverlaySource(objects, rough, sure, np.roll(objects, 3, 1) if proposal else None)


def empty_source(objects: np.ndarray) -> OverlaySource:
    objects = objects.astype(np.uint16)
    return OverlaySource(objects, np.zeros_like(objects), np.zeros_like(objects))


def make_view(zoom: float, *, width: int = 200, height: int = 150) -> ViewTransform:
    view = ViewTransform()
    view.set_viewport_size(width, height)
    view.set_image_size(80, 60)
    view.set_zoom(zoom)
    return view


def paint(
    source: OverlaySource, view: ViewTransform, style: OverlayStyle = PLAIN, rect=None
) -> np.ndarray:
    painter = OverlayPainter()
    painter.set_colors({1: RED, 2: BLUE})
    width, height = view.viewport_size
    out = np.full((height, width), 0x12345678, np.uint32)
    painter.paint(out, rect or (0, 0, width, height), view=view, source=source, style=style)
    return out


@pytest.mark.parametrize("zoom", [0.3, 1.0, 1.7, 9.0])
@pytest.mark.parametrize("mode", list(OverlayMode))
@pytest.mark.parametrize("proposal", [False, True])
def test_a_part_is_painted_as_in_the_whole(zoom: float, mode: OverlayMode, proposal: bool) -> None:
    source, view = make_source(proposal=proposal), make_view(zoom)
    style = OverlayStyle(mode=mode, line=2)
    whole = paint(source, view, style)
    for rect in ((0, 0, 57, 33), (90, 60, 131, 99), (150, 100, 200, 150), (70, 70, 71, 71)):
        x0, y0, x1, y1 = rect
        part = paint(source, view, style, rect)
        np.testing.assert_array_equal(part[y0:y1, x0:x1], whole[y0:y1, x0:x1])
        part[y0:y1, x0:x1] = 0x12345678
        assert (part == 0x12345678).all(), "painted outside of the rectangle"


def test_a_panned_view_shows_the_same_pattern() -> None:
    source, view = make_source(proposal=True), make_view(1.0)
    style = OverlayStyle(line=1)
    before = paint(source, view, style)
    view.pan(7, -5)
    after = paint(source, view, style)
    np.testing.assert_array_equal(after[0:140, 10:190], before[5:145, 3:183])


def test_fill_has_the_labels_colour_and_background_is_clear() -> None:
    objects = np.zeros((60, 80))
    objects[10:50, 10:40] = 1
    out = paint(empty_source(objects), make_view(1.0), replace(PLAIN, opacity=0.5))
    left, top = make_view(1.0).to_device(0, 0)
    assert out[int(top) + 30, int(left) + 25] == premultiplied(RED, 0.5)
    assert out[int(top) + 30, int(left) + 60] == 0
    assert out[0, 0] == 0


def test_premultiplied_colours_never_exceed_their_alpha() -> None:
    for alpha in np.linspace(0, 1, 23):
        value = premultiplied((255, 254, 253), float(alpha))
        assert max(value >> 16 & 255, value >> 8 & 255, value & 255) <= value >> 24


def test_outlines_lie_inside_and_are_as_wide_as_asked_at_every_zoom() -> None:
    objects = np.zeros((60, 80))
    objects[20:40, 20:60] = 1
    for zoom in (1.0, 4.0):
        view = make_view(zoom, width=400, height=300)
        for line in (1, 2):
            style = OverlayStyle(mode=OverlayMode.OUTLINE, line=line, strokes=False)
            out = paint(empty_source(objects), view, style)
            left, top = (int(value) for value in view.to_device(20, 30))
            row = out[top, left - 5 : left + 10]
            assert (row[:5] == 0).all()
            assert (row[5 : 5 + line] == premultiplied(RED, 1)).all()
            assert (row[5 + line :] == 0).all()


def test_hidden_shows_nothing_at_all() -> None:
    style = OverlayStyle(mode=OverlayMode.HIDDEN)
    assert not paint(make_source(proposal=True), make_view(1.7), style).any()


def test_objects_without_a_colour_are_not_drawn() -> None:
    objects = np.zeros((60, 80))
    objects[20:40, 20:60] = 3
    assert not paint(empty_source(objects), make_view(1.7)).any()


def test_a_proposal_outlines_what_it_proposes_and_marks_what_goes() -> None:
    objects = np.zeros((60, 80))
    objects[10:50, 10:30] = 1
    proposed = np.zeros((60, 80), np.uint16)
    proposed[10:50, 20:40] = 1
    source = replace(empty_source(objects), proposal=proposed)
    view = make_view(1.0)
    out = paint(source, view, replace(PLAIN, opacity=0.5))
    left, top = (int(value) for value in view.to_device(0, 0))
    body = out[top : top + 60, left : left + 80]
    assert body[30, 25] == premultiplied(RED, 0.5), "what stays looks as before"
    added = body[25:35, 32:38]
    assert (added != 0).all()
    assert (added != premultiplied(RED, 0.5)).all()
    removed = body[25:35, 12:18]
    assert (removed == 0).any(), "what goes is striped"
    assert (removed != 0).any()
    assert set(np.unique(body[15:45, 40]).tolist()) <= {0xFFFFFFFF, 0xFF14171C}
    hidden = paint(source, view, replace(PLAIN, opacity=0.5, proposal=False))
    np.testing.assert_array_equal(
        hidden, paint(empty_source(objects), view, replace(PLAIN, opacity=0.5))
    )


def test_strokes_are_marked_only_when_wanted() -> None:
    objects = np.zeros((60, 80))
    source = empty_source(objects)
    source.sure[10:50, 10:40] = 2
    source.rough[10:50, 45:70] = 1
    view = make_view(1.0)
    marked = paint(source, view, OverlayStyle())
    left, top = (int(value) for value in view.to_device(0, 0))
    assert marked[top + 10 : top + 50, left + 10 : left + 40].any()
    assert marked[top + 10 : top + 50, left + 45 : left + 70].any()
    assert not paint(source, view, PLAIN).any()


def test_modes_follow_each_other_in_a_circle() -> None:
    mode = OverlayMode.FILL
    seen = [mode := mode.following() for _ in range(3)]
    assert seen == [OverlayMode.OUTLINE, OverlayMode.HIDDEN, OverlayMode.FILL]
