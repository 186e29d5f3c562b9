"""Files of one stem find each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from spn_annotator.errors import FileReadError, UsageError
from spn_annotator.formats.names import UniqueNames, safe_name, safe_stem
from spn_annotator.formats.pairing import files_by_stem


def touch(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_only_the_last_suffix_is_taken_off(tmp_path: Path) -> None:
    found = files_by_stem(touch(tmp_path / "f", "img.v2.jpg", "img.v10.jpg"), what="images")
    assert list(found.by_stem) == ["img.v2", "img.v10"]


def test_a_stem_used_twice_is_an_error_that_names_both(tmp_path: Path) -> None:
    found = files_by_stem(touch(tmp_path / "f", "a.jpg", "a.png"), what="images")
    with pytest.raises(FileReadError, match=r"a\.jpg and a\.png have the same stem"):
        found.picture("a")


def test_of_masks_the_png_counts(tmp_path: Path) -> None:
    folder = touch(tmp_path / "f", "a.jpg", "a.png", "b.jpg")
    found = files_by_stem(folder, what="masks")
    assert found.mask("a") == folder / "a.png"
    assert found.mask("b") == folder / "b.jpg"
    assert found.mask("c") is None


def test_a_missing_and_an_empty_folder_are_wrong_arguments(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none: does not exist \(images\)"):
        files_by_stem(tmp_path / "none", what="images")
    with pytest.raises(UsageError, match=r"holds no image files \(images\)"):
        files_by_stem(touch(tmp_path / "f", "a.txt"), what="images")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("cat", "cat"),
        ("a/b\\c", "a_b_c"),
        ("what? <this>:", "what_ _this_"),
        ("..", "_"),
        ("", "_"),
        (" .hidden. ", "hidden"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("line\nbreak\x00", "line_break_"),
        ("e\u0301", "é"),
        ("\udcff", "_"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_are_cut_between_letters() -> None:
    found = safe_name("я" * 300)
    assert found == "я" * 60


def test_folders_become_part_of_the_stem() -> None:
    assert safe_stem("day 1/img.v2.jpg") == "day 1_img.v2"
    assert safe_stem("../../img.jpg") == "img"
    assert safe_stem("/etc/img.jpg") == "etc_img"


@pytest.mark.parametrize("name", ["", ".", "/", "..", "a/..", ".jpg", "\0"])
def test_a_path_without_a_name_has_a_safe_stem_all_the_same(name: str) -> None:
    assert safe_stem(name) == safe_name(safe_stem(name)) != ""


def test_names_are_given_once_whatever_their_case() -> None:
    names = UniqueNames()
    assert [names.take(name) for name in ("a", "A", "a_2", "a")] == ["a", "A_2", "a_2_2", "a_3"]
