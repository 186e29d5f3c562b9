"""The refinement model before any training, and its parts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from spn_annotator.network.inputs import ColorBins, mask_planes
from spn_annotator.network.layers import Block, ScaledConv, fold
from spn_annotator.network.model import (
    MASK_CHANNELS,
    ModelConfig,
    SpnRefiner,
    neighbour_differences,
)

SMALL = {"image_widths": (8, 8, 8, 8, 8), "mask_widths": (8, 8, 8, 8, 8)}


def disc(size=96, radius=30):
    yy, xx = np.mgrid[:size, :size]
    return (yy - size // 2) ** 2 + (xx - size // 2) ** 2 < radius**2


@pytest.mark.parametrize("propagation", ["none", "one-way", "three-way"])
@pytest.mark.parametrize("gates", ["convex", "signed"])
@pytest.mark.parametrize("merge", ["learned", "max"])
def test_every_variant_of_the_paper_runs_and_learns(propagation, gates, merge):
    torch.manual_seed(0)
    config = ModelConfig(propagation=propagation, gates=gates, merge=merge, **SMALL)
    model = SpnRefiner(config)
    result = model(torch.randn(2, MASK_CHANNELS, 32, 64), model.guide(torch.rand(2, 3, 32, 64)))
    assert result.probability.shape == (2, 1, 32, 64)
    assert torch.isfinite(result.probability).all()
    result.probability.mean().backward()
    tuned = [n for n, p in model.named_parameters() if p.grad is not None and p.grad.any()]
    assert "unary_head.weight" in tuned
    assert ("contrast" in tuned) == (propagation != "none")


def test_without_training_the_gates_already_pull_a_mask_to_the_edge():
    truth = disc()
    rgb = np.where(truth[..., None], np.uint8([190, 90, 60]), np.uint8([70, 90, 120]))
    shifted = np.roll(truth, 5, axis=1)
    planes = mask_planes(ColorBins.of(rgb), np.where(shifted, np.int8(1), np.int8(-1)))
    model = SpnRefiner(ModelConfig(**SMALL)).eval()
    with torch.no_grad():
        guidance = model.guide(torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255)
        found = model(torch.from_numpy(planes)[None], guidance).probability[0, 0] > 0.5
    before, after = (shifted != truth).sum(), (found.numpy() != truth).sum()
    assert after < 0.75 * before


def test_masks_on_one_image_are_independent_of_each_other():
    torch.manual_seed(0)
    model = SpnRefiner(ModelConfig(**SMALL)).eval()
    guidance = model.guide(torch.rand(1, 3, 64, 64))
    planes = torch.randn(3, MASK_CHANNELS, 64, 64)
    together = model(planes, guidance).probability
    for i in range(3):
        alone = model(planes[i : i + 1], guidance).probability[0]
        torch.testing.assert_close(together[i], alone, atol=1e-5, rtol=0)


def test_neighbour_differences_look_at_the_previous_line():
    rgb = torch.zeros(1, 3, 3, 3)
    rgb[:, :, :, 0] = 1  # a bright left column
    found = neighbour_differences(rgb, 3)[0]
    right, left, down, up = found
    step = 3**0.5
    assert right[1, 1, 1] == pytest.approx(step, abs=1e-3)  # behind it, to the left, is bright
    assert left[1, 1, 1] == pytest.approx(0, abs=1e-3)
    assert left[1, 1, 0] == pytest.approx(step, abs=1e-3)
    assert down[0, 1, 1] == pytest.approx(step, abs=1e-3)  # above and to the left
    assert down[1, 1, 1] == pytest.approx(0, abs=1e-3)
    assert up[0, 1, 1] == pytest.approx(step, abs=1e-3)  # below and to the left


def test_folding_the_weights_changes_nothing_but_their_form():
    torch.manual_seed(0)
    model = torch.nn.Sequential(ScaledConv(3, 6, 3, stride=2), Block(6)).eval()
    torch.nn.init.normal_(model[1].scale)
    x = torch.randn(1, 3, 16, 16)
    expected = model(x)
    fold(model)
    assert not any(isinstance(m, ScaledConv) for m in model.modules())
    torch.testing.assert_close(model(x), expected)
