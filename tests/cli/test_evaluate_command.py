"""`spn-annotator evaluate`: table, JSON and exit code."""

from __future__ import annotations

import json
from pathlib import Path

from spn_annotator import cli
from spn_annotator.formats.masks import write_label_map
from tests.cli.support import MASK, one_line


class TestEvaluate:
    def evaluate(self, folder: Path, *options: str) -> int:
        return cli.main(
            [
                "evaluate",
                "--images",
                str(folder / "images"),
                "--truth",
                str(folder / "coarse"),
                "--pred",
                str(folder / "coarse"),
                *options,
            ]
        )

    def test_prints_a_table_and_writes_json(self, folders: Path, capsys) -> None:
        target = folders / "scores.json"
        assert self.evaluate(folders, "--ignore", "255", "--json", str(target)) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["image", "IoU", "mBA", "boundary", "F"]
        assert lines[1].split() == ["a", "100.00", "100.00", "100.00"]
        assert lines[3].split() == ["mean", "100.00", "100.00", "100.00"]
        written = json.loads(target.read_text())
        assert written["kind"] == "labels"
        assert written["scores"]["b"] == {"iou": 1.0, "mba": 1.0, "boundary_f": 1.0}

    def test_lists_missing_predictions_and_exits_with_1(self, folders: Path, capsys) -> None:
        pred = folders / "pred"
        pred.mkdir()
        write_label_map(pred / "a.png", MASK)
        code = cli.main(["evaluate", "--truth", str(folders / "coarse"), "--pred", str(pred)])
        assert code == 1
        assert "missing b: no prediction of this stem" in capsys.readouterr().out

    def test_a_missing_folder_is_a_wrong_argument(self, folders: Path, capsys) -> None:
        code = cli.main(["evaluate", "--truth", str(folders / "none"), "--pred", str(folders)])
        assert code == 2
        assert "none: does not exist (truth)" in one_line(capsys.readouterr().err)

    def test_a_json_file_that_cannot_be_written_is_one_line(self, folders: Path, capsys) -> None:
        assert self.evaluate(folders, "--json", str(folders / "no" / "scores.json")) == 1
        assert "scores.json: cannot be written" in one_line(capsys.readouterr().err)


class TestLayouts:
    def evaluate(self, root: Path, pred: Path, *options: str) -> int:
        return cli.main(["evaluate", "--truth", str(root), "--pred", str(pred), *options])

    def voc(self, folder: Path) -> Path:
        root = folder / "VOC2012"
        (root / "ImageSets" / "Segmentation").mkdir(parents=True)
        (root / "ImageSets" / "Segmentation" / "val.txt").write_text("a\n")
        for name, source in (("JPEGImages", "images"), ("SegmentationClass", "coarse")):
            (folder / source).rename(root / name)
        (root / "JPEGImages" / "a.png").rename(root / "JPEGImages" / "a.jpg")
        return root

    def test_a_data_set_is_scored_by_class(self, folders: Path, capsys) -> None:
        root = self.voc(folders)
        target = folders / "scores.json"
        pred = root / "SegmentationClass"
        assert self.evaluate(root, pred, "--layout", "voc", "--json", str(target)) == 0
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert lines[0] == ["class", "IoU"]
        assert ["bicycle", "–"] in lines
        assert ["bird", "100.00"] in lines
        assert ["mean", "IoU", "100.00"] in lines
        assert json.loads(target.read_text())["mean IoU"] == 1.0

    def test_a_missing_prediction_makes_the_exit_code_1(self, folders: Path, capsys) -> None:
        root = self.voc(folders)
        assert self.evaluate(root, folders, "--layout", "voc") == 1
        assert "missing a: no prediction of this stem" in capsys.readouterr().out

    def test_another_layout_is_a_wrong_argument(self, folders: Path, capsys) -> None:
        assert self.evaluate(folders, folders, "--layout", "helen") == 2
        assert "has no labels (HELEN layout)" in one_line(capsys.readouterr().err)

    def test_options_of_folders_do_not_go_with_a_data_set(self, folders: Path, capsys) -> None:
        assert self.evaluate(folders, folders, "--layout", "voc", "--kind", "labels") == 2
        assert "--kind does not go with" in one_line(capsys.readouterr().err)
        assert self.evaluate(folders, folders, "--split", "val") == 2
        assert "--split goes with a layout" in one_line(capsys.readouterr().err)
