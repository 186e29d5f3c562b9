"""How many pixels and objects each label has in the image, as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.annotation import Color, Document
from spn_annotator.gui.i18n import decimal, number, tr, tr_n
from spn_annotator.gui.panels.bar_plot import Bar, BarPlot
from spn_annotator.gui.theme import Theme

_NOTHING: Color = (140, 146, 155)


@dataclass(frozen=True)
class LabelCount:
    """What there is of a label.

    Parameters
    ----------
    label_id : int
    name : str
    color : (int, int, int)
    pixels, objects : int
    """

    label_id: int
    name: str
    color: Color
    pixels: int
    objects: int


def counts_of(document: Document) -> list[LabelCount]:
    """Return what there is of each label of a document, labels without an object included."""
    pixels = dict.fromkeys((label.id for label in document.labels), 0)
    objects = dict(pixels)
    areas = document.object_areas()
    for item in document.objects.values():
        pixels[item.label_id] += areas[item.id]
        objects[item.label_id] += 1
    return [
        LabelCount(label.id, label.name, label.color, pixels[label.id], objects[label.id])
        for label in document.labels
    ]


class StatisticsPanel(QFrame):
    """A plot of pixels or objects a label."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[LabelCount] = []
        self._total = 0
        self.plot = BarPlot(theme)
        self.plot.setAccessibleName(tr("Pixels or objects of each label"))
        self.pixels_button, self.objects_button = QToolButton(), QToolButton()
        segments = QFrame()
        segments.setObjectName("segments")
        row = QHBoxLayout(segments)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        group = QButtonGroup(segments)
        for button, text, tip in (
            (self.pixels_button, tr("Pixels"), tr("Show how many pixels each label has")),
            (self.objects_button, tr("Objects"), tr("Show how many objects each label has")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(button)
            row.addWidget(button)
        self.pixels_button.setChecked(True)
        group.buttonToggled.connect(lambda *_: self._refresh())
        self._total_label = QLabel()
        self._total_label.setProperty("muted", True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 8)
        head.addWidget(segments)
        head.addStretch(1)
        head.addWidget(self._total_label)
        self._empty = QLabel(tr("Nothing to count: open an image and add labels."))
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 24, 16, 24)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(self.plot)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._empty)
        layout.addWidget(self._area, 1)
        layout.addStretch(0)
        self._refresh()

    def show_counts(self, counts: Sequence[LabelCount], *, total_pixels: int) -> None:
        """Show what there is of each label, out of so many pixels of the image."""
        self._counts, self._total = list(counts), total_pixels
        self._refresh()

    def _refresh(self) -> None:
        any_label = bool(self._counts)
        self._empty.setVisible(not any_label)
        self._area.setVisible(any_label)
        if self.pixels_button.isChecked():
            rest = self._total - sum(count.pixels for count in self._counts)
            bars = [self._pixel_bar(c.name, c.pixels, c.color) for c in self._counts]
            bars.sort(key=lambda bar: -bar.value)
            if any_label:
                bars.append(self._pixel_bar(tr("no label"), rest, _NOTHING))
            self._total_label.setText("")
        else:
            bars = [
                Bar(c.name, c.objects, number(c.objects), c.color, f"{c.name}: {c.objects}")
                for c in sorted(self._counts, key=lambda c: -c.objects)
            ]
            objects = sum(count.objects for count in self._counts)
            text = tr_n("{n} object", "{n} objects", objects) if any_label else ""
            self._total_label.setText(text)
        self.plot.set_bars(bars)

    def _pixel_bar(self, name: str, pixels: int, color: Color) -> Bar:
        share = 100 * pixels / self._total if self._total else 0.0
        seen = pixels == 0 or share >= 0.05
        text = f"{decimal(share, 1)} %" if seen else f"< {decimal(0.1, 1)} %"
        tip = f"{name}: " + tr_n("{n} pixel", "{n} pixels", pixels)
        return Bar(name, pixels, text, color, tip)
