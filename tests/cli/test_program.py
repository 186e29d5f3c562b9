"""The program as a whole: help, version, interruptions, and commands that hand on their work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import spn_annotator
from spn_annotator import cli
from spn_annotator.cli.app import command_names
from tests.cli.support import Settler, one_line, refine


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


class TestProgram:
    def test_says_its_version(self, capsys) -> None:
        assert cli.main(["--version"]) == 0
        assert capsys.readouterr().out == f"spn-annotator {spn_annotator.__version__}\n"

    def test_help_lists_the_commands_and_hides_none(self, capsys) -> None:
        assert cli.main(["--help"]) == 0
        out = capsys.readouterr().out
        for name in command_names():
            assert f" {name} " in out
        assert "spn-annotator PATH" in out

    @pytest.mark.parametrize("name", command_names())
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

    def test_an_interruption_is_one_word_and_no_traceback(
        self, folders: Path, monkeypatch, capsys
    ) -> None:
        def interrupt(model: object, device: object, **options: object) -> Settler:
            raise KeyboardInterrupt

        monkeypatch.setattr("spn_annotator.cli.refine.model_choice", interrupt)
        assert refine(folders) == 1
        assert capsys.readouterr().err.strip() in ("interrupted", "Aborted.")

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
