"""Labels of a project, shared by its images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spn_annotator.annotation import LabelSet
from spn_annotator.errors import (
    SaveError,
    UsageError,
)
from spn_annotator.project import Project
from tests.project.folders import annotated, folder, opened


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
