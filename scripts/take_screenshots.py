"""Take the pictures of the window that the documentation shows.

Runs the real window with the real model on the sample project and saves to docs/images::

    xvfb-run -a -s "-screen 0 1600x1000x24" python scripts/take_screenshots.py

``--out DIR`` saves elsewhere; ``--all`` takes further states, for looking at them.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from spn_annotator.gui.app import make_application
from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.dialogs.key_sheet import KeySheet
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import Theme, ThemeChoice
from spn_annotator.gui.window import MainWindow
from spn_annotator.samples import sample_project

REPOSITORY = Path(__file__).resolve().parent.parent
SIZE = (1440, 900)
_PATIENCE_SECONDS = 180


class Photographer:
    """Works with the window as a person would, and takes pictures of it."""

    def __init__(self, out: Path, home: Path) -> None:
        self.application = make_application()
        self.out = out
        self.home = home
        store = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        theme = Theme()
        self.window = MainWindow(Settings(store), theme)
        theme.setParent(self.window)
        self.window.resize(*SIZE)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        refining = self.window.workspace.refining
        refining.warm_up()
        self.wait_for(lambda: refining.worker.has_model or self.window.errors.text)

    def theme(self, choice: ThemeChoice) -> None:
        """Use light or dark colours."""
        self.window.set_theme(choice)
        self.wait(0.1)

    def wait(self, seconds: float) -> None:
        """Let the window work for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.005)

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Let the window work until something has happened."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                sys.exit(
                    f"nothing happened: {self.window.errors.text or self.window.windowTitle()}"
                )
            self.wait(0.05)

    def save(self, name: str) -> None:
        """Save the window as it is."""
        self.wait(0.2)
        self.window.grab().save(str(self.out / f"{name}.png"))
        print(self.out / f"{name}.png")

    def open(self, folder: Path, image: str) -> None:
        """Open an image of a project."""
        self.window.commands.open_path(folder / image)
        self.wait_for(lambda: self.window.workspace.picture is not None)
        strip = self.window.strip.model
        self.wait_for(lambda: len(strip._thumbnails) == strip.rowCount())

    def act(self, name: str) -> None:
        """Trigger an action."""
        action = self.window.actions_[name]
        if not action.isEnabled():
            sys.exit(f"{name} is not possible now")
        action.trigger()
        self.wait(0.05)

    def at(self, x: float, y: float) -> QPoint:
        """Return where image coordinates are on the canvas."""
        canvas = self.window.canvas
        left, top = canvas.view.to_device(x, y)
        return QPointF(left / canvas.device_ratio, top / canvas.device_ratio).toPoint()

    def stroke(self, *points: tuple[float, float], end: bool = True) -> None:
        """Paint through image coordinates."""
        canvas, none = self.window.canvas, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, none, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, self.at(*point))
            self.wait(0.01)
        if end:
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, none, self.at(*points[-1]))

    def pick(self, name: str) -> None:
        """Paint with a label."""
        session = self.window.workspace.session
        assert session is not None
        label = session.labels_now().by_name(name)
        assert label is not None
        self.window.label_commands.pick(label.id)

    def refine(self) -> None:
        """Refine, and wait for the proposal."""
        self.act("refine")
        session = self.window.workspace.session
        assert session is not None
        self.wait_for(
            lambda: (session.document and session.document.proposal) or self.window.errors.text
        )
        if self.window.errors.text:
            sys.exit(self.window.errors.text)


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "docs" / "images")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = sample_project(home / "Sample project")
        work(Photographer(arguments.out, home), folder, further=arguments.all)


def work(hand: Photographer, folder: Path, *, further: bool) -> None:
    """Go through the states of the window."""
    window = hand.window
    hand.theme(ThemeChoice.LIGHT)
    hand.save("window-empty-light")
    if further:
        hand.theme(ThemeChoice.DARK)
        hand.save("window-empty-dark")
        hand.theme(ThemeChoice.LIGHT)

    hand.open(folder, "coffee.png")
    session = window.workspace.session
    assert session is not None
    assert session.document is not None
    while session.document.objects:  # begin with a bare photograph
        session.document.remove_object(next(iter(session.document.objects)))
    window.workspace.painting.set_size(46)
    hand.pick("saucer")
    hand.wait(0.2)
    if further:
        hand.save("window-open-light")
    paint_coffee(hand)
    hand.save("window-painting-light")
    finish_coffee(hand)
    hand.refine()
    hand.wait(1.0)
    hand.save("window-proposal-light")
    if further:
        hand.theme(ThemeChoice.DARK)
        hand.save("window-proposal-dark")
    hand.act("accept")
    hand.act("show_strokes")
    hand.wait(1.0)
    hand.theme(ThemeChoice.DARK)
    hand.save("window-accepted-dark")
    hand.act("show_strokes")
    if further:
        take_further(hand)
    window.close()


def ellipse(
    centre: tuple[float, float], radii: tuple[float, float], *, part: float = 1.0
) -> list[tuple[float, float]]:
    """Return points around an ellipse, or around the first part of it."""
    angles = [math.tau * part * step / 24 for step in range(25)]
    return [
        (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))
        for angle in angles
    ]


def paint_coffee(hand: Photographer) -> None:
    """Paint the saucer and the beginning of the cup, roughly; the last stroke is not finished."""
    brush = hand.window.workspace.painting
    brush.set_size(64)
    for size in (0.84, 0.5, 0.2):
        hand.stroke(*ellipse((277, 230), (198 * size, 156 * size)))
    hand.pick("cup")
    brush.set_size(48)
    hand.stroke(*ellipse((290, 114), (90, 70)))
    hand.stroke(*ellipse((290, 114), (50, 35)))
    hand.stroke((290, 114))
    hand.stroke((220, 190), (250, 225), (290, 240), (330, 220), (350, 190), end=False)


def finish_coffee(hand: Photographer) -> None:
    """Finish the strokes: the rest of the cup, and the spoon."""
    canvas, none = hand.window.canvas, Qt.KeyboardModifier.NoModifier
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, none, hand.at(350, 190))
    hand.stroke((240, 200), (320, 210), (280, 250), (260, 245))
    brush = hand.window.workspace.painting
    brush.set_size(36)
    hand.stroke((235, 245), (217, 283))
    hand.pick("spoon")
    brush.set_size(64)
    hand.stroke((363, 283), (369, 288))
    brush.set_size(12)
    hand.stroke((377, 250), (386, 200))
    brush.set_size(20)
    hand.stroke((411, 100), (412, 80))


def take_further(hand: Photographer) -> None:
    """Take pictures of states that the documentation does not show."""
    window = hand.window
    hand.theme(ThemeChoice.LIGHT)
    window.canvas.zoom_to(6.0)
    hand.save("window-close-light")
    window.canvas.fit()
    hand.act("cycle_overlay")
    hand.save("window-outline-light")
    hand.act("cycle_overlay")
    hand.act("cycle_overlay")
    for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        hand.theme(theme)
        assert window.workspace.session is not None
        for name, dialog in (
            ("keys", KeySheet(window.actions_.keymap, window.actions_["edit_keys"], window)),
            ("export", ExportDialog(window.workspace.session, window)),
        ):
            dialog.show()
            hand.wait(0.2)
            dialog.grab().save(str(hand.out / f"dialog-{name}-{theme}.png"))
            dialog.reject()


if __name__ == "__main__":
    main()
