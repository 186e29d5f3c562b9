"""`spn-annotator [PATH]`: what opens the window, and what says why it does not open."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from spn_annotator import cli
from tests.cli.support import one_line


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

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others have a display")
    def test_a_display_that_does_not_answer_is_one_line(
        self, window: list[Path | None], monkeypatch, capsys
    ) -> None:
        monkeypatch.delenv("QT_QPA_PLATFORM")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv("DISPLAY", ":987")
        assert cli.main([]) == 2
        assert one_line(capsys.readouterr().err).startswith("the display does not answer")
        assert window == []
