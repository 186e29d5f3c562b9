"""Files are there as a whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from spn_annotator.errors import SaveError
from spn_annotator.formats.atomic import (
    atomic_write,
    atomic_write_bytes,
    make_folder,
    remove_leftovers,
)


class Interruption(Exception):
    """What happens in the middle of a write."""


def test_the_new_content_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old and longer")
    atomic_write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [Interruption, KeyboardInterrupt])
def test_an_interruption_leaves_the_old_content_and_no_trace(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def interrupted_write() -> None:
        with atomic_write(path) as handle:
            handle.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted_write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_content_and_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError) as caught:
        atomic_write_bytes(path, b"new")
    assert str(caught.value) == (
        f"{path}: cannot be written (No space left on device). Make room on the disk and try again"
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_name_is_not_there_before_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with atomic_write(path) as handle:
        handle.write(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    link.symlink_to(target)
    atomic_write_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are those of POSIX")
def test_files_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic_write_bytes(tmp_path / "a.txt", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(SaveError, match="There is a folder of this name"):
        atomic_write_bytes(tmp_path / "a", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_folders_are_made_with_those_above_them(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    assert make_folder(folder) == folder


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(SaveError, match=r"a/?b?: .*file"):
            make_folder(path)


def test_leftovers_of_killed_processes_go_and_nothing_else_does(tmp_path: Path) -> None:
    inner = tmp_path / "masks"
    inner.mkdir()
    old, young = inner / f".spn-{'a' * 16}.tmp", inner / f".spn-{'b' * 16}.tmp"
    others = [inner / "a.png", inner / ".spn-notes.tmp", tmp_path / "x.tmp"]
    for path in (old, young, *others):
        path.write_bytes(b"half")
    for path in (old, *others):
        os.utime(path, (1.0, 1.0))
    remove_leftovers(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert all(path.exists() for path in others)
