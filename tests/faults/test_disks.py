"""Disks that are full or read-only, folders that go, files that others hold, clocks set back.

What has to hold each time: the work stays in memory and dirty, the error says what to do, the file
is whole, and saving works once the cause is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spn_annotator.errors import SaveError
from spn_annotator.project import LOCK_NAME, PROJECT_NAME, Project, Status, review_store
from spn_annotator.project.backups import backups_of
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX limits and permissions")


def in_child(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with the tests' helpers at hand."""
    preamble = """
import json, os, resource, shutil, sys
from pathlib import Path
import numpy as np
from spn_annotator.errors import SaveError
from spn_annotator.formats.export import ExportItem, export_project
from spn_annotator.project import Project, Status
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, opened

def refused(use):
    try:
        use()
    except SaveError as error:
        assert error.remedy, error
        return str(error)
    raise AssertionError("it was not refused")

def noisy(document):
    noise = np.random.default_rng(1).random(document.shape) < 0.5
    document.fill_mask(noise, object_id=1, kind="rough")
"""
    done = subprocess.run(
        [sys.executable, "-c", preamble + script, *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


FULL = """
path = Path(sys.argv[1])
with opened(path) as project:
    document = annotated(project)
    project.save(1, document, status=Status.IN_PROGRESS)
    stored = contents(document)
    noisy(document)
    fill()
    told = refused(lambda: project.save(1, document, status=Status.ACCEPTED))
    assert "could not be saved" in told, told
    assert document.is_dirty
    assert project.image(1).status is Status.IN_PROGRESS
    assert project.check() == []
    assert contents(project.load(1)) == stored
    refused(project.back_up)
    items = [ExportItem("a.png", lambda: document)]
    out = path.parent / "out"
    refused(lambda: export_project(items, document.labels, out))
    assert not list(out.rglob("*.json")) and not list(out.rglob("*.png")), list(out.rglob("*"))
    make_room()
    project.save(1, document, status=Status.ACCEPTED)
    assert not document.is_dirty
    report = export_project(items, document.labels, out)
    assert report.is_clean
with Project.open(path) as project:
    assert project.check() == []
    assert contents(project.load(1)) == contents(document)
"""


@posix
def test_disk_that_takes_no_more_bytes(tmp_path: Path) -> None:
    # No file may grow beyond a size: the write fails like one over a quota.
    limits = """
def fill():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

def make_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""
    in_child(limits + FULL, folder(tmp_path / "p", width=1000, height=1000))


@posix
def test_disk_that_is_full_in_the_middle_of_a_save(tmp_path: Path) -> None:
    # The journal still fits, and the first pages of the file.
    script = """
path = Path(sys.argv[1])
with opened(path) as project:
    document = annotated(project)
    project.save(1, document)
    stored = contents(document)
    noisy(document)
    size = (path / "project.spn.db").stat().st_size
    for more in range(0, 200_000, 20_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + more, resource.RLIM_INFINITY))
        refused(lambda: project.save(1, document))
        assert document.is_dirty
        assert project.check() == []
        assert contents(project.load(1)) == stored
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    project.save(1, document)
    assert contents(project.load(1)) == contents(document)
"""
    in_child(script, folder(tmp_path / "p", width=1000, height=1000))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.name == "nt" or mount is None or os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    command = [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_small_file_system_that_is_full(small_disk: Path) -> None:
    filler = """
def fill():
    with open(path.parent / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass

def make_room():
    (path.parent / "filler").unlink()
"""
    in_child(filler + FULL, folder(small_disk / "p", width=1000, height=1000))


@posix
def test_folder_that_becomes_read_only_and_writable_again(tmp_path: Path) -> None:
    # Permissions mean nothing to root, so the script becomes somebody else once all is imported.
    script = """
path = Path(sys.argv[1])
if os.geteuid() == 0:
    for item in (path, *path.iterdir()):
        os.chown(item, 65534, 65534)
    with opened(Path(sys.argv[2])) as spare:
        spare.save(1, annotated(spare))
    os.seteuid(65534)
with opened(path) as project:
    assert not project.read_only
    document = annotated(project)
    project.save(1, document)
    noisy(document)
    path.chmod(0o555)
    told = refused(lambda: project.save(1, document))
    assert document.is_dirty
    assert project.check() == []
    path.chmod(0o755)
    project.save(1, document)
    assert contents(project.load(1)) == contents(document)
"""
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o011)
    in_child(script, folder(tmp_path / "p"), folder(tmp_path / "spare"))


@posix
@pytest.mark.parametrize("how", ["moved away and back", "deleted"])
def test_folder_that_goes_while_it_is_open(tmp_path: Path, how: str) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
        painted = contents(document)
        document.clear_strokes()
        if how == "deleted":
            shutil.rmtree(path)
        else:
            path.rename(tmp_path / "elsewhere")
        for _ in range(2):
            with pytest.raises(SaveError, match="removed or replaced; the work is kept in memory"):
                project.save(1, document)
        assert document.is_dirty
        assert contents(document) != painted
        if how == "deleted":
            assert not path.exists(), "nothing is made that looks like the project"
            return
        (tmp_path / "elsewhere").rename(path)
        project.save(1, document)
        assert not document.is_dirty
        assert contents(project.load(1)) == contents(document)


def test_file_locked_by_another_program_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    holder = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        command = [sys.executable, "-c", holder, str(path / PROJECT_NAME), "0.5"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            project.save(1, document)
        assert not document.is_dirty


def test_file_locked_by_another_program_for_long_is_told_and_saved_later(tmp_path: Path) -> None:
    holder = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        project._database._connection.execute("PRAGMA busy_timeout = 50")
        command = [sys.executable, "-c", holder, str(path / PROJECT_NAME)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(SaveError, match="locked"):
                project.save(1, document)
            assert document.is_dirty
            other.kill()
        project.save(1, document)
        assert not document.is_dirty


FAR = time.mktime((2040, 1, 1, 0, 0, 0, 0, 0, 0))


def in_the_future(path: Path) -> None:
    for item in path.rglob("*"):
        os.utime(item, (FAR, FAR))


def test_a_clock_that_was_set_back_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(tmp_path / "p")
    in_the_future(path)
    monkeypatch.setattr(review_store, "now", lambda: "2040-01-01 00:00:00")
    with opened(path) as project:
        project.save(1, annotated(project))
        first = project.back_up()
    # A program that was killed then: its lock file is from the future too.
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    holder = {"pid": gone.pid, "host": "here", "user": "ann", "since": "2040-01-01 00:00:00"}
    (path / LOCK_NAME).write_text(json.dumps(holder))
    in_the_future(path)

    monkeypatch.setattr(review_store, "now", lambda: "1999-12-31 23:59:59")
    with opened(path) as project:
        assert not project.read_only
        assert project.left_by is not None
        assert project.check_images() == []
        document = annotated(project, name="dog")
        project.save(1, document, status=Status.ACCEPTED)
        second = project.back_up()
        events = [event.began[:4] for event in project.history(1)]
        assert events[0] == "1999"
        assert events[-1] == "2040"
    with Project.open(path) as project:
        assert contents(project.load(1)) == contents(document)
        assert project.image(1).status is Status.ACCEPTED
    assert backups_of(path / PROJECT_NAME) == [second, first]


def test_every_transaction_is_on_the_disk_when_it_has_ended(tmp_path: Path) -> None:
    # A power cut cannot be made here; what SQLite promises against it must be switched on.
    with opened(folder(tmp_path / "p")) as project:
        connection = project._database._connection
        wanted = {"synchronous": 3, "journal_mode": "delete", "foreign_keys": 1}  # 3 is EXTRA
        for name, value in wanted.items():
            assert connection.execute(f"PRAGMA {name}").fetchone() == (value,)
