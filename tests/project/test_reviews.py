"""Stored proposals, comments, and who did what."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.annotation import Document
from spn_annotator.annotation.quality import expected_iou
from spn_annotator.errors import FormatError, SpnAnnotatorError, UsageError
from spn_annotator.project import PROJECT_NAME, Action, Project, Status, review_store
from tests.annotation.builders import contents, paint
from tests.project.folders import annotated, folder, opened


def proposed(document: Document, *, model: str = "m-1", confidence: float | None = 0.75) -> None:
    """Propose object 1 wherever y is above 20."""
    object_map = document.object_map.copy()
    object_map[20:] = 1
    certainty = None
    if confidence is not None:
        certainty = np.full(document.shape, confidence, np.float32)
    assert document.set_proposal(
        object_map, confidence=certainty, revision=document.revision, model=model
    )


def accepted(document: Document) -> np.ndarray:
    """What accepting would give; the document is as before afterwards."""
    document.accept_proposal()
    after = document.object_map.copy()
    document.undo()
    return after


def test_a_proposal_comes_back_with_its_confidence_and_model(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=300)
    with opened(path) as project:
        document = annotated(project)
        project.save(1, document)
        assert not document.is_dirty
        proposed(document)
        assert document.is_dirty, "a proposal nobody has stored would be lost"
        project.save(1, document, status=Status.PROPOSED)
        assert not document.is_dirty
        expected = document.proposal
        assert expected is not None
    with Project.open(path) as project:
        record = project.image(1)
        assert record.proposed
        assert expected.confidence8 is not None
        estimate = expected_iou(expected.object_map, expected.confidence8)
        assert 0.7 < estimate < 0.9
        assert record.confidence == pytest.approx(estimate)
        info = project.proposal_info(1)
        assert info is not None
        assert (info.model, info.confidence) == ("m-1", record.confidence)
        again = project.load(1)
        assert not again.is_dirty
        assert again.proposal is not None
        np.testing.assert_array_equal(again.proposal.object_map, expected.object_map)
        np.testing.assert_array_equal(again.proposal.confidence8, expected.confidence8)
        np.testing.assert_array_equal(accepted(again), accepted(document))
        assert project.check() == []


def test_what_was_painted_beside_a_proposal_wins_after_a_crash_too(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=300)
    with opened(path) as project:
        document = annotated(project)
        proposed(document)
        project.save(1, document)
        paint(document, 0, (300, 200), (500, 250), radius=20)
        assert document.proposal_is_stale
        project.save(1, document)
        expected = accepted(document)
    with Project.open(path) as project:
        again = project.load(1)
        assert (again.object_map[200, 300], again.object_map[290, 300]) == (0, 0)
        np.testing.assert_array_equal(accepted(again), expected)
        assert accepted(again)[200, 300] == 0
        assert accepted(again)[290, 300] == 1


@pytest.mark.parametrize("how", ["accepted", "dropped"])
def test_a_proposal_that_was_decided_on_is_stored_no_longer(tmp_path: Path, how: str) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        proposed(document)
        project.save(1, document)
        if how == "accepted":
            document.accept_proposal()
        else:
            document.drop_proposal()
        project.save(1, document)
        document.undo()
        assert document.is_dirty, "undoing brings the proposal back, which has to be stored"
        project.save(1, document)
        assert project.image(1).proposed
        document.redo()
        project.save(1, document)
    with Project.open(path) as project:
        record = project.image(1)
        assert (record.proposed, record.confidence, project.proposal_info(1)) == (
            False,
            None,
            None,
        )
        again = project.load(1)
        assert again.proposal is None
        assert contents(again) == contents(document)


def test_objects_that_are_no_more_are_left_out_of_a_stored_proposal(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        proposed(document)
        project.save(1, document)
        document.remove_object(1)
        project.save(1, document)
    with Project.open(path) as project:
        again = project.load(1)
        assert not accepted(again).any()


def test_a_batch_stores_proposals_without_a_window(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.save(1, annotated(project))
        project.store_proposal(
            1, np.ones((40, 60), np.uint16), confidence=np.full((40, 60), 0.5), model="batch"
        )
        assert project.image(1).status is Status.PROPOSED
        document = project.load(1)
        assert document.proposal is not None
        assert document.proposal.object_map.all()
        with pytest.raises(UsageError, match="no object of the image"):
            project.store_proposal(1, np.full((40, 60), 9, np.uint16))
        assert project.proposal_info(1) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proposal_tile SET data = x'00'",
        "UPDATE proposal_tile SET height = 39",
        "UPDATE proposal_tile SET tile_row = 9",
        "UPDATE proposal_tile SET dtype = '|O'",
        "UPDATE proposal_tile SET plane = 'confidence' WHERE plane = 'object'",
        "UPDATE image SET confidence = 'high'",
    ],
)
def test_damaged_proposals_are_told(tmp_path: Path, statement: str) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        document = annotated(project)
        proposed(document, confidence=None)
        project.save(1, document)
    with sqlite3.connect(path / PROJECT_NAME) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    connection.close()

    def use() -> None:
        with Project.open(path) as project:
            project.load(1)

    with pytest.raises(FormatError, match=r"project\.spn\.db: is damaged"):
        use()


def test_comments_stay_in_order_with_their_author(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.author = "ann"
        first = project.add_comment(1, "  blurred\n")
        project.author = "ben"
        project.add_comment(1, "I see <b>two</b> cats; näher hinsehen")
        project.add_comment(2, "fine")
    with Project.open(path) as project:
        assert [(c.author, c.text) for c in project.comments(1)] == [
            ("ann", "blurred"),
            ("ben", "I see <b>two</b> cats; näher hinsehen"),
        ]
        project.remove_comment(first.id)
        assert [c.author for c in project.comments(1)] == ["ben"]
        for use in (
            lambda: project.add_comment(1, " \n"),
            lambda: project.add_comment(1, "x" * 10_001),
            lambda: project.add_comment(99, "hello"),
            lambda: project.comments(99),
            lambda: project.remove_comment(99),
        ):
            with pytest.raises(UsageError):
                use()


def test_history_says_who_did_what_with_which_model(tmp_path: Path) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        project.author = "ann"
        document = annotated(project)
        project.save(1, document, status=Status.IN_PROGRESS)
        for number in range(3):
            paint(document, 1, (number, 5))
            project.save(1, document)
        proposed(document, model="spn-2")
        project.save(1, document)
        project.author = "ben"
        document.accept_proposal()
        project.save(1, document, status=Status.ACCEPTED)
    with Project.open(path) as project:
        told = [(e.author, e.action, e.model, e.detail, e.times) for e in project.history(1)]
        assert told == [
            ("ben", Action.STATUS, "", "accepted", 1),
            ("ben", Action.ACCEPTED, "spn-2", "", 1),
            ("ben", Action.ANNOTATED, "", "", 1),
            ("ann", Action.PROPOSED, "spn-2", "", 1),
            ("ann", Action.STATUS, "", "in progress", 1),
            ("ann", Action.ANNOTATED, "", "", 4),
        ], "saves that follow each other are one event"
        assert project.history(2) == []
        assert len(project.history(limit=2)) == 2


def test_a_clock_that_was_set_back_does_not_disturb_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(tmp_path / "p")
    with opened(path) as project:
        times = iter(["2026-05-05 10:00:00", "2001-01-01 00:00:00", "2026-05-05 10:00:01"])
        monkeypatch.setattr(review_store, "now", lambda: next(times))
        document = annotated(project)
        for number in range(3):
            paint(document, 1, (number, 5))
            project.save(1, document)
    with Project.open(path) as project:
        began = [event.began[:4] for event in project.history(1)]
        assert began == ["2026", "2001", "2026"]
        assert contents(project.load(1)) == contents(document)


def test_nothing_is_noted_where_nothing_could_be_stored(tmp_path: Path) -> None:
    with opened(folder(tmp_path / "p")) as project:
        document = annotated(project)
        project._database._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(SpnAnnotatorError):
            project.save(1, document)
        project._database._connection.execute("PRAGMA query_only = OFF")
        assert project.history() == []
