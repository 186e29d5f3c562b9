"""The comparison of propagations: trained alike, done once, and its table."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks import compare_propagation as comparison
from benchmarks.cases import shipped_cases
from benchmarks.compare_propagation import RECIPE, main, parse, read_trials
from spn_annotator.errors import FormatError
from spn_annotator.network import ModelConfig, SpnRefiner, save_model

SMALL = """
seeds = [1, 2]
[train]
steps = 2
images_per_step = 1
masks_per_image = 1
crop = 64
warm_up_steps = 1
validation_images = 1
workers = 0
[train.model]
image_widths = [8, 8, 8, 8, 8]
mask_widths = [8, 8, 8, 8, 8]
passes = 1
[variants."no propagation"]
propagation = "none"
[variants."three-way, signed"]
gates = "signed"
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(SMALL)
    return path


def test_the_recipe_compares_what_the_paper_does():
    trials = read_trials(RECIPE)
    found = {
        (t.config.model.propagation, t.config.model.gates, t.config.model.merge) for t in trials
    }
    for propagation in ("one-way", "three-way"):
        for gates in ("convex", "signed"):
            assert (propagation, gates, "learned") in found
    assert ("three-way", "convex", "max") in found
    assert ("none", "convex", "learned") in found


def test_variants_differ_in_the_model_alone_and_come_seed_by_seed(recipe):
    trials = read_trials(recipe)
    assert [(t.variant, t.seed) for t in trials] == [
        ("no propagation", 1),
        ("three-way, signed", 1),
        ("no propagation", 2),
        ("three-way, signed", 2),
    ]
    assert trials[1].name == "three-way-signed-seed-1"
    first, second = (t.config.model_dump() for t in trials[:2])
    assert first.pop("model") != second.pop("model")
    assert first == second
    assert {t.config.steps for t in read_trials(recipe, steps=9)} == {9}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("seeds = [1, 2]", "seeds = []", "seeds"),
        ("seeds = [1, 2]", "seeds = [1, 1]", "a seed is there twice"),
        ("seeds = [1, 2]", "seeds = ", "TOML"),
        ('gates = "signed"', 'gates = "open"', "gates"),
        ('gates = "signed"', "gate = 1", "gate"),
        ("steps = 2", "held_out = 0.01", "held_out has to stay"),
        ('"three-way, signed"', '"No  propagation!"', "same letters"),
    ],
)
def test_a_wrong_recipe_is_explained(recipe, before, after, words):
    recipe.write_text(SMALL.replace(before, after, 1))
    with pytest.raises(FormatError, match=words) as caught:
        read_trials(recipe)
    assert "recipe.toml" in str(caught.value)


def test_without_data_the_command_says_what_it_needs(tmp_path, capsys):
    assert main(["--out", str(tmp_path)]) == 2
    assert "--data" in capsys.readouterr().err
    assert main(["--out", str(tmp_path), "--data", str(tmp_path), "--recipe", "no.toml"]) == 1
    assert "no.toml" in capsys.readouterr().err


def score_stub(model, split, options):
    """Return figures that depend on the folder's name, as a trained model's would."""
    bonus = 0.1 * ("three" in model.parent.name) + 0.02 * model.parent.name.endswith("2")

    def figures(iou):
        return {"brush": {"images": 3, "iou": iou, "mba": iou / 2, "milliseconds": 7.0, "sets": {}}}

    return {"coarse": figures(0.5), "model": figures(0.6 + bonus)}


def test_what_is_done_is_not_done_again_and_the_table_has_the_spread_of_the_seeds(
    data, recipe, tmp_path, monkeypatch, capsys
):
    out = tmp_path / "out"
    monkeypatch.setattr(comparison, "score", score_stub)
    arguments = ["--data", str(data), "--out", str(out), "--recipe", str(recipe)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert said.count("step 2/2") == 4
    text = (out / "propagation.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[1].startswith("| coarse | 50.0 / 25.0 |  |")
    assert rows[2].startswith("| no propagation | 61.0 ± 1.4 / 30.5 ± 0.7 |")
    assert rows[3].startswith("| three-way, signed | 71.0 ± 1.4 / 35.5 ± 0.7 |")
    content = json.loads((out / "propagation.json").read_text())
    assert [(r["variant"], r["seed"]) for r in content["results"]][::3] == [
        ("no propagation", 1),
        ("three-way, signed", 2),
    ]
    # A second time nothing is trained; a model that is gone is trained again, alone.
    assert main(arguments) == 0
    assert "step" not in capsys.readouterr().out.replace("steps", "")
    shutil.rmtree(out / "three-way-signed-seed-1")
    assert main(arguments) == 0
    assert capsys.readouterr().out.count("step 2/2") == 1


@pytest.mark.slow
def test_a_model_is_scored_by_the_program_s_own_refiner_and_only_once(tmp_path, monkeypatch):
    config = ModelConfig(image_widths=(8, 8, 8, 8, 8), mask_widths=(8, 8, 8, 8, 8), passes=1)
    path = tmp_path / "model.safetensors"
    save_model(SpnRefiner(config), path)
    options = parse(["--out", str(tmp_path), "--data", str(tmp_path)])
    asked = []

    def cases(chosen):
        asked.append(chosen.split)
        return ["brush"], shipped_cases(["brush"], limit=1)

    monkeypatch.setattr(comparison, "chosen_cases", cases)
    figures = comparison.score(path, "held-out", options)
    assert set(figures) == {"coarse", "model"}
    brush = figures["model"]["brush"]
    assert brush["images"] == 1
    assert 0.3 < brush["iou"] <= 1
    assert comparison.score(path, "held-out", options) == figures
    comparison.score(path, "val", options)
    save_model(SpnRefiner(config), path)
    comparison.score(path, "held-out", options)
    options.limit = 5
    comparison.score(path, "held-out", options)
    assert asked == ["held-out", "val", "held-out", "held-out"]
