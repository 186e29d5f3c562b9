"""From a folder to exported masks, with mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.project import Project, Status
from tests.gui.hand import FakeRefiner, Hand


def test_open_paint_refine_accept_undo_redo_next_export(
    opened: Hand, refiner: FakeRefiner, folder: Path, tmp_path: Path
) -> None:
    hand = opened
    assert hand.image_name == "image_1.png"

    hand.stroke((60, 50), (80, 60), (100, 60))
    painted = hand.document.object_map.copy()
    assert painted[60, 90] == 1
    assert hand.session.images.record(1).status is Status.IN_PROGRESS

    hand.key("r")
    hand.wait_for_proposal()
    np.testing.assert_array_equal(refiner.calls[0], painted)
    np.testing.assert_array_equal(hand.document.object_map, painted)
    assert "CPU" in hand.window.status._refined.text()
    assert hand.session.images.record(1).status is Status.PROPOSED

    hand.key(Qt.Key.Key_Return)
    assert hand.document.proposal is None
    accepted = hand.document.object_map.copy()
    assert (accepted > 0).sum() > (painted > 0).sum()
    assert hand.session.images.record(1).status is Status.ACCEPTED

    hand.key("z", Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(hand.document.object_map, painted)
    hand.key("y", Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(hand.document.object_map, accepted)

    hand.key("d")
    assert hand.image_name == "image_2.png"
    hand.wait_for_image()
    assert not hand.document.object_map.any()
    hand.key("2")
    hand.stroke((20, 20), (40, 20))
    hand.key("a")
    hand.wait_for_image()
    np.testing.assert_array_equal(hand.document.object_map, accepted)

    out = tmp_path / "out"
    QTimer.singleShot(0, hand.window, lambda: _export(hand, out))
    hand.act("export")
    indexed = np.array(Image.open(out / "indexed" / "image_1.png"))
    np.testing.assert_array_equal(indexed > 0, accepted > 0)
    assert (np.array(Image.open(out / "indexed" / "image_2.png")) == 2).any()
    assert (out / "coco" / "instances.json").is_file()
    assert (out / "binary" / "image_1" / "person.png").is_file()

    hand.window.close()
    with Project.open(folder) as project:
        np.testing.assert_array_equal(project.load(1).object_map, accepted)
        assert project.image(1).status is Status.ACCEPTED


def _export(hand: Hand, out: Path) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    try:
        dialog.folder.setText(str(out))
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        hand.wait(lambda: not dialog.busy)
        assert "2 images, 2 objects" in dialog.report.text()
    finally:
        dialog.reject()


def test_history_of_an_image_survives_going_to_another(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 50))
    hand.stroke((90, 50))
    hand.key("d")
    hand.wait_for_image()
    hand.stroke((30, 30))
    hand.key("a")
    hand.wait_for_image()
    hand.act("undo")
    assert hand.document.object_map[50, 60] == 1
    assert hand.document.object_map[50, 90] == 0
    hand.act("undo")
    assert not hand.document.can_undo
    hand.key("d")
    hand.wait_for_image()
    assert hand.document.object_map[30, 30] == 1, "undo never touches another image"


def test_opening_an_image_opens_its_folder_at_that_image(hand: Hand, folder: Path) -> None:
    hand.open(folder / "image_2.png")
    assert hand.image_name == "image_2.png"
    assert "image_2.png" in hand.window.windowTitle()


def test_next_to_do_passes_over_what_was_worked_on(opened: Hand) -> None:
    hand = opened
    hand.act("next_image")
    hand.wait_for_image()
    hand.stroke((30, 30))
    hand.act("previous_image")
    hand.wait_for_image()
    hand.key("d", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert hand.image_name == "image_3.png"


def test_the_film_strip_follows_and_leads(opened: Hand) -> None:
    hand = opened
    view = hand.window.strip.list
    hand.act("next_image")
    assert view.currentIndex().row() == 1
    rect = view.visualRect(view.model().index(2, 0))
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center()
    )
    assert hand.image_name == "image_3.png"


def test_marking_as_accepted_counts_and_can_be_taken_back(opened: Hand) -> None:
    hand = opened
    hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert hand.session.images.accepted == 1
    assert "1 of 3 accepted" in hand.window.strip._count.text()
    hand.wait_until_saved()
    hand.act("mark_accepted")
    assert hand.session.images.accepted == 0
