"""The first steps: they follow what the person really does, once, and are in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.first_steps import Step
from spn_annotator.gui.i18n import LANGUAGES, install
from spn_annotator.gui.keymap import Keymap
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import ThemeChoice
from tests.gui.hand import Hand


@pytest.fixture
def sample(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in the place of the sample project."""
    monkeypatch.setattr("spn_annotator.gui.first_steps.sample_project_dir", lambda: folder)
    monkeypatch.setattr("spn_annotator.gui.commands.sample_project_dir", lambda: folder)
    monkeypatch.setattr("spn_annotator.samples.sample_project", lambda made: made)
    return folder


@pytest.fixture
def led(hand: Hand, sample: Path) -> Hand:
    """A hand on the sample project, at the first step."""
    hand.act("first_steps")
    hand.wait_for_image()
    return hand


@pytest.fixture
def english() -> Iterator[None]:
    yield
    install("en")


def test_steps_follow_from_the_first_stroke_to_files(led: Hand, tmp_path: Path) -> None:
    hand, steps, bar = led, led.window.first_steps, led.window.coach
    assert bar.isVisible()
    assert (bar.title, steps.step) == ("Paint roughly", Step.PAINT)
    assert steps.target is not None
    assert steps.target.accessibleName() == "Brush"

    hand.stroke((60, 50), (80, 60), (100, 60))
    assert steps.step is Step.REFINE
    assert "<b>R</b>" in bar.text
    hand.key("r")
    hand.wait_for_proposal()
    assert steps.step is Step.ACCEPT
    hand.key(Qt.Key.Key_Escape)
    assert steps.step is Step.REFINE, "dropped: there is nothing to accept"
    hand.key("r")
    hand.wait_for_proposal()
    hand.key(Qt.Key.Key_Return)
    assert steps.step is Step.NEXT
    hand.key("d")
    hand.wait_for_image()
    assert steps.step is Step.EXPORT
    assert steps.target is None, "the menu has it"

    QTimer.singleShot(0, hand.window, lambda: _export(hand, tmp_path / "out"))
    hand.act("export")
    assert steps.step is Step.END
    assert not bar.skip_button.isVisible()
    QTest.mouseClick(bar.end_button, Qt.MouseButton.LeftButton)
    assert steps.step is None
    assert not bar.isVisible()


def _export(hand: Hand, out: Path) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    try:
        dialog.folder.setText(str(out))
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        hand.wait(lambda: not dialog.busy)
    finally:
        dialog.reject()


def test_other_things_are_no_progress_and_steps_can_be_left_out(led: Hand) -> None:
    hand, steps, bar = led, led.window.first_steps, led.window.coach
    hand.act("add_label")
    hand.key(Qt.Key.Key_Escape)
    hand.key("d")
    hand.wait_for_image()
    assert steps.step is Step.PAINT
    for step in (Step.REFINE, Step.ACCEPT, Step.NEXT, Step.EXPORT, Step.END):
        QTest.mouseClick(bar.skip_button, Qt.MouseButton.LeftButton)
        assert steps.step is step


def test_live_refinement_goes_straight_to_the_proposal(led: Hand) -> None:
    led.key("l")
    led.stroke((60, 50), (80, 60))
    led.wait_for_proposal()
    assert led.window.first_steps.step is Step.ACCEPT


def test_painting_keeps_the_keyboard_and_the_whole_image(led: Hand) -> None:
    hand, bar = led, led.window.coach
    QTest.mouseClick(bar.skip_button, Qt.MouseButton.LeftButton)
    assert hand.window.focusWidget() is hand.window.canvas
    assert not bar.geometry().intersects(hand.window.stack.geometry()), "it covers nothing"
    assert hand.window.first_steps.target is not None
    ring = hand.window.first_steps._ring
    assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert ring.isVisible()
    QTest.mouseClick(hand.window.first_steps.target, Qt.MouseButton.LeftButton)


def test_everything_is_reached_with_the_keyboard(led: Hand) -> None:
    hand, bar = led, led.window.coach
    for _ in range(60):
        if hand.window.focusWidget() is bar.skip_button:
            break
        hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Space)
    assert hand.window.first_steps.step is Step.REFINE
    hand.key(Qt.Key.Key_Tab)
    assert hand.window.focusWidget() is bar.end_button
    hand.key(Qt.Key.Key_Space)
    assert hand.window.first_steps.step is None
    assert hand.window.focusWidget() is hand.window.canvas
    assert "Refine" in bar.accessibleDescription()


def test_they_come_by_themselves_once_and_on_the_sample_project_alone(
    hand: Hand, sample: Path, tmp_path: Path
) -> None:
    steps, settings = hand.window.first_steps, hand.window.settings
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.png").write_bytes((sample / "image_1.png").read_bytes())
    hand.open(sample)
    assert steps.step is None, "nobody has asked for them"
    steps.watch()
    hand.open(other)
    assert steps.step is None
    hand.open(sample)
    assert steps.step is Step.PAINT
    assert settings.first_steps_seen
    hand.open(other)
    assert steps.step is None, "they end with the project"
    hand.open(sample)
    assert steps.step is None, "once is enough"
    hand.act("first_steps")
    assert steps.step is Step.PAINT, "but for those who ask"


def test_what_was_seen_is_remembered(tmp_path: Path) -> None:
    path = str(tmp_path / "settings.ini")
    settings = Settings(QSettings(path, QSettings.Format.IniFormat))
    assert not settings.first_steps_seen
    settings.first_steps_seen = True
    settings._store.sync()
    assert Settings(QSettings(path, QSettings.Format.IniFormat)).first_steps_seen


def test_keys_of_the_persons_own_are_named(led: Hand) -> None:
    led.window.actions_.set_keymap(Keymap({"refine": ["F5"], "tool_brush": []}))
    led.window.first_steps.begin()
    assert "The brush is <b>Brush</b>" in led.window.coach.text
    led.stroke((60, 50), (80, 60))
    assert "<b>F5</b>" in led.window.coach.text


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.usefixtures("english")
def test_every_step_is_whole_in_other_languages_and_colours(
    qapp, request: pytest.FixtureRequest, language: str, theme: ThemeChoice
) -> None:
    install(language)
    hand: Hand = request.getfixturevalue("led")
    hand.window.set_theme(theme)
    english_titles = {"Paint roughly", "Refine", "Look and accept", "Export"}
    while hand.window.first_steps.step is not Step.END:
        bar = hand.window.coach
        assert bar.title not in english_titles
        text = bar._text
        QApplication.processEvents()
        assert text.height() >= text.heightForWidth(text.width()), "words are cut"
        bar.skip_button.click()
