"""The backbone: its arithmetic, what of it is trained, its files."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from spn_annotator.errors import FormatError, ModelFileError
from spn_annotator.network import ModelConfig, SpnRefiner, load_model, save_model
from spn_annotator.network.backbone import (
    BACKBONE_WIDTHS,
    TUNED_FROM,
    EfficientNetLite0,
    _Conv,
    block_names,
)
from spn_annotator.network.backbone_file import load_backbone, save_backbone

SMALL = {"image_widths": (8, 8, 8, 8, 8), "mask_widths": (8, 8, 8, 8, 8), "passes": 1}


def same_padded(x, weight, bias, stride, groups):
    """Convolve as TensorFlow's "same" does, one output at a time: the plain text of its rule."""
    n, _, height, width = x.shape
    cout, per_group, kernel, _ = weight.shape
    out_size = [-(-side // stride) for side in (height, width)]
    pads = [
        max((o - 1) * stride + kernel - side, 0)
        for o, side in zip(out_size, (height, width), strict=True)
    ]
    top, left = (p // 2 for p in pads)
    padded = np.zeros((n, x.shape[1], height + pads[0], width + pads[1]), np.float64)
    padded[:, :, top : top + height, left : left + width] = x
    out = np.zeros((n, cout, *out_size))
    for c in range(cout):
        first = c // (cout // groups) * per_group
        for i in range(out_size[0]):
            for j in range(out_size[1]):
                y, z = i * stride, j * stride
                view = padded[:, first : first + per_group, y : y + kernel, z : z + kernel]
                out[:, c, i, j] = (view * weight[c]).sum((1, 2, 3)) + bias[c]
    return out


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (5, 1), (5, 2)])
@pytest.mark.parametrize("groups", [1, 4])
def test_a_convolution_pads_as_the_weights_were_trained_with(kernel, stride, groups):
    torch.manual_seed(0)
    layer = _Conv(4, 8, kernel, stride=stride, groups=groups)
    x = torch.randn(2, 4, 8, 6)
    assert layer.bias is not None
    expected = same_padded(
        x.numpy(),
        layer.weight.detach().double().numpy(),
        layer.bias.detach().double().numpy(),
        stride,
        groups,
    )
    np.testing.assert_allclose(layer(x).detach().numpy(), expected, atol=1e-5)


def test_a_small_image_gives_what_the_blocks_say_one_after_the_other():
    torch.manual_seed(0)
    net = EfficientNetLite0().eval()
    rgb = torch.rand(1, 3, 64, 32)

    def convolved(x, layer):
        args = (layer.weight.numpy(), layer.bias.numpy(), layer.stride[0], layer.groups)
        return torch.from_numpy(same_padded(x.numpy(), *args)).float()

    with torch.no_grad():
        x = convolved((rgb * 255 - 127) / 128, net.stem).clamp(0, 6)
        name, widens = block_names()[0]
        assert (name, widens) == ("stages.0.0", False)
        block = net.get_submodule(name)
        x = convolved(convolved(x, block.depthwise).clamp(0, 6), block.project)
        features = net(rgb)
        torch.testing.assert_close(features[0], x, atol=1e-5, rtol=1e-5)
        # The first block of the next stage halves; its second one adds its input.
        for name, widens in block_names()[1:3]:
            assert widens
            block = net.get_submodule(name)
            y = convolved(x, block.expand).clamp(0, 6)
            y = convolved(convolved(y, block.depthwise).clamp(0, 6), block.project)
            x = y if block.depthwise.stride[0] == 2 else x + y
        torch.testing.assert_close(features[1], x, atol=1e-4, rtol=1e-4)


def test_features_come_at_five_strides():
    features = EfficientNetLite0()(torch.rand(2, 3, 64, 96))
    assert [tuple(f.shape) for f in features] == [
        (2, width, 64 // s, 96 // s)
        for width, s in zip(BACKBONE_WIDTHS, (2, 4, 8, 16, 32), strict=True)
    ]


def test_only_the_later_stages_are_trained():
    torch.manual_seed(0)
    net = EfficientNetLite0()
    sum(f.mean() for f in net(torch.rand(1, 3, 64, 64))).backward()
    for name, parameter in net.named_parameters():
        early = name.startswith("stem") or int(name.split(".")[1]) < TUNED_FROM
        assert (parameter.grad is None) == early, name


def test_nothing_is_recorded_where_the_caller_wants_no_gradient():
    with torch.no_grad():
        assert not any(f.requires_grad for f in EfficientNetLite0()(torch.rand(1, 3, 32, 32)))


@pytest.mark.parametrize("backbone", ["none", "efficientnet-lite0"])
def test_a_model_with_and_without_backbone_comes_back_the_same(tmp_path, backbone):
    torch.manual_seed(0)
    model = SpnRefiner(ModelConfig(backbone=backbone, **SMALL)).eval()
    save_model(model, tmp_path / "model.safetensors")
    found = load_model(tmp_path / "model.safetensors")
    assert found.config.backbone == backbone
    assert any(n.startswith("backbone.") for n in found.state_dict()) == (backbone != "none")
    rgb = torch.rand(1, 3, 64, 32)
    with torch.no_grad():
        torch.testing.assert_close(found.guide(rgb).ties, model.guide(rgb).ties, atol=0, rtol=0)


def test_an_untrained_model_does_not_listen_to_its_backbone_yet():
    torch.manual_seed(0)
    model = SpnRefiner(ModelConfig(backbone="efficientnet-lite0", **SMALL)).eval()
    rgb = torch.rand(1, 3, 32, 32)
    assert model.backbone is not None
    with torch.no_grad():
        before = model.guide(rgb).features
        for parameter in model.backbone.parameters():
            parameter.mul_(1.5)
        after = model.guide(rgb).features
    for a, b in zip(before, after, strict=True):
        assert torch.equal(a, b)


def test_weights_of_a_backbone_come_back_the_same(tmp_path):
    weights = EfficientNetLite0().state_dict()
    save_backbone(weights, tmp_path / "b.safetensors", about={"license": "Apache-2.0"})
    found = load_backbone(tmp_path / "b.safetensors")
    assert found.keys() == weights.keys()
    assert all(torch.equal(found[name], weights[name]) for name in weights)


def test_a_file_that_is_no_backbone_is_refused(tmp_path):
    model, damaged = tmp_path / "model.safetensors", tmp_path / "damaged.safetensors"
    save_model(SpnRefiner(ModelConfig(**SMALL)), model)
    with pytest.raises(ModelFileError, match=r"spn-refiner-1.*scripts/fetch_backbone\.py"):
        load_backbone(model)
    save_backbone(EfficientNetLite0().state_dict(), damaged)
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="damaged"):
        load_backbone(damaged)


@pytest.mark.parametrize("fault", ["missing", "shape", "nan", "extra"])
def test_weights_that_do_not_fit_are_named(tmp_path, fault):
    weights = dict(EfficientNetLite0().state_dict())
    name = "stem.weight"
    if fault == "missing":
        del weights[name]
    elif fault == "shape":
        weights[name] = weights[name][:4]
    elif fault == "nan":
        weights[name] = weights[name] * torch.nan
    else:
        name = "other"
        weights[name] = torch.zeros(1)
    with pytest.raises(FormatError, match=f"1 weights .*{name}"):
        save_backbone(weights, tmp_path / "b.safetensors")
    assert not list(tmp_path.iterdir())
