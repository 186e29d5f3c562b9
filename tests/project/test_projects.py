"""Projects: opening, looking for images, saving and loading."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet
from spn_annotator.errors import (
    FileReadError,
    FormatError,
    MaskSizeError,
    SaveError,
    UsageError,
)
from spn_annotator.project import PROJECT_NAME, Project, Status, open_path
from tests.annotation.builders import contents, paint
from tests.project.folders import annotated, folder, image, opened


def names(path: Path) -> list[str]:
    return sorted(item.name for item in path.iterdir())


def test_new_project_lists_its_images_in_natural_order(tmp_path: Path) -> None:
    with Project.open(folder(tmp_path / "p", "im10.png", "im2.png", "Im1.jpg")) as project:
        assert project.images() == []
        new = project.scan()
        assert [item.path for item in new] == ["Im1.jpg", "im2.png", "im10.png"]
        assert project.images() == new
        assert {(item.status, item.missing, item.saved) for item in new} == {
            (Status.TODO, False, False)
        }
        assert (tmp_path / "p" / PROJECT_NAME).is_file()


def test_looking_again_finds_only_what_is_new(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        image(path / "aa.png")
        assert [item.path for item in project.scan()] == ["aa.png"]
        assert project.scan() == []
        assert [item.path for item in project.images()] == ["a.png", "aa.png", "b.png"]


def test_annotations_come_back_exactly(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=300)
    with opened(path) as project:
        document = annotated(project)
        paint(document, 0, (300, 150), (500, 20), radius=9)
        assert document.is_dirty
        project.save(1, document)
        assert not document.is_dirty
        assert project.image(1).saved
    with Project.open(path) as project:
        again = project.load(1)
        assert contents(again) == contents(document)
        assert not again.is_dirty
        assert not project.load(2).object_map.any()
        assert project.check() == []


def test_saving_again_stores_what_changed_and_what_was_undone(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=300)
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
        paint(document, 0, (0, 0), (600, 300), radius=400)
        project.save(1, document)
        while document.undo_name != "Mark surely cat":
            document.undo()
        document.undo()
        project.save(1, document)
        assert contents(project.load(1)) == contents(document)
        document.redo()
        project.save(1, document)
        assert contents(project.load(1)) == contents(document)


def test_saving_writes_changed_tiles_only(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=1000, height=1000)
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
        paint(document, 1, (900, 100), radius=5)
        snapshot = project.snapshot(1, document)
        assert {tile for _, tile, _ in snapshot.tiles} == {(0, 3)}
        project.write(snapshot)
        assert contents(project.load(1)) == contents(document)


def test_document_from_elsewhere_takes_the_place_of_what_was_stored(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p", width=600, height=300)) as project:
        project.save(1, annotated(project))
        labels = LabelSet()
        labels.add("cat")
        labels.add("dog")
        other = Document((300, 600), labels, objects=[AnnotatedObject(5, 2)])
        paint(other, 5, (550, 20))
        project.save(1, other)
        assert contents(project.load(1)) == contents(other)


def test_stroke_that_is_open_is_not_saved(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        document = annotated(project)
        before = contents(document)
        stroke = document.begin_stroke(kind="rough", object_id=0)
        stroke.segment((0, 0), (60, 40), 9)
        project.save(1, document)
        assert contents(project.load(1)) == before
        stroke.commit()
        assert document.is_dirty
        project.save(1, document)
        assert contents(project.load(1)) == contents(document)


def test_snapshot_written_late_does_not_undo_a_newer_save(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        document = annotated(project)
        late = project.snapshot(1, document)
        paint(document, 0, (30, 20), radius=20)
        project.save(1, document)
        project.write(late)
        assert contents(project.load(1)) == contents(document)


def test_status_is_kept_and_can_be_stored_together_with_a_save(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.set_status(2, Status.REJECTED)
        project.save(1, annotated(project), status=Status.ACCEPTED)
    with Project.open(path) as project:
        assert [item.status for item in project.images()] == [Status.ACCEPTED, Status.REJECTED]


def test_size_of_an_image_is_known_once_it_was_opened(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=70, height=30)
    with opened(path) as project:
        assert (project.image(1).width, project.image(1).height) == (0, 0)
        assert project.load(1).shape == (30, 70)
        assert (project.image(1).width, project.image(1).height) == (70, 30)


def test_unreadable_image_is_found_when_it_is_opened_and_stops_no_other(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    (path / "c.jpg").write_text("this is text")
    with opened(path) as project:
        assert len(project.images()) == 3
        with pytest.raises(FileReadError, match=r"c\.jpg"):
            project.load(3)
        assert project.load(1).shape == (40, 60)


def test_image_that_has_gone_is_kept_with_its_annotations(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
        (path / "a.png").rename(tmp_path / "a.png")
        assert project.scan() == []
        assert [item.missing for item in project.images()] == [True, False]
        with pytest.raises(FileReadError, match=r"a\.png: the image is missing; its annotations"):
            project.load(1)
    (tmp_path / "a.png").rename(path / "a.png")
    with opened(path) as project:
        assert [item.missing for item in project.images()] == [False, False]
        assert contents(project.load(1)) == contents(document)


def test_image_of_another_size_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
    image(path / "a.png", width=61, height=40)
    with Project.open(path) as project:
        with pytest.raises(MaskSizeError, match="61 x 40 pixels, its annotations are 60 x 40"):
            project.load(1)
        with pytest.raises(MaskSizeError, match="60 x 40"):
            project.save(1, Document((40, 61), LabelSet()))
    image(path / "a.png")
    with Project.open(path) as project:
        assert contents(project.load(1)) == contents(document)


def test_unknown_image_is_refused(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        for use in (project.image, project.load, project.image_path):
            with pytest.raises(UsageError, match="no image with the id 99"):
                use(99)


# -- labels --------------------------------------------------------------------------------------


def test_labels_belong_to_the_project_and_reach_each_new_document(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project, name="cat"))
        assert [label.name for label in project.labels] == ["cat"]
        assert project.load(2).labels == project.labels
    with Project.open(path) as project:
        assert [label.name for label in project.labels] == ["cat"]


def test_labels_of_two_open_documents_come_together(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        first, second = project.load(1), project.load(2)
        first.add_label("cat")
        project.save(1, first)
        second.adopt_labels(project.labels)
        second.add_label("dog")
        project.save(2, second)
        first.replace_label(replace(first.labels.get(1), color=(1, 2, 3)))
        project.save(1, first)
        assert [(label.name, label.color == (1, 2, 3)) for label in project.labels] == [
            ("cat", True),
            ("dog", False),
        ]


def test_label_that_another_image_uses_is_not_removed_with_this_one(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        project.save(1, annotated(project, name="cat"))
        second = annotated(project, 2, name="cat")
        second.add_label("dog")
        project.save(2, second)
        second.remove_label(1)
        second.remove_label(2)
        project.save(2, second)
        assert [label.name for label in project.labels] == ["cat"]
        assert project.check() == []


def test_label_removed_elsewhere_is_there_again_for_the_image_that_needs_it(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        first = annotated(project)
        project.save(1, first)
        second = project.load(2)
        first.remove_label(1)
        project.save(1, first)
        assert len(project.labels) == 0
        second.add_object(1)
        project.save(2, second)
        assert [label.name for label in project.labels] == ["cat"]
        assert project.check() == []


def test_two_labels_with_one_id_are_not_mixed_up(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        first, second = project.load(1), project.load(2)
        first.add_label("cat")
        second.add_label("dog")
        project.save(1, first)
        with pytest.raises(SaveError, match="'dog' in the image and 'cat' in the project"):
            project.save(2, second)
        assert second.is_dirty
        assert [label.name for label in project.labels] == ["cat"]


def test_labels_in_use_cannot_be_taken_out_of_the_project(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        project.save(1, annotated(project))
        labels = project.labels.copy()
        labels.add("dog")
        project.save_labels(labels)
        assert project.labels == labels
        with pytest.raises(UsageError, match="'cat' is in use"):
            project.save_labels(LabelSet())
        assert project.labels == labels


# -- what is not taken in ------------------------------------------------------------------------


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


# -- opening what a user names -------------------------------------------------------------------


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
