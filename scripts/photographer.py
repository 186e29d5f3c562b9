"""Works with the real window as a person would, and takes pictures of it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)
from PIL import Image  # noqa: E402
from PySide6.QtCore import QPoint, QPointF, QRect, QSettings, Qt  # noqa: E402
from PySide6.QtGui import QImage, QPainter, QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from spn_annotator.gui.app import make_application  # noqa: E402
from spn_annotator.gui.session import Session  # noqa: E402
from spn_annotator.gui.settings import Settings  # noqa: E402
from spn_annotator.gui.theme import Theme, ThemeChoice  # noqa: E402
from spn_annotator.gui.window import MainWindow  # noqa: E402

_PATIENCE_SECONDS = 180
_COLORS = 256  # a picture in so many looks the same and is a third as large
_EXACT = 112  # of them for the flat colours of the window: those that so many pixels have
_FLAT = 60


class Photographer:
    """One window with settings of its own, and a hand.

    Parameters
    ----------
    out : Path
        Where pictures go.
    home : Path
        Where the settings go.
    size : (int, int)
        Width and height of the window.
    small : bool
        Whether files are to be small rather than exact in every colour.
    """

    def __init__(self, out: Path, home: Path, size: tuple[int, int], *, small: bool) -> None:
        self.small = small
        self.application = make_application()
        self.out = out
        self.home = home
        store = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        theme = Theme()
        self.window = MainWindow(Settings(store), theme)
        theme.setParent(self.window)
        self.window.resize(*size)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.window.activateWindow()
        refining = self.window.workspace.refining
        refining.warm_up()
        self.wait_for(lambda: refining.worker.has_model or self.window.errors.text)

    @property
    def session(self) -> Session:
        """What is open."""
        session = self.window.workspace.session
        assert session is not None
        return session

    # ---- pictures --------------------------------------------------------------------------------

    def save(
        self,
        name: str,
        part: QWidget | None = None,
        *,
        over: Sequence[QWidget] = (),
        crop: QRect | None = None,
    ) -> None:
        """Save a picture.

        Parameters
        ----------
        name : str
            Stem of the file.
        part : QWidget, optional
            What is shown; the window if left out.
        over : sequence of QWidget
            Small windows that lie over it.
        crop : QRect, optional
            The part of it that is kept.
        """
        self.wait(0.2)
        part = part or self.window
        picture = part.grab()
        painter = QPainter(picture)
        for other in over:
            place = part.mapFromGlobal(other.mapToGlobal(QPoint(0, 0)))
            painter.drawPixmap(place, other.grab())
        painter.end()
        path = self.out / f"{name}.png"
        picture = picture if crop is None else picture.copy(crop)
        if self.small:
            _write(picture, path)
        else:
            picture.save(str(path))
        print(f"{path}  {path.stat().st_size // 1024} KB", flush=True)

    def theme(self, choice: ThemeChoice) -> None:
        """Use light or dark colours."""
        self.window.set_theme(choice)
        self.wait(0.1)

    # ---- waiting ---------------------------------------------------------------------------------

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

    # ---- what a hand does ------------------------------------------------------------------------

    def open(self, folder: Path, image: str) -> None:
        """Open an image of a project."""
        self.window.commands.open_path(folder / image)
        self.wait_for(lambda: self.window.workspace.picture is not None)
        strip = self.window.strip.model
        self.wait_for(lambda: len(strip._thumbnails) == strip.rowCount())
        self.wait(0.2)

    def go_to(self, image: str) -> None:
        """Show another image of the project."""
        records = self.session.images.records()
        image_id = next(record.id for record in records if record.path == image)
        self.window.workspace.go_to(image_id)
        self.wait_for(lambda: self.window.workspace.picture is not None)
        self.wait(0.2)

    def clear(self) -> None:
        """Begin with a bare photograph."""
        document = self.session.document
        assert document is not None
        while document.objects:
            document.remove_object(next(iter(document.objects)))

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

    def hover(self, x: float, y: float) -> None:
        """Move the mouse over image coordinates."""
        QTest.mouseMove(self.window.canvas, self.at(x, y))
        self.wait(0.1)

    def stroke(self, *points: tuple[float, float], end: bool = True) -> None:
        """Drag through image coordinates, or click one."""
        canvas, none = self.window.canvas, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, none, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, self.at(*point))
            self.wait(0.01)
        if end:
            self.release(*points[-1])

    def release(self, x: float, y: float) -> None:
        """End a stroke at image coordinates."""
        canvas, none = self.window.canvas, Qt.KeyboardModifier.NoModifier
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, none, self.at(x, y))

    def pick(self, name: str) -> None:
        """Paint with a label."""
        label = self.session.labels_now().by_name(name)
        assert label is not None
        self.window.label_commands.pick(label.id)

    def refine(self) -> None:
        """Refine, and wait for the proposal."""
        self.act("refine")
        self.wait_for_proposal()

    def wait_for_proposal(self) -> None:
        """Wait until there is one."""
        session = self.session
        self.wait_for(
            lambda: (session.document and session.document.proposal) or self.window.errors.text
        )
        if self.window.errors.text:
            sys.exit(self.window.errors.text)


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
    hand.pick("saucer")
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
    hand.release(350, 190)
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


def _write(picture: QPixmap, path: Path) -> None:
    """Write a picture in few colours."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    size, pitch = (image.width(), image.height()), image.bytesPerLine()
    pixels = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "RGB", pitch, 1)
    values = np.asarray(pixels).reshape(-1, 3)
    colors, counts = np.unique(values, axis=0, return_counts=True)
    order = np.argsort(-counts)[:_EXACT]
    exact = colors[order[counts[order] >= _FLAT]]
    rest = pixels.quantize(_COLORS - len(exact), kmeans=1).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact.ravel().tolist(), *rest])
    few = pixels.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
