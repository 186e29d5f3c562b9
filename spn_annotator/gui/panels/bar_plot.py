"""A plot of bars, one a label, drawn in the labels' colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from spn_annotator.annotation import Color
from spn_annotator.gui.theme import Theme

_ROW = 40
_MARGIN = 16
_BAR = 8


@dataclass(frozen=True)
class Bar:
    """One bar.

    Parameters
    ----------
    name : str
        Over the bar, to the left.
    value : float
        Its length, in the unit of the plot.
    text : str
        Over the bar, to the right.
    color : (int, int, int)
    tip : str
        The whole story, for a tooltip.
    """

    name: str
    value: float
    text: str
    color: Color
    tip: str = ""


class BarPlot(QWidget):
    """Horizontal bars under each other; the longest fills the width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is drawn."""
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Draw other bars."""
        if tuple(bars) == self._bars:
            return
        self._bars = tuple(bars)
        lines = [f"{bar.name}: {bar.text}" for bar in bars]
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of all bars."""
        return QSize(200, len(self._bars) * _ROW)

    def minimumSizeHint(self) -> QSize:
        """Return the height of all bars; the width can be small."""
        return QSize(120, len(self._bars) * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars that are to be seen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        longest = max((bar.value for bar in self._bars), default=0) or 1
        first = max(0, event.rect().top() // _ROW)
        last = min(len(self._bars), event.rect().bottom() // _ROW + 1)
        for place in range(first, last):
            row = QRect(_MARGIN, place * _ROW, self.width() - 2 * _MARGIN, _ROW)
            self._draw(painter, row, self._bars[place], longest)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tell the whole story of the bar under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().y() // _ROW
            if 0 <= place < len(self._bars) and self._bars[place].tip:
                QToolTip.showText(event.globalPos(), self._bars[place].tip, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _draw(self, painter: QPainter, row: QRect, bar: Bar, longest: float) -> None:
        metrics = self.fontMetrics()
        line = QRect(row.x(), row.y() + 4, row.width(), metrics.height() + 2)
        width = metrics.horizontalAdvance(bar.text)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(
            line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.text
        )
        painter.setPen(self._theme.color("text"))
        name = metrics.elidedText(
            bar.name, Qt.TextElideMode.ElideRight, max(0, row.width() - width - 12)
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        groove = QRectF(row.x(), line.bottom() + 3, row.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hover"))
        painter.drawRoundedRect(groove, _BAR / 2, _BAR / 2)
        if bar.value <= 0:
            return
        length = max(_BAR, groove.width() * bar.value / longest)
        filled = QRectF(groove.x(), groove.y(), length, _BAR)
        color = QColor(*bar.color)
        painter.setBrush(color)
        painter.setPen(QPen(color.darker(125), 1))
        painter.drawRoundedRect(filled.adjusted(0.5, 0.5, -0.5, -0.5), _BAR / 2, _BAR / 2)
