"""Opening what a user names, and what is not let in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet
from spn_annotator.errors import (
    FileReadError,
    FormatError,
)
from spn_annotator.project import PROJECT_NAME, Project, open_path
from tests.annotation.builders import contents, paint
from tests.project.folders import annotated, folder, image, opened


def names(path: Path) -> list[str]:
    return sorted(item.name for item in path.iterdir())


def test_naming_an_image_opens_its_folder_with_the_image_current(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", "c.png", "a.png", "b.png")
    project, image_id = open_path(path / "b.png")
    with project:
        assert project.folder == path
        assert image_id is not None
        assert project.image(image_id).path == "b.png"
        assert project.image_path(image_id) == path / "b.png"


@pytest.mark.parametrize("named", ["", PROJECT_NAME])
def test_naming_a_folder_or_its_project_file_opens_it(tmp_path: Path, named: str) -> None:
    path = folder(tmp_path / "p")
    opened(path).close()
    project, image_id = open_path(path / named)
    with project:
        assert image_id is None
        assert len(project.images()) == 2


def test_relative_names_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    project, image_id = open_path("a.png")
    with project:
        assert project.load(image_id or 0).shape == (40, 60)
        assert project.find("a.png") == project.find(tmp_path / "p" / "a.png")
        assert project.find(tmp_path / "a.png") is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.png", "does not exist"),
        ("notes.txt", "neither a folder nor an image"),
        ("broken.png", r"broken\.png"),
    ],
)
def test_naming_something_else_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "broken.png").write_text("notes")
    with pytest.raises(FileReadError, match=message):
        open_path(tmp_path / name)
    assert names(tmp_path) == ["broken.png", "notes.txt"]


def test_folder_that_is_no_project_is_left_alone_if_asked(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with pytest.raises(FileReadError, match="is no project yet"):
        Project.open(path, create=False)
    assert names(path) == ["a.png", "b.png"]
    with pytest.raises(FileReadError, match="is no folder"):
        Project.open(tmp_path / "absent")


def test_closed_project_leaves_one_file_behind(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
    project.close()
    assert names(path) == ["a.png", "b.png", PROJECT_NAME]


def test_many_images_are_listed_without_being_opened(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.mkdir()
    for number in range(3000):
        (path / f"im{number}.png").touch()  # no image at all: reading one would fail
    with opened(path) as project:
        listed = [item.path for item in project.images()]
        assert listed == [f"im{number}.png" for number in range(3000)]


def test_sixteen_bit_ids_survive(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        labels = LabelSet()
        labels.add("cat")
        document = Document((40, 60), labels, objects=[AnnotatedObject(65_534, 1, "näme")])
        paint(document, 65_534, (30, 20), kind="sure")
        project.save(1, document)
        again = project.load(1)
        assert contents(again) == contents(document)
        assert again.objects[65_534].name == "näme"
        assert np.array_equal(again.sure_for_refine(), document.sure_for_refine())


def test_links_that_lead_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    outside = image(tmp_path / "secret.png")
    path = folder(tmp_path / "p")
    (path / "out.png").symlink_to(outside)
    (path / "in.png").symlink_to("a.png")
    (path / "ring.png").symlink_to("ring.png")
    with opened(path) as project:
        assert [item.path for item in project.images()] == ["a.png", "b.png", "in.png"]
        assert project.refused == (path / "out.png",)
    with pytest.raises(FormatError, match="does not lie in the project folder"):
        open_path(path / "out.png")


@pytest.mark.parametrize(
    "evil", ["../secret.png", "/etc/passwd", "x/../../secret.png", "C:\\x.png", "..\\x.png", ""]
)
def test_paths_in_a_project_file_that_lead_out_are_refused(tmp_path: Path, evil: str) -> None:
    image(tmp_path / "secret.png")
    path = folder(tmp_path / "p")
    opened(path).close()
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("UPDATE image SET path = ? WHERE id = 1", (evil,))
    connection.close()
    with Project.open(path) as project:
        for use in (project.image_path, project.load):
            with pytest.raises(FormatError, match="does not lie in the project folder"):
                use(1)
        assert project.load(2).shape == (40, 60)


def test_image_replaced_by_a_link_outwards_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        (path / "a.png").unlink()
        (path / "a.png").symlink_to(image(tmp_path / "secret.png"))
        with pytest.raises(FormatError, match="does not lie in the project folder"):
            project.load(1)
