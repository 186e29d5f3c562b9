"""Killed at any moment: the project is whole, and what was saved is there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from spn_annotator.project import PROJECT_NAME, Project
from tests.faults.annotator import cells
from tests.faults.killing import (
    PromiseBroken,
    Tally,
    Told,
    check_exports,
    check_project,
    make_project,
    run,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")


@pytest.mark.slow
def test_killed_at_ten_moments_nothing_saved_is_lost(tmp_path: Path) -> None:
    tally = run(tmp_path, moments=10, seed=11)
    assert tally.killed == 10
    assert tally.saved_changes > 0, "killed before anything was saved, this shows nothing"


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_at_two_hundred_moments_nothing_saved_is_lost(tmp_path: Path) -> None:
    tally = run(tmp_path, moments=200, seed=1)
    print(tally)
    assert tally.killed == 200
    assert tally.in_transaction > 10, "hardly one kill hit a transaction"
    assert tally.exports_incomplete > 10, "hardly one kill hit an export"


def test_the_checks_notice_what_is_lost_or_half(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    make_project(folder)
    shutil.copy(folder / PROJECT_NAME, tmp_path / "earlier")
    with Project.open(folder) as project:
        before = {r.id: cells(project.load(r.id).object_map) for r in project.images()}
        document = project.load(1)
        with document.begin_stroke(kind="rough", object_id=1) as stroke:
            stroke.segment((0, 0), (511, 511), 30)
        now = cells(document.object_map)
        project.save(1, document)
    told = {1: Told({1: (1.0, now)}, saved=1)}
    left = check_project(folder, told, before, killed=2.0, tally=Tally())
    assert left[1] == now != before[1]

    with sqlite3.connect(folder / PROJECT_NAME) as connection:
        connection.execute("DELETE FROM tile WHERE tile_row = 0 AND tile_column = 0")
    connection.close()
    with pytest.raises(PromiseBroken, match="half of something"):
        check_project(folder, told, before, killed=2.0, tally=Tally())

    shutil.copy(tmp_path / "earlier", folder / PROJECT_NAME)
    with pytest.raises(PromiseBroken, match="is not there"):
        check_project(folder, told, before, killed=2.0, tally=Tally())
    unsaved = {1: Told({1: (1.0, now)}, saved=0)}
    tally = Tally()
    check_project(folder, unsaved, before, killed=1.4, tally=tally)
    assert max(tally.lost_seconds) == pytest.approx(0.4)


def test_the_checks_notice_exports_cut_short(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "1"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("[1, 2")
    with pytest.raises(PromiseBroken, match="is not whole"):
        check_exports(tmp_path / "out", Tally())
    (folder / "a.json").write_text("[1, 2]")
    tally = Tally()
    check_exports(tmp_path / "out", tally)
    assert (tally.exports_whole, tally.exports_incomplete) == (0, 1)
    (folder / "export_report.json").write_text('{"files": ["a.json", "b.json"]}')
    with pytest.raises(PromiseBroken, match=r"lacks b\.json"):
        check_exports(tmp_path / "out", Tally())
