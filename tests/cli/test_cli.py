"""The commands as a user calls them: exit codes, and one clear line for each mistake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import spn_annotator
from spn_annotator import cli
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import read_label_map, write_label_map
from spn_annotator.paths import default_model_path

SHAPE = (12, 16)
NOISE = np.random.default_rng(0).integers(0, 255, (*SHAPE, 3), dtype=np.uint8)
MASK = np.repeat(np.array([[0, 3, 255, 1]], np.uint8).repeat(SHAPE[0], 0), 4, 1)


class Settler:
    """Stands in for the model: what is unknown becomes background."""

    def set_image(self, rgb: np.ndarray) -> None:
        pass

    def refine(self, coarse: np.ndarray, *, labels=None, unknown="auto") -> SimpleNamespace:
        result = coarse if unknown is None else np.where(coarse == unknown, 0, coarse)
        return SimpleNamespace(
            label_map=result.astype(coarse.dtype),
            confidence=np.ones(coarse.shape, np.float32),
            changed=int((result != coarse).sum()),
            device="test",
        )


@pytest.fixture
def quick_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in in the model's place."""
    monkeypatch.setattr(cli, "_refiner", lambda model, device: Settler())


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Make ``images`` and ``coarse`` with the matching files a and b."""
    for name in ("images", "coarse"):
        (tmp_path / name).mkdir()
    for stem in ("a", "b"):
        write_image(tmp_path / "images" / f"{stem}.png", NOISE)
        write_label_map(tmp_path / "coarse" / f"{stem}.png", MASK)
    return tmp_path


def refine(folder: Path, *options: str) -> int:
    return cli.main(
        [
            "refine",
            str(folder / "images"),
            str(folder / "coarse"),
            "--out",
            str(folder / "out"),
            *options,
        ]
    )


def one_line(text: str) -> str:
    """Return the only line of what was printed to the error stream."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("error: ")
    return lines[0].removeprefix("error: ")


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def command(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    code = "import sys; from spn_annotator.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.usefixtures("quick_model")
class TestRefine:
    def test_writes_masks_report_and_a_table(self, folders: Path, capsys) -> None:
        (folders / "coarse" / "b.png").unlink()
        assert refine(folders) == 0
        assert files(folders / "out") == ["a.png", "report.json"]
        assert 255 not in read_label_map(folders / "out" / "a.png").array
        printed = capsys.readouterr()
        assert printed.err == ""
        lines = printed.out.splitlines()
        headings = ("image", "status", "seconds", "changed pixels", "mean confidence")
        assert lines[0].split() == " ".join(headings).split()
        assert lines[1].split()[:2] == ["a", "refined"]
        assert lines[2].split() == ["b", "skipped"]
        assert "skipped b: no coarse mask of this stem" in printed.out

    def test_exits_with_1_when_an_image_failed_and_writes_the_others(
        self, folders: Path, capsys
    ) -> None:
        (folders / "images" / "a.png").write_text("no picture")
        assert refine(folders) == 1
        assert files(folders / "out") == ["b.png", "report.json"]
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
        assert files(folders / "out") == ["report.json"]
        mask = folders / "coarse" / "a.png"
        reason = f"failed a: {mask}: has no label 7. Choose among its labels: 0, 1, 3"
        assert reason in capsys.readouterr().out

    def test_square_brackets_in_names_are_printed_as_they_are(self, folders: Path, capsys) -> None:
        for name in ("images", "coarse"):
            (folders / name / "a.png").rename(folders / name / "[red]x[].png")
        assert refine(folders) == 0
        assert "[red]x[]" in capsys.readouterr().out


@pytest.mark.usefixtures("quick_model")
class TestBadInput:
    """Each mistake is one line that names the file and the remedy, and nothing is half written."""

    def failing(self, folders: Path, capsys) -> str:
        assert refine(folders) == 1
        assert files(folders / "out") == ["b.png", "report.json"]
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
        "cli._refiner = lambda model, device: None\n"
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
    assert files(folders / "out") == ["a.png", "b.png", "report.json"]
    for stem in ("a", "b"):
        assert 255 not in read_label_map(folders / "out" / f"{stem}.png").array
    first = (folders / "out" / "a.png").read_bytes()
    assert first == (folders / "out" / "b.png").read_bytes()  # same input, same output


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


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """Put a recorder in the window's place, on a machine with a display."""
    opened: list[Path | None] = []

    def run(path: Path | None) -> int:
        opened.append(path)
        return 0

    module = ModuleType("spn_annotator.gui.app")
    module.__dict__["run"] = run
    monkeypatch.setitem(sys.modules, "spn_annotator.gui.app", module)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("spn_annotator.system_libraries.missing_libraries", lambda groups: [])
    return opened


class TestWindow:
    def test_opens_without_an_argument(self, window: list[Path | None]) -> None:
        assert cli.main([]) == 0
        assert window == [None]

    def test_opens_a_path(self, window: list[Path | None], tmp_path: Path) -> None:
        assert cli.main([str(tmp_path)]) == 0
        assert window == [tmp_path]

    @pytest.mark.parametrize("name", ["refine", "demo", "open", "--help"])
    def test_a_folder_named_like_a_command_is_given_with_its_place(
        self, window: list[Path | None], tmp_path: Path, monkeypatch, name: str
    ) -> None:
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path)
        assert cli.main([f"./{name}"]) == 0
        assert window == [Path(name)]

    def test_a_path_that_begins_with_a_dash_follows_two_of_them(
        self, window: list[Path | None], tmp_path: Path, monkeypatch
    ) -> None:
        (tmp_path / "-x").mkdir()
        monkeypatch.chdir(tmp_path)
        assert cli.main(["--", "-x"]) == 0
        assert window == [Path("-x")]

    def test_opens_the_sample_project(
        self, window: list[Path | None], tmp_path: Path, monkeypatch
    ) -> None:
        monkeypatch.setattr("spn_annotator.paths.user_data_dir", lambda: tmp_path)
        assert cli.main(["--sample"]) == 0
        (opened,) = window
        assert opened is not None
        assert (opened / "astronaut.png").is_file()
        assert opened.is_relative_to(tmp_path)

    def test_a_path_and_the_samples_contradict_each_other(
        self, window: list[Path | None], tmp_path: Path, capsys
    ) -> None:
        assert cli.main(["--sample", str(tmp_path)]) == 2
        assert "Leave one out" in one_line(capsys.readouterr().err)
        assert window == []

    @pytest.mark.parametrize(
        ("path", "hint"),
        [("nothing-here", "Name an image or a folder"), ("refien", "the command refine")],
    )
    def test_a_path_that_does_not_exist_is_one_line(
        self, window: list[Path | None], capsys, path: str, hint: str
    ) -> None:
        assert cli.main([path]) == 2
        line = one_line(capsys.readouterr().err)
        assert line.startswith(f"{path}: does not exist and is no command.")
        assert hint in line
        assert window == []

    def test_a_missing_library_is_one_line_with_the_command_that_installs_it(
        self, window: list[Path | None], monkeypatch, capsys
    ) -> None:
        from spn_annotator.system_libraries import Library

        egl = Library("libEGL.so.1", "any", "libegl1", "libglvnd-egl", "libglvnd")
        monkeypatch.setattr(
            "spn_annotator.system_libraries.missing_libraries", lambda groups: [egl]
        )
        assert cli.main([]) == 2
        line = one_line(capsys.readouterr().err)
        assert line.startswith("the window needs libEGL.so.1")
        assert window == []

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others have a display")
    def test_without_a_display_is_one_line_that_says_what_works(
        self, window: list[Path | None], monkeypatch, capsys
    ) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        assert cli.main([]) == 2
        line = one_line(capsys.readouterr().err)
        assert line.startswith("there is no display")
        assert "spn-annotator refine" in line
        assert "spn-annotator demo" in line
        assert window == []


class TestProgram:
    def test_says_its_version(self, capsys) -> None:
        assert cli.main(["--version"]) == 0
        assert capsys.readouterr().out == f"spn-annotator {spn_annotator.__version__}\n"

    def test_help_lists_the_commands_and_hides_none(self, capsys) -> None:
        assert cli.main(["--help"]) == 0
        out = capsys.readouterr().out
        for name in cli._COMMANDS:
            assert f" {name} " in out
        assert "spn-annotator PATH" in out

    @pytest.mark.parametrize("name", cli._COMMANDS)
    def test_every_command_explains_itself(self, name: str, capsys) -> None:
        assert cli.main([name, "--help"]) == 0
        assert f"spn-annotator {name}" in capsys.readouterr().out

    def test_help_takes_less_than_half_a_second_of_cpu_time(self) -> None:
        code = (
            "import sys, time\n"
            "from spn_annotator.cli import main\n"
            "main(['--help'])\n"
            "print('CPU', time.process_time())"
        )
        used = []
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            )
            used.append(float(done.stdout.rsplit("CPU", 1)[1]))
        assert min(used) < 0.5

    def test_an_interruption_ends_without_a_traceback(
        self, folders: Path, monkeypatch, capsys
    ) -> None:
        def interrupt(model: object, device: object) -> Settler:
            raise KeyboardInterrupt

        monkeypatch.setattr(cli, "_refiner", interrupt)
        assert refine(folders) == 1
        assert "Traceback" not in capsys.readouterr().err

    def test_names_that_the_console_cannot_show_do_not_stop_it(self, tmp_path: Path) -> None:
        done = command(
            str(tmp_path / "Кот"), env={**os.environ, "PYTHONIOENCODING": "ascii:strict"}
        )
        assert done.returncode == 2
        assert "does not exist and is no command" in one_line(done.stderr)

    def test_doctor_reports_and_takes_its_exit_code_from_the_report(self, monkeypatch) -> None:
        monkeypatch.setattr("spn_annotator.doctor.diagnose", lambda: ["checks"])
        monkeypatch.setattr("spn_annotator.doctor.print_report", lambda checks: len(checks))
        assert cli.main(["doctor"]) == 1

    @pytest.mark.slow
    def test_train_hands_its_arguments_on(self, tmp_path: Path, monkeypatch) -> None:
        seen = {}

        def train_command(data: Path, out: Path, config: Path | None, **options: object) -> None:
            seen.update(data=data, out=out, config=config, **options)

        monkeypatch.setattr("spn_annotator.training.run.train_command", train_command)
        out = tmp_path / "m.safetensors"
        assert cli.main(["train", "--data", str(tmp_path), "--out", str(out), "--steps", "3"]) == 0
        assert (seen["data"], seen["out"], seen["config"]) == (tmp_path, out, None)
        assert (seen["steps"], seen["device"], seen["resume"]) == (3, "auto", False)

    @pytest.mark.slow
    def test_training_on_a_folder_without_data_is_one_line(self, tmp_path: Path, capsys) -> None:
        out = tmp_path / "m.safetensors"
        code = cli.main(["train", "--data", str(tmp_path), "--out", str(out), "--steps", "1"])
        assert code in (1, 2)
        assert "manifest.csv" in one_line(capsys.readouterr().err)
        assert not out.exists()
