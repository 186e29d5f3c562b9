"""Saving that fails: the work is kept, the file is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.errors import SaveError
from spn_annotator.project import PROJECT_NAME, Project, Status
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]


def connection_of(project: Project) -> sqlite3.Connection:
    return project._database._connection


def contents_of(path: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in path.iterdir()}


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
