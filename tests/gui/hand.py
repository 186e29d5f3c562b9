"""What a person's hand does to the window, and a refiner that is quick and says what it does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spn_annotator.annotation import Document
from spn_annotator.gui.session import Session
from spn_annotator.gui.window import MainWindow

WIDTH, HEIGHT = 160, 120


@dataclass(frozen=True)
class FakeProposal:
    label_map: NDArray[np.uint16]
    confidence: NDArray[np.float32]
    changed: int
    seconds: float = 0.012
    device: str = "cpu"


@dataclass
class FakeRefiner:
    """Grows every object by one pixel to the right; can be made to wait or to fail."""

    calls: list[NDArray[np.uint16]] = field(default_factory=list)
    sure: list[NDArray[np.uint16] | None] = field(default_factory=list)
    changeable: list[tuple[int, ...] | None] = field(default_factory=list)
    regions: list[tuple[int, int, int, int] | None] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    #: Outside of a region the shipped refiner returns what it was given, unknown pixels too.
    leaves_the_rest: bool = False
    error: Exception | None = None
    load_error: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    def make(self) -> FakeRefiner:
        if self.load_error is not None:
            raise self.load_error
        return self

    def warm_up(self) -> None: ...

    def set_image(self, rgb: NDArray[np.uint8], /) -> None:
        assert rgb.dtype == np.uint8

    def refine(
        self,
        coarse: NDArray[np.uint16],
        /,
        *,
        sure: NDArray[np.uint16] | None = None,
        labels: Iterable[int] | None = None,
        region: tuple[int, int, int, int] | None = None,
    ) -> FakeProposal:
        self.calls.append(coarse)
        self.sure.append(sure)
        self.changeable.append(None if labels is None else tuple(labels))
        self.regions.append(region)
        self.begun.set()
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        known = np.where(coarse == 65535, 0, coarse).astype(np.uint16)
        grown = known.copy()
        grown[:, 1:] = np.where(known[:, 1:] == 0, known[:, :-1], known[:, 1:])
        if region is not None:
            x0, y0, x1, y1 = region
            inside = np.zeros(grown.shape, bool)
            inside[y0:y1, x0:x1] = True
            grown = np.where(inside, grown, coarse if self.leaves_the_rest else known)
        changed = int((grown != coarse).sum())
        return FakeProposal(grown, np.ones(coarse.shape, np.float32), changed)


class Hand:
    """Does what a person's hand does: with real mouse and key events."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    @property
    def session(self) -> Session:
        session = self.window.workspace.session
        assert session is not None
        return session

    @property
    def document(self) -> Document:
        assert self.session.document is not None
        return self.session.document

    @property
    def image_name(self) -> str:
        assert self.session.image_id is not None
        return self.session.images.record(self.session.image_id).path

    def act(self, name: str) -> None:
        """Trigger an action; it must be enabled."""
        action = self.window.actions_[name]
        assert action.isEnabled(), f"{name} is not enabled"
        action.trigger()

    def at(self, x: float, y: float) -> QPoint:
        """Return where image coordinates are on the canvas."""
        canvas = self.window.canvas
        left, top = canvas.view.to_device(x, y)
        ratio = canvas.device_ratio
        return QPointF(left / ratio, top / ratio).toPoint()

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.window.canvas.device_ratio

    def color_at(self, x: float, y: float) -> QColor:
        """Return the colour that image coordinates have on the screen now."""
        left, top = self.window.canvas.view.to_device(x, y)
        return self.window.canvas.grab().toImage().pixelColor(int(left), int(top))

    def press(self, x: float, y: float, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.window.canvas, Qt.MouseButton.LeftButton, modifier, self.at(x, y))

    def move(self, x: float, y: float) -> None:
        """Move the mouse; QTest.mouseMove goes wrong on an offscreen screen of another scale."""
        canvas, at = self.window.canvas, QPointF(self.at(x, y))
        QApplication.sendEvent(
            canvas,
            QMouseEvent(
                QEvent.Type.MouseMove,
                at,
                canvas.mapToGlobal(at),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
            ),
        )

    def release(self, x: float, y: float, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.window.canvas, Qt.MouseButton.LeftButton, modifier, self.at(x, y))

    def stroke(self, *points: tuple[float, float], modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.press(*points[0], modifier)
        for point in points[1:]:
            self.move(*point)
        self.release(*points[-1], modifier)

    def key(self, key: Qt.Key | str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        target = self.window.focusWidget() or self.window
        if isinstance(key, str):
            QTest.keyClick(target, key, modifier)
        else:
            QTest.keyClick(target, key, modifier)

    def wait(self, condition: Callable[[], object], timeout: int = 30_000) -> None:
        """Wait for something that comes at once unless the disk is busy with other work."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def open(self, path: Path) -> None:
        """Open and wait until the image is there."""
        self.window.commands.open_path(path)
        self.wait_for_image()

    def wait_for_image(self) -> None:
        self.wait(lambda: self.window.workspace.picture is not None)

    def wait_for_proposal(self) -> None:
        self.wait(lambda: self.document.proposal is not None)

    def wait_until_saved(self) -> None:
        self.wait(lambda: self.window.status.save_state == "Saved")
