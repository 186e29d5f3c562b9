"""Project files that are not ours or damaged: told plainly, never touched."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from spn_annotator.errors import FormatError, SpnAnnotatorError
from spn_annotator.project import LOCK_NAME, PROJECT_NAME, Project
from spn_annotator.project.tiles import StoredTile, unpack
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]


def connection_of(project: Project) -> sqlite3.Connection:
    return project._database._connection


def contents_of(path: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in path.iterdir()}


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def newer(path: Path) -> None:
    opened(path.parent).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def version_zero(path: Path) -> None:
    opened(path.parent).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()


def truncated(path: Path) -> None:
    opened(path.parent).close()
    path.write_bytes(path.read_bytes()[:-5000])


def scrambled(path: Path) -> None:
    opened(path.parent).close()
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 6] = random.Random(1).randbytes(4096 * 5)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_text("a text"), "is no project of this program. Move the file"),
        (lambda path: path.write_bytes(b"\0" * 8192), "is no project of this program"),
        (foreign, "is no project of this program"),
        (newer, r"made by a newer version .*format 99.*Update spn-annotator"),
        (version_zero, "format 0, which never existed"),
        (truncated, "is damaged"),
        (scrambled, "is damaged"),
    ],
)
def test_file_that_is_not_ours_or_damaged_is_named_and_never_touched(
    tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    path = folder(tmp_path / "p")
    spoil(path / PROJECT_NAME)
    before = (path / PROJECT_NAME).read_bytes()
    with pytest.raises(FormatError, match=message) as caught:
        Project.open(path)
    assert str(path / PROJECT_NAME) in str(caught.value)
    assert caught.value.remedy
    assert (path / PROJECT_NAME).read_bytes() == before
    assert sorted(contents_of(path)) == ["a.png", "b.png", PROJECT_NAME], "and no lock is left"


def test_empty_file_left_by_a_crash_becomes_a_project(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    (path / PROJECT_NAME).touch()
    with opened(path) as project:
        assert len(project.images()) == 2


BOMB = zlib.compress(bytes(50_000_000))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tile SET dtype = '|O'",
        "UPDATE tile SET dtype = 7",
        "UPDATE tile SET height = 100000",
        "UPDATE tile SET height = 39",
        "UPDATE tile SET width = -1",
        "UPDATE tile SET width = 'x'",
        "UPDATE tile SET tile_row = 5",
        "UPDATE tile SET tile_row = -1",
        "UPDATE tile SET tile_row = 'x'",
        "UPDATE tile SET data = x'00'",
        "UPDATE tile SET data = 'text'",
        "UPDATE tile SET data = substr(data, 1, length(data) - 5)",
        "UPDATE tile SET data = substr(data, 1, length(data) - 4)",
        "UPDATE tile SET data = ?",
        "UPDATE object SET id = 3",
        "UPDATE image SET width = 61",
    ],
)
def test_damaged_annotations_are_told_and_stop_no_other_image(
    tmp_path: Path, statement: str
) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute(statement, (BOMB,) if "?" in statement else ())
    connection.close()
    with Project.open(path) as project:
        with pytest.raises(SpnAnnotatorError, match=r"annotations|a\.png"):
            project.load(1)
        assert not project.load(2).object_map.any()


def test_tile_that_unfolds_to_far_more_than_it_says_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match="more or fewer pixels"):
            unpack(StoredTile("object", 0, 0, 40, 60, "<u2", BOMB), max_side=256)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE label SET color = 'red'",
        "UPDATE label SET name = ''",
        "UPDATE label SET key = 'long'",
        "UPDATE image SET width = 'x'",
    ],
)
def test_damaged_catalogue_is_told(tmp_path: Path, statement: str) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    connection.close()
    with pytest.raises(FormatError, match=r"project\.spn\.db: is damaged"):
        Project.open(path)
    assert not (path / LOCK_NAME).exists()


def test_bits_flipped_anywhere_give_a_typed_error_or_a_project(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
    original = (path / PROJECT_NAME).read_bytes()
    dice = random.Random(7)
    failed = 0
    for _ in range(60):
        data = bytearray(original)
        for _ in range(dice.randint(1, 20)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        (path / PROJECT_NAME).write_bytes(data)
        try:
            with Project.open(path) as project:
                project.load(1)
        except SpnAnnotatorError:
            failed += 1
    assert failed > 10
