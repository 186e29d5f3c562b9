"""Faults: nothing is lost, nothing that is not ours is touched, and each is told plainly."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.errors import FormatError, SaveError, SpnAnnotatorError
from spn_annotator.project import LOCK_NAME, PROJECT_NAME, LockHolder, Project, Status
from spn_annotator.project import lock as lock_module
from spn_annotator.project.lock import LockHeldError, ProjectLock
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]


def connection_of(project: Project) -> sqlite3.Connection:
    return project._database._connection


def contents_of(path: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in path.iterdir()}


# -- saving that fails ---------------------------------------------------------------------------


def test_full_disk_keeps_the_work_and_the_file_and_saves_once_there_is_space(
    tmp_path: Path,
) -> None:
    with opened(folder(tmp_path / "p", width=2000, height=2000)) as project:
        document = annotated(project)
        project.save(1, document, status=Status.IN_PROGRESS)
        stored = contents(document)
        noise = np.random.default_rng(1).random(document.shape) < 0.5
        document.fill_mask(noise, object_id=1, kind="rough")
        connection = connection_of(project)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(SaveError, match=r"project\.spn\.db: could not be saved .*full"):
            project.save(1, document, status=Status.ACCEPTED)
        assert document.is_dirty
        assert project.image(1).status == Status.IN_PROGRESS
        assert contents(project.load(1)) == stored
        assert project.check() == []

        connection.execute("PRAGMA max_page_count = 1000000")
        project.save(1, document, status=Status.ACCEPTED)
        assert not document.is_dirty
        assert contents(project.load(1)) == contents(document)


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no open file")
@pytest.mark.parametrize("what", ["removed", "replaced", "folder gone"])
def test_project_file_that_has_gone_is_noticed_and_the_work_kept(tmp_path: Path, what: str) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        if what == "folder gone":
            path.rename(tmp_path / "q")
        else:
            (path / PROJECT_NAME).unlink()
        if what == "replaced":
            (path / PROJECT_NAME).write_bytes(b"something else")
        for use in (
            lambda: project.save(1, document),
            lambda: project.set_status(1, Status.ACCEPTED),
            lambda: project.save_labels(document.labels),
        ):
            with pytest.raises(SaveError, match="removed or replaced; the work is kept"):
                use()
        assert document.is_dirty
        assert project.image(1).status == Status.TODO
    if what == "replaced":
        assert (path / PROJECT_NAME).read_bytes() == b"something else"


def test_writer_elsewhere_that_does_not_end_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        connection_of(project).execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path / PROJECT_NAME, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SaveError, match="locked"):
            project.save(1, document)
        assert document.is_dirty
        other.execute("ROLLBACK")
        other.close()
        project.save(1, document)


# -- read-only -----------------------------------------------------------------------------------


def refuse_lock(folder: Path) -> ProjectLock:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("known", [True, False], ids=["project", "plain folder"])
def test_read_only_folder_can_be_looked_at_and_says_why_it_saves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    path = folder(tmp_path / "p")
    if known:
        with opened(path) as project:
            stored = annotated(project)
            project.save(1, stored)
    before = contents_of(path)
    folder(path, "c.png")
    monkeypatch.setattr(ProjectLock, "acquire", refuse_lock)
    with Project.open(path) as project:
        assert project.read_only
        new = project.scan()
        assert [item.path for item in project.images()] == ["a.png", "b.png", "c.png"]
        assert len(new) == (1 if known else 3)
        document = project.load(1)
        assert document.object_map.any() == known
        annotated(project, 3)
        document.add_label("dog")
        for use in (
            lambda: project.save(1, document),
            lambda: project.set_status(1, Status.ACCEPTED),
            lambda: project.save_labels(document.labels),
        ):
            with pytest.raises(SaveError, match="folder cannot be written to"):
                use()
        assert document.is_dirty
    (path / "c.png").unlink()
    assert contents_of(path) == before


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_folder_without_write_permission_is_recognised(tmp_path: Path) -> None:
    # Permissions mean nothing to root, so the script becomes somebody else once all is imported.
    script = """
import os, sys
from spn_annotator.project import open_path
spare, path = sys.argv[1:]
project, _ = open_path(spare)
project.load(1)
project.close()
if os.geteuid() == 0:
    os.seteuid(65534)
project, _ = open_path(path)
print(project.read_only, len(project.images()), project.load(1).object_map.max())
"""
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
    for item in path.iterdir():
        item.chmod(0o444)
    path.chmod(0o555)
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o011)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder(tmp_path / "spare")), str(path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    path.chmod(0o755)
    assert (done.stdout.split(), done.returncode) == (["True", "2", "1"], 0), done.stderr


def test_second_opener_is_read_only_and_told_who_holds_the_project(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as first:
        document = annotated(first)
        first.save(1, document)
        with Project.open(path) as second:
            assert second.read_only_reason is not None
            assert f"process {os.getpid()}" in second.read_only_reason
            assert contents(second.load(1)) == contents(document)
            with pytest.raises(SaveError, match="open elsewhere"):
                second.set_status(1, Status.ACCEPTED)
        first.set_status(1, Status.ACCEPTED)
    with Project.open(path) as third:
        assert not third.read_only
        assert third.left_by is None


# -- locks ---------------------------------------------------------------------------------------


def test_lock_left_by_a_crash_stops_nobody_and_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    holder = {"pid": gone.pid, "host": "here", "user": "ann", "since": "2026-01-02 03:04:05"}
    (path / LOCK_NAME).write_text(json.dumps(holder))
    with Project.open(path) as project:
        assert not project.read_only
        assert project.left_by == LockHolder(gone.pid, "here", "ann", "2026-01-02 03:04:05")
    assert not (path / LOCK_NAME).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', "\0\0"])
def test_damaged_lock_file_stops_nobody(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path / "p")
    (path / LOCK_NAME).write_text(text)
    with Project.open(path) as project:
        assert not project.read_only


@pytest.mark.skipif(os.name == "nt", reason="Windows always has file locks")
@pytest.mark.parametrize(("alive", "elsewhere"), [(True, False), (False, False), (False, True)])
def test_without_locks_of_the_file_system_the_holder_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alive: bool, elsewhere: bool
) -> None:
    def unsupported(_: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock_module, "_lock_file", unsupported)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    holder = LockHolder.this_process()
    data = {
        "pid": holder.pid if alive else gone.pid,
        "host": "elsewhere" if elsewhere else holder.host,
        "user": "ann",
        "since": "",
    }
    (tmp_path / LOCK_NAME).write_text(json.dumps(data))
    if alive or elsewhere:
        with pytest.raises(LockHeldError) as caught:
            ProjectLock.acquire(tmp_path)
        assert caught.value.holder == LockHolder(**data)
    else:
        ProjectLock.acquire(tmp_path).release()


# -- files that are not ours, or damaged ---------------------------------------------------------


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


# -- crashes -------------------------------------------------------------------------------------

SAVER = """
import sys
from spn_annotator.project import Project
project = Project.open(sys.argv[1])
document = project.load(1)
object_id = next(iter(document.objects))
number = 0
while True:
    number += 1
    target = object_id if number % 2 else 0
    with document.begin_stroke(kind="rough", object_id=target, name=str(number)) as stroke:
        stroke.segment((0, 0), (600, 600), 500)
        stroke.segment((number % 600, 0), (number % 600, 0), 0.5)
    project.save(1, document)
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_at_any_moment_the_project_opens_with_all_that_was_saved(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=600)
    with opened(path) as project:
        project.save(1, annotated(project))
    dice = random.Random(3)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        time.sleep(dice.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        saved = int(rest[-1]) if rest else 1

        with Project.open(path) as project:
            assert not project.read_only
            assert project.left_by is not None
            assert project.left_by.pid == process.pid
            assert project.check() == []
            document = project.load(1)
            # Each save paints everything with one value: half of one would show two.
            values = np.unique(document.rough_map).tolist()
            assert len(values) == 1
            state = 1 if values == [2] else 0
            assert state in (saved % 2, (saved + 1) % 2)
            assert document.object_map.max() == (1 if state else 0)
