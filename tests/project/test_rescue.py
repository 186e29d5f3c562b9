"""Work that could not be saved: kept elsewhere, found again, never in the place of newer work."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import Document
from spn_annotator.errors import SaveError
from spn_annotator.project import Project, Status, open_path
from spn_annotator.project.rescue import RescueFolder
from tests.annotation.builders import contents, paint
from tests.project.folders import annotated, folder, opened


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with annotations of a.png, of a user without rescued work."""
    monkeypatch.setattr("spn_annotator.project.rescue.user_data_dir", lambda: tmp_path / "user")
    path = folder(tmp_path / "p", width=600, height=300)
    with opened(path) as project:
        project.save(1, annotated(project))
    return path


def unsaved_work(path: Path) -> Document:
    """Change a.png, fail to save it, rescue it and crash."""
    project = opened(path)
    document = project.load(1)
    paint(document, 1, (300, 150), radius=40)
    paint(document, 0, (20, 20), radius=5, kind="sure")
    project._database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(SaveError):
        project.save(1, document)
    project.rescue(project.snapshot_whole(1, document), status=Status.REJECTED)
    project.close()
    return document


def copies(path: Path) -> list[Path]:
    return sorted(RescueFolder(path).folder.glob("*"))


def test_work_that_could_not_be_saved_is_there_again_without_a_question(path: Path) -> None:
    document = unsaved_work(path)
    assert len(copies(path)) == 1
    project, _ = open_path(path)
    with project:
        assert project.recovery.recovered == (1,)
        assert project.recovery.undecided == ()
        assert contents(project.load(1)) == contents(document)
        assert project.image(1).status is Status.REJECTED
        assert project.check() == []
    assert copies(path) == []
    project, _ = open_path(path)
    with project:
        assert project.recovery.recovered == (), "once"


@pytest.mark.parametrize("keep", ["stored", "rescued"])
def test_work_on_an_image_that_was_saved_since_waits_for_a_decision(path: Path, keep: str) -> None:
    rescued = unsaved_work(path)
    with Project.open(path) as project:  # by somebody who does not look for rescued work
        stored = project.load(1)
        paint(stored, 1, (500, 50), radius=10)
        project.save(1, stored)
    for _ in range(2):
        project, _ = open_path(path)
        with project:
            (item,) = project.recovery.undecided
            assert (item.image_id, item.path) == (1, "a.png")
            assert contents(project.load(1)) == contents(stored), "nothing was decided yet"
    with open_path(path)[0] as project:
        (item,) = project.recovery.undecided
        if keep == "rescued":
            project.take_rescued(item)
        else:
            project.drop_rescued(item)
        assert project.recovery.undecided == ()
        assert contents(project.load(1)) == contents(rescued if keep == "rescued" else stored)
    assert copies(path) == []


def test_a_save_that_works_again_makes_the_copy_go(path: Path) -> None:
    with opened(path) as project:
        document = project.load(1)
        paint(document, 1, (300, 150), radius=40)
        project.rescue(project.snapshot_whole(1, document))
        project.rescue(project.snapshot_whole(1, document))
        assert len(copies(path)) == 1
        project.save(1, document)
        assert copies(path) == []


def test_a_proposal_is_rescued_too(path: Path) -> None:
    with opened(path) as project:
        document = project.load(1)
        proposed = np.ones((300, 600), np.uint16)
        document.set_proposal(proposed, revision=document.revision, model="m")
        project.rescue(project.snapshot_whole(1, document), status=Status.PROPOSED)
    with open_path(path)[0] as project:
        again = project.load(1)
        assert again.proposal is not None
        assert again.proposal.object_map.all()
        assert again.proposal.model == "m"


def test_who_only_looks_leaves_rescued_work_alone(path: Path) -> None:
    unsaved_work(path)
    with Project.open(path):
        project, _ = open_path(path)
        with project:
            assert project.read_only
            assert project.recovery.recovered == ()
    assert len(copies(path)) == 1


def test_a_damaged_copy_stops_nothing_and_is_left_alone(path: Path) -> None:
    unsaved_work(path)
    (copy,) = copies(path)
    copy.write_bytes(b"no database")
    project, _ = open_path(path)
    with project:
        assert project.recovery.recovered == ()
    assert copy.read_bytes() == b"no database"


def test_an_image_that_is_no_more_keeps_its_rescued_work(path: Path) -> None:
    unsaved_work(path)
    (path / "project.spn.db").unlink()
    (path / "a.png").unlink()
    project, _ = open_path(path)
    with project:
        assert [item.path for item in project.recovery.undecided] == ["a.png"]
    assert len(copies(path)) == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX file names")
def test_without_any_room_the_error_says_so(path: Path, tmp_path: Path) -> None:
    (tmp_path / "user").write_text("a file is in the way")
    with opened(path) as project:
        document = project.load(1)
        with pytest.raises(SaveError, match="no copy could be kept"):
            project.rescue(project.snapshot_whole(1, document))
