"""The path that keeps no scans, and the options of ``propagate``, against the plain path."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from spn_kernels import normalize_gates, propagate, scan
from spn_kernels.lanes import exp_nonpositive
from spn_kernels.simd import columns_to_lines, jit, lines_to_columns


def inputs(n=2, c=4, g=2, h=9, w=19, k=4, dtype=torch.float32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(n, c, h, w, dtype=dtype, generator=generator)
    return x, 2 * torch.randn(n, g, 4, k, h, w, dtype=dtype, generator=generator)


@pytest.fixture(params=[1, 2, 8], ids=lambda n: f"{n}-threads")
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("merge", ["max", "mean", "weights", "weights and x"])
@pytest.mark.parametrize("normalization", ["convex", "signed", None])
@pytest.mark.parametrize("shape", [(2, 4, 2, 9, 19), (1, 1, 1, 33, 40), (1, 5, 1, 1, 1)], ids=str)
@pytest.mark.usefixtures("threads")
def test_fused_equals_scans_kept_and_merged(merge, normalization, shape):
    x, gates = inputs(*shape, k=4 if normalization == "convex" else 3)
    if normalization is None:
        gates = normalize_gates(gates, "signed")
    how = merge
    if merge.startswith("weights"):
        count = 4 if merge == "weights" else 5
        generator = torch.Generator().manual_seed(1)
        how = torch.rand(x.shape[0], count, *x.shape[2:], generator=generator)
    options = {"normalization": normalization, "merge": how, "passes": 2}
    plain = propagate(x.clone().requires_grad_(), gates, **options).detach()
    torch.testing.assert_close(propagate(x, gates, **options), plain, atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("normalization", ["convex", "signed"])
@pytest.mark.usefixtures("threads")
def test_normalisation_inside_the_scan_equals_the_one_before_it(normalization, connections):
    x, gates = inputs(k=connections + (normalization == "convex"), dtype=torch.float64)
    found = propagate(x, gates, normalization=normalization, connections=connections, merge="none")
    torch.testing.assert_close(found, scan(x, normalize_gates(gates, normalization)))


def test_extreme_logits_are_a_hard_choice_and_no_overflow():
    x, gates = inputs(h=6, w=20)
    gates = 1e4 * gates
    found = propagate(x, gates, merge="none")
    assert torch.isfinite(found).all()
    expected = scan(x, normalize_gates(gates, "convex"))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("grad", [False, True])
def test_seeds_are_held_and_felt(grad):
    x, gates = inputs(1, 1, 1, 8, 12)
    x = torch.zeros_like(x).requires_grad_(grad)
    mask = torch.zeros(1, 1, 8, 12, dtype=torch.bool)
    mask[..., 3, 4] = True
    found = propagate(x, gates, seeds=(mask, torch.ones(1, 1, 1, 1)), passes=2)
    assert found[0, 0, 3, 4] == 1
    assert found.sum() > 1.01  # it has spread
    assert propagate(x, gates, passes=2).sum() == 0


def test_seeds_that_do_not_fit_are_named():
    x, gates = inputs()
    mask = torch.zeros(2, 4, 9, 19, dtype=torch.bool)
    with pytest.raises(ValueError, match=r"seeds: .*mask.*\(3, 3\)"):
        propagate(x, gates, seeds=(mask[0, 0, :3, :3], x))
    with pytest.raises(TypeError, match=r"seeds: .*torch\.bool.*float32"):
        propagate(x, gates, seeds=(x, x))
    with pytest.raises(TypeError, match=r"seeds: .*float32.*float64"):
        propagate(x, gates, seeds=(mask, x.double()))


@pytest.mark.parametrize("merge", ["max", "none"])
@pytest.mark.parametrize("grad", [False, True])
def test_a_given_output_is_written(merge, grad):
    x, gates = inputs()
    expected = propagate(x, gates, merge=merge)
    out = torch.empty_like(expected)
    with torch.set_grad_enabled(grad):
        found = propagate(x, gates, merge=merge, out=out)
    assert found is out
    assert torch.equal(out, expected)


def test_an_output_that_does_not_fit_is_named():
    x, gates = inputs()
    with pytest.raises(ValueError, match=r"out: expected \(2, 4, 9, 19\).*found \(2, 4, 9, 18\)"):
        propagate(x, gates, out=x[..., :18].clone())
    with pytest.raises(ValueError, match=r"out: .*float64"):
        propagate(x, gates, out=x.double())


def test_the_input_may_be_the_output():
    x, gates = inputs()
    expected = propagate(x, gates, passes=2)
    assert torch.equal(propagate(x, gates, passes=2, out=x), expected)


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_check_says_where_values_are_not_finite(value):
    x, gates = inputs()
    propagate(x, gates, check=True)
    gates[1, 0, 2, 3, 4, 5] = value
    with pytest.raises(ValueError, match=r"gates: 1 values.*\(1, 0, 2, 3, 4, 5\)"):
        propagate(x, gates, check=True)


def test_a_nan_in_the_gates_is_not_hidden():
    x, gates = inputs(1, 1, 1, 6, 6)
    gates[0, 0, 0, 0, 3, 3] = float("nan")
    assert propagate(x, gates, merge="none")[0, 0, 0, 3, 3].isnan()
    assert propagate(x, gates, merge="max")[0, 0, 3, 3].isnan()


@pytest.mark.parametrize("shape", [(8, 8), (16, 24), (1, 1), (9, 17), (30, 5)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_transpose_takes_any_size_and_row_stride(shape, dtype):
    wide = np.arange(shape[0] * (shape[1] + 3), dtype=dtype).reshape(shape[0], -1)
    source, target = wide[:, 1 : 1 + shape[1]], np.empty(shape[::-1], dtype)
    columns_to_lines(source, target)
    np.testing.assert_array_equal(target, source.T)
    back = np.empty(shape, dtype)
    lines_to_columns(target, back)
    np.testing.assert_array_equal(back, source)


@jit
def _exponentials(x, out):
    for i in range(x.shape[0]):
        out[i] = exp_nonpositive(x[i])


@pytest.mark.parametrize(("dtype", "error"), [(np.float32, 2e-7), (np.float64, 5e-16)])
def test_exponential_is_right_to_the_last_bits(dtype, error):
    x = -np.concatenate([np.linspace(0, 80, 10_001), [1e-8, 0.34657, 0.34658]]).astype(dtype)
    out = np.empty_like(x)
    _exponentials(x, out)
    assert np.abs(out / np.exp(x.astype(np.longdouble)) - 1).max() < error
    edge = np.array([-1e30, -np.inf, 0.0], dtype)
    _exponentials(edge, edge)
    assert edge[2] == 1
    assert (edge[:2] < 1e-37).all()
