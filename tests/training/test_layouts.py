"""HELEN and VOC as they are published, in small: what is read, how it is counted, what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator.errors import FormatError, UsageError
from spn_annotator.formats.masks import write_label_map
from spn_annotator.training.data_set_scores import evaluate_layout
from spn_annotator.training.layouts import HELEN_LABELS, LAYOUTS

SHAPE = (6, 8)


def helen_map(*rows: int) -> np.ndarray:
    """Return a label map whose rows have these labels."""
    return np.repeat(np.array(rows, np.uint8)[:, None], SHAPE[1], 1)


FACE = helen_map(10, 2, 4, 6, 8, 1)


def make_helen(root: Path, faces: dict[str, np.ndarray], split: str = "testing") -> Path:
    for name in ("images", "labels"):
        (root / name).mkdir(parents=True)
    for stem, face in faces.items():
        folder = root / "labels" / stem
        folder.mkdir()
        for label in range(len(HELEN_LABELS)):
            # Probabilities as published: soft, so that no value is 255 on its own.
            values = np.where(face == label, 180, 20).astype(np.uint8)
            write_label_map(folder / f"{stem}_lbl{label:02d}.png", values)
    lines = "".join(f"{number} , {stem}\n" for number, stem in enumerate(faces, start=1))
    (root / f"{split}.txt").write_text(lines)
    return root


def make_voc(root: Path, truths: dict[str, np.ndarray], split: str = "val") -> Path:
    for name in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (root / name).mkdir(parents=True)
    for stem, truth in truths.items():
        Image.new("RGB", truth.shape[::-1]).save(root / "JPEGImages" / f"{stem}.jpg")
        palette = bytes(range(256)) * 3
        write_label_map(root / "SegmentationClass" / f"{stem}.png", truth, palette=palette)
    (root / "ImageSets/Segmentation" / f"{split}.txt").write_text("\n".join(truths) + "\n")
    return root


def predict(folder: Path, maps: dict[str, np.ndarray]) -> Path:
    folder.mkdir()
    for stem, array in maps.items():
        write_label_map(folder / f"{stem}.png", array)
    return folder


class TestHelen:
    def test_the_truth_is_the_most_probable_label(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"1_1": FACE})
        assert (LAYOUTS["helen"].truth(root, "1_1") == FACE).all()

    def test_a_right_prediction_scores_1_in_every_part_it_has(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"1_1": FACE})
        found = evaluate_layout(root, predict(tmp_path / "p", {"1_1": FACE}), layout="helen")
        assert found.is_complete
        assert (found.images, found.split, found.overall) == (1, "testing", 1.0)
        present = {"skin", "brows", "eyes", "nose", "inner mouth", "mouth", "hair"}
        assert {name for name, score in found.scores.items() if score == 1.0} == present
        assert found.to_json()["scores"]["upper lip"] is None

    def test_left_and_right_are_one_part(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        swapped = helen_map(10, 3, 5, 6, 8, 1)
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": swapped}), layout="helen")
        assert found.scores["brows"] == 1.0
        assert found.scores["eyes"] == 1.0

    def test_lips_and_inner_mouth_are_parts_and_together_the_mouth(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": helen_map(7, 8, 9, 1, 1, 1)})
        mixed = helen_map(7, 9, 8, 1, 1, 1)
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": mixed}), layout="helen")
        assert found.scores["upper lip"] == 1.0
        assert found.scores["lower lip"] == found.scores["inner mouth"] == 0.0
        assert found.scores["mouth"] == found.overall == 1.0

    def test_overall_pools_the_inner_parts_and_leaves_skin_and_hair_out(
        self, tmp_path: Path
    ) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        # Nose taken for skin: of four rows of brows, eyes, nose and mouth, one is missed.
        wrong = helen_map(1, 2, 4, 1, 8, 1)
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": wrong}), layout="helen")
        assert found.scores["nose"] == 0.0
        assert found.scores["hair"] == 0.0
        assert found.overall == pytest.approx(2 * 3 / (2 * 3 + 1))

    def test_images_count_by_their_pixels(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE, "b": helen_map(6, 6, 6, 6, 6, 6)})
        guesses = {"a": helen_map(0, 0, 0, 0, 0, 0), "b": helen_map(6, 6, 6, 6, 6, 6)}
        found = evaluate_layout(root, predict(tmp_path / "p", guesses), layout="helen")
        assert found.scores["nose"] == pytest.approx(2 * 6 / (2 * 6 + 1))

    def test_another_split_is_another_list(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE}, split="tuning")
        pred = predict(tmp_path / "p", {"a": FACE})
        assert evaluate_layout(root, pred, layout="helen", split="tuning").overall == 1.0
        with pytest.raises(UsageError, match=r"has no testing\.txt"):
            evaluate_layout(root, pred, layout="helen")

    def test_a_missing_label_is_named_and_the_others_are_scored(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE, "b": FACE})
        (root / "labels/a/a_lbl06.png").unlink()
        found = evaluate_layout(
            root, predict(tmp_path / "p", {"a": FACE, "b": FACE}), layout="helen"
        )
        assert "a_lbl06.png: the picture of the label nose is missing" in found.failures["a"]
        assert (found.images, found.overall, found.is_complete) == (1, 1.0, False)

    def test_labels_of_two_sizes_are_named(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        write_label_map(root / "labels/a/a_lbl03.png", np.zeros((2, 2), np.uint8))
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": FACE}), layout="helen")
        assert "a_lbl03.png: is 2 x 2 pixels" in found.failures["a"]

    def test_an_image_without_labels_is_named(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        (root / "testing.txt").write_text("1 , a\n2 , gone\n")
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": FACE}), layout="helen")
        assert "gone: this image has no folder of labels" in found.failures["gone"]

    @pytest.mark.parametrize("line", ["a", "1 , ../a", "one , a", "1 , a b"])
    def test_a_list_of_another_form_is_named_with_its_line(self, tmp_path: Path, line: str) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        (root / "testing.txt").write_text(f"1 , a\n\n{line}\n")
        with pytest.raises(FormatError, match=r"testing\.txt: line 3 is"):
            evaluate_layout(root, predict(tmp_path / "p", {"a": FACE}), layout="helen")

    def test_an_empty_list_is_an_error(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {})
        with pytest.raises(FormatError, match="empty"):
            evaluate_layout(root, predict(tmp_path / "p", {}), layout="helen")


TRUTH = np.array([[0, 0, 15, 15], [0, 255, 15, 20]], np.uint8)


class TestVoc:
    def test_classes_are_counted_over_all_images(self, tmp_path: Path) -> None:
        other = np.full((2, 4), 15, np.uint8)
        root = make_voc(tmp_path / "VOC2012", {"2007_1": TRUTH, "2007_2": other})
        guesses = {"2007_1": np.where(TRUTH == 20, 15, 0).astype(np.uint8), "2007_2": other}
        found = evaluate_layout(root, predict(tmp_path / "p", guesses), layout="voc")
        assert found.images == 2
        assert found.scores["background"] == pytest.approx(3 / 6)
        assert found.scores["person"] == pytest.approx(8 / 12)
        assert found.scores["tvmonitor"] == 0.0
        assert found.overall == pytest.approx((3 / 6 + 8 / 12 + 0) / 3)
        assert np.isnan(found.scores["cat"])

    def test_a_missing_prediction_counts_as_all_wrong(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH, "b": TRUTH})
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": TRUTH}), layout="voc")
        assert found.missing == ("b",)
        assert not found.is_complete
        assert found.scores["person"] == pytest.approx(1 / 2)

    def test_a_prediction_of_another_size_counts_as_all_wrong(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH})
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": TRUTH[:1]}), layout="voc")
        assert "a.png: is 4 x 1 pixels, but its truth is 4 x 2" in found.failures["a"]
        assert found.overall == 0.0

    def test_a_value_that_is_no_class_is_wrong_and_no_error(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH})
        guess = np.where(TRUTH == 20, 99, TRUTH).astype(np.uint8)
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": guess}), layout="voc")
        assert found.scores["tvmonitor"] == 0.0
        assert found.scores["person"] == 1.0

    def test_an_instance_map_in_place_of_classes_is_named(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": np.full((2, 4), 33, np.uint8)})
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": TRUTH}), layout="voc")
        assert "holds the id 33" in found.failures["a"]
        assert "SegmentationObject" in found.failures["a"]

    def test_a_truth_of_another_size_than_its_image_is_named(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH})
        Image.new("RGB", (9, 9)).save(root / "JPEGImages" / "a.jpg")
        found = evaluate_layout(root, predict(tmp_path / "p", {"a": TRUTH}), layout="voc")
        assert "but its image is 9 x 9" in found.failures["a"]

    def test_the_folder_above_gets_a_hint(self, tmp_path: Path) -> None:
        make_voc(tmp_path / "VOCdevkit" / "VOC2012", {"a": TRUTH})
        with pytest.raises(UsageError, match=r"has no JPEGImages.*Did you mean .*VOC2012\?"):
            evaluate_layout(tmp_path / "VOCdevkit", tmp_path, layout="voc")

    def test_another_layout_is_told_what_is_needed(self, tmp_path: Path) -> None:
        root = make_helen(tmp_path / "helen", {"a": FACE})
        with pytest.raises(UsageError, match="needs JPEGImages, SegmentationClass"):
            evaluate_layout(root, tmp_path, layout="voc")

    def test_an_unknown_split_is_an_error(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH})
        with pytest.raises(UsageError, match="Use val, train, trainval"):
            evaluate_layout(root, tmp_path, layout="voc", split="testing")

    def test_predictions_that_are_no_folder_are_an_error(self, tmp_path: Path) -> None:
        root = make_voc(tmp_path / "VOC2012", {"a": TRUTH})
        with pytest.raises(UsageError, match="predictions"):
            evaluate_layout(root, tmp_path / "none", layout="voc")
