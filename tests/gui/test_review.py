"""Stored proposals are reviewed from the least certain one, with the keys a person uses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spn_annotator.project import Project, Status
from tests.gui.hand import HEIGHT, WIDTH, Hand


@pytest.fixture
def proposed(folder: Path) -> Path:
    """Three images with proposals; the third one is the least certain, then the first."""
    with Project.open(folder) as project:
        project.scan()
        for record, sure in zip(project.images(), (0.5, 0.9, 0.2), strict=True):
            document = project.load(record.id)
            item = document.add_object(1)
            mask = np.zeros((HEIGHT, WIDTH), bool)
            mask[50:60, 60:70] = True
            document.fill_mask(mask, object_id=item.id, kind="rough")
            project.save(record.id, document, status=Status.IN_PROGRESS)
            grown = np.zeros((HEIGHT, WIDTH), np.uint16)
            grown[48:62, 58:74] = item.id
            confidence = np.full((HEIGHT, WIDTH), sure, np.float32)
            project.store_proposal(record.id, grown, confidence=confidence, model="tests")
    return folder


def begin(hand: Hand, folder: Path) -> None:
    hand.open(folder)
    hand.key(Qt.Key.Key_F8)
    hand.wait(lambda: hand.image_name == "image_3.png")
    hand.wait_for_image()


def status(hand: Hand, name: str) -> Status:
    records = hand.session.images.records()
    return next(record.status for record in records if record.path == name)


def test_proposals_come_from_the_least_certain_and_the_change_is_in_view(
    hand: Hand, proposed: Path
) -> None:
    begin(hand, proposed)
    left, top, right, bottom = hand.window.canvas.view.visible()
    assert left <= 58
    assert top <= 48
    assert right >= 74
    assert bottom >= 62
    assert right - left < WIDTH, "from near"
    hand.key(Qt.Key.Key_Return)
    hand.wait(lambda: hand.image_name == "image_1.png")
    hand.wait_for_image()
    hand.key(Qt.Key.Key_Backspace)
    hand.wait(lambda: hand.image_name == "image_2.png")
    hand.wait_for_image()
    assert status(hand, "image_3.png") is Status.ACCEPTED
    assert status(hand, "image_1.png") is Status.REJECTED
    hand.key(Qt.Key.Key_Return)
    assert status(hand, "image_2.png") is Status.ACCEPTED
    hand.wait(lambda: "All proposals are reviewed" in hand.window.status.message)
    hand.wait_until_saved()
    hand.window.workspace.close_project()
    with Project.open(proposed) as project:
        project.scan()
        accepted = project.load(3)
        assert accepted.object_map[49, 59] == 1
        assert accepted.proposal is None
        assert project.load(1).object_map[49, 59] == 0
        assert project.load(1).proposal is None


def test_a_decision_is_taken_back_where_it_was_made(hand: Hand, proposed: Path) -> None:
    begin(hand, proposed)
    assert not hand.window.actions_["review_back"].isEnabled()
    hand.key(Qt.Key.Key_Backspace)
    hand.wait(lambda: hand.image_name == "image_1.png")
    hand.wait_for_image()
    hand.key(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ShiftModifier)
    hand.wait(lambda: hand.image_name == "image_3.png")
    hand.wait_for_proposal()
    assert status(hand, "image_3.png") is Status.PROPOSED
    hand.key(Qt.Key.Key_Return)
    hand.wait(lambda: status(hand, "image_3.png") is Status.ACCEPTED)


def test_a_comment_is_stored_and_letters_do_nothing_else(hand: Hand, proposed: Path) -> None:
    begin(hand, proposed)
    hand.act("comment")
    field = hand.window.comments.field
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "ear is missing")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.window.comments.texts == ["ear is missing"]
    assert hand.document.proposal is not None, "Enter belongs to the field"
    assert QApplication.focusWidget() is hand.window.canvas
    assert [c.text for c in hand.session.project.comments(3)] == ["ear is missing"]


def test_the_review_ends_and_shows_all_images(hand: Hand, proposed: Path) -> None:
    begin(hand, proposed)
    hand.key(Qt.Key.Key_F8)
    hand.wait(lambda: hand.window.strip.filter.order.currentIndex() == 0)
    assert not hand.window.review.on
    assert not hand.window.actions_["review"].isChecked()


def test_without_proposals_there_is_nothing_to_review(opened: Hand) -> None:
    opened.act("review")
    opened.wait(lambda: not opened.window.review.on)
    assert "no proposal" in opened.window.status.message
