"""``spn-annotator check``: damage, missing and changed images, and what can be mended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from spn_annotator import cli
from spn_annotator.formats.images import write_image
from spn_annotator.project import PROJECT_NAME, Project
from spn_annotator.project.backups import backups_of
from tests.cli.support import one_line
from tests.project.folders import annotated, opened


def picture(path: Path, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    write_image(path, noise)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p"
    path.mkdir()
    for seed, name in enumerate(("a.png", "b.png")):
        picture(path / name, seed)
    with opened(path) as project:
        for number in (1, 2):
            project.save(number, annotated(project, number))
    return path


def test_a_sound_project_is_called_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(path)]) == 0
    assert "all images are as they were annotated" in capsys.readouterr().out
    assert cli.main(["check", str(path / PROJECT_NAME), "--backup"]) == 0
    (backup,) = backups_of(path / PROJECT_NAME)
    assert str(backup) in capsys.readouterr().out


def test_moved_images_are_found_and_linked_again(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attic = tmp_path / "attic"
    attic.mkdir()
    (path / "a.png").rename(attic / "renamed.png")
    assert cli.main(["check", str(path), "--search", str(attic)]) == 1
    told = capsys.readouterr().out
    assert "missing: a.png is not there" in told
    assert f"perhaps {attic / 'renamed.png'} (same content)" in told
    with Project.open(path) as project:
        assert project.image(1).path == "a.png", "asked for nothing, it changes nothing"
    assert cli.main(["check", str(path), "--search", str(attic), "--relink"]) == 0
    assert "linked to ../attic/renamed.png" in capsys.readouterr().out
    with Project.open(path) as project:
        assert project.load(1).object_map.any()
    assert cli.main(["check", str(path)]) == 0


def test_changed_images_are_told_and_confirmed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture(path / "b.png", 9)
    assert cli.main(["check", str(path), "--relink"]) == 1
    assert "changed: b.png is not the file that was annotated" in capsys.readouterr().out
    assert cli.main(["check", str(path), "--confirm"]) == 0
    assert "taken as right" in capsys.readouterr().out
    assert cli.main(["check", str(path)]) == 0


def test_damage_is_told(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("DELETE FROM label")
    connection.close()
    assert cli.main(["check", str(path)]) == 1
    assert "damaged: a row of object points to nothing in label" in capsys.readouterr().out


def test_a_project_that_is_held_is_looked_at_and_not_changed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture(path / "b.png", 9)
    with Project.open(path):
        assert cli.main(["check", str(path)]) == 1
        capsys.readouterr()
        assert cli.main(["check", str(path), "--confirm"]) == 2
    assert "nothing can be changed: the project is open elsewhere" in one_line(
        capsys.readouterr().err
    )


def test_a_folder_that_is_no_project_stays_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(tmp_path)]) == 1
    assert "is no project yet" in one_line(capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []
