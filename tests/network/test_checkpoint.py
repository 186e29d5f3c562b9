"""Model files: what is written comes back, and nothing else is let in."""

from __future__ import annotations

import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from spn_annotator.errors import ModelFileError
from spn_annotator.network import ModelConfig, SpnRefiner, load_model, save_model
from spn_annotator.network.checkpoint import FORMAT, read_header
from spn_annotator.paths import default_model_path

CONFIG = ModelConfig(image_widths=(8, 8, 8, 8, 8), mask_widths=(8, 8, 8, 8, 8), passes=1)


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    path = tmp_path / "model.safetensors"
    save_model(SpnRefiner(CONFIG), path, about={"steps": "7"})
    return path


def rewrite(path, *, header=None, drop=None, change=None):
    tensors, old = load_file(path), read_header(path)
    if drop:
        del tensors[drop]
    if change:
        tensors[change[0]] = change[1]
    save_file(tensors, path, {**old, **(header or {})})


def test_a_saved_model_comes_back_the_same(saved):
    torch.manual_seed(0)
    expected, found = SpnRefiner(CONFIG).state_dict(), load_model(saved)
    assert found.config == CONFIG
    assert not found.training
    assert read_header(saved)["steps"] == "7"
    for name, tensor in found.state_dict().items():
        assert torch.equal(tensor, expected[name])
    assert [p.name for p in saved.parent.iterdir()] == [saved.name]


@pytest.mark.parametrize("content", [b"", b"not a model", b"\xff" * 64, pickle.dumps({"a": 1})])
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path, content):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"foreign\.safetensors: this is not a safetensors"):
        load_model(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"none\.safetensors: there is no such model file"):
        load_model(tmp_path / "none.safetensors")


def test_a_truncated_file_is_refused(saved):
    saved.write_bytes(saved.read_bytes()[:-1000])
    with pytest.raises(ModelFileError):
        load_model(saved)


@pytest.mark.parametrize(
    "change",
    [
        {"header": {"config": "{}}"}},
        {"header": {"config": json.dumps({"depth": 99})}},
        {"header": {"config": json.dumps({"image_widths": [16, 8, 8, 8, 8]})}},
        {"drop": "unary_mix"},
        {"change": ("unary_mix", torch.full((3,), float("nan")))},
        {"change": ("unary_mix", torch.zeros(4))},
    ],
    ids=["no json", "unknown entry", "other widths", "missing", "nan", "shape"],
)
def test_a_header_and_weights_that_disagree_are_refused(saved, change):
    rewrite(saved, **change)
    with pytest.raises(ModelFileError, match="do not fit each other"):
        load_model(saved)


def test_another_format_is_named(saved):
    rewrite(saved, header={"format": "spn-refiner-99"})
    with pytest.raises(ModelFileError, match=f"spn-refiner-99.*{FORMAT}"):
        load_model(saved)


def test_the_shipped_model_loads_is_small_and_has_a_card():
    path = default_model_path()
    assert sum(p.numel() for p in load_model(path).parameters()) > 100_000
    assert path.stat().st_size <= 20_000_000
    assert path.with_suffix(".md").is_file()


def test_a_compact_file_is_half_as_large_and_says_nearly_the_same(tmp_path):
    torch.manual_seed(3)
    model = SpnRefiner(ModelConfig()).eval()
    whole, compact = tmp_path / "whole.safetensors", tmp_path / "compact.safetensors"
    save_model(model, whole)
    save_model(model, compact, compact=True)
    assert compact.stat().st_size < 0.55 * whole.stat().st_size
    loaded = load_model(compact)
    for name, tensor in model.state_dict().items():
        assert loaded.state_dict()[name].dtype == torch.float32
        torch.testing.assert_close(loaded.state_dict()[name], tensor, rtol=1e-3, atol=1e-6)
