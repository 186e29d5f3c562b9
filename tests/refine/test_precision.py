"""The precision of the convolutions: which is chosen where, and what it may change."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from spn_annotator.errors import UsageError
from spn_annotator.network import ModelConfig, SpnRefiner, save_model
from spn_annotator.refine import Refiner, devices
from spn_annotator.refine.devices import convolution_type
from tests.refine.test_refiner import moved, scene

CPU = torch.device("cpu")


@pytest.mark.parametrize(("fast", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_auto_goes_by_what_the_processor_has(monkeypatch, fast, dtype):
    monkeypatch.setattr(devices, "has_fast_bf16", lambda: fast)
    assert convolution_type("auto", CPU) == dtype
    assert convolution_type("32", CPU) == torch.float32
    assert convolution_type("bf16", CPU) == torch.bfloat16
    assert convolution_type("auto", torch.device("cuda")) == torch.float32


INSTRUCTIONS = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")


def test_a_torch_that_does_not_tell_has_no_fast_bf16(monkeypatch):
    for name in INSTRUCTIONS:
        monkeypatch.delattr(torch.cpu, name, raising=False)
    assert not devices.has_fast_bf16()


@pytest.mark.parametrize("present", [(), INSTRUCTIONS[:1], INSTRUCTIONS[1:], INSTRUCTIONS])
def test_bf16_is_fast_where_the_processor_has_instructions_for_it(monkeypatch, present):
    for name in INSTRUCTIONS:
        monkeypatch.setattr(torch.cpu, name, lambda name=name: name in present, raising=False)
    kernels = "_is_mkldnn_bf16_supported"
    monkeypatch.setattr(torch.ops.mkldnn, kernels, lambda: True, raising=False)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    assert devices.has_fast_bf16() == bool(present)
    monkeypatch.setattr(torch.ops.mkldnn, kernels, lambda: False, raising=False)
    assert not devices.has_fast_bf16()


def test_a_precision_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="'16'"):
        Refiner(precision="16")  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def both():
    return {p: Refiner(device="cpu", precision=p) for p in ("32", "bf16")}


@pytest.mark.parametrize("kind", ["one object", "label map", "strokes"])
def test_precisions_agree_but_for_some_pixels_at_outlines(both, kind):
    rgb, truth = scene(240, 300)
    coarse = moved(truth, 6, 5)
    if kind == "one object":
        coarse = (coarse == 2).astype(np.uint8)
    if kind == "strokes":
        coarse = np.full_like(truth, 255)
        coarse[75:85, 65:85] = 1
        coarse[170:175, 180:260] = 2
        coarse[10:13, 10:120] = 0
        coarse[220:223, 20:120] = 0
    found = {}
    for name, refiner in both.items():
        refiner.set_image(rgb)
        found[name] = refiner.refine(coarse)
    differs = found["32"].label_map != found["bf16"].label_map
    assert differs.mean() < 0.004
    distance = np.abs(found["32"].confidence - found["bf16"].confidence)
    assert distance.mean() < 0.01
    assert (distance > 0).any(), "the two are worked out alike"


@pytest.mark.parametrize("precision", ["32", "bf16"])
def test_in_each_precision_the_same_input_gives_the_same_output(both, precision):
    rgb, truth = scene(240, 300)
    results = []
    for refiner in (both[precision], Refiner(device="cpu", precision=precision)):
        for _ in range(2):
            refiner.set_image(rgb)
            results.append(refiner.refine(moved(truth, 6, 5)))
    for other in results[1:]:
        np.testing.assert_array_equal(other.label_map, results[0].label_map)
        np.testing.assert_array_equal(other.confidence, results[0].confidence)


@pytest.mark.parametrize("propagation", ["none", "one-way", "three-way"])
@pytest.mark.parametrize("gates", ["convex", "signed"])
def test_every_kind_of_model_works_in_bf16(tmp_path, propagation, gates):
    torch.manual_seed(0)
    config = ModelConfig(
        image_widths=(8, 8, 8, 8, 8),
        mask_widths=(8, 8, 8, 8, 8),
        propagation=propagation,
        gates=gates,
    )
    save_model(SpnRefiner(config), tmp_path / "model.safetensors")
    rgb, truth = scene()
    refiner = Refiner(tmp_path / "model.safetensors", device="cpu", precision="bf16")
    found = refiner.refine(rgb, moved(truth)).label_map
    assert set(np.unique(found)) <= set(np.unique(truth))
