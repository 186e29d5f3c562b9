"""Icons drawn for the project, tinted in the theme's colours, sharp at the screen's scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from spn_annotator.gui.theme import Theme
from spn_annotator.paths import resources_dir

#: Sizes in logical pixels at which icons are shown.
_SIZES = (16, 20, 24)


@cache
def _drawing(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: QColor, size: int, *, ratio: float = 1.0) -> QPixmap:
    """Draw one icon.

    Parameters
    ----------
    name : str
        File stem in ``resources/icons``.
    color : QColor
        Takes the place of ``currentColor`` in the drawing.
    size : int
        Side in logical pixels.
    ratio : float
        Device pixels per logical pixel.
    """
    text = _drawing(name).replace("currentColor", color.name())
    renderer = QSvgRenderer(QByteArray(text.encode()))
    side = round(size * ratio)
    picture = QPixmap(QSize(side, side))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _ratios() -> set[float]:
    return {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}


def icon(name: str, theme: Theme, *, color: str = "text", checked: str = "accent_text") -> QIcon:
    """Return an icon in the theme's colours.

    Parameters
    ----------
    name : str
        File stem in ``resources/icons``.
    theme : Theme
        Where the colours come from.
    color, checked : str
        Names of the theme's colours for an ordinary and a checked button.
    """
    result = QIcon()
    states = (
        (color, QIcon.Mode.Normal, QIcon.State.Off),
        (checked, QIcon.Mode.Normal, QIcon.State.On),
        ("disabled", QIcon.Mode.Disabled, QIcon.State.Off),
        ("disabled", QIcon.Mode.Disabled, QIcon.State.On),
    )
    for ratio in _ratios():
        for size in _SIZES:
            for shade, mode, state in states:
                result.addPixmap(pixmap(name, theme.color(shade), size, ratio=ratio), mode, state)
    return result


def application_icon() -> QIcon:
    """Return the program's own icon at the sizes that desktops ask for."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("app", QColor("black"), size))
    return result
