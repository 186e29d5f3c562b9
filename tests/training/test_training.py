"""The training loop on a small made-up data set: it learns, stops, goes on and refuses."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import torch

from spn_annotator.cv import cv2
from spn_annotator.errors import (
    FileReadError,
    FormatError,
    ModelFileError,
    SaveError,
    UsageError,
)
from spn_annotator.network import load_model
from spn_annotator.network.model import ModelConfig
from spn_annotator.training.config import TrainConfig, read_config
from spn_annotator.training.data import (
    IGNORE,
    Entry,
    Steps,
    choose_object,
    loss_weight,
    read_entries,
    read_pair,
    split_held_out,
)
from spn_annotator.training.run import train, train_command

CONFIG = TrainConfig(
    steps=4,
    images_per_step=2,
    masks_per_image=2,
    crop=64,
    validate_every=2,
    validation_images=2,
    held_out=0.3,
    warm_up_steps=1,
    workers=0,
    second_pass=0.5,
    model=ModelConfig(image_widths=(8, 8, 8, 8, 8), mask_widths=(8, 8, 8, 8, 8)),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    rows = []
    for i in range(12):
        kind = ("binary", "classes", "regions")[i % 3]
        base = root / "train" / kind
        (base / "images").mkdir(parents=True, exist_ok=True)
        (base / "masks").mkdir(parents=True, exist_ok=True)
        truth = np.zeros((90, 70 + i), np.uint8)
        cv2.circle(truth, (35, 45), int(rng.integers(12, 30)), 1, -1)
        if kind != "binary":
            cv2.rectangle(truth, (0, 60), (30, 89), 2, -1)
        truth[:3] = IGNORE
        palette = rng.integers(30, 226, (256, 3))
        rgb = np.clip(palette[truth] + rng.normal(0, 8, (*truth.shape, 3)), 0, 255)
        cv2.imwrite(str(base / "images" / f"{i:03}.jpg"), rgb.astype(np.uint8))
        cv2.imwrite(str(base / "masks" / f"{i:03}.png"), truth)
        rows.append({"split": "train", "set": kind, "stem": f"{i:03}", "kind": kind})
    with (root / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return root


def weights(path):
    return load_model(path).state_dict()


def test_a_run_stopped_and_resumed_ends_where_an_undisturbed_one_does(data, tmp_path):
    quiet = {"report": lambda _: None}
    train(data, tmp_path / "whole.safetensors", CONFIG, **quiet)

    class StopError(Exception):
        pass

    def stop_after_the_first_validation(text):
        if text.startswith("held out"):
            raise StopError

    parts = tmp_path / "parts.safetensors"
    with pytest.raises(StopError):
        train(data, parts, CONFIG, report=stop_after_the_first_validation)
    # The message comes before the state is saved, so nothing is there yet: the run starts anew.
    assert not parts.with_suffix(".state").exists()
    lines = []

    def stop_at_the_third_step(text):
        lines.append(text)
        if len([t for t in lines if t.startswith("held out")]) == 2:
            raise StopError

    with pytest.raises(StopError):
        train(data, parts, CONFIG, report=stop_at_the_third_step)
    assert parts.with_suffix(".state").is_file()
    said = []
    train(data, parts, CONFIG, resume=True, report=said.append)
    assert said[0] == "going on after step 2"
    expected, found = weights(tmp_path / "whole.safetensors"), weights(parts)
    for name, tensor in expected.items():
        torch.testing.assert_close(found[name], tensor, atol=1e-6, rtol=0)


def test_training_reduces_the_loss(data, tmp_path):
    config = CONFIG.model_copy(
        update={"steps": 40, "validate_every": 10, "learning_rate": 4e-3, "ema": 0.5}
    )
    out = tmp_path / "model.safetensors"
    train(data, out, config, report=lambda _: None)
    with out.with_suffix(".csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(r["step"]) for r in rows] == [10, 20, 30, 40]
    assert float(rows[-1]["loss"]) < 0.9 * float(rows[0]["loss"])
    assert all(0 <= float(rows[-1][f"iou_{k}"]) <= 1 for k in config.kinds)


def test_resuming_with_another_configuration_is_refused(data, tmp_path):
    out = tmp_path / "model.safetensors"
    train(data, out, CONFIG, report=lambda _: None)
    other = CONFIG.model_copy(update={"learning_rate": 1e-5})
    with pytest.raises(FormatError, match="another configuration"):
        train(data, out, other, resume=True, report=lambda _: None)


def test_a_damaged_state_is_refused(data, tmp_path):
    out = tmp_path / "model.safetensors"
    out.with_suffix(".state").write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match=r"model\.state"):
        train(data, out, CONFIG, resume=True, report=lambda _: None)


def test_a_step_depends_on_seed_and_number_alone(data):
    entries = read_entries(data, "train")
    a, b = Steps(entries, CONFIG)[3], Steps(entries, CONFIG)[3]
    assert torch.equal(a.planes, b.planes)
    assert torch.equal(a.rgb, b.rgb)
    other = Steps(entries, CONFIG.model_copy(update={"seed": 9}))[3]
    assert not torch.equal(a.rgb, other.rgb)
    assert a.planes.shape[0] == int(a.counts.sum()) == 4
    assert set(np.unique(a.truth)) <= {0.0, 1.0}


def test_held_out_images_depend_on_names_alone_and_never_train(data):
    entries = read_entries(data, "train")
    learning, held = split_held_out(entries, 0.3)
    again, _ = split_held_out(entries[::-1], 0.3)
    assert held
    assert {e.image for e in learning} == {e.image for e in again}
    assert not {e.image for e in learning} & {e.image for e in held}
    assert len(learning) + len(held) == len(entries)


def test_a_binary_object_is_label_one_and_ignored_pixels_are_no_object(data):
    truth = np.uint8([[0, 1, 255], [2, 1, 255]])
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(choose_object(truth, "binary", rng), truth == 1)
    wide = np.kron(truth, np.ones((20, 20), np.uint8))
    for _ in range(20):
        assert not choose_object(wide, "regions", rng)[wide == 255].any()


def test_the_outline_counts_more_and_ignored_pixels_nothing():
    mask = np.zeros((30, 30), bool)
    mask[10:20, 10:20] = True
    valid = np.ones_like(mask)
    valid[:, :5] = False
    weight = loss_weight(mask, valid, 3.0, 4.0)
    assert weight[10, 10] == pytest.approx(4.0)
    assert weight[29, 29] == pytest.approx(1.0, abs=0.05)
    assert not weight[:, :5].any()


def test_a_folder_without_manifest_is_named(tmp_path):
    with pytest.raises(FileReadError, match=r"there is no manifest\.csv"):
        read_entries(tmp_path, "train")


def test_a_manifest_without_a_column_is_named(tmp_path):
    (tmp_path / "manifest.csv").write_text("split,stem\ntrain,a\n")
    with pytest.raises(FormatError, match="kind, set"):
        read_entries(tmp_path, "train")


def test_a_missing_or_unfitting_file_is_named(data, tmp_path):
    entry = read_entries(data, "train")[0]
    with pytest.raises(FileReadError, match=r"none\.png"):
        read_pair(Entry(entry.image, tmp_path / "none.png", "a", "binary"))
    other = tmp_path / "small.png"
    cv2.imwrite(str(other), np.zeros((3, 3), np.uint8))
    with pytest.raises(FileReadError, match="differ in size"):
        read_pair(Entry(entry.image, other, "a", "binary"))


def test_the_command_reads_a_configuration_and_says_what_it_wrote(data, tmp_path):
    config = tmp_path / "short.toml"
    entries = CONFIG.model_dump(exclude={"model", "kinds", "boundary", "sets"}, exclude_none=True)
    lines = [f"{k} = {json.dumps(v)}" for k, v in entries.items()]
    lines += ["[model]", "image_widths = [8, 8, 8, 8, 8]", "mask_widths = [8, 8, 8, 8, 8]"]
    config.write_text("\n".join(lines))
    said: list[str] = []
    out = tmp_path / "model.safetensors"
    train_command(data, out, config, steps=1, device="cpu", report=said.append)
    assert said[-1] == f"wrote {out}"
    assert load_model(out).config.image_widths == (8, 8, 8, 8, 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps = ", "TOML"),
        ("stepps = 3", "stepps"),
        ("crop = 100", "crop"),
        ("steps = 0", "steps"),
    ],
)
def test_a_wrong_configuration_is_explained(tmp_path, text, words):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(FormatError, match=words) as caught:
        read_config(path)
    assert "wrong.toml" in str(caught.value)


def test_a_place_that_cannot_be_written_is_refused_before_the_work(data, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError, match="nothing can be written"):
        train(data, tmp_path / "file" / "model.safetensors", CONFIG, report=lambda _: None)
    with pytest.raises(UsageError, match="ends in"):
        train(data, tmp_path / "model.pt", CONFIG, report=lambda _: None)


def test_an_initial_model_of_another_shape_is_refused(data, tmp_path):
    out = tmp_path / "model.safetensors"
    train(data, out, CONFIG, report=lambda _: None)
    wider = CONFIG.model_copy(update={"model": CONFIG.model.model_copy(update={"passes": 1})})
    with pytest.raises(ModelFileError, match="another shape"):
        train(data, tmp_path / "b.safetensors", wider, initial=out, report=lambda _: None)
    train(data, tmp_path / "c.safetensors", CONFIG, initial=out, report=lambda _: None)
    assert (tmp_path / "c.safetensors").is_file()
