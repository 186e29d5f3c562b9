"""What the mathematics promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from spn_kernels import affinity, affinity_matrix, normalize_gates, propagate, scan


def logits(k=4, h=6, w=7, seed=0, n=1):
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(n, 1, 4, k, h, w, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_a_constant_comes_back_exactly(dtype):
    x = torch.full((1, 2, 6, 7), 0.3, dtype=dtype)
    out = propagate(x, logits().to(dtype), merge="none")
    assert torch.equal(out, x[:, :, None].expand_as(out))


def test_the_operator_is_linear_in_x():
    generator = torch.Generator().manual_seed(1)
    a, b = (torch.randn(1, 2, 6, 7, dtype=torch.float64, generator=generator) for _ in range(2))
    gates = normalize_gates(logits(3), "signed")
    torch.testing.assert_close(scan(2 * a - 3 * b, gates), 2 * scan(a, gates) - 3 * scan(b, gates))


def test_convex_gates_keep_the_range_of_x():
    x = torch.rand(1, 3, 6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    out = propagate(x, 10 * logits(), passes=3)
    assert out.min() >= x.min() - 1e-12
    assert out.max() <= x.max() + 1e-12


def test_signed_gates_may_leave_the_range_of_x():
    x = torch.zeros(1, 1, 1, 8, dtype=torch.float64)
    x[..., ::2] = 1
    gates = torch.full((1, 1, 1, 1, 1, 8), -5.0, dtype=torch.float64)
    out = propagate(
        x, gates, normalization="signed", connections=1, directions=["right"], merge="none"
    )
    assert out.max() > 1.5


def test_signed_gates_at_the_limit_stay_bounded():
    gates = normalize_gates(100 * logits(3, 40, 40), "signed")
    assert gates.abs().sum(3).max() <= 1 + 1e-12
    x = torch.rand(1, 1, 40, 40, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    # A step adds at most twice the largest |x|, so growth is linear in the length, no more.
    assert scan(x, gates).abs().max() <= 2 * 40 * x.max()


def test_rows_of_the_affinity_matrix_sum_to_one():
    gates = logits(4, 4, 5)
    columns = [affinity(gates, (r, c)).reshape(-1) for r in range(4) for c in range(5)]
    matrix = torch.stack(columns, 1)
    torch.testing.assert_close(matrix.sum(1), torch.ones(20, dtype=torch.float64))
    assert matrix.min() >= 0


def test_the_affinity_matrix_holds_the_responses_to_impulses():
    gates = logits(4, 4, 5)
    matrix = affinity_matrix(gates)
    for r, c in ((0, 0), (2, 3), (3, 4)):
        assert torch.equal(matrix[:, r * 5 + c], affinity(gates, (r, c)).reshape(-1))


def test_an_affinity_matrix_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="linear"):
        affinity_matrix(logits(), merge="max")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="at most 4096 pixels"):
        affinity_matrix(torch.zeros(1, 1, 4, 4, 65, 64))


def test_affinity_times_x_is_the_propagation():
    gates = logits(4, 4, 5)
    x = torch.rand(1, 1, 4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(6))
    columns = [affinity(gates, (r, c)).reshape(-1) for r in range(4) for c in range(5)]
    dense = torch.stack(columns, 1) @ x.reshape(-1)
    torch.testing.assert_close(propagate(x, gates, merge="mean").reshape(-1), dense)


@pytest.mark.parametrize(
    ("axis", "order"), [(-1, [1, 0, 2, 3]), (-2, [0, 1, 3, 2])], ids=["left-right", "up-down"]
)
def test_a_mirrored_input_gives_a_mirrored_output(axis, order):
    x = torch.rand(1, 1, 6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    gates = logits()
    mirrored = gates[:, :, order].flip(axis)
    # Directions across the mirror see their neighbours k - 1 and k + 1 exchanged.
    across = slice(2, 4) if axis == -1 else slice(0, 2)
    mirrored[:, :, across] = mirrored[:, :, across][:, :, :, [2, 1, 0, 3]]
    torch.testing.assert_close(
        propagate(x.flip(axis), mirrored, passes=2), propagate(x, gates, passes=2).flip(axis)
    )


def test_one_way_is_three_way_with_closed_side_gates():
    one = torch.rand(1, 1, 4, 1, 6, 7, dtype=torch.float64)
    three = torch.zeros(1, 1, 4, 3, 6, 7, dtype=torch.float64)
    three[:, :, :, 1:2] = one
    x = torch.rand(1, 1, 6, 7, dtype=torch.float64)
    assert torch.equal(scan(x, one), scan(x, three))


def test_a_closed_gate_stops_the_propagation():
    x = torch.zeros(1, 1, 3, 9, dtype=torch.float64)
    x[..., 0] = 1
    gates = torch.zeros(1, 1, 1, 3, 3, 9, dtype=torch.float64)
    gates[:, :, :, 1] = 1
    gates[..., 5] = 0
    out = scan(x, gates, directions=["right"])[0, 0, 0].numpy()
    np.testing.assert_array_equal(out[:, :5], 1)
    np.testing.assert_array_equal(out[:, 5:], 0)
