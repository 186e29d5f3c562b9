"""A real window on a small project, with a refiner that is quick and says what it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spn_annotator.annotation import LabelSet
from spn_annotator.gui.app import make_application
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.window import MainWindow
from spn_annotator.project import Project
from tests.gui.hand import HEIGHT, WIDTH, FakeRefiner, Hand


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program itself makes it."""
    return make_application()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images, two labels, nothing painted."""
    folder = tmp_path / "street"
    folder.mkdir()
    for number in range(3):
        pixels = np.full((HEIGHT, WIDTH, 3), 60 + 50 * number, np.uint8)
        pixels[40:80, 50:110] = (200, 80, 30)
        Image.fromarray(pixels).save(folder / f"image_{number + 1}.png")
    with Project.open(folder) as project:
        labels = LabelSet()
        labels.add("person", key="1")
        labels.add("horse", key="2")
        project.scan()
        project.save_labels(labels)
    return folder


@pytest.fixture
def refiner() -> FakeRefiner:
    return FakeRefiner()


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, refiner: FakeRefiner, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """An open window without a project; all its threads must have ended afterwards."""
    monkeypatch.setattr("spn_annotator.gui.autosave._DELAY_MS", 20)
    monkeypatch.setattr("spn_annotator.gui.autosave._FIRST_RETRY_MS", 50)
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    theme = Theme()
    window = MainWindow(settings, theme, refiner=refiner.make)
    theme.setParent(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.workspace.painting.set_size(11)
    yield window
    refiner.gate.set()
    window.workspace.abandon_project()
    window.close()
    running = [thread for thread in window.findChildren(QThread) if thread.isRunning()]
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not running, "threads that outlive the window"


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


@pytest.fixture
def opened(hand: Hand, folder: Path) -> Hand:
    """A hand with the project open at its first image."""
    hand.open(folder)
    return hand
