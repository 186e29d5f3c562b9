"""Filtering and sorting images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spn_annotator.formats.images import natural_key
from spn_annotator.project import ImageQuery, Project, Status
from spn_annotator.project.ordering import sort_key
from tests.project.folders import annotated, folder, image, opened

NAMES = st.text(st.characters(min_codepoint=0x20, codec="utf-8"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_sort_keys_sort_like_natural_names(one: str, other: str) -> None:
    mine = [(sort_key(name), name) for name in (one, other)]
    theirs = [natural_key(name) for name in (one, other)]
    assert (mine[0] < mine[1]) == (theirs[0] < theirs[1])


@pytest.mark.parametrize(
    "names",
    [
        ["a1", "a01", "a2", "a10", "a10b", "a10b2", "ab"],
        ["1", "2", "10", "99999999999999999999", "100000000000000000000"],
        ["x/2/b1.png", "x/2/b10.png", "x/10/b1.png"],
    ],
)
def test_names_with_numbers_sort_as_people_count(names: list[str]) -> None:
    expected = sorted(names, key=natural_key)
    assert sorted(names, key=lambda name: (sort_key(name), name)) == expected


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = folder(tmp_path / "p", "im1.png", "im2.png", "im10.png", "other.png")
    project = opened(path)
    confidences = {"im1.png": 0.9, "im10.png": 0.2, "other.png": 0.5}
    for name, value in confidences.items():
        record = project.find(name)
        assert record is not None
        document = annotated(project, record.id, name="dog" if name == "other.png" else "cat")
        project.save(record.id, document)
        project.store_proposal(
            record.id,
            np.zeros((40, 60), np.uint16),
            confidence=np.full((40, 60), value, np.float32),
            model="m",
        )
    record = project.find("im10.png")
    assert record is not None
    project.set_status(record.id, Status.ACCEPTED)
    return project


def names(project: Project, **query) -> list[str]:
    return [item.path for item in project.select(ImageQuery(**query))]


def test_images_are_filtered_and_sorted(project: Project) -> None:
    with project:
        everything = ["im1.png", "im2.png", "im10.png", "other.png"]
        assert names(project) == everything
        assert names(project, descending=True) == everything[::-1]
        assert names(project, text="IM1") == ["im1.png", "im10.png"]
        assert names(project, statuses=[Status.ACCEPTED, Status.TODO]) == ["im2.png", "im10.png"]
        assert names(project, saved=False) == ["im2.png"]
        assert names(project, proposed=True, text="im") == ["im1.png", "im10.png"]
        assert names(project, order="confidence") == [
            "im10.png",
            "other.png",
            "im1.png",
            "im2.png",
        ]
        assert names(project, order="confidence", descending=True) == [
            "im1.png",
            "other.png",
            "im10.png",
            "im2.png",
        ], "what has no confidence comes last both ways"
        assert names(project, order="status") == ["im2.png", "im1.png", "other.png", "im10.png"]
        dog = project.labels.by_name("dog")
        assert dog is not None
        assert names(project, label_id=dog.id) == ["other.png"]
        assert names(project, label_id=200) == []
        assert project.counts()[Status.PROPOSED] == 2


def test_images_are_filtered_by_comments_and_by_files_that_have_gone(project: Project) -> None:
    with project:
        project.add_comment(2, "blurred")
        commented = project.image(2).path
        assert names(project, commented=True) == [commented]
        assert commented not in names(project, commented=False)
        (project.folder / "other.png").unlink()
        project.scan()
        assert names(project, missing=True) == ["other.png"]
        image(project.folder / "im3.png")
        project.scan()
        assert names(project, missing=False) == ["im1.png", "im2.png", "im3.png", "im10.png"]
    with Project.open(project.folder) as again:
        assert names(again) == ["im1.png", "im2.png", "im3.png", "im10.png", "other.png"]
        assert names(again, order="confidence")[0] == "im10.png"
