"""Many events in an order nobody would think of."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from spn_annotator.annotation.history import History
from spn_annotator.gui.action_table import ACTIONS
from spn_annotator.gui.regions import Superpixels
from tests.gui.hand import FakeRefiner, Hand

#: These open another project, or dialogs of the system.
LEFT_OUT = {
    "open_folder", "open_image", "open_sample", "quit", "export", "recolor_label", "key_sheet",
    "about", "command_palette", "edit_keys",
    "guide", "first_steps",
}  # fmt: skip

#: What a hand does, and how often.
EVENTS = {
    "press": 22, "move": 30, "release": 20, "double": 2, "key": 4, "wheel": 2, "tool": 6,
    "action": 20, "wait": 3,
}  # fmt: skip

KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Space)


def one_event(hand: Hand, rng: random.Random) -> None:
    canvas, none = hand.window.canvas, Qt.KeyboardModifier.NoModifier
    left, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
    point = QPoint(rng.randrange(canvas.width()), rng.randrange(canvas.height()))
    kind = rng.choices(list(EVENTS), list(EVENTS.values()))[0]
    if kind == "press":
        modifier = rng.choice(
            (none, none, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier)
        )
        QTest.mousePress(canvas, rng.choice((left, left, left, middle)), modifier, point)
    elif kind == "move":
        at = QPointF(point)
        QApplication.sendEvent(
            canvas,
            QMouseEvent(
                QEvent.Type.MouseMove,
                at,
                canvas.mapToGlobal(at),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton,
                none,
            ),
        )
    elif kind == "release":
        for button in (left, middle):
            QTest.mouseRelease(canvas, button, none, point)
    elif kind == "double":
        QTest.mouseDClick(canvas, left, none, point)
        QTest.mouseRelease(canvas, left, none, point)
    elif kind == "key":
        QTest.keyClick(canvas, rng.choice(KEYS))
    elif kind == "wheel":
        canvas.zoom_at(QPointF(point), rng.choice((0.5, 0.8, 1.25, 2.0)))
    elif kind == "wait":
        hand.qtbot.wait(rng.randrange(1, 30))
    else:
        wanted = [
            spec
            for spec in ACTIONS
            if spec.id not in LEFT_OUT and (kind == "action" or spec.choice == "tool")
        ]
        spec = rng.choice(wanted)
        action = hand.window.actions_[spec.id]
        if action.isEnabled():
            action.trigger()
        field = hand.window.labels.list.findChild(QLineEdit)
        if isinstance(field, QLineEdit) and field.isVisible():
            QTest.keyClicks(field, rng.choice(("a", "person", f"zebra {rng.random()}")))
            QTest.keyClick(field, rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
            hand.qtbot.wait(1)  # the name is taken over with the next turn of the event loop


@contextmanager
def answered() -> Iterator[None]:
    """Close every dialog and menu that comes up."""

    def close() -> None:
        modal, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        if isinstance(modal, QDialog):
            modal.reject()
        elif popup is not None:
            popup.close()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(5)
    try:
        yield
    finally:
        timer.stop()


def check(hand: Hand) -> None:
    """See that no map names an object that is not there."""
    document = hand.session.document
    if document is None:
        return
    known = {0, *document.objects}
    if document.open_stroke is not None:
        known.add(document.open_stroke.object_id)
    assert set(np.unique(document.object_map).tolist()) <= known
    marks = {value + 1 for value in known} | {0}
    for plane in (document.rough_map, document.sure_map):
        assert set(np.unique(plane).tolist()) <= marks


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Histories that have lost steps: the id of a label they speak of was given to a new one."""
    found: set[int] = set()
    forget = History.forget_labels

    def noted(history: History, label_ids: set[int]) -> None:
        before = len(history.undo_names)
        forget(history, label_ids)
        if len(history.undo_names) < before:
            found.add(id(history))

    monkeypatch.setattr(History, "forget_labels", noted)
    return found


def undo_to_the_start(hand: Hand, shortened: set[int]) -> None:
    """Take every step of every image back."""
    hand.window.canvas.cancel_stroke()
    hand.wait_for_image()
    while hand.session.images.neighbour(hand.session.image_id, -1) is not None:
        hand.window.workspace.step(-1)
        hand.wait_for_image()
    for _ in range(3):
        document = hand.document
        while document.can_undo:
            document.undo()
        check(hand)
        if id(document.history) not in shortened:
            for plane in (document.object_map, document.rough_map, document.sure_map):
                assert not plane.any()
            assert not document.objects
        hand.window.workspace.step(1)
        hand.wait_for_image()
    hand.wait(lambda: not hand.session.unsaved())


def memory() -> int:
    """Return the memory the process holds now in bytes, 0 where that is not told."""
    if not sys.platform.startswith("linux"):
        return 0
    with open("/proc/self/statm", encoding="ascii") as handle:  # noqa: PTH123
        return int(handle.read().split()[1]) * 4096


def soak(hand: Hand, shortened: set[int], *, seed: int, events: int) -> None:
    rng = random.Random(seed)
    threads = threading.active_count()
    halfway = 0
    with answered():
        for number in range(events):
            one_event(hand, rng)
            check(hand)
            if number == events // 2:
                halfway = memory()
        undo_to_the_start(hand, shortened)
    if halfway:
        assert memory() - halfway < 400 << 20, "memory grows with the number of events"
    assert threading.active_count() <= threads + 12, "a thread for each kind of work, no more"


@pytest.mark.slow
def test_the_document_stays_sound_and_undo_leads_back_to_the_start(
    opened: Hand, shortened: set[int]
) -> None:
    soak(opened, shortened, seed=1, events=300)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_long_day_of_every_tool_and_command(opened: Hand, shortened: set[int], seed: int) -> None:
    soak(opened, shortened, seed=seed, events=2_000)


def test_what_is_computed_late_does_no_harm(opened: Hand, refiner: FakeRefiner) -> None:
    """Fill, superpixels and a refinement come back after the image they were asked for."""
    hand = opened
    hand.stroke((60, 60))
    refiner.gate.clear()
    hand.key("r")
    hand.key("w")
    hand.stroke((80, 60))
    hand.key("q")
    hand.act("next_image")
    hand.wait_for_image()
    refiner.gate.set()
    hand.qtbot.wait(50)
    hand.wait(lambda: hand.window.workspace.painting.segment_at(80, 60) is not None)
    found = hand.window.workspace.painting.superpixels._result
    assert isinstance(found, Superpixels)
    assert not hand.document.object_map.any(), "nothing is painted on an image that is not meant"
    assert hand.document.proposal is None
