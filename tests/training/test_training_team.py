"""Training in several processes does what one process does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch

from spn_annotator.errors import FileReadError, UsageError
from spn_annotator.network import load_model
from spn_annotator.training import run, team
from spn_annotator.training.curves import read_curves
from spn_annotator.training.data import Steps, read_entries
from spn_annotator.training.run import train
from spn_annotator.training.team import Team, launch
from tests.training.recipes import CONFIG

MAIN = Path(__file__).resolve().parents[2] / "main.py"
# Three images a step do not divide evenly among two processes.
SHARED = CONFIG.model_copy(update={"images_per_step": 3, "second_pass": 0.7, "learning_rate": 1e-3})


def quiet(_):
    """Say nothing; can be sent to another process."""


def weights(path):
    return load_model(path).state_dict()


def largest_difference(a, b):
    return max(float((a[name] - b[name]).abs().max()) for name in a)


def test_the_shares_of_a_step_make_up_the_whole(data):
    entries = read_entries(data, "train")
    whole = Steps(entries, SHARED)[2]
    shares = [Steps(entries, SHARED, rank=rank, size=2)[2] for rank in range(2)]
    assert [share.numbers.tolist() for share in shares] == [[0, 2], [1]]
    for share in shares:
        assert torch.equal(share.rgb, whole.rgb[share.numbers])
        masks = torch.stack([2 * share.numbers, 2 * share.numbers + 1], 1).flatten()
        assert torch.equal(share.planes, whole.planes[masks])


class KeepState:
    """Says nothing, and copies the saved run of the first validation when the second one comes."""

    def __init__(self, state, copy):
        self.state, self.copy, self.seen = state, copy, 0

    def __call__(self, text):
        self.seen += text.startswith("held out")
        if self.seen == 2 and not self.copy.exists():
            shutil.copy(self.state, self.copy)


def train_twice(data, folder, team):
    """Train, and train once more from half-way on."""
    parameters = [torch.nn.Parameter(torch.zeros(2, 3)) for _ in range(3)]
    for i in (0, 2):
        parameters[i].grad = torch.full((2, 3), float(i + team.rank))
    team.sum_gradients(parameters)
    assert [p.grad is None for p in parameters] == [False, True, False]
    assert (parameters[0].grad == 1).all()
    assert (parameters[2].grad == 5).all()
    whole, half = folder / "two.safetensors", folder / "half.safetensors"
    keep = KeepState(whole.with_suffix(".state"), half.with_suffix(".state"))
    run._run(data, whole, SHARED, {}, None, keep, team)
    run._run(data, half, SHARED, {}, half.with_suffix(".state"), quiet, team)


@pytest.mark.slow
def test_two_processes_learn_what_one_does_and_go_on_exactly(data, tmp_path):
    launch(partial(train_twice, data, tmp_path), device="cpu", devices=2)
    train(data, tmp_path / "one.safetensors", SHARED, report=quiet)
    one, two, half = (weights(tmp_path / f"{n}.safetensors") for n in ("one", "two", "half"))
    assert all(torch.equal(two[name], half[name]) for name in two)
    # AdamW makes steps of the size of the rate out of gradients however small, so that rounding
    # in another order can show; a wrong sum of gradients would move far more weights far more.
    moved = torch.cat([(one[name] - two[name]).abs().flatten() for name in one])
    assert float(moved.mean()) < 1e-6
    for name in ("loss", "final", "unary", "dice"):
        losses = [read_curves(tmp_path / f"{n}.csv")[name] for n in ("one", "two")]
        assert losses[0] == pytest.approx(losses[1], abs=2e-5)


def test_one_process_needs_no_lightning(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightning_fabric", None)
    seen = []
    launch(seen.append, device="cpu")
    assert (seen[0].rank, seen[0].size) == (0, 1)
    for options in ({"devices": 2}, {"precision": "bf16-mixed"}):
        with pytest.raises(UsageError, match=r"spn-annotator\[train\]"):
            launch(seen.append, device="cpu", **options)


def test_more_devices_than_images_or_gpus_are_refused(data, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match=r"2 images a step .* 3 devices"):
        train(data, tmp_path / "m.safetensors", CONFIG, devices=3, report=quiet)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(UsageError, match="2 GPUs are asked for, 1 are there"):
        launch(quiet, device="cuda", devices=2)


def test_torchrun_alone_says_how_many_processes_there_are(monkeypatch):
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "x")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    with pytest.raises(UsageError, match="--devices 2 contradicts the 4 processes"):
        launch(quiet, device="cpu", devices=2)


def test_bf16_on_one_device_trains(data, tmp_path):
    out = tmp_path / "m.safetensors"
    train(data, out, CONFIG, precision="bf16-mixed", report=quiet)
    train(data, tmp_path / "plain.safetensors", CONFIG, report=quiet)
    found, plain = weights(out), weights(tmp_path / "plain.safetensors")
    assert {t.dtype for t in found.values()} == {torch.float32}
    assert 0 < largest_difference(found, plain) < 0.05


def stumble(team: Team) -> None:
    """Fail as a process does that meets a damaged image."""
    if team.rank == 1:
        raise FileReadError("this file is missing or damaged", path="a.jpg", remedy="Get it again")
    team.wait()


@pytest.mark.slow
def test_a_mistake_in_one_process_ends_all_with_its_message():
    with pytest.raises(FileReadError, match=r"^a\.jpg: this file is missing or damaged\. Get it"):
        launch(stumble, device="cpu", devices=2)


def test_a_defect_in_a_process_is_no_mistake_of_the_user():
    assert team._told_by_child("Traceback ...\nValueError: x") is None
    told = team._told_by_child("Traceback\n  File\nspn_annotator.errors.SaveError: full. Free it\n")
    assert str(told) == "full. Free it"


@pytest.mark.slow
def test_torchrun_starts_the_command(data, tmp_path):
    config = tmp_path / "recipe.toml"
    config.write_text(
        "steps = 1\nimages_per_step = 2\ncrop = 64\nheld_out = 0.0\nworkers = 0\n"
        "[model]\nimage_widths = [8, 8, 8, 8, 8]\nmask_widths = [8, 8, 8, 8, 8]\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    out = tmp_path / "m.safetensors"
    run = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    run += ["--master-port", str(port)]
    options = ["--data", str(data), "--out", str(out), "--config", str(config)]
    done = subprocess.run(
        [*run, str(MAIN), "train", "--device", "cpu", *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wrote") == 1
    assert load_model(out).config.image_widths == (8, 8, 8, 8, 8)
