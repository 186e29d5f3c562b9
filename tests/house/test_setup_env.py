"""The set-up script: which Python, which libraries, when it installs, what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "setup_env.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script as a module whose repository is an empty folder."""
    spec = importlib.util.spec_from_file_location("setup_env", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp.json")
    return module


@pytest.fixture
def calls(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let no process start; return the list in which the commands are noted."""
    noted: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        noted.append([str(part) for part in command])
        if "venv" in command:
            python = setup.venv_python()
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(setup.subprocess, "run", run)
    return noted


def answer(monkeypatch: pytest.MonkeyPatch, setup: ModuleType, versions: dict[str, str]) -> None:
    """Make the commands named in `versions` answer as Pythons of these versions would."""

    def probe(command: list[str], code: str) -> str | None:
        version = versions.get(command[0])
        if version is None or ("ensurepip" in code and version.endswith("-no-venv")):
            return None
        return "yes" if "ensurepip" in code else version.removesuffix("-no-venv")

    monkeypatch.setattr(setup, "probe", probe)
    monkeypatch.setattr(setup, "python_candidates", lambda: [[name] for name in versions])


def test_first_python_of_a_fitting_version_is_taken(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {"old": "3.9", "new": "3.14", "good": "3.12", "other": "3.11"})
    assert setup.fitting_python() == ["good"]


def test_python_without_venv_yields_to_one_with_it(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {"bare": "3.13-no-venv", "whole": "3.11"})
    assert setup.fitting_python() == ["whole"]


def test_no_fitting_python_says_which_versions_are_needed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {"old": "3.9"})
    with pytest.raises(setup.SetupError, match=r"needs Python 3\.11 to 3\.13"):
        setup.fitting_python()


def test_missing_venv_module_gives_the_exact_command(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {"bare": "3.11-no-venv"})
    monkeypatch.setattr(setup.shutil, "which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(setup.SetupError, match=r"sudo apt-get install -y python3\.11-venv"):
        setup.fitting_python()


def test_packages_are_installed_as_root(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0, raising=False)
    setup.install_packages(["apt-get", "install", "-y", "libegl1"], "why")
    assert [command[-2:] for command in calls] == [["update", "-qq"], ["-y", "libegl1"]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_missing_library_stops_with_the_exact_command(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spn_annotator import system_libraries

    absent = system_libraries.Library("libno-such.so", "any", "libnothing7", "nothing", "nothing")
    monkeypatch.syspath_prepend(str(SCRIPT.parents[1]))
    monkeypatch.setattr(system_libraries, "LIBRARIES", (absent,))
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(setup, "quiet", lambda command: False)
    command = r"sudo apt-get install -y --no-install-recommends libnothing7\n"
    with pytest.raises(setup.SetupError, match=command):
        setup.ensure_system_libraries({})


def test_environment_is_made_and_installed_once(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {sys.executable: "3.12", str(setup.venv_python()): "3.12"})
    setup.ensure_environment(dev=False)
    assert [command[1:3] for command in calls] == [["-m", "venv"], ["-m", "pip"]]
    setup.ensure_environment(dev=False)
    assert len(calls) == 2


def test_changed_pyproject_installs_again_and_keeps_the_tools(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {sys.executable: "3.12", str(setup.venv_python()): "3.12"})
    setup.ensure_environment(dev=True)
    (setup.ROOT / "pyproject.toml").write_text("[project]\nname='x'\n", encoding="utf-8")
    setup.ensure_environment(dev=False)
    assert [command[-1] for command in calls[1:]] == [".[dev]", ".[dev]"]


def test_environment_that_moved_is_made_again(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {sys.executable: "3.12", str(setup.venv_python()): "3.12"})
    setup.ensure_environment(dev=False)
    stamp = json.loads(setup.STAMP.read_text(encoding="utf-8"))
    setup.STAMP.write_text(json.dumps({**stamp, "root": "/elsewhere"}), encoding="utf-8")
    setup.ensure_environment(dev=False)
    assert ["--clear" in command for command in calls] == [True, False, True, False]


def test_failed_installation_leaves_no_stamp(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, setup, {sys.executable: "3.12", str(setup.venv_python()): "3.12"})

    def fail(command: list[str], failure: str) -> None:
        if "pip" in command:
            raise setup.SetupError(failure)

    monkeypatch.setattr(setup, "call", fail)
    with pytest.raises(setup.SetupError, match="pip's message"):
        setup.ensure_environment(dev=False)
    assert not setup.STAMP.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_run_without_a_display_refines_the_samples_and_says_so(
    setup: ModuleType,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.syspath_prepend(str(SCRIPT.parents[1]))
    assert setup.run_program([]) == 0
    assert [command[2:] for command in calls] == [
        ["demo", "--out", str(setup.ROOT / "demo-output")]
    ]
    assert "there is no display, so no window opens" in capfd.readouterr().out


def test_run_with_a_display_opens_the_sample_project(
    setup: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.syspath_prepend(str(SCRIPT.parents[1]))
    assert setup.run_program([]) == 0
    assert calls[-1][1:] == [str(setup.ROOT / "main.py"), "--sample"]


def test_unknown_task_prints_the_help_and_fails() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "dance"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ.copy(),
    )
    assert done.returncode == 2
    assert "Tasks:" in done.stdout


def with_tools(setup: ModuleType) -> Path:
    """Give the repository a list of tools and return the folder that they go to."""
    wanted = setup.ROOT / "tests" / "formats" / "tools.txt"
    wanted.parent.mkdir(parents=True)
    wanted.write_text("labelme==1\n", encoding="utf-8")
    return setup.VENV / "format-tools"


def test_tools_of_the_formats_are_installed_once_and_when_their_list_changes(
    setup: ModuleType, calls: list[list[str]]
) -> None:
    folder = with_tools(setup)
    for _ in range(2):
        setup.ensure_format_tools(required=True)
    assert len(calls) == 1
    assert calls[0][-5:-2] == ["--no-compile", "--target", str(folder)]
    (folder / "left over").touch()
    (setup.ROOT / "tests" / "formats" / "tools.txt").write_text("labelme==2\n", encoding="utf-8")
    setup.ensure_format_tools(required=False)
    assert len(calls) == 2
    assert not (folder / "left over").exists()


def test_tools_of_the_formats_that_cannot_be_installed_stop_only_their_own_task(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_tools(setup)

    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "")

    monkeypatch.setattr(setup.subprocess, "run", fail)
    with pytest.raises(setup.SetupError, match="could not be installed"):
        setup.ensure_format_tools(required=True)
    setup.ensure_format_tools(required=False)
    assert "Their tests are skipped" in capsys.readouterr().out
    assert not folder.exists()
