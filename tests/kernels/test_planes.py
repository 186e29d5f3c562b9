"""Pixel shuffles between the layouts of convolutions and of scans."""

from __future__ import annotations

import pytest
import torch
from spn_kernels import depth_to_space, space_to_depth
from torch.nn import functional

SIZES = [(1, 4, 1, 1), (1, 40, 8, 8), (2, 12, 5, 7), (3, 28, 33, 18), (1, 8, 70, 3)]
LAYOUTS = [torch.contiguous_format, torch.channels_last]


def drawn(*shape, dtype=torch.float32):
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_depth_to_space_is_a_pixel_shuffle_with_whole_planes(size, layout, dtype):
    x = drawn(*size, dtype=dtype).to(memory_format=layout)
    found = depth_to_space(x)
    assert found.is_contiguous()
    assert torch.equal(found, functional.pixel_shuffle(x, 2))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_space_to_depth_is_its_inverse_with_whole_pixels(size, layout, dtype):
    x = functional.pixel_shuffle(drawn(*size, dtype=dtype), 2).to(memory_format=layout)
    found = space_to_depth(x)
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(found, functional.pixel_unshuffle(x, 2))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same(threads):
    before = torch.get_num_threads()
    x = drawn(2, 12, 33, 20).to(memory_format=torch.channels_last)
    try:
        torch.set_num_threads(threads)
        found = depth_to_space(x)
        assert torch.equal(found, functional.pixel_shuffle(x, 2))
        assert torch.equal(space_to_depth(found), x)
    finally:
        torch.set_num_threads(before)


def test_gradients_flow():
    x = drawn(1, 8, 4, 6).to(memory_format=torch.channels_last).requires_grad_()
    weight = drawn(1, 2, 8, 12)
    (depth_to_space(x) * weight).sum().backward()
    assert torch.equal(x.grad, functional.pixel_unshuffle(weight, 2))
    y = drawn(1, 2, 8, 12).requires_grad_()
    (space_to_depth(y) * x.detach()).sum().backward()
    assert torch.equal(y.grad, functional.pixel_shuffle(x.detach(), 2))


@pytest.mark.parametrize("shape", [(1, 6, 4, 4), (4, 4)])
def test_what_is_no_pixel_shuffle_is_refused(shape):
    with pytest.raises(RuntimeError):
        depth_to_space(torch.zeros(shape))
    with pytest.raises(RuntimeError):
        space_to_depth(torch.zeros(1, 1, 3, 4))
