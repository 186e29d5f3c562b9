"""Vectors in compiled code give what NumPy gives, lane by lane."""

from __future__ import annotations

import numpy as np
import pytest
from spn_kernels.lanes import LANES, exp_nonpositive, lanes_from, larger, like, load, size, store
from spn_kernels.simd import jit


@jit
def _arithmetic(a, b, out):
    x, y = load(a, (1, 2)), load(b, 3)
    store(out, (0, 1), (x + y) * x - y / like(x, 2.0))


@jit
def _larger(a, b, out):
    store(out, 0, larger(load(a, 0), load(b, 0)))


@jit
def _rest(a, first, out):
    store(out, 0, lanes_from(size(load(a, 0)), first))


@jit
def _exponential(a, out):
    store(out, 0, exp_nonpositive(load(a, 0)))


@jit
def _exponential_each(a, out):
    for i in range(a.shape[0]):
        out[i] = exp_nonpositive(a[i])


DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@DTYPES
def test_arithmetic_reads_and_writes_where_it_is_told(dtype):
    rng = np.random.default_rng(0)
    a, b = rng.random((2, LANES + 4)).astype(dtype), rng.random(LANES + 3).astype(dtype)
    out = np.full((1, LANES + 2), 7, dtype)
    _arithmetic(a, b, out)
    x, y = a[1, 2 : 2 + LANES], b[3 : 3 + LANES]
    np.testing.assert_allclose(out[0, 1:-1], (x + y) * x - y / 2, rtol=1e-6)
    assert out[0, 0] == out[0, -1] == 7


@DTYPES
def test_the_larger_of_two_keeps_a_nan_of_the_first(dtype):
    a, b = np.arange(LANES, dtype=dtype), np.full(LANES, 3, dtype)
    a[0], b[1] = np.nan, np.nan
    out = np.empty(LANES, dtype)
    _larger(a, b, out)
    assert np.isnan(out[0])
    np.testing.assert_array_equal(out[2:], np.maximum(a, b)[2:])


@DTYPES
@pytest.mark.parametrize("first", [0, 1, LANES - 1, LANES])
def test_lanes_before_the_first_are_zero(dtype, first):
    a = -np.arange(1, LANES + 1, dtype=dtype)
    out = np.empty(LANES, dtype)
    _rest(a, first, out)
    np.testing.assert_array_equal(out, np.where(np.arange(LANES) >= first, -a, 0))


@DTYPES
def test_exponentials_have_the_same_bits_alone_and_in_a_vector(dtype):
    a = -np.geomspace(1e-6, 80, LANES).astype(dtype)
    together, alone = np.empty_like(a), np.empty_like(a)
    _exponential(a, together)
    _exponential_each(a, alone)
    np.testing.assert_array_equal(together, alone)
