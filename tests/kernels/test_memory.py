"""Memory of results that recur: used again when a result is gone, never while one is there."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest
import torch
from spn_kernels import memory, scan

FLOAT = np.dtype(np.float32)
SHAPE = (3, 512, 512)  # 3 MiB


@pytest.fixture(autouse=True)
def nothing_waits():
    gc.collect()
    memory.drop_waiting()
    yield
    memory.drop_waiting()


def start_of(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("make", [memory.empty, memory.recurring])
@pytest.mark.parametrize("shape", [(1,), (3, 5), (0, 4), SHAPE])
def test_an_array_begins_at_a_cache_line_and_can_be_written(make, shape):
    array = make(shape, FLOAT)
    assert array.shape == shape
    assert array.dtype == FLOAT
    assert array.flags.c_contiguous
    assert array.size == 0 or start_of(array) % 64 == 0
    array[...] = 7
    assert (array == 7).all()


def test_what_a_result_leaves_serves_the_next_of_its_size():
    first = memory.recurring(SHAPE, FLOAT)
    place = start_of(first)
    view = torch.from_numpy(first)[1]
    del first
    assert memory.waiting_bytes() == 0, "a tensor is still there"
    other = memory.recurring(SHAPE, FLOAT)
    assert start_of(other) != place
    del view
    assert memory.waiting_bytes() > 0
    assert start_of(memory.recurring(SHAPE, FLOAT)) == place


def test_another_size_is_not_served():
    first = memory.recurring(SHAPE, FLOAT)
    place = start_of(first)
    del first
    smaller = memory.recurring((2, 512, 512), FLOAT)
    assert start_of(smaller) != place
    assert memory.waiting_bytes() > 0


def test_small_results_and_too_large_ones_do_not_wait(monkeypatch):
    memory.recurring((10, 10), FLOAT)
    assert memory.waiting_bytes() == 0
    monkeypatch.setattr(memory, "MOST_KEPT", 2 << 20)
    memory.recurring(SHAPE, FLOAT)
    assert memory.waiting_bytes() == 0


def test_no_more_waits_than_is_allowed(monkeypatch):
    monkeypatch.setattr(memory, "MOST_KEPT", 8 << 20)
    results = [memory.recurring((3 + i, 512, 512), FLOAT) for i in range(4)]
    results.clear()
    assert 0 < memory.waiting_bytes() <= 8 << 20
    memory.drop_waiting()
    assert memory.waiting_bytes() == 0


def test_several_threads_never_get_the_same_memory():
    wrong = []

    def work(number):
        for _ in range(100):
            array = memory.recurring(SHAPE, FLOAT)
            array[:, ::64] = number
            if not (array[:, ::64] == number).all():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_gradients_that_are_kept_are_not_written_over():
    torch.manual_seed(0)
    kept = []
    for _ in range(3):
        x = torch.rand(1, 2, 256, 300, requires_grad=True)
        gates = torch.rand(1, 1, 4, 3, 256, 300, requires_grad=True)
        result = scan(x, gates / 3)
        found = torch.autograd.grad(result.square().sum(), (x, gates))
        kept.append((found, tuple(g.clone() for g in found)))
    for found, copies in kept:
        for gradient, copy in zip(found, copies, strict=True):
            assert torch.equal(gradient, copy)
