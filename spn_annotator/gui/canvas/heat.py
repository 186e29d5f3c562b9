"""Colours of the affinity view, and the legend that explains them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from spn_annotator.gui.canvas.overlay import premultiplied
from spn_annotator.gui.i18n import tr

#: Values below the largest by more than so many powers of ten are not drawn.
DECADES = 4

#: From weak to strong: lightness grows all the way, so that it reads without colour too.
_STOPS = (
    (0.00, (40, 20, 80), 0.0),
    (0.15, (70, 25, 120), 0.35),
    (0.40, (160, 40, 120), 0.60),
    (0.65, (225, 85, 60), 0.72),
    (0.85, (250, 175, 40), 0.80),
    (1.00, (255, 250, 190), 0.90),
)


def _make_table() -> NDArray[np.uint32]:
    place = np.linspace(0, 1, 256)
    stops = [stop for stop, _, _ in _STOPS]
    channels = [np.interp(place, stops, [c[i] for _, c, _ in _STOPS]) for i in range(3)]
    alpha = np.interp(place, stops, [a for _, _, a in _STOPS])
    return np.array(
        [
            premultiplied((round(r), round(g), round(b)), a)
            for r, g, b, a in zip(*channels, alpha, strict=True)
        ],
        dtype=np.uint32,
    )


_TABLE = _make_table()


def heat_colors(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return colours of values of 0 or more, by their logarithm below the largest one."""
    largest = float(values.max(initial=0.0))
    if largest <= 0:
        return np.zeros(values.shape, np.uint32)
    share = np.maximum(values / largest, 10.0 ** -(DECADES + 1))
    place = np.clip(1 + np.log10(share) / DECADES, 0, 1)
    return _TABLE[np.round(place * 255).astype(np.uint8)]


class HeatLegend(QWidget):
    """A bar of the colours, with what they stand for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Legend of the affinity view"))
        self.resize(244, 64)
        self.hide()

    @property
    def title(self) -> str:
        """What stands over the bar."""
        return self._title

    def set_title(self, text: str) -> None:
        """Say which pixel it is, or what to do."""
        self._title = text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title, bar and numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.ToolTipBase)
        text = palette.color(QPalette.ColorRole.WindowText)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(text)
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        inner = QRectF(self.rect()).adjusted(12, 6, -12, -6)
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, self._title)
        bar = QRectF(inner.left(), inner.top() + 20, inner.width(), 10)
        row = np.ascontiguousarray(_TABLE[None, :])
        painter.fillRect(bar, QColor(96, 96, 96))
        painter.drawImage(
            bar, QImage(row.data, 256, 1, 1024, QImage.Format.Format_ARGB32_Premultiplied)
        )
        font.setPixelSize(11)
        painter.setFont(font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, tr("1/10,000 of the strongest"))
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(inner, flags, tr("strongest"))
        painter.end()
