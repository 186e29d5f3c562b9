"""Scoring folders: what is matched, what is read how, and agreement with the evaluation data."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from spn_annotator.errors import UsageError
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from spn_annotator.training.evaluation import Score, evaluate_folders, mean_score, score_maps

TRUTH = np.array([[0, 0, 1, 1]] * 4, np.uint8)
PRED = np.array([[0, 1, 1, 1]] * 4, np.uint8)


def save(folder: Path, **maps: np.ndarray) -> Path:
    folder.mkdir(exist_ok=True)
    for stem, array in maps.items():
        write_label_map(folder / f"{stem}.png", array)
    return folder


class TestMatching:
    def test_means_are_over_the_images(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH, b=TRUTH)
        pred = save(tmp_path / "pred", a=TRUTH, b=PRED)
        result = evaluate_folders(truth=truth, pred=pred)
        assert result.is_complete
        assert result.scores["a"] == Score(1.0, 1.0, 1.0)
        assert result.mean.iou == pytest.approx((1 + 2 / 3) / 2)

    def test_a_missing_prediction_is_listed_and_counts_as_all_wrong(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH, b=TRUTH)
        pred = save(tmp_path / "pred", a=TRUTH)
        result = evaluate_folders(truth=truth, pred=pred)
        assert result.missing == ("b",)
        assert not result.is_complete
        assert result.scores["b"] == Score(0.0, 0.0, 0.0)
        assert result.mean.mba == pytest.approx(0.5)

    def test_a_prediction_of_another_size_is_a_failure(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH)
        pred = save(tmp_path / "pred", a=np.zeros((2, 2), np.uint8))
        result = evaluate_folders(truth=truth, pred=pred)
        assert "a.png: is 2 x 2 pixels, but its truth is 4 x 4" in result.failures["a"]
        assert result.scores["a"].iou == 0.0

    def test_a_damaged_truth_is_a_failure_and_the_others_are_scored(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH, b=TRUTH)
        (truth / "a.png").write_text("no picture")
        result = evaluate_folders(truth=truth, pred=save(tmp_path / "pred", a=TRUTH, b=TRUTH))
        assert set(result.failures) == {"a"}
        assert set(result.scores) == {"b"}

    def test_images_choose_what_is_scored(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH, b=TRUTH)
        images = tmp_path / "images"
        images.mkdir()
        for stem in ("b", "c"):
            write_image(images / f"{stem}.png", np.zeros((4, 4, 3), np.uint8))
        result = evaluate_folders(images=images, truth=truth, pred=truth)
        assert set(result.scores) == {"b"}
        assert result.skipped == ("c",)

    def test_a_truth_of_another_size_than_its_image_is_a_failure(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH)
        image = tmp_path / "a.png"
        write_image(image, np.zeros((5, 4, 3), np.uint8))
        result = evaluate_folders(images=image, truth=truth / "a.png", pred=truth / "a.png")
        assert "is 4 x 5 pixels, but its truth is 4 x 4" in result.failures["a"]

    def test_two_files_need_no_common_stem(self, tmp_path: Path) -> None:
        folder = save(tmp_path / "maps", real=TRUTH, guess=PRED)
        result = evaluate_folders(truth=folder / "real.png", pred=folder / "guess.png")
        assert result.mean.iou == pytest.approx(2 / 3)

    def test_nothing_in_common_is_a_usage_error(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "truth", a=TRUTH)
        images = tmp_path / "images"
        images.mkdir()
        write_image(images / "z.png", np.zeros((4, 4, 3), np.uint8))
        with pytest.raises(UsageError, match="no file with the stem"):
            evaluate_folders(images=images, truth=truth, pred=truth)


class TestReading:
    def test_ids_of_0_and_1_are_binary_and_score_the_object_alone(self, tmp_path: Path) -> None:
        truth, pred = save(tmp_path / "t", a=TRUTH), save(tmp_path / "p", a=PRED)
        assert evaluate_folders(truth=truth, pred=pred).kind == "binary"
        as_labels = evaluate_folders(truth=truth, pred=pred, kind="labels")
        assert as_labels.mean.iou == pytest.approx((1 / 2 + 2 / 3) / 2)

    def test_one_map_with_more_ids_makes_all_of_them_label_maps(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "t", a=TRUTH, b=2 * TRUTH)
        assert evaluate_folders(truth=truth, pred=truth).kind == "labels"

    def test_255_is_the_object_where_no_truth_uses_1(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "t", a=np.where(TRUTH == 1, 255, 0).astype(np.uint8))
        pred = save(tmp_path / "p", a=PRED)
        result = evaluate_folders(truth=truth, pred=pred, ignore=255)
        assert result.kind == "binary"
        assert result.mean.iou == pytest.approx(2 / 3)

    def test_255_is_ignored_where_a_truth_uses_1(self, tmp_path: Path) -> None:
        void = TRUTH.copy()
        void[:, 1] = 255
        result = evaluate_folders(
            truth=save(tmp_path / "t", a=void), pred=save(tmp_path / "p", a=PRED)
        )
        assert result.mean.iou == 1.0

    def test_a_binary_prediction_may_use_255_for_the_object(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "t", a=TRUTH)
        pred = save(tmp_path / "p", a=(TRUTH * 255).astype(np.uint8))
        assert evaluate_folders(truth=truth, pred=pred).mean.iou == 1.0

    def test_black_and_white_predictions_are_read(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "t", a=TRUTH)
        assert evaluate_folders(truth=truth, pred=save(tmp_path / "p", a=TRUTH == 1)).mean.iou == 1

    def test_16_bit_truths_ignore_65535(self, tmp_path: Path) -> None:
        truth = np.array([[300, 300, 65535, 7]] * 4, np.uint16)
        pred = np.array([[300, 300, 7, 7]] * 4, np.uint16)
        result = evaluate_folders(
            truth=save(tmp_path / "t", a=truth), pred=save(tmp_path / "p", a=pred)
        )
        assert result.mean == Score(1.0, 1.0, 1.0)

    def test_the_ignored_value_can_be_chosen(self, tmp_path: Path) -> None:
        truth = save(tmp_path / "t", a=np.array([[3, 3, 9, 9]] * 4, np.uint8))
        pred = save(tmp_path / "p", a=np.array([[3, 3, 0, 0]] * 4, np.uint8))
        assert evaluate_folders(truth=truth, pred=pred, ignore=9).mean.iou == 1.0
        assert evaluate_folders(truth=truth, pred=pred, ignore=None).mean.iou == 0.5


def test_figures_that_do_not_exist_are_left_out_of_the_mean_and_null_in_json() -> None:
    nothing = score_maps(np.full((2, 2), 255, np.uint8), np.zeros((2, 2), np.uint8))
    assert mean_score([nothing, Score(0.5, 0.5, 0.5)]).iou == 0.5
    text = json.dumps(mean_score([nothing]).to_json(), allow_nan=False)
    assert json.loads(text)["iou"] is None


def load_scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluation_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
# The scorer leaves the list of images open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("protocol", ["perturbed", "lowres"])
def test_agrees_with_the_scorer_of_the_evaluation_data(repository: Path, protocol: str) -> None:
    shared = repository.parent / "shared"
    if not (shared / "eval" / "score.py").is_file():
        pytest.skip("the optional evaluation data in ../shared is not there")
    scorer = load_scorer(shared / "eval")
    coarse = shared / "eval" / "coarse" / protocol
    expected = scorer.score(str(shared / "data"), str(coarse), str(coarse), "val")
    assert expected
    for name, (_, iou, _, mba) in expected.items():
        folder = shared / "data" / "val" / name
        found = evaluate_folders(
            images=folder / "images", truth=folder / "masks", pred=coarse / name
        ).mean
        assert found.iou == pytest.approx(iou, abs=1e-6)
        assert found.mba == pytest.approx(mba, abs=1e-6)
