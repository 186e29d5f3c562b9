"""The scans against the reference, autograd and each other."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from spn_kernels import DIRECTIONS, normalize_gates, propagate, reference, scan
from spn_kernels.torch_loop import scan_torch

SHAPES = [
    # n, c, g, h, w, connections
    (2, 4, 2, 5, 7, 3),
    (1, 1, 1, 1, 1, 3),
    (1, 2, 1, 1, 6, 3),
    (1, 2, 1, 6, 1, 3),
    (1, 3, 3, 4, 2, 3),
    (2, 6, 3, 9, 5, 1),
    (1, 1, 1, 33, 17, 3),
]
IDS = ["x".join(map(str, s)) for s in SHAPES]
TOLERANCE = {torch.float32: 2e-5, torch.float64: 1e-12}


def make(shape, dtype=torch.float64, normalization="signed", seed=0):
    n, c, g, h, w, k = shape
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, c, h, w, dtype=dtype, generator=generator)
    raw = torch.randn(n, g, 4, k, h, w, dtype=dtype, generator=generator)
    return x, normalize_gates(raw, normalization)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_forward_agrees_with_the_reference(shape, dtype):
    x, gates = make(shape, dtype)
    expected = reference.scan(x.numpy(), gates.numpy(), DIRECTIONS)
    np.testing.assert_allclose(scan(x, gates).numpy(), expected, atol=TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_gradients_agree_with_the_reference(shape, dtype):
    x, gates = make(shape, dtype)
    x.requires_grad_()
    gates.requires_grad_()
    out = scan(x, gates)
    grad = torch.randn(out.shape, dtype=dtype, generator=torch.Generator().manual_seed(1))
    out.backward(grad)
    dx, dgates = reference.scan_backward(
        x.detach().numpy(), gates.detach().numpy(), DIRECTIONS, grad.numpy()
    )
    assert x.grad is not None
    assert gates.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), dx, atol=50 * TOLERANCE[dtype], rtol=0)
    np.testing.assert_allclose(gates.grad.numpy(), dgates, atol=50 * TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_reference_agrees_with_torch_autograd(shape):
    """The oracle's hand-written gradient against automatic differentiation of plain torch."""
    x, gates = make(shape)
    x.requires_grad_()
    gates.requires_grad_()
    out = scan_torch(x, gates, DIRECTIONS)
    np.testing.assert_allclose(
        out.detach().numpy(),
        reference.scan(x.detach().numpy(), gates.detach().numpy(), DIRECTIONS),
        atol=1e-12,
    )
    grad = torch.randn(out.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(1))
    out.backward(grad)
    dx, dgates = reference.scan_backward(
        x.detach().numpy(), gates.detach().numpy(), DIRECTIONS, grad.numpy()
    )
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), dx, atol=1e-11)
    # A gate that points out of the image has no gradient, but autograd may leave it unset.
    found = np.zeros_like(dgates) if gates.grad is None else gates.grad.numpy()
    np.testing.assert_allclose(found, dgates, atol=1e-11)


@pytest.mark.parametrize("merge", ["max", "mean", "none", "weights", "weights and x"])
@pytest.mark.parametrize("normalization", ["convex", "signed", None])
@pytest.mark.parametrize("connections", [1, 3])
def test_gradcheck_of_every_option(merge, normalization, connections):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(1, 2, 3, 4, dtype=torch.float64, generator=generator)
    k = connections + (normalization == "convex")
    scale = 0.3 if normalization is None else 1.0
    gates = scale * torch.randn(1, 1, 4, k, 3, 4, dtype=torch.float64, generator=generator)
    inputs = [x.requires_grad_(), gates.requires_grad_()]
    if merge.startswith("weights"):
        count = 4 if merge == "weights" else 5
        weights = torch.rand(1, count, 3, 4, dtype=torch.float64, generator=generator)
        inputs.append(weights.requires_grad_())

    def run(x, gates, weights=None):
        return propagate(
            x,
            gates,
            normalization=normalization,
            connections=connections,
            merge=merge if weights is None else weights,
            passes=1 if merge == "none" else 2,
        )

    assert torch.autograd.gradcheck(run, inputs)


def test_non_contiguous_and_expanded_inputs():
    x, gates = make((2, 4, 1, 6, 8, 3))
    expected = scan(x, gates)
    strided = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
    assert not strided.is_contiguous()
    wide = torch.stack([gates, gates], -1)[..., 0]
    assert torch.equal(scan(strided, wide), expected)
    shared = gates[:1].expand(2, -1, -1, -1, -1, -1)
    assert torch.equal(scan(x, shared)[0], expected[0])


def test_an_expanded_gradient_is_accepted():
    x, gates = make((1, 2, 1, 4, 5, 3))
    x.requires_grad_()
    scan(x, gates).sum().backward()  # the gradient of a sum has stride 0
    dx, _ = reference.scan_backward(
        x.detach().numpy(), gates.numpy(), DIRECTIONS, np.ones((1, 2, 4, 4, 5))
    )
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), dx, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    h=st.integers(1, 12),
    w=st.integers(1, 12),
    groups=st.integers(1, 3),
    per_group=st.integers(1, 2),
    connections=st.sampled_from([1, 3]),
    directions=st.lists(st.sampled_from(DIRECTIONS), min_size=1, max_size=4, unique=True),
    seed=st.integers(0, 2**31),
)
def test_drawn_shapes_agree_with_the_reference(
    h, w, groups, per_group, connections, directions, seed
):
    shape = (1, groups * per_group, groups, h, w, connections)
    x, gates = make(shape, seed=seed)
    gates = gates[:, :, : len(directions)]
    expected = reference.scan(x.numpy(), gates.numpy(), directions)
    found = scan(x, gates, directions=directions).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_finite_travel_as_in_the_reference(value):
    x, gates = make((1, 1, 1, 5, 6, 3), normalization="convex")
    gates = normalize_gates(
        torch.randn(1, 1, 4, 4, 5, 6, dtype=torch.float64, generator=torch.Generator()), "convex"
    )
    x[0, 0, 2, 3] = value
    with np.errstate(invalid="ignore"):
        expected = reference.scan(x.numpy(), gates.numpy(), DIRECTIONS)
    np.testing.assert_array_equal(np.isfinite(scan(x, gates).numpy()), np.isfinite(expected))


@pytest.fixture
def number_of_threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize("threads", [1, 2, 3, 8, 50])
@pytest.mark.parametrize(
    # Few channels, which share their gradients of gates, and many, which get parts of their own;
    # lines of one vector, of two that overlap, of several and a rest.
    "shape",
    [(1, 2, 1, 7, 20, 3), (1, 40, 1, 33, 11, 3), (1, 30, 1, 9, 16, 1), (2, 34, 2, 18, 34, 3)],
    ids=str,
)
def test_gradients_do_not_depend_on_how_the_work_is_dealt_out(shape, threads, number_of_threads):
    x, gates = make(shape)
    generator = torch.Generator().manual_seed(1)
    grad = torch.randn(*shape[:2], 4, *shape[3:5], dtype=x.dtype, generator=generator)
    expected = reference.scan_backward(x.numpy(), gates.numpy(), DIRECTIONS, grad.numpy())
    number_of_threads(threads)
    x.requires_grad_()
    gates.requires_grad_()
    found = torch.autograd.grad(scan(x, gates), (x, gates), grad)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), b, atol=1e-11)


def test_several_python_threads_at_once_get_the_single_thread_answer(number_of_threads):
    cases = [make((2, 3, 1, 40, 30, 3), torch.float32, seed=s) for s in range(6)]
    expected = [scan(x, g) for x, g in cases]
    number_of_threads(4)
    failures: list[int] = []

    def work(i: int) -> None:
        for _ in range(5):
            if not torch.equal(scan(*cases[i]), expected[i]):
                failures.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(cases))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
