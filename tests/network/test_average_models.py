"""The mean of several models' weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from spn_annotator.network import ModelConfig, SpnRefiner, load_model, save_model

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "average_models.py"
SMALL = {"image_widths": (8, 8, 8, 8, 8), "mask_widths": (8, 8, 8, 8, 8)}


@pytest.fixture
def models(tmp_path):
    """Return the files of two models of one shape and one of another."""
    paths = []
    for seed, changes in enumerate(({}, {}, {"propagation": "one-way"})):
        torch.manual_seed(seed)
        paths.append(tmp_path / f"{seed}.safetensors")
        save_model(SpnRefiner(ModelConfig(**SMALL, **changes)), paths[-1])
    return paths


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_each_weight_is_the_mean(models, tmp_path):
    out = tmp_path / "mean.safetensors"
    done = run(*models[:2], "--out", out)
    assert done.returncode == 0, done.stderr
    states = [load_model(path).state_dict() for path in (*models[:2], out)]
    for name, mean in states[2].items():
        expected = (states[0][name] + states[1][name]) / 2
        torch.testing.assert_close(mean, expected, rtol=1e-3, atol=1e-4)  # 16 bits are stored


def test_models_of_different_shapes_are_refused(models, tmp_path):
    done = run(models[0], models[2], "--out", tmp_path / "mean.safetensors")
    assert done.returncode == 1
    assert "2.safetensors" in done.stderr
    assert "another shape" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "mean.safetensors").exists()


def test_a_place_that_cannot_be_written_to_is_named(models, tmp_path):
    (tmp_path / "file").touch()
    done = run(*models[:2], "--out", tmp_path / "file" / "mean.safetensors")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
