"""Images that are missing, moved or changed: found, linked again, their masks wait."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator.errors import FileReadError, FormatError, MaskSizeError, UsageError
from spn_annotator.project import (
    PROJECT_NAME,
    Action,
    ProblemKind,
    Project,
    Reason,
    Status,
)
from tests.annotation.builders import contents
from tests.project.folders import annotated, folder, image, opened


def picture(path: Path, seed: int, *, width: int = 60, height: int = 40) -> Path:
    """Write an image that differs from those of other seeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with annotations of a.png."""
    path = tmp_path / "p"
    picture(path / "a.png", 1)
    picture(path / "b.png", 2)
    with opened(path) as project:
        project.save(1, annotated(project))
    return path


def stored(path: Path) -> dict[str, object]:
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        rows = connection.execute("SELECT path, data FROM tile JOIN image ON image.id = image_id")
        found = {str(name): data for name, data in rows}
    connection.close()
    return found


def test_all_is_well_with_images_as_they_were_annotated(path: Path) -> None:
    steps = []
    with Project.open(path) as project:
        assert project.check_images(progress=lambda *step: steps.append(step)) == []
    assert steps == [(0, 2), (2, 2)]


def test_a_changed_image_is_found_and_can_be_confirmed(path: Path) -> None:
    data = bytearray((path / "a.png").read_bytes())
    data[-20] ^= 1
    (path / "a.png").write_bytes(data)
    with Project.open(path) as project:
        (problem,) = project.check_images()
        assert (problem.image_id, problem.kind) == (1, ProblemKind.CHANGED), "by its checksum"
        assert "a.png is not the file that was annotated" in problem.detail
    (path / "a.png").write_text("no image at all")
    with Project.open(path) as project:
        assert [problem.kind for problem in project.check_images()] == [ProblemKind.UNREADABLE]
    picture(path / "a.png", 5)
    with Project.open(path) as project:
        assert project.image(1).changed, "it is remembered"
        assert [problem.kind for problem in project.check_images()] == [ProblemKind.CHANGED]
        assert project.load(1).object_map.any(), "it can be looked at"
        project.confirm_image(1)
        assert project.check_images() == []
        assert not project.image(1).changed
        assert project.history(1)[0].action == Action.CONFIRMED


def test_loading_a_changed_image_flags_it(path: Path) -> None:
    picture(path / "a.png", 9)
    with Project.open(path) as project:
        project.load(1)
        assert project.image(1).changed


def test_a_copy_with_another_time_is_the_same_image_and_not_read_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(path / "a.png", (1, 1))
    with Project.open(path) as project:
        assert project.check_images() == []
    with Project.open(path) as project:
        monkeypatch.setattr("spn_annotator.project.fingerprints.checksum_of", None)
        assert project.check_images() == []


def test_an_image_of_another_size_is_found_and_its_masks_wait(path: Path) -> None:
    picture(path / "a.png", 1, width=61)
    with Project.open(path) as project:
        (problem,) = project.check_images()
        assert problem.kind is ProblemKind.RESIZED
        assert "61 x 40 pixels, its annotations are 60 x 40" in problem.detail
        for use in (project.load, project.confirm_image):
            with pytest.raises(MaskSizeError, match="they are kept"):
                use(1)
        picture(path / "a.png", 1)
        assert project.check_images() == []
        assert project.load(1).object_map.any()


def test_a_moved_image_is_found_by_its_content_and_linked_again(path: Path) -> None:
    masks = stored(path)["a.png"]
    (path / "sub").mkdir()
    (path / "a.png").rename(path / "sub" / "renamed.png")
    picture(path / "sub" / "other" / "a.png", 7)  # same name and size, other content
    with opened(path) as project:
        assert project.image(1).missing
        found = project.suggest_relinks()
        assert [(item.image_id, item.path.name, item.reason) for item in found] == [
            (1, "renamed.png", Reason.CONTENT),
            (1, "a.png", Reason.NAME_AND_SIZE),
        ]
        listed = len(project.images())
        record = project.relink(1, found[0].path)
        assert (record.path, record.missing) == ("sub/renamed.png", False)
        assert len(project.images()) == listed - 1, "it took the place of its untouched double"
        assert project.find("sub/renamed.png") == record
        assert project.load(1).object_map.any()
        assert project.history(1)[0].detail == "a.png -> sub/renamed.png"
    with Project.open(path) as project:
        assert project.check() == []
        assert project.check_images() == []
        assert [item.path for item in project.images()] == [
            "b.png",
            "sub/other/a.png",
            "sub/renamed.png",
        ]
    assert stored(path)["sub/renamed.png"] == masks


def test_images_can_be_looked_for_in_another_folder(path: Path, tmp_path: Path) -> None:
    (path / "a.png").rename(picture(tmp_path / "attic" / "deep" / "a.png", 3))
    with opened(path) as project:
        assert project.suggest_relinks() == []
        (found,) = project.suggest_relinks(tmp_path / "attic")
        assert found.reason is Reason.CONTENT
        record = project.relink(1, found.path)
        assert (record.path, record.outside) == ("../attic/deep/a.png", True)
        assert project.image_path(1) == found.path
        assert project.load(1).object_map.any()
        with pytest.raises(FileReadError, match="is no folder"):
            project.suggest_relinks(tmp_path / "absent")
    # Both can be moved together.
    (tmp_path / "new").mkdir()
    path.rename(tmp_path / "new" / "p")
    (tmp_path / "attic").rename(tmp_path / "new" / "attic")
    with opened(tmp_path / "new" / "p") as project:
        assert project.load(1).object_map.any()
        assert project.check_images() == []


def test_a_search_can_be_cancelled(path: Path) -> None:
    (path / "a.png").rename(path / "z.png")
    with opened(path) as project:
        assert project.suggest_relinks(cancelled=lambda: True) == []
        assert project.check_images(cancelled=lambda: True) == []


def test_wrong_files_are_refused_and_nothing_changes(path: Path) -> None:
    (path / "a.png").rename(path / "moved.png")
    picture(path / "large.png", 4, width=90)
    (path / "text.png").write_text("no image")
    with opened(path) as project:
        other = project.find("b.png")
        assert other is not None
        project.save(other.id, annotated(project, other.id))
        before = stored(path)
        for name, error in (
            ("absent.png", FileReadError),
            ("text.png", FileReadError),
            ("large.png", MaskSizeError),
            ("b.png", UsageError),
        ):
            with pytest.raises(error):
                project.relink(1, path / name)
        assert stored(path) == before
        assert project.image(1).missing


def test_an_image_with_a_comment_is_not_taken_over(path: Path) -> None:
    (path / "a.png").rename(path / "moved.png")
    with opened(path) as project:
        double = project.find("moved.png")
        assert double is not None
        project.add_comment(double.id, "look at this")
        assert project.suggest_relinks() == []
        with pytest.raises(UsageError, match="work of its own"):
            project.relink(1, path / "moved.png")


def test_projects_of_an_earlier_version_learn_which_file_it_was_with_the_next_save(
    path: Path,
) -> None:
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("UPDATE image SET file_size = NULL, file_checksum = NULL")
    connection.close()
    with Project.open(path) as project:
        document = project.load(1)
        document.add_label("new")
        project.save(1, document)
    picture(path / "a.png", 5)
    with Project.open(path) as project:
        assert [problem.kind for problem in project.check_images()] == [ProblemKind.CHANGED]


def test_an_image_replaced_while_it_was_worked_on_is_told(path: Path) -> None:
    with opened(path) as project:
        other = project.find("b.png")
        assert other is not None
        document = annotated(project, other.id)
        picture(path / "b.png", 8)
        project.save(other.id, document)
        assert [problem.kind for problem in project.check_images()] == [ProblemKind.CHANGED]
        assert contents(project.load(other.id)) == contents(document)


def test_images_outside_are_registered_by_the_user_alone(path: Path, tmp_path: Path) -> None:
    elsewhere = picture(tmp_path / "elsewhere" / "x.png", 6)
    with opened(path) as project:
        record = project.add_image(elsewhere)
        assert (record.path, record.outside) == ("../elsewhere/x.png", True)
        assert project.add_image(elsewhere) == record, "once"
        assert project.add_image(path / "b.png") == project.find("b.png")
        project.save(record.id, annotated(project, record.id), status=Status.ACCEPTED)
        with pytest.raises(FileReadError):
            project.add_image(tmp_path / "absent.png")
    with opened(path) as project:
        assert not project.image(record.id).missing
        assert project.load(record.id).object_map.any()
    elsewhere.unlink()
    with opened(path) as project:
        assert project.image(record.id).missing
    # Without the user's word a path that leads out stays refused.
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("UPDATE image SET outside = 0")
    connection.close()
    with Project.open(path) as project:
        with pytest.raises(FormatError, match="does not lie in the project folder"):
            project.load(record.id)
        assert [item.kind for item in project.check_images()] == [ProblemKind.REFUSED]


def test_an_outside_path_that_is_no_image_is_refused(path: Path) -> None:
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("UPDATE image SET outside = 1, path = '/etc/passwd' WHERE id = 1")
    connection.close()
    with Project.open(path) as project, pytest.raises(FormatError, match="names no image"):
        project.load(1)


def test_a_read_only_project_finds_changes_and_stores_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(path / "a.png", 5)
    with Project.open(path), Project.open(path) as second:
        assert second.read_only
        before = (path / PROJECT_NAME).read_bytes()
        assert [problem.kind for problem in second.check_images()] == [ProblemKind.CHANGED]
        assert second.image(1).changed
        assert (path / PROJECT_NAME).read_bytes() == before


def test_images_in_folders_inside_belong_to_the_project(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", "a.png")
    for name in (
        "sub/x10.png",
        "sub/x9.png",
        "sub/deep/y.png",
        ".hidden/no.png",
        "masks/no.png",
        "Labels/no.png",
        "own/no.png",
        "aside/no.png",
        "aside/below/no.png",
    ):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        image(path / name)
    (path / "own" / PROJECT_NAME).touch()
    (path / "aside" / "spn-ignore").touch()
    outside = folder(tmp_path / "outside", "no.png")
    (path / "link").symlink_to(outside, target_is_directory=True)
    with opened(path) as project:
        listed = [item.path for item in project.images()]
        assert listed == ["a.png", "sub/deep/y.png", "sub/x9.png", "sub/x10.png"]
        told = {item.name for item in project.passed_over}
        assert told == {"masks", "Labels", "own", "aside", "link"}
        project.save(2, annotated(project, 2))
        assert project.find(path / "sub" / "x9.png") == project.find("sub/x9.png")
        project.set_subfolders(False)
    image(path / "b.png")
    image(path / "sub" / "z.png")
    with opened(path) as project:
        assert not project.subfolders
        assert [item.path for item in project.images()] == [
            "a.png",
            "b.png",
            "sub/deep/y.png",
            "sub/x9.png",
            "sub/x10.png",
        ], "known images stay, with their work"


def test_a_project_of_an_earlier_version_does_not_suddenly_grow(tmp_path: Path) -> None:
    from tests.project.earlier import project_file

    path = folder(tmp_path / "p", "a.png", "b10.png")
    (path / "sub").mkdir()
    image(path / "sub" / "x.png")
    project_file(path, 1)
    with opened(path) as project:
        assert not project.subfolders
        assert len(project.images()) == 3
        project.set_subfolders(True)
        assert [item.path for item in project.scan()] == ["sub/x.png"]


def stack(path: Path, *sizes: tuple[int, int]) -> Path:
    """Write a TIFF with a page of each size (width, height), grey from 10 upwards."""
    pages = [Image.new("L", size, 10 * (number + 1)) for number, size in enumerate(sizes)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def test_each_page_of_a_tiff_is_an_image(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", "a.png")
    stack(path / "b.tif", (60, 40), (50, 30), (60, 40))
    (path / "c.tiff").write_text("no image")
    with opened(path) as project:
        listed = [(item.path, item.page) for item in project.images()]
        assert listed == [("a.png", 0), ("b.tif", 0), ("b.tif", 1), ("b.tif", 2), ("c.tiff", 0)]
        second = project.find("b.tif", page=1)
        assert second is not None
        assert second.name == "b.tif (2)"
        document = annotated(project, second.id)
        assert document.shape == (30, 50)
        project.save(second.id, document)
    with opened(path) as project:
        assert project.scan() == []
        assert len(project.images()) == 5
        assert contents(project.load(second.id)) == contents(document)
        assert not project.load(second.id - 1).object_map.any()
        assert project.check_images() == []
    (path / "b.tif").rename(path / "moved.tif")
    with opened(path) as project:
        (found,) = project.suggest_relinks(image_ids=[second.id])
        assert found.reason is Reason.CONTENT
        record = project.relink(second.id, found.path)
        assert (record.path, record.page) == ("moved.tif", 1)
        assert contents(project.load(second.id)) == contents(document)
        assert [item.page for item in project.images() if item.path == "moved.tif"] == [0, 1, 2]
