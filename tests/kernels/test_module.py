"""The layer does what the function does."""

from __future__ import annotations

import pytest
import torch
from spn_kernels import SpatialPropagation, propagate


@pytest.mark.parametrize("normalization", ["convex", "signed"])
@pytest.mark.parametrize("connections", [1, 3])
def test_the_layer_equals_the_function(normalization, connections):
    options = {"normalization": normalization, "connections": connections, "passes": 2}
    layer = SpatialPropagation(directions=["down", "left"], **options)
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 3, 6, 7, generator=generator)
    gates = torch.randn(1, 1, 2, layer.gate_planes, 6, 7, generator=generator)
    expected = propagate(x, gates, directions=["down", "left"], **options)
    assert torch.equal(layer(x, gates), expected)
    assert list(layer.parameters()) == []
    assert f"normalization='{normalization}'" in repr(layer)


def test_weights_and_seeds_are_given_with_each_call():
    layer = SpatialPropagation()
    x, gates = torch.rand(1, 1, 4, 5), torch.randn(1, 1, 4, 4, 4, 5)
    weights = torch.full((1, 5, 4, 5), 0.2)
    seeds = (torch.ones(1, 1, 4, 5, dtype=torch.bool), torch.zeros(1, 1, 4, 5))
    assert torch.equal(layer(x, gates, weights=weights), propagate(x, gates, merge=weights))
    assert not layer(x, gates, seeds=seeds).any()
