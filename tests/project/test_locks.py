"""Locks and read-only folders: who may write, and what is said to the others."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import Document, LabelSet
from spn_annotator.errors import SaveError, UsageError
from spn_annotator.project import LOCK_NAME, LockHolder, Project, Status
from spn_annotator.project import lock as lock_module
from spn_annotator.project.lock import LockHeldError, ProjectLock
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]


def connection_of(project: Project) -> sqlite3.Connection:
    return project._database._connection


def contents_of(path: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in path.iterdir()}


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
        document = Document((40, 60), LabelSet())
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
            with pytest.raises(SaveError, match="open elsewhere"):
                second.add_comment(1, "hello")
        first.set_status(1, Status.ACCEPTED)
    with Project.open(path) as third:
        assert not third.read_only
        assert third.left_by is None


def test_nothing_can_be_done_that_would_be_lost(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as first:
        first.save(1, annotated(first))
        with Project.open(path) as second:
            document = second.load(1)
            before = contents(document)
            proposed = np.ones((40, 60), np.uint16)
            for use in (
                lambda: document.begin_stroke(kind="rough", object_id=1),
                lambda: document.begin_stroke(kind="rough", label_id=1),
                lambda: document.fill_mask(proposed > 0, object_id=1, kind="sure"),
                lambda: document.clear_strokes(),
                lambda: document.add_label("dog"),
                lambda: document.add_object(1),
                lambda: document.remove_object(1),
                lambda: document.import_class_map(proposed),
                lambda: document.undo(),
                lambda: document.accept_proposal(),
            ):
                assert document.set_proposal(proposed.copy(), revision=document.revision)
                with pytest.raises(UsageError, match=f"open elsewhere.*process {os.getpid()}"):
                    use()
            assert contents(document) == before
            assert not document.is_dirty
            document.drop_proposal()
            assert document.proposal is None
            assert not document.is_dirty
            document.adopt_labels(first.labels)


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


def test_lock_file_removed_by_its_holder_while_we_took_it_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def removed_the_first_time(descriptor: int) -> bool:
        calls.append(descriptor)
        if len(calls) == 1:
            (tmp_path / LOCK_NAME).unlink()
        return True

    monkeypatch.setattr(lock_module, "_lock", removed_the_first_time)
    held = ProjectLock.acquire(tmp_path)
    assert len(calls) == 2
    assert (tmp_path / LOCK_NAME).exists(), "or a third program would find no lock"
    held.release()
