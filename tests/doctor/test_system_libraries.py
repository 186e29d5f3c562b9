from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from spn_annotator import system_libraries
from spn_annotator.system_libraries import (
    LIBRARIES,
    Library,
    blocking_libraries,
    display_answers,
    display_groups,
    has_display,
    install_command,
    missing_libraries,
    remedy,
)

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
ABSENT = Library("libno-such-thing.so.7", "any", "libnothing7", "nothing", "nothing")


def test_each_library_is_listed_once() -> None:
    names = [library.soname for library in LIBRARIES]
    assert len(names) == len(set(names))


@linux_only
def test_a_library_the_loader_does_not_find_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Library("libc.so.6", "any", "libc6", "glibc", "glibc")
    monkeypatch.setattr(system_libraries, "LIBRARIES", (there, ABSENT))
    assert missing_libraries(["any"]) == [ABSENT]
    assert missing_libraries(["x11"]) == []


def test_other_systems_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "LIBRARIES", (ABSENT,))
    monkeypatch.setattr(system_libraries.sys, "platform", "darwin")
    assert missing_libraries(["any"]) == []


@pytest.mark.parametrize(
    ("manager", "expected"),
    [
        ("apt-get", "apt-get install -y --no-install-recommends libegl1 libgl1"),
        ("dnf", "dnf install -y libglvnd-egl libglvnd-glx"),
        ("pacman", "pacman -S --needed --noconfirm libglvnd"),
    ],
)
def test_install_command_names_each_package_once(
    manager: system_libraries.Manager, expected: str
) -> None:
    command = install_command(LIBRARIES[:2], manager)
    assert command is not None
    assert " ".join(command) == expected


def test_no_command_without_a_known_package_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    assert install_command([ABSENT], None) is None
    monkeypatch.setattr(system_libraries, "package_manager", lambda: None)
    assert remedy([ABSENT]) == "install the packages that hold libno-such-thing.so.7"


def test_remedy_is_a_command_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "dnf")
    assert remedy([ABSENT]) == "sudo dnf install -y nothing"


@pytest.mark.parametrize(
    ("environment", "groups"),
    [
        ({}, ("any",)),
        ({"DISPLAY": ":0"}, ("any", "x11")),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ("any", "x11", "wayland")),
    ],
)
def test_groups_follow_the_session(
    environment: dict[str, str], groups: tuple[system_libraries.Group, ...]
) -> None:
    assert display_groups(environment) == groups


@linux_only
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_display_is_told_from_the_environment(environment: dict[str, str], expected: bool) -> None:
    assert has_display(environment) is expected


@linux_only
@pytest.mark.parametrize(
    ("absent", "environment", "blocking"),
    [
        ({"any"}, {}, {"any"}),
        ({"any", "x11"}, {}, {"any"}),
        ({"x11"}, {"DISPLAY": ":0"}, {"x11"}),
        ({"x11"}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, set()),
        ({"x11", "wayland"}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, {"x11", "wayland"}),
        ({"any", "x11"}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, {"any"}),
    ],
)
def test_one_whole_kind_of_display_is_enough(
    monkeypatch: pytest.MonkeyPatch,
    absent: set[system_libraries.Group],
    environment: dict[str, str],
    blocking: set[str],
) -> None:
    table = [Library(f"libno-{group}.so", group, "a", "b", "c") for group in sorted(absent)]
    monkeypatch.setattr(system_libraries, "LIBRARIES", table)
    assert {library.group for library in blocking_libraries(environment)} == blocking


class TestDisplayThatAnswers:
    @linux_only
    @pytest.mark.parametrize(
        "environment",
        [
            {"DISPLAY": ":987"},
            {"DISPLAY": "unix:987.0"},
            {"DISPLAY": "127.0.0.1:987"},
            {"DISPLAY": "nonsense"},
            {"DISPLAY": ":"},
            {"WAYLAND_DISPLAY": "wayland-987", "XDG_RUNTIME_DIR": "/nowhere"},
            {"WAYLAND_DISPLAY": "w" * 300},
        ],
        ids=str,
    )
    def test_is_not_one_that_nobody_serves(self, environment: dict[str, str]) -> None:
        assert not display_answers(environment)

    @linux_only
    def test_is_one_with_a_listening_socket(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind(str(tmp_path / "w"))
            server.listen()
            there = {"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)}
            assert display_answers(there)
            assert display_answers({**there, "DISPLAY": ":987"})  # one of them is enough

    @linux_only
    def test_is_one_on_the_abstract_name_alone(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind("\0/tmp/.X11-unix/X986")
            server.listen()
            assert display_answers({"DISPLAY": ":986"})

    @pytest.mark.parametrize("environment", [{}, {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":9"}])
    def test_is_not_asked_for_where_none_is_named_or_qt_is_told(
        self, environment: dict[str, str]
    ) -> None:
        assert display_answers(environment)
