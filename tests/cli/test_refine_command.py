"""`spn-annotator refine`: masks, report, table, and one clear line for each mistake."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from spn_annotator import cli
from spn_annotator.batch.lock import RunLock
from spn_annotator.batch.places import Place
from spn_annotator.formats.masks import read_label_map, write_label_map
from spn_annotator.paths import default_model_path
from tests.cli.support import MASK, RECORDS, files, one_line, refine


@pytest.mark.usefixtures("quick_model")
class TestRefine:
    def test_writes_masks_report_and_a_table(self, folders: Path, capsys) -> None:
        (folders / "coarse" / "b.png").unlink()
        assert refine(folders) == 0
        assert files(folders / "out") == ["a.png", *RECORDS]
        assert 255 not in read_label_map(folders / "out" / "a.png").array
        printed = capsys.readouterr()
        assert printed.err == ""
        lines = printed.out.splitlines()
        headings = ("image", "status", "seconds", "changed pixels", "expected IoU")
        assert lines[0].split() == " ".join(headings).split()
        assert lines[1].split()[:2] == ["a", "refined"]
        assert lines[2].split() == ["b", "skipped"]
        assert "skipped b: no coarse mask of this stem" in printed.out

    def test_exits_with_1_when_an_image_failed_and_writes_the_others(
        self, folders: Path, capsys
    ) -> None:
        (folders / "images" / "a.png").write_text("no picture")
        assert refine(folders) == 1
        assert files(folders / "out") == ["b.png", *RECORDS]
        out = capsys.readouterr().out
        assert f"failed a: {folders / 'images' / 'a.png'}: is not a JPEG" in out

    @pytest.mark.parametrize(
        ("said", "expected"),
        [("none", {0, 1, 3, 255}), ("auto", {0, 1, 3}), ("3", {0, 1, 255}), ("AUTO", {0, 1, 3})],
    )
    def test_takes_the_unknown_value(self, folders: Path, said: str, expected: set[int]) -> None:
        assert refine(folders, "--unknown", said) == 0
        array = read_label_map(folders / "out" / "a.png", unknown=None).array
        assert set(np.unique(array).tolist()) == expected

    @pytest.mark.parametrize("said", ["-1", "65536", "x", "", "1.5", "²"])
    def test_refuses_an_unknown_value_that_is_none(self, folders: Path, said: str, capsys) -> None:
        assert refine(folders, f"--unknown={said}") == 2
        assert "is no mask value. Give 0 to 65535, none or auto" in one_line(
            capsys.readouterr().err
        )
        assert not (folders / "out").exists()

    def test_refuses_labels_that_are_no_ids(self, folders: Path, capsys) -> None:
        assert refine(folders, "--labels", "1,cat") == 2
        assert "--labels 1,cat is no list of ids" in one_line(capsys.readouterr().err)

    def test_an_unknown_label_id_fails_the_image(self, folders: Path, capsys) -> None:
        assert refine(folders, "--labels", "7") == 1
        assert files(folders / "out") == [*RECORDS]
        mask = folders / "coarse" / "a.png"
        reason = f"failed a: {mask}: has no label 7. Choose among its labels: 0, 1, 3"
        assert reason in capsys.readouterr().out

    def test_square_brackets_in_names_are_printed_as_they_are(self, folders: Path, capsys) -> None:
        for name in ("images", "coarse"):
            (folders / name / "a.png").rename(folders / name / "[red]x[].png")
        assert refine(folders) == 0
        assert "[red]x[]" in capsys.readouterr().out


@pytest.mark.usefixtures("quick_model")
class TestManyImages:
    def test_a_dry_run_says_what_would_be_done_and_does_nothing(
        self, folders: Path, capsys
    ) -> None:
        (folders / "coarse" / "b.png").unlink()
        assert refine(folders, "--dry-run") == 0
        out = capsys.readouterr().out
        assert re.search(r"refined +1", out)
        assert re.search(r"skipped, for want of a mask or an image +1", out)
        assert "nothing was written" in out
        assert not (folders / "out").exists()

    def test_a_resumed_run_keeps_what_is_right(self, folders: Path, capsys) -> None:
        assert refine(folders) == 0
        assert refine(folders, "--resume", "--dry-run") == 0
        assert re.search(r"of these with a result on record +2", capsys.readouterr().out)
        (folders / "out" / "b.png").unlink()
        assert refine(folders, "--resume") == 0
        out = capsys.readouterr().out
        assert "1 refined, 1 kept in" in out
        assert files(folders / "out") == ["a.png", "b.png", *RECORDS]

    def test_of_many_images_those_that_ask_for_attention_are_listed(
        self, folders: Path, capsys
    ) -> None:
        for number in range(60):
            for name in ("images", "coarse"):
                shutil.copy(folders / name / "a.png", folders / name / f"n{number:02}.png")
        (folders / "images" / "n07.png").write_text("no picture")
        assert refine(folders, "--processes", "1") == 1
        out = capsys.readouterr().out
        assert "n07" in out
        assert len(out.splitlines()) < 30
        assert "more: see report.html" in out
        assert "61 refined, 1 failed in" in out

    def test_a_second_run_into_the_folder_is_refused(self, folders: Path, capsys) -> None:
        (folders / "out").mkdir()
        held = RunLock.acquire(Place.of(folders / "out"))
        try:
            assert refine(folders) == 2
        finally:
            held.release()
        assert "another run writes to this folder" in one_line(capsys.readouterr().err)

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            (["--export", "nonsense"], "there is no export format nonsense"),
            (["--processes", "0"], "processes"),
            (["--into", "nowhere"], "nowhere: is no folder"),
        ],
    )
    def test_wrong_options_are_told(
        self, folders: Path, options: list[str], reason: str, capsys
    ) -> None:
        assert refine(folders, *options) in (1, 2)
        assert reason in capsys.readouterr().err
        assert not (folders / "out").exists()

    def test_results_go_into_other_formats_besides(self, folders: Path, capsys) -> None:
        assert refine(folders, "--export", "coco") == 0
        assert (folders / "out" / "export" / "coco" / "instances.json").is_file()
        assert "2 images exported to" in capsys.readouterr().out


@pytest.mark.usefixtures("quick_model")
class TestBadInput:
    """Each mistake is one line that names the file and the remedy, and nothing is half written."""

    def failing(self, folders: Path, capsys) -> str:
        assert refine(folders) == 1
        assert files(folders / "out") == ["b.png", *RECORDS]
        written = json.loads((folders / "out" / "report.json").read_text())
        assert [job["status"] for job in written["images"]] == ["failed", "refined"]
        lines = [
            line for line in capsys.readouterr().out.splitlines() if line.startswith("failed a: ")
        ]
        assert lines == [f"failed a: {written['images'][0]['error']}"]
        return written["images"][0]["error"]

    def test_a_text_file_named_jpg(self, folders: Path, capsys) -> None:
        (folders / "images" / "a.png").unlink()
        path = folders / "images" / "a.jpg"
        path.write_text("no picture")
        assert self.failing(folders, capsys) == (
            f"{path}: is not a JPEG, PNG, TIFF, WebP or BMP picture. "
            "Export the picture again as JPEG or PNG"
        )

    @pytest.mark.parametrize("which", ["images", "coarse"])
    def test_a_truncated_png(self, folders: Path, which: str, capsys) -> None:
        path = folders / which / "a.png"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        error = self.failing(folders, capsys)
        assert error.startswith(f"{path}: is damaged or cut short")
        assert error.endswith("Copy or export the picture again")

    def test_a_mask_of_another_size(self, folders: Path, capsys) -> None:
        path = folders / "coarse" / "a.png"
        write_label_map(path, MASK[:5])
        assert self.failing(folders, capsys) == (
            f"{path}: is 16 x 5 pixels, but its image a.png is 16 x 12. "
            "Give the mask the size of its image"
        )

    def test_folders_without_a_match(self, folders: Path, capsys) -> None:
        for stem in ("a", "b"):
            path = folders / "coarse" / f"{stem}.png"
            path.rename(path.with_stem(f"mask_{stem}"))
        assert refine(folders) == 2
        line = one_line(capsys.readouterr().err)
        assert line.startswith(f"{folders / 'coarse'}: holds no file with the stem of an image")
        assert "Give each mask its image's name" in line
        assert not (folders / "out").exists()

    def test_a_missing_folder(self, folders: Path, capsys) -> None:
        shutil.rmtree(folders / "coarse")
        assert refine(folders) == 2
        assert one_line(capsys.readouterr().err).startswith(f"{folders / 'coarse'}: does not exist")

    def test_the_folder_of_the_masks_as_output(self, folders: Path, capsys) -> None:
        before = (folders / "coarse" / "a.png").read_bytes()
        code = cli.main(
            [
                "refine",
                str(folders / "images"),
                str(folders / "coarse"),
                "--out",
                str(folders / "coarse"),
            ]
        )
        assert code == 2
        assert "not overwritten" in one_line(capsys.readouterr().err)
        assert (folders / "coarse" / "a.png").read_bytes() == before

    @pytest.mark.parametrize("arguments", [[], ["x"], ["x", "y"], ["x", "y", "--out"]])
    def test_missing_arguments(self, arguments: list[str], capsys) -> None:
        assert cli.main(["refine", *arguments]) == 2
        assert "Traceback" not in capsys.readouterr().err


# Starts Python anew, without root's right to write where file modes forbid it (CAP_DAC_OVERRIDE
# dropped from the bounding set). Not preexec_fn: this process has threads.
OBEY_FILE_MODES = (
    "import ctypes, os, sys\n"
    "assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
)


@pytest.fixture
def locked_folder(folders: Path) -> Iterator[Path]:
    """Make an empty folder ``out`` that may not be written to."""
    (folders / "out").mkdir(mode=0o555)
    yield folders
    (folders / "out").chmod(0o755)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights as Linux has them")
@pytest.mark.parametrize("below", ["", "new"])
def test_a_read_only_output_folder(locked_folder: Path, below: str) -> None:
    code = (
        "import sys; from spn_annotator import cli\n"
        "from spn_annotator.cli import refine\n"
        "refine.model_choice = lambda model, device, **options: lambda: None\n"
        "sys.exit(cli.main())"
    )
    out = locked_folder / "out" / below
    done = subprocess.run(
        [
            sys.executable,
            *(["-c", OBEY_FILE_MODES] if os.getuid() == 0 else []),
            "-c",
            code,
            "refine",
            str(locked_folder / "images"),
            str(locked_folder / "coarse"),
            "--out",
            str(out),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert one_line(done.stderr) == (
        f"{out}: cannot be written (Permission denied). Choose a folder you may write to"
    )
    assert list((locked_folder / "out").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (None, "none.safetensors"),
        (b"no model", "text.safetensors"),
        (b"\x80\x04K*.", "pickle.pt"),
        (b"", "empty.safetensors"),
    ],
    ids=["missing", "text", "pickle", "empty"],
)
@pytest.mark.parametrize("command", ["refine", "demo"])
def test_a_model_file_that_is_none(
    folders: Path, capsys, content: bytes | None, name: str, command: str
) -> None:
    model = folders / name
    if content is not None:
        model.write_bytes(content)
    if command == "refine":
        code = refine(folders, "--model", str(model))
    else:
        code = cli.main(["demo", "--out", str(folders / "out"), "--model", str(model)])
    assert code == 2
    assert one_line(capsys.readouterr().err).startswith(f"{model}: ")
    assert not (folders / "out").exists()


@pytest.mark.slow
def test_the_shipped_model_refines_from_the_command_line(folders: Path, capsys) -> None:
    if not default_model_path().is_file():
        pytest.skip("the model is not in resources/models")
    assert refine(folders, "--device", "cpu") == 0
    assert files(folders / "out") == ["a.png", "b.png", *RECORDS]
    for stem in ("a", "b"):
        assert 255 not in read_label_map(folders / "out" / f"{stem}.png").array
    first = (folders / "out" / "a.png").read_bytes()
    assert first == (folders / "out" / "b.png").read_bytes()  # same input, same output
