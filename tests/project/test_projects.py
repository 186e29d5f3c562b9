"""Projects: looking for images, saving and loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from spn_annotator.annotation import AnnotatedObject, Document, LabelSet
from spn_annotator.errors import (
    FileReadError,
    MaskSizeError,
    UsageError,
)
from spn_annotator.project import PROJECT_NAME, Project, Status
from tests.annotation.builders import contents, paint
from tests.project.folders import annotated, folder, image, opened


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
    with Project.open(path) as project:
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
