"""Where the image lies in the viewport."""

from __future__ import annotations

import pytest

from spn_annotator.gui.canvas.view_transform import MAX_ZOOM, ViewTransform


@pytest.fixture
def view() -> ViewTransform:
    view = ViewTransform()
    view.set_viewport_size(800, 600)
    view.set_image_size(400, 200)
    return view


def test_a_new_image_is_fitted_and_centred(view: ViewTransform) -> None:
    assert view.zoom == 2.0
    assert view.to_device(200, 100) == (400, 300)


def test_a_margin_stays_free(view: ViewTransform) -> None:
    view.margin = 16
    view.fit()
    assert view.left == 16
    assert view.to_device(400, 0)[0] == pytest.approx(784, abs=1)


def test_coordinates_go_there_and_back(view: ViewTransform) -> None:
    view.zoom_at(123, 456, 3.7)
    view.pan(-31, 17)
    assert view.to_image(*view.to_device(37.5, 91.25)) == pytest.approx((37.5, 91.25))


@pytest.mark.parametrize("factor", [0.5, 1.25, 7.0])
def test_zooming_keeps_what_is_under_the_cursor(view: ViewTransform, factor: float) -> None:
    view.set_zoom(5.0)
    before = view.to_image(410, 290)
    view.zoom_at(410, 290, factor)
    # The corner sits on whole device pixels, hence up to half a pixel.
    assert view.to_image(410, 290) == pytest.approx(before, abs=0.6 / view.zoom)


def test_zoom_is_bounded(view: ViewTransform) -> None:
    view.set_zoom(1000)
    assert view.zoom == MAX_ZOOM
    view.set_zoom(0)
    assert view.zoom == 0.02


def test_a_huge_image_can_be_seen_whole(view: ViewTransform) -> None:
    view.set_image_size(100_000, 50_000)
    assert view.zoom == pytest.approx(0.008)
    view.set_zoom(0)
    assert view.zoom == pytest.approx(0.008)


def test_steps_do_not_pass_by_100_percent(view: ViewTransform) -> None:
    view.set_zoom(0.813)
    view.zoom_at(10, 10, 1.25)
    assert view.zoom == 1.0


def test_the_image_cannot_be_lost_by_panning(view: ViewTransform) -> None:
    view.pan(1e6, -1e6)
    x0, y0, x1, y1 = view.visible()
    assert x1 > x0
    assert y1 > y0


def test_resizing_keeps_a_fit_fitted_and_else_the_middle(view: ViewTransform) -> None:
    view.set_viewport_size(400, 400)
    assert view.zoom == 1.0
    view.set_zoom(4.0)
    before = view.to_image(200, 200)
    view.set_viewport_size(600, 500)
    assert view.to_image(300, 250) == pytest.approx(before, abs=0.2)


def test_device_rects_cover_their_pixels_and_end_at_the_viewport(view: ViewTransform) -> None:
    view.set_zoom(3.0)
    x0, y0, x1, y1 = view.device_rect(200, 100, 201, 101)
    left, top = view.to_device(200, 100)
    assert (x0, y0, x1, y1) == (left, top, left + 3, top + 3)
    assert view.device_rect(-50, -50, 500, 500, margin=5) == (0, 0, 800, 600)
    x0, _, x1, _ = view.device_rect(390, 0, 400, 10)
    view.pan(-10_000, 0)
    x0, _, x1, _ = view.device_rect(0, 0, 10, 10)
    assert x1 <= x0


def test_a_part_is_shown_from_near_only_where_the_whole_image_does_not_show_it_as_well() -> None:
    view = ViewTransform()
    view.set_viewport_size(800, 600)
    view.set_image_size(400, 300)
    assert view.zoom == 2.0
    assert view.is_near_enough(200, 150), "at 2.4 it would be hardly larger"
    assert not view.is_near_enough(190, 100)
    view.show_rect(100, 100, 120, 110)
    assert view.zoom == 8.0, "a few pixels do not fill the window"
    assert not view.is_near_enough(190, 100), "whatever is shown now"
