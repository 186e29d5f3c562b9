"""Projects of earlier versions: backed up, brought up to date, never half."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spn_annotator.errors import FormatError, SaveError
from spn_annotator.project import LOCK_NAME, PROJECT_NAME, Project, Status, migrations, schema
from spn_annotator.project.backups import BACKUPS_NAME, KEPT, back_up, backups_of
from spn_annotator.project.lock import ProjectLock
from tests.project.earlier import EARLIER, project_file
from tests.project.folders import annotated, folder, opened

versions = pytest.mark.parametrize("version", sorted(EARLIER))


def old_project(path: Path, version: int) -> Path:
    folder(path, "a.png", "b10.png")
    return project_file(path, version)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def layout(connection: sqlite3.Connection) -> dict[str, object]:
    """Everything that is declared in a database, whatever words declared it."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    found: dict[str, object] = {}
    for name in names:
        found[name] = (
            connection.execute(f"PRAGMA table_info({name})").fetchall(),
            sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
            sorted(
                (unique, origin, connection.execute(f"PRAGMA index_info({index})").fetchall())
                for _, index, unique, origin, _ in connection.execute(f"PRAGMA index_list({name})")
            ),
        )
    return found


def test_every_earlier_version_has_a_fixture() -> None:
    assert sorted(EARLIER) == list(range(1, schema.SCHEMA_VERSION))


@versions
def test_migrated_file_is_laid_out_like_a_new_one(tmp_path: Path, version: int) -> None:
    old = old_project(tmp_path / "old", version)
    Project.open(old.parent).close()
    opened(folder(tmp_path / "new")).close()
    with (
        sqlite3.connect(old) as migrated,
        sqlite3.connect(tmp_path / "new" / PROJECT_NAME) as new,
    ):
        assert layout(migrated) == layout(new)
        assert migrated.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
        with pytest.raises(sqlite3.IntegrityError):
            migrated.execute("UPDATE image SET status = 'sleepy'")
    migrated.close()
    new.close()


@versions
def test_everything_an_earlier_version_held_is_still_there(tmp_path: Path, version: int) -> None:
    path = old_project(tmp_path / "p", version).parent
    with Project.open(path) as project:
        assert project.migrated_from is not None
        assert project.migrated_from[0] == version
        assert project.check() == []
        assert [item.path for item in project.images()] == ["a.png", "b9.png", "b10.png"]
        assert [item.status for item in project.images()] == [
            Status.ACCEPTED,
            Status.REJECTED,
            Status.TODO,
        ]
        assert [item.missing for item in project.images()] == [False, True, False]
        assert project.labels.get(7).locked
        document = project.load(1)
        assert document.objects[3].name == "Tom"
        assert (document.object_map[0, 0], document.object_map[-1, -1]) == (3, 65_534)
        assert (document.object_map > 0).sum() == 2
        folder(path, "new.png")
        (added,) = project.scan()
        assert added.id == 13, "numbers of images that are no more are not given again"
        project.save(1, annotated(project))
    with Project.open(path) as project:
        assert project.migrated_from is None, "once"


def test_comments_and_history_of_version_2_are_still_there(tmp_path: Path) -> None:
    path = old_project(tmp_path / "p", 2).parent
    with Project.open(path) as project:
        assert [comment.text for comment in project.comments(1)] == ["whose cat is this?"]
        (event,) = project.history(1)
        assert (event.author, event.detail) == ("ann", "accepted")
        assert project.extra(1, project.load(1)) == {}


@versions
def test_backup_from_before_is_the_project_as_it_was(tmp_path: Path, version: int) -> None:
    path = old_project(tmp_path / "p", version)
    before = dump(path)
    with Project.open(path.parent) as project:
        assert project.migrated_from is not None
        backup = project.migrated_from[1]
    assert backup.parent == path.parent / BACKUPS_NAME
    assert schema.recognise(backup) == version
    assert dump(backup) == before
    assert backups_of(path) == [backup]


@versions
def test_folder_that_cannot_be_written_to_shows_an_earlier_version_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    path = old_project(tmp_path / "p", version)
    before = path.read_bytes()

    def refuse(folder: Path) -> ProjectLock:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ProjectLock, "acquire", refuse)
    with Project.open(path.parent) as project:
        assert project.read_only
        assert project.load(1).object_map[0, 0] == 3
        assert len(project.history()) == (0 if version == 1 else 1)
    assert path.read_bytes() == before
    assert not (path.parent / BACKUPS_NAME).exists()


@versions
def test_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    path = old_project(tmp_path / "p", version)
    before = path.read_bytes()
    step = migrations._STEPS[version]

    def half(connection: sqlite3.Connection) -> None:
        step(connection)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setitem(migrations._STEPS, version, half)
    with pytest.raises(SaveError, match=r"disk is full.*it was left as it is"):
        Project.open(path.parent)
    assert path.read_bytes() == before
    assert not (path.parent / LOCK_NAME).exists()
    monkeypatch.undo()
    with Project.open(path.parent) as project:
        assert project.load(1).object_map[0, 0] == 3


@versions
def test_without_room_for_a_backup_nothing_is_migrated(tmp_path: Path, version: int) -> None:
    path = old_project(tmp_path / "p", version)
    before = path.read_bytes()
    (path.parent / BACKUPS_NAME).write_text("a file is in the way")
    with pytest.raises(SaveError, match="no backup could be made"):
        Project.open(path.parent)
    assert path.read_bytes() == before


def test_newer_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    opened(path).close()
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(FormatError, match=r"made by a newer version .*Update spn-annotator"):
        Project.open(path)


def test_the_last_backups_are_kept_whatever_the_clock_says(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        made = []
        for number in range(KEPT + 3):
            project.add_comment(1, f"number {number}")
            made.append(project.back_up())
            # A clock that was set back: the newest copy looks oldest.
            os.utime(made[-1], (1_000_000 - number, 1_000_000 - number))
        kept = backups_of(path / PROJECT_NAME)
    assert kept == made[: -KEPT - 1 : -1]
    with sqlite3.connect(kept[0]) as connection:
        texts = [row[0] for row in connection.execute("SELECT text FROM comment ORDER BY id")]
    connection.close()
    assert texts[-1] == f"number {KEPT + 2}"


def test_backup_cut_short_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(tmp_path / "p")
    opened(path).close()
    source = sqlite3.connect(path / PROJECT_NAME)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SaveError, match="No space left"):
        back_up(source, path / PROJECT_NAME)
    source.close()
    assert list((path / BACKUPS_NAME).iterdir()) == []


def test_damaged_project_names_the_newest_backup(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        backup = project.back_up()
    data = bytearray((path / PROJECT_NAME).read_bytes())
    data[4096:12_000] = bytes(7904)
    (path / PROJECT_NAME).write_bytes(data)
    with pytest.raises(FormatError, match=f"the newest of the program is {backup}"):
        Project.open(path)
