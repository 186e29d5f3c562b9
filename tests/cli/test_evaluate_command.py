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
