"""Many events in an order nobody would think of."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from spn_annotator.gui.action_table import ACTIONS
from tests.gui.hand import Hand

EVENTS = 800

#: These open dialogs or another project.
LEFT_OUT = {
    "open_folder", "open_image", "open_sample", "quit", "export", "recolor_label", "key_sheet",
    "about",
}  # fmt: skip


def one_event(hand: Hand, rng: random.Random) -> None:
    canvas, none = hand.window.canvas, Qt.KeyboardModifier.NoModifier
    left, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
    point = QPoint(rng.randrange(canvas.width()), rng.randrange(canvas.height()))
    kind = rng.choices(("press", "move", "release", "action", "wait"), (25, 30, 20, 22, 3))[0]
    if kind == "press":
        modifier = rng.choice((none, Qt.KeyboardModifier.AltModifier))
        QTest.mousePress(canvas, rng.choice((left, left, middle)), modifier, point)
    elif kind == "move":
        QTest.mouseMove(canvas, point)
    elif kind == "release":
        for button in (left, middle):
            QTest.mouseRelease(canvas, button, none, point)
    elif kind == "wait":
        hand.qtbot.wait(rng.randrange(1, 30))
    else:
        spec = rng.choice([spec for spec in ACTIONS if spec.id not in LEFT_OUT])
        action = hand.window.actions_[spec.id]
        if action.isEnabled():
            action.trigger()
        field = hand.window.labels.list.findChild(QLineEdit)
        if isinstance(field, QLineEdit):
            QTest.keyClicks(field, rng.choice(("a", "person", f"zebra {rng.random()}")))
            QTest.keyClick(field, rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
            hand.qtbot.wait(1)  # the name is taken over with the next turn of the event loop


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_document_stays_sound_and_undo_leads_back_to_the_start(opened: Hand, seed: int) -> None:
    hand, rng = opened, random.Random(seed)
    for number in range(EVENTS):
        one_event(hand, rng)
        document = hand.session.document
        if number % 40 == 0 and document is not None:
            known = {0, *document.objects}
            if document.open_stroke is not None:
                known.add(document.open_stroke.object_id)
            assert set(np.unique(document.object_map).tolist()) <= known
    hand.window.canvas.cancel_stroke()
    hand.wait_for_image()
    while hand.session.images.neighbour(hand.session.image_id, -1) is not None:
        hand.window.workspace.step(-1)
        hand.wait_for_image()
    for _ in range(3):
        document = hand.document
        while document.can_undo:
            document.undo()
        assert not document.object_map.any()
        assert not document.objects
        hand.window.workspace.step(1)
        hand.wait_for_image()
    hand.wait(lambda: not hand.session.unsaved())
