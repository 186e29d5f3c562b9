"""The window itself: empty states, dropped files, unreadable files, settings, the real start."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from spn_annotator.gui import app
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import Theme, ThemeChoice, load_colors
from spn_annotator.gui.window import MainWindow
from spn_annotator.project import Project
from tests.gui.hand import FakeRefiner, Hand


def test_without_a_project_the_window_says_what_to_do(window: MainWindow) -> None:
    assert window.stack.currentWidget() is window.empty
    texts = [button.text() for button in window.empty.findChildren(QPushButton)]
    assert texts[:3] == ["Open folder…", "Open image…", "Open sample project"]


def test_the_sample_project_is_made_and_opened(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spn_annotator.paths.user_data_dir", lambda: tmp_path / "data")
    hand.act("open_sample")
    hand.wait_for_image()
    assert len(hand.session.images) >= 3
    assert hand.document.object_map.any()
    assert hand.window.settings.recent == [(tmp_path / "data" / "sample-project").resolve()]


def test_a_folder_without_images_is_said_to_be_one(hand: Hand, tmp_path: Path) -> None:
    hand.window.commands.open_path(tmp_path)
    hand.wait(lambda: hand.window.workspace.session is not None)
    assert "No images" in hand.window.empty.title
    assert not hand.window.actions_["refine"].isEnabled()
    assert not hand.window.actions_["next_image"].isEnabled()


def test_a_path_that_is_nothing_is_an_error_in_the_bar(hand: Hand, tmp_path: Path) -> None:
    hand.window.commands.open_path(tmp_path / "absent")
    hand.wait(lambda: hand.window.errors.text)
    assert "does not exist" in hand.window.errors.text
    assert hand.window.workspace.session is None


def test_a_file_that_is_no_image_blocks_only_itself(hand: Hand, folder: Path) -> None:
    (folder / "image_0.jpg").write_text("this is no picture")
    hand.window.commands.open_path(folder)
    hand.wait(lambda: hand.window.workspace.unreadable)
    assert "image_0.jpg" in hand.window.errors.text
    assert "cannot be read" in hand.window.empty.title.replace("\u200b", "")
    hand.key("d")
    hand.wait_for_image()
    assert not hand.window.errors.isVisible()
    hand.stroke((60, 60))
    assert (folder / "image_0.jpg").read_text() == "this is no picture"


class Entering:
    """A drag that enters the window; Qt's own constructor of the event is deprecated."""

    def __init__(self, *urls: QUrl) -> None:
        self.data = QMimeData()
        self.data.setUrls(list(urls))
        self.accepted = False

    def mimeData(self) -> QMimeData:
        return self.data

    def acceptProposedAction(self) -> None:
        self.accepted = True


def test_a_dropped_folder_opens(hand: Hand, folder: Path) -> None:
    entering = Entering(QUrl.fromLocalFile(str(folder)))
    hand.window.dragEnterEvent(entering)  # pyright: ignore[reportArgumentType]
    assert entering.accepted
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        entering.data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    hand.window.dropEvent(drop)
    hand.wait_for_image()
    assert hand.image_name == "image_1.png"


def test_what_is_no_image_cannot_be_dropped(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    entering = Entering(
        QUrl.fromLocalFile(str(tmp_path / "a.txt")), QUrl("https://example.org/a.png")
    )
    hand.window.dragEnterEvent(entering)  # pyright: ignore[reportArgumentType]
    assert not entering.accepted


def test_an_upright_photograph_is_shown_upright(hand: Hand, tmp_path: Path) -> None:
    pixels = np.zeros((30, 50, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "tall.jpg", exif=exif)
    hand.open(tmp_path)
    assert hand.document.shape == (50, 30)
    hand.wait(lambda: hand.window.strip.model._thumbnails)
    thumbnail = next(iter(hand.window.strip.model._thumbnails.values()))
    assert thumbnail.height() > thumbnail.width()


def test_thumbnails_come_by_themselves(opened: Hand) -> None:
    opened.wait(lambda: len(opened.window.strip.model._thumbnails) == 3)


def test_an_image_too_large_to_read_for_it_gets_its_thumbnail_when_it_is_opened(
    hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spn_annotator.gui.workers.thumbnails._BYTES", 0)
    monkeypatch.setattr("spn_annotator.gui.workers.thumbnails._PIXELS", 0)
    hand.open(folder)
    thumbnails = hand.window.strip.model._thumbnails
    hand.wait(lambda: len(thumbnails) == 3)
    assert [thumbnails[i].isNull() for i in (1, 2, 3)] == [False, True, True]
    hand.key("d")
    hand.wait_for_image()
    assert not thumbnails[2].isNull()
    assert thumbnails[2].width() > thumbnails[2].height()


def test_themes_switch_and_are_remembered(window: MainWindow) -> None:
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        window.actions_[f"theme_{choice}"].trigger()
        assert window.theme.name == str(choice)
        assert window.settings.theme is choice
        shown = window.grab().toImage().pixelColor(3, window.height() - 40).name()
        assert shown == load_colors(str(choice))["window"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_stands_out_from_its_ground(name: str) -> None:
    """WCAG 2.1: 4.5 for text, 3 for the borders of fields."""
    colors = load_colors(name)
    pairs = [
        ("text", "window", 4.5), ("muted", "window", 4.5), ("muted", "surface", 4.5),
        ("faint", "surface", 4.5), ("on_accent", "accent", 4.5), ("text", "danger_soft", 4.5),
        ("text", "accent_soft", 4.5), ("danger", "window", 4.5),
        ("warning", "window", 4.5), ("border_strong", "surface", 3.0),
        ("text", "hover", 4.5), ("accent_text", "accent_soft", 4.5),
    ]  # fmt: skip
    for front, ground, least in pairs:
        ratio = _contrast(colors[front], colors[ground])
        assert ratio >= least, f"{front} on {ground}: {ratio:.2f}"


def _contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_brush_opacity_and_panels_are_remembered(
    hand: Hand, qtbot, tmp_path: Path, refiner: FakeRefiner
) -> None:
    window = hand.window
    window.workspace.painting.set_size(77)
    window.options._opacity.setValue(80)
    window.strip_dock.hide()
    window.close()
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    theme = Theme()
    again = MainWindow(Settings(store), theme, refiner=refiner.make)
    theme.setParent(again)
    again.show()
    assert again.workspace.painting.size == 77
    assert again.display.style.opacity == pytest.approx(0.8)
    assert not again.strip_dock.isVisible()
    again.close()


def test_settings_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    for key, value in (("theme", "pink"), ("brush/size", "many"), ("overlay/opacity", "nan")):
        store.setValue(key, value)
    store.setValue("recent", str(tmp_path / "gone"))
    settings = Settings(store)
    assert settings.theme is ThemeChoice.AUTO
    assert settings.brush_size == 24
    assert settings.opacity == 0.45
    assert settings.recent == []


def test_long_names_do_not_widen_the_window(hand: Hand, folder: Path) -> None:
    width = hand.window.minimumSizeHint().width()
    name = "a_photograph_with_a_very_long_name_" * 5 + ".png"
    os.rename(folder / "image_1.png", folder / name)  # noqa: PTH104
    hand.open(folder / name)
    document = hand.document
    document.add_label("a label whose name goes on and on " * 3)
    hand.window.resize(900, 600)
    assert hand.window.width() == 900
    assert hand.window.minimumSizeHint().width() <= max(900, width)


def visible_window() -> MainWindow | None:
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    return next((w for w in windows if w.isVisible()), None)


def test_the_program_starts_opens_and_ends(folder: Path, qapp: QApplication, monkeypatch) -> None:
    monkeypatch.setattr(app, "default_model_path", lambda: folder / "absent")
    seen: list[str] = []
    begun = time.monotonic()

    def look() -> None:
        window = visible_window()
        if window is not None and window.workspace.picture is not None:
            seen.append(window.windowTitle())
            window.close()
        elif time.monotonic() - begun > 20:
            qapp.exit(1)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    assert app.run(folder) == 0
    timer.stop()
    assert seen == ["image_1.png — street — SPN Annotator"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_the_end_of_a_login_saves_and_closes(folder: Path, qapp: QApplication, monkeypatch) -> None:
    monkeypatch.setattr(app, "default_model_path", lambda: folder / "absent")
    before = signal.getsignal(signal.SIGTERM)
    asked: list[MainWindow] = []

    def ask() -> None:
        window = visible_window()
        if window is None or window.workspace.session is None or asked:
            return
        document = window.workspace.session.document
        if document is not None:
            document.begin_stroke(kind="rough", label_id=1).segment((5, 5), (5, 5), 2)
            assert document.open_stroke is not None
            document.open_stroke.commit()
            asked.append(window)
            os.kill(os.getpid(), signal.SIGTERM)

    timer = QTimer()
    timer.timeout.connect(ask)
    timer.start(20)
    # Stopped with the test: an exit outside of the program's own loop ends every later one at once.
    patience = QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(lambda: qapp.exit(1))
    patience.start(20_000)
    assert app.run(folder) == 0
    patience.stop()
    assert asked
    assert signal.getsignal(signal.SIGTERM) == before
    with Project.open(folder) as project:
        assert project.load(1).object_map[5, 5] == 1


def test_alt_does_not_send_the_keyboard_to_the_menus(opened: Hand) -> None:
    canvas = opened.window.canvas
    QTest.keyPress(canvas, Qt.Key.Key_Alt)
    QTest.keyRelease(canvas, Qt.Key.Key_Alt)
    assert canvas.hasFocus()
    opened.key("e")
    assert canvas.tool.id == "eraser"


def test_leaving_the_canvas_hides_brush_and_position(opened: Hand) -> None:
    opened.move(60, 60)
    assert opened.window.canvas._cursor_circle is not None
    QApplication.sendEvent(opened.window.canvas, QEvent(QEvent.Type.Leave))
    assert opened.window.canvas._cursor_circle is None
    assert opened.window.status._position.text() == ""
