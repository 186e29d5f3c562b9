"""Wrong arguments are named, with what was expected and what was found."""

from __future__ import annotations

import pytest
import torch
from spn_kernels import affinity, propagate, scan

X = torch.zeros(1, 2, 4, 5)
GATES = torch.zeros(1, 1, 4, 4, 4, 5)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"x": X[0]}, ValueError, ["x:", "(N, C, H, W)", "(2, 4, 5)"]),
        ({"gates": GATES[0]}, ValueError, ["gates:", "(1, 4, 4, 4, 5)"]),
        ({"gates": GATES[:, :, :3]}, ValueError, ["gates:", "(1, 1, 4, 4, 4, 5)"]),
        ({"gates": GATES[..., :4]}, ValueError, ["gates:", "(1, 1, 4, 4, 4, 4)"]),
        ({"gates": GATES.expand(-1, 3, -1, -1, -1, -1)}, ValueError, ["3 groups", "2 channels"]),
        ({"gates": GATES.double()}, TypeError, ["gates:", "float32", "float64"]),
        ({"x": X.half(), "gates": GATES.half()}, TypeError, ["x:", "float16"]),
        ({"normalization": "softmax"}, ValueError, ["normalization:", "softmax"]),
        ({"connections": 2}, ValueError, ["connections:", "2"]),
        ({"directions": ["right", "sideways", "up", "down"]}, ValueError, ["sideways"]),
        ({"directions": []}, ValueError, ["directions:"]),
        ({"merge": "median"}, ValueError, ["merge:", "median"]),
        ({"merge": torch.zeros(1, 3, 4, 5)}, ValueError, ["merge:", "3"]),
        ({"merge": torch.zeros(1, 4, 4, 4)}, ValueError, ["merge:", "(1, 4, 4, 4)"]),
        ({"passes": 0}, ValueError, ["passes:", "0"]),
        ({"merge": "none", "passes": 2}, ValueError, ["passes:", "2"]),
    ],
)
def test_propagate_names_the_argument(change, error, words):
    arguments = {"x": X, "gates": GATES, **change}
    with pytest.raises(error) as caught:
        propagate(arguments.pop("x"), arguments.pop("gates"), **arguments)
    for word in words:
        assert word in str(caught.value)


def test_scan_takes_one_or_three_gates():
    with pytest.raises(ValueError, match="K = 1 or 3, found 4"):
        scan(X, GATES)


def test_affinity_of_a_point_outside_is_refused():
    with pytest.raises(ValueError, match=r"point: .*\(4, 5\).*\(4, 0\)"):
        affinity(GATES, (4, 0))
