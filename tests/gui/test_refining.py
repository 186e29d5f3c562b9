"""Proposals: asked for, shown, dropped, late, and failed."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spn_annotator.errors import ModelFileError
from spn_annotator.gui.workers.refine import default_refiner
from tests.gui.hand import FakeRefiner, Hand


def test_esc_drops_the_proposal_and_keeps_the_strokes(opened: Hand) -> None:
    hand = opened
    hand.stroke((60, 60))
    before = hand.document.object_map.copy()
    hand.key("r")
    hand.wait_for_proposal()
    hand.key(Qt.Key.Key_Escape)
    assert hand.document.proposal is None
    np.testing.assert_array_equal(hand.document.object_map, before)
    hand.act("undo")
    assert hand.document.proposal is not None, "dropping can be undone"


def test_a_result_from_before_a_stroke_is_dropped(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    assert refiner.begun.wait(10)
    hand.stroke((100, 60))
    refiner.gate.set()
    hand.wait(lambda: "dropped" in hand.window.status.message)
    assert hand.document.proposal is None
    assert hand.window.actions_["refine"].isEnabled()


def test_painting_goes_on_while_a_proposal_is_computed(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    assert refiner.begun.wait(10)
    hand.press(20, 20)
    hand.move(40, 20)
    assert hand.document.object_map[20, 30] == 1
    refiner.gate.set()
    hand.wait_for_proposal()
    hand.release(40, 20)
    hand.act("accept")
    assert hand.document.object_map[20, 30] == 1, "what was painted meanwhile stays"


def test_a_result_for_another_image_does_not_show_here(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    assert refiner.begun.wait(10)
    hand.key("d")
    hand.wait_for_image()
    refiner.gate.set()
    hand.qtbot.wait(100)
    assert hand.document.proposal is None
    hand.stroke((30, 30))
    hand.key("r")
    hand.wait_for_proposal()


def test_esc_cancels_a_refinement_under_way(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    assert refiner.begun.wait(10)
    assert not hand.window.actions_["refine"].isEnabled()
    hand.key(Qt.Key.Key_Escape)
    assert hand.window.actions_["refine"].isEnabled()
    refiner.gate.set()
    hand.qtbot.wait(100)
    assert hand.document.proposal is None


def test_live_follows_each_stroke_until_it_is_switched_off(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.key("l")
    hand.stroke((60, 60))
    hand.wait_for_proposal()
    hand.stroke((100, 60))
    hand.wait(lambda: hand.document.proposal is not None and not hand.document.proposal_is_stale)
    proposal = hand.document.proposal
    assert proposal is not None
    assert proposal.object_map[60, 100] == 1
    hand.key(Qt.Key.Key_Return)
    calls = len(refiner.calls)
    hand.key("z", Qt.KeyboardModifier.ControlModifier)
    hand.key("l")
    hand.stroke((20, 20))
    hand.qtbot.wait(50)
    assert len(refiner.calls) == calls, "neither accepting nor undoing asks for a proposal"


def test_sure_strokes_and_locked_labels_reach_the_refiner(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.key("s")
    hand.stroke((60, 30), modifier=Qt.KeyboardModifier.AltModifier)
    hand.act("label_locked")
    hand.key("2")
    hand.stroke((100, 60))
    hand.key("r")
    hand.wait_for_proposal()
    sure = refiner.sure[-1]
    assert sure is not None
    assert sure[30, 60] == 0
    assert sure[10, 10] == 65535
    horse = int(hand.document.object_map[60, 100])
    assert refiner.changeable[-1] == (0, horse)


def test_unpainted_pixels_can_be_left_to_the_model(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.key("u")
    hand.key("r")
    assert "nothing is" in hand.window.status.message
    hand.key("e")
    hand.stroke((120, 60))
    hand.key("r")
    hand.wait_for_proposal()
    coarse = refiner.calls[-1]
    assert coarse[60, 60] == 1
    assert coarse[60, 120] == 0
    assert coarse[10, 10] == 65535


def test_a_failure_shows_in_the_error_bar_and_work_goes_on(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    bar = hand.window.errors
    hand.stroke((60, 60))
    refiner.error = RuntimeError("out of memory")
    hand.key("r")
    hand.wait(lambda: bar.isVisible())
    assert bar.text == "Refining failed: out of memory"
    QTest.mouseClick(bar.details_button, Qt.MouseButton.LeftButton)
    assert "Traceback" in bar._details.toPlainText()
    assert bar._details.isVisible()
    QTest.mouseClick(bar.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().startswith("Refining failed: out of memory\n\nTraceback")
    hand.stroke((100, 60))
    assert hand.document.object_map[60, 100] == 1
    refiner.error = None
    hand.key("r")
    hand.wait_for_proposal()
    assert not bar.isVisible(), "it goes once refining works again"


def test_a_missing_model_is_said_when_refine_is_pressed(opened: Hand, refiner: FakeRefiner) -> None:
    hand = opened
    refiner.load_error = ModelFileError("no model is installed", remedy="Install it")
    hand.stroke((60, 60))
    assert not hand.window.errors.isVisible()
    hand.key("r")
    hand.wait(lambda: hand.window.errors.isVisible())
    assert hand.window.errors.text == "no model is installed. Install it"
    QTest.mouseClick(hand.window.errors.close_button, Qt.MouseButton.LeftButton)
    assert not hand.window.errors.isVisible()


def test_the_shipped_refiner_says_that_there_is_no_model(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(
        "spn_annotator.gui.workers.refine.default_model_path", lambda: tmp_path / "absent"
    )
    with pytest.raises(ModelFileError, match="no model is installed"):
        default_refiner()


def test_refine_without_paint_says_what_to_do(opened: Hand) -> None:
    hand = opened
    assert not hand.window.actions_["refine"].isEnabled()
    hand.stroke((60, 60))
    hand.key("e")
    hand.stroke((60, 60))
    hand.key("r")
    assert "Paint something" in hand.window.status.message


def test_a_stale_proposal_is_drawn_without_what_was_painted_since(opened: Hand) -> None:
    hand = opened
    hand.stroke((40, 60))
    hand.key("r")
    hand.wait_for_proposal()
    hand.stroke((100, 60))
    shown = hand.window.display._proposal_view
    assert shown.get((0, 0))[60, 100] == 1, "else accepting would seem to take the stroke away"
    hand.act("undo")
    assert shown.get((0, 0))[60, 100] == 0
    hand.act("redo")
    expected = shown.get((0, 0)).copy()
    hand.act("accept")
    np.testing.assert_array_equal(hand.document.object_map, expected)


def test_closing_while_a_refinement_runs_waits_for_its_thread(
    opened: Hand, refiner: FakeRefiner
) -> None:
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    assert refiner.begun.wait(10)
    threading.Timer(0.2, refiner.gate.set).start()
    hand.window.close()
    assert not hand.window.workspace.refining.worker.isRunning()
