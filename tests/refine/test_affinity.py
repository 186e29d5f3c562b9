"""The affinity of one pixel, as the window shows it."""

from __future__ import annotations

import numpy as np
import pytest

from spn_annotator.errors import CallOrderError, UsageError
from spn_annotator.paths import default_model_path
from spn_annotator.refine import Refiner

pytestmark = pytest.mark.skipif(not default_model_path().is_file(), reason="no model is installed")


@pytest.fixture(scope="module")
def refiner() -> Refiner:
    """A refiner that sees a dark box on a light ground."""
    found = Refiner(device="cpu")
    rgb = np.full((96, 128, 3), 210, np.uint8)
    rgb[20:70, 30:90] = (60, 30, 40)
    found.set_image(rgb)
    return found


def test_a_label_stays_on_its_side_of_an_edge(refiner: Refiner) -> None:
    found = refiner.affinity_at(60, 45, radius=60)
    values = np.zeros((96, 128), np.float32)
    window = found.window
    values[window.slices] = found.values
    inside = np.zeros((96, 128), bool)
    inside[20:70, 30:90] = True
    assert found.point == (45, 60)
    assert values[45, 60] == values.max()
    assert values[inside].sum() > 20 * values[~inside].sum()


def test_the_window_is_cut_at_the_border_of_the_image(refiner: Refiner) -> None:
    window = refiner.affinity_at(0, 95, radius=10).window
    assert (window.y0, window.x0, window.y1, window.x1) == (85, 0, 96, 11)


@pytest.mark.parametrize(("x", "y", "radius"), [(128, 0, 5), (0, -1, 5), (5, 5, 0)])
def test_what_cannot_be_looked_up_is_refused(refiner: Refiner, x: int, y: int, radius: int) -> None:
    with pytest.raises(UsageError):
        refiner.affinity_at(x, y, radius=radius)


def test_an_image_comes_first() -> None:
    with pytest.raises(CallOrderError):
        Refiner(device="cpu").affinity_at(1, 1)
