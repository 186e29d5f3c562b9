"""How the main states look, against small pictures that a person has looked at.

A picture is made smaller until letters blur: fonts differ between machines, and the pictures may
differ a little. After a change of the looks that is meant, write them anew and look at them::

    SPN_ANNOTATOR_WRITE_LOOKS=1 python -m pytest tests/gui/test_looks.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from spn_annotator.gui.theme import ThemeChoice
from tests.gui.hand import Hand

LOOKS = Path(__file__).with_name("looks")
WRITE = bool(os.environ.get("SPN_ANNOTATOR_WRITE_LOOKS"))

Pixels = NDArray[np.uint8]

#: Of the canvas, without letters: a block of 4 px may differ by 20 of 255, one in 250 by more.
CANVAS = (4, 20, 0.004)
#: Of the window: blocks of 16 px, by 36; one in 12 by more, where words have other lengths.
WINDOW = (16, 36, 0.08)


def looks_of(part: QWidget, block: int) -> Pixels:
    """Return what a widget shows, each block of pixels as one."""
    image = part.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return np.asarray(Image.fromarray(rows[:, : 3 * width].reshape(height, width, 3)).reduce(block))


def unlike(one: Pixels, other: Pixels, tolerance: int) -> float:
    """Return the share of blocks that differ by more."""
    if one.shape != other.shape:
        return 1.0
    differ = np.abs(one.astype(np.int16) - other).max(axis=2) > tolerance
    return float(differ.mean())


def check(name: str, part: QWidget, kind: tuple[int, int, float], seen: Path) -> None:
    block, tolerance, share = kind
    now = looks_of(part, block)
    path = LOOKS / f"{name}.png"
    if WRITE:
        Image.fromarray(now).save(path, optimize=True)
    wanted = np.asarray(Image.open(path).convert("RGB"))
    found = unlike(now, wanted, tolerance)
    if found > share:
        Image.fromarray(now).save(seen / path.name)
        pytest.fail(f"{found:.1%} of it looks different; compare {seen / path.name} with {path}")


def painted(hand: Hand) -> None:
    hand.stroke((55, 60), (100, 62))
    hand.key("2")
    hand.stroke((70, 95), (120, 95))
    hand.key("s")
    hand.stroke((60, 95))
    hand.key("s")
    hand.window.canvas.leaveEvent(None)


def proposed(hand: Hand) -> None:
    painted(hand)
    hand.key("r")
    hand.wait_for_proposal()
    document = hand.document
    moved = np.roll(document.object_map, (5, 7), axis=(0, 1))
    certain = np.linspace(0.2, 1, moved.size, dtype=np.float32).reshape(moved.shape)
    document.set_proposal(moved, confidence=certain, revision=document.revision)


def compared(hand: Hand) -> None:
    proposed(hand)
    hand.key("j")


def unsure(hand: Hand) -> None:
    proposed(hand)
    hand.key("t")


def outlined(hand: Hand) -> None:
    painted(hand)
    hand.key("v")


def bare(hand: Hand) -> None:
    painted(hand)
    hand.key("v")
    hand.key("v")


def near(hand: Hand) -> None:
    painted(hand)
    hand.act("show_grid")
    hand.window.canvas.zoom_to(24.0)


def drawing(hand: Hand) -> None:
    painted(hand)
    hand.act("tool_polygon")
    for x, y in ((20, 20), (140, 30), (90, 100)):
        QTest.mouseClick(hand.window.canvas, Qt.MouseButton.LeftButton, pos=hand.at(x, y))


STATES: dict[str, Callable[[Hand], None]] = {
    "painted": painted,
    "outlined": outlined,
    "bare": bare,
    "proposed": proposed,
    "compared": compared,
    "unsure": unsure,
    "near": near,
    "drawing": drawing,
}


@pytest.mark.parametrize("state", STATES)
def test_the_canvas_looks_as_it_did(opened: Hand, state: str, tmp_path: Path) -> None:
    hand = opened
    hand.window.canvas.setFixedSize(640, 480)
    hand.window.actions_["show_minimap"].setChecked(False)
    hand.qtbot.wait(1)
    hand.window.canvas.fit()
    STATES[state](hand)
    check(f"canvas-{state}", hand.window.canvas, CANVAS, tmp_path)


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", ["empty", "painted", "proposed"])
def test_the_window_looks_as_it_did(
    hand: Hand, folder: Path, state: str, choice: ThemeChoice, tmp_path: Path
) -> None:
    hand.window.resize(1120, 720)
    hand.window.set_theme(choice)
    if state != "empty":
        hand.open(folder)
        hand.wait(lambda: len(hand.window.strip.model._thumbnails) == 3)
        STATES[state](hand)
        hand.wait_until_saved()
    QTest.mouseMove(hand.window, QPoint(1, 1))
    hand.window.status.show_message("")
    hand.qtbot.wait(1)
    check(f"window-{state}-{choice.value}", hand.window, WINDOW, tmp_path)


@pytest.mark.parametrize(("prefix", "kind"), [("canvas", CANVAS), ("window", WINDOW)])
def test_states_look_unlike_each_other(prefix: str, kind: tuple[int, int, float]) -> None:
    """Else the tests above could not tell one from another."""
    _, tolerance, share = kind
    pictures = {
        path.stem: np.asarray(Image.open(path).convert("RGB"))
        for path in sorted(LOOKS.glob(f"{prefix}-*.png"))
    }
    assert len(pictures) >= 6
    for one, first in pictures.items():
        for other, second in pictures.items():
            # Of a proposal only lines change: the canvas alone tells it from what is painted.
            lines_only = prefix == "window" and one.rsplit("-", 1)[1] == other.rsplit("-", 1)[1]
            if one < other and not (lines_only and "empty" not in one + other):
                assert unlike(first, second, tolerance) > 2 * share, f"{one} and {other}"
