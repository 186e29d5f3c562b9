"""The training loop on a small made-up data set: it learns, stops, goes on and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

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
from spn_annotator.network.backbone import EfficientNetLite0
from spn_annotator.network.backbone_file import load_backbone, save_backbone
from spn_annotator.network.checkpoint import read_header, save_model
from spn_annotator.network.model import SpnRefiner
from spn_annotator.training.config import read_config
from spn_annotator.training.curves import read_curves
from spn_annotator.training.data import (
    IGNORE,
    Entry,
    Steps,
    _crop,
    _recolour,
    choose_object,
    label_counts,
    loss_weight,
    read_entries,
    read_pair,
    split_held_out,
)
from spn_annotator.training.optimization import initial_weights, learning_rate
from spn_annotator.training.run import train, train_command
from tests.training.recipes import CONFIG, SMALL_MODEL


def weights(path):
    return load_model(path).state_dict()


class StopError(Exception):
    """Ends a run in the middle."""


def quiet(_):
    """Say nothing."""


def stop_at_validation(number):
    """Return a report that ends the run at its validation of this number, before the saving."""
    lines = []

    def report(text):
        lines.append(text)
        if len([t for t in lines if t.startswith("held out")]) == number:
            raise StopError

    return report


def test_a_run_stopped_and_resumed_ends_where_an_undisturbed_one_does(data, tmp_path):
    config = CONFIG.model_copy(update={"steps": 6})
    train(data, tmp_path / "whole.safetensors", config, report=quiet)
    parts = tmp_path / "parts.safetensors"
    with pytest.raises(StopError):
        train(data, parts, config, report=stop_at_validation(1))
    # The message comes before the state is saved, so nothing is there yet: the run starts anew.
    assert not parts.with_suffix(".state").exists()
    with pytest.raises(StopError):
        train(data, parts, config, report=stop_at_validation(2))
    assert parts.with_suffix(".state").is_file()
    said = []
    train(data, parts, config, resume=True, report=said.append)
    assert said[0] == "going on after step 2"
    for kind in ("", "-best"):
        expected = weights(tmp_path / f"whole{kind}.safetensors")
        found = weights(tmp_path / f"parts{kind}.safetensors")
        for name, tensor in expected.items():
            assert torch.equal(found[name], tensor), name
    whole, again = (read_curves(tmp_path / f"{n}.csv") for n in ("whole", "parts"))
    del whole["seconds"], again["seconds"]
    assert str(whole) == str(again)  # as text, because nan is no equal of itself
    assert whole["step"] == [2, 4, 6]


def test_a_finished_run_is_not_done_again(data, tmp_path):
    out = tmp_path / "model.safetensors"
    train(data, out, CONFIG, report=quiet)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    train(data, out, CONFIG, resume=True, report=quiet)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_how_many_processes_make_the_examples_and_how_often_they_are_checked_may_change(
    data, tmp_path
):
    out = tmp_path / "model.safetensors"
    with pytest.raises(StopError):
        train(data, out, CONFIG, report=stop_at_validation(2))
    other = CONFIG.model_copy(update={"workers": 1, "validate_every": 4})
    train(data, out, other, resume=True, report=quiet)
    train(data, tmp_path / "whole.safetensors", CONFIG, report=quiet)
    whole, found = weights(tmp_path / "whole.safetensors"), weights(out)
    assert all(torch.equal(found[name], tensor) for name, tensor in whole.items())


def test_the_best_model_is_kept_beside_the_last(data, tmp_path, monkeypatch):
    figures = iter([0.5, 0.7, 0.6])
    monkeypatch.setattr(
        "spn_annotator.training.run.validate", lambda *_: {"brush": (next(figures),) * 2}
    )
    out = tmp_path / "model.safetensors"
    train(data, out, CONFIG.model_copy(update={"steps": 6}), report=quiet)
    assert read_header(out)["steps"] == "6"
    best = read_header(tmp_path / "model-best.safetensors")
    assert (best["steps"], float(best["held_out"])) == ("4", 0.7)


def test_the_best_model_of_an_earlier_run_does_not_stand_in_the_way(data, tmp_path):
    out, best = tmp_path / "model.safetensors", tmp_path / "model-best.safetensors"
    save_model(SpnRefiner(SMALL_MODEL), best, about={"steps": "1", "held_out": "1.0"})
    train(data, out, CONFIG, report=quiet)
    assert float(read_header(best)["held_out"]) < 1


def test_a_run_without_held_out_images_has_no_best_model(data, tmp_path):
    said = []
    out = tmp_path / "model.safetensors"
    train(data, out, CONFIG.model_copy(update={"held_out": 0.0}), report=said.append)
    assert "held out, IoU/mBA: no images" in said
    assert out.is_file()
    assert not (tmp_path / "model-best.safetensors").exists()


@pytest.fixture(scope="module")
def backbone(tmp_path_factory):
    torch.manual_seed(5)
    path = tmp_path_factory.mktemp("backbone") / "backbone.safetensors"
    save_backbone(EfficientNetLite0().state_dict(), path)
    return path


WITH_BACKBONE = CONFIG.model_copy(
    update={"model": SMALL_MODEL.model_copy(update={"backbone": "efficientnet-lite0"})}
)


def test_a_backbone_starts_from_its_file_and_learns_in_its_later_stages(data, tmp_path, backbone):
    config = WITH_BACKBONE.model_copy(update={"learning_rate": 0.01, "backbone_rate": 1.0})
    out = tmp_path / "model.safetensors"
    train(data, out, config, backbone=backbone, report=quiet)
    start, found = load_backbone(backbone), weights(out)
    # Model files hold the weights of convolutions in 16 bits.
    stored = {n: t.half().float() if t.ndim > 1 else t for n, t in start.items()}
    moved = {n for n, t in stored.items() if not torch.equal(found[f"backbone.{n}"].float(), t)}
    assert "stages.6.0.project.weight" in moved
    assert not {n for n in moved if n.startswith(("stem", "stages.0", "stages.1", "stages.2"))}
    # What it learned goes on from the saved run, without the file.
    longer = config.model_copy(update={"workers": 0})
    train(data, out, longer, resume=True, report=quiet)


def test_a_backbone_without_weights_is_refused_with_the_command_that_gets_them(data, tmp_path):
    out = tmp_path / "model.safetensors"
    with pytest.raises(UsageError, match=r"scripts/fetch_backbone\.py .*--backbone"):
        train(data, out, WITH_BACKBONE, report=quiet)
    assert not list(tmp_path.iterdir())


def test_a_backbone_where_there_is_no_place_for_it_is_refused(data, tmp_path, backbone):
    out = tmp_path / "model.safetensors"
    with pytest.raises(UsageError, match="a model without a backbone"):
        train(data, out, CONFIG, backbone=backbone, report=quiet)
    start = tmp_path / "start.safetensors"
    save_model(SpnRefiner(WITH_BACKBONE.model), start)
    with pytest.raises(UsageError, match="contradict"):
        train(data, out, WITH_BACKBONE, backbone=backbone, initial=start, report=quiet)


def test_a_model_without_a_backbone_goes_on_with_one(data, tmp_path, backbone):
    start = SpnRefiner(CONFIG.model)
    path = tmp_path / "start.safetensors"
    save_model(start, path)
    given = initial_weights(WITH_BACKBONE, initial=path, backbone=backbone)
    assert set(start.state_dict()) | {"backbone.stem.weight"} <= set(given)
    # The new features come in through weights of zero: at first the answer is the old one.
    model = SpnRefiner(WITH_BACKBONE.model)
    model.load_state_dict(model.state_dict() | given)
    rgb = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(model.guide(rgb).ties, start.guide(rgb).ties)


def test_the_rate_warms_up_stays_and_falls():
    config = CONFIG.model_copy(
        update={"steps": 100, "warm_up_steps": 10, "decay_steps": 20, "learning_rate": 1.0}
    )
    rates = [learning_rate(config, step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:81] == [1.0] * 72
    assert rates[90] == pytest.approx(0.5)
    assert rates[99] == pytest.approx(0.05)
    cosine = config.model_copy(update={"decay_steps": None})
    assert learning_rate(cosine, 50) == pytest.approx(0.505)


def test_training_reduces_the_loss(data, tmp_path):
    config = CONFIG.model_copy(
        update={"steps": 32, "validate_every": 16, "learning_rate": 4e-3, "ema": 0.5}
    )
    out = tmp_path / "model.safetensors"
    train(data, out, config, report=lambda _: None)
    with out.with_suffix(".csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(r["step"]) for r in rows] == [16, 32]
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


def test_labels_are_counted_without_ignored_pixels():
    truth = np.uint8([[3, 3, 255], [0, 7, 255]])
    values, counts = label_counts(truth)
    assert values.tolist() == [0, 3, 7]
    assert counts.tolist() == [1, 2, 1]
    assert not label_counts(np.full((2, 2), 255, np.uint8))[0].size


def test_an_object_is_found_where_nothing_is_known_or_all_is_small():
    rng = np.random.default_rng(0)
    for kind in ("binary", "classes", "regions"):
        assert not choose_object(np.full((9, 9), IGNORE, np.uint8), kind, rng).any()
    small = np.zeros((5, 5), np.uint8)
    small[2, 2] = 4
    np.testing.assert_array_equal(choose_object(small, "regions", rng), small == 4)


@pytest.mark.parametrize("closer", [0.0, 1.0])
def test_image_and_truth_of_a_view_lie_on_each_other(closer):
    truth = np.zeros((150, 190), np.uint8)
    cv2.ellipse(truth, (95, 75), (62, 41), 20, 0, 360, 1, -1)
    rgb = np.repeat(255 * truth[..., None], 3, 2)
    entry = Entry(Path("image.jpg"), Path("mask.png"), "discs", "binary")
    config = read_config(None).model_copy(update={"crop": 96, "closer": closer})
    shifts = []
    for seed in range(40):
        view, mask = _crop(rgb, truth, entry, config, np.random.default_rng(seed))
        height, width = (
            np.nonzero(mask != IGNORE)[0].max() + 1,
            np.nonzero(mask != IGNORE)[1].max() + 1,
        )
        bright, inside = view[:height, :width, 0] / 255, (mask[:height, :width] == 1).astype(float)
        # Both change by as much at each side if one is moved against the other.
        for axis in (0, 1):
            edge = np.diff(inside, axis=axis)
            before, after = (
                np.take(bright - inside, r, axis)
                for r in (range(edge.shape[axis]), range(1, edge.shape[axis] + 1))
            )
            moved = ((before + after) * edge).sum() / max(np.abs(edge).sum(), 1)
            shifts.append(moved)
    assert abs(np.mean(shifts)) < 0.05


def test_recolouring_is_the_plain_formula_pixel_by_pixel():
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x = np.clip(rgb / 255 * rng.uniform(0.85, 1.15, 3), 0, 1) ** np.exp(rng.normal(0, 0.25))
        x = (x - x.mean()) * rng.uniform(0.6, 1.3) + x.mean() + rng.normal(0, 0.05)
        if rng.random() < 0.08 or rng.random() < 0.15 or rng.random() < 0.2:
            continue  # grey, blurred or noisy
        found = _recolour(rgb, np.random.default_rng(seed)).astype(int)
        assert np.abs(found - np.floor(np.clip(x, 0, 1) * 255 + 0.5)).max() <= 1


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
