"""Small windows under a button: how refinement works, how the image is shown."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.i18n import decimal, tr
from spn_annotator.gui.shaping import Shaping

#: Widest band of refinement in pixels; the slider's right end stands for no limit.
WIDEST_BAND = 100


class Popover(QFrame):
    """A frame that goes away when something else is clicked, or with Esc."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._home = parent
        self.setObjectName("popover")
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(8)
        heading = QLabel(title)
        heading.setProperty("heading", True)
        self._column.addWidget(heading)
        self._grid: QGridLayout | None = None

    def open_under(self, button: QWidget | None) -> None:
        """Open under a button, inside the window; in its middle without one."""
        self.adjustSize()
        window = self._home.window()
        if button is not None and button.isVisible():
            corner = button.mapToGlobal(QPoint(0, button.height() + 4))
        else:
            corner = window.mapToGlobal(
                QPoint((window.width() - self.width()) // 2, window.height() // 4)
            )
        edge = window.mapToGlobal(QPoint(window.width() - self.width() - 8, 0))
        corner.setX(min(corner.x(), max(edge.x(), 0)))
        self.move(corner)
        self.show()
        first = next((w for w in self.findChildren(QSlider) if w.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for the sliders."""
        return super().sizeHint().expandedTo(QSize(320, 0))

    def add_slider(self, name: str, tip: str, low: int, high: int) -> tuple[QSlider, QLabel]:
        """Add a row of a name, a slider and its value."""
        if self._grid is None:
            self._grid = QGridLayout()
            self._grid.setHorizontalSpacing(12)
            self._grid.setVerticalSpacing(4)
            self._column.addLayout(self._grid)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(low, high)
        slider.setMinimumWidth(150)
        slider.setToolTip(tip)
        slider.setAccessibleName(name)
        value = QLabel()
        value.setMinimumWidth(64)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = self._grid.rowCount()
        for column, widget in enumerate((QLabel(name), slider, value)):
            self._grid.addWidget(widget, row, column)
        self._grid.setColumnStretch(1, 1)
        return slider, value

    def add_text(self, text: str) -> None:
        """Add a muted line."""
        label = QLabel(text)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        self._column.addWidget(label)

    def add_switch(self, action: QAction, *, radio: bool = False) -> None:
        """Add a switch of the table of actions."""
        button = QRadioButton() if radio else QCheckBox()
        button.setText(action.iconText())
        button.setToolTip(action.toolTip())
        button.setChecked(action.isChecked())
        button.setEnabled(action.isEnabled())
        if radio:
            button.clicked.connect(lambda: action.trigger())
        else:
            button.toggled.connect(action.setChecked)

        def follow() -> None:
            blocked = button.blockSignals(True)
            button.setChecked(action.isChecked())
            button.blockSignals(blocked)
            button.setEnabled(action.isEnabled())

        action.changed.connect(follow)
        action.toggled.connect(lambda _: follow())
        self._column.addWidget(button)


class RefineOptions(Popover):
    """What the refine key refines, how strongly, and how it is shown.

    Signals
    -------
    chosen(shaping)
        Another Shaping.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, *, scopes: list[QAction], switches: list[QAction]) -> None:
        super().__init__(tr("Refinement"), parent)
        self._shaping = Shaping()
        self.strength, self._strength_text = self.add_slider(
            tr("Strength"),
            tr("How much of the model's result is taken; less moves only what it is sure of"),
            0,
            100,
        )
        self.band, self._band_text = self.add_slider(
            tr("Band"), tr("How far from a painted border pixels may move"), 1, WIDEST_BAND
        )
        self.add_text(tr("What R refines"))
        for action in scopes:
            self.add_switch(action, radio=True)
        self.add_text(tr("How it works and how it is shown"))
        for action in switches:
            self.add_switch(action)
        self.strength.valueChanged.connect(self._moved)
        self.band.valueChanged.connect(self._moved)
        self.set_shaping(self._shaping)

    def set_shaping(self, shaping: Shaping) -> None:
        """Show a shaping."""
        self._shaping = shaping
        for slider, value in (
            (self.strength, round(shaping.strength * 100)),
            (self.band, shaping.band or WIDEST_BAND),
        ):
            blocked = slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(blocked)
        self._show_values()

    def _moved(self) -> None:
        band = self.band.value()
        shaping = Shaping(
            strength=self.strength.value() / 100, band=0 if band >= WIDEST_BAND else band
        )
        self._show_values()
        if shaping != self._shaping:
            self._shaping = shaping
            self.chosen.emit(shaping)

    def _show_values(self) -> None:
        self._strength_text.setText(f"{self.strength.value()} %")
        band = self.band.value()
        self._band_text.setText(tr("no limit") if band >= WIDEST_BAND else f"{band} px")


class DisplayOptions(Popover):
    """Brightness, contrast and gamma of the image on the screen, and what is drawn over it.

    Signals
    -------
    chosen(adjustment)
        Another Adjustment.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, *, switches: list[QAction]) -> None:
        super().__init__(tr("Display"), parent)
        self._adjustment = Adjustment()
        self.brightness, self._brightness_text = self.add_slider(
            tr("Brightness"), tr("For display only; the image stays as it is"), -100, 100
        )
        self.contrast, self._contrast_text = self.add_slider(
            tr("Contrast"), tr("For display only; the image stays as it is"), -100, 100
        )
        self.gamma, self._gamma_text = self.add_slider(
            tr("Gamma"), tr("Above 1 the shadows become lighter"), -100, 100
        )
        self.reset = QPushButton(tr("Reset"))
        self.reset.clicked.connect(lambda: self._choose(Adjustment()))
        self._column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignRight)
        for action in switches:
            self.add_switch(action)
        for name, slider in (("brightness", self.brightness), ("contrast", self.contrast)):
            slider.valueChanged.connect(
                lambda value, name=name: self._choose(
                    replace(self._adjustment, **{name: value / 100})
                )
            )
        self.gamma.valueChanged.connect(
            lambda value: self._choose(
                replace(self._adjustment, gamma=round(5 ** (value / 100), 3))
            )
        )
        self.set_adjustment(self._adjustment)

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Show an adjustment."""
        self._adjustment = adjustment
        for slider, value in (
            (self.brightness, round(adjustment.brightness * 100)),
            (self.contrast, round(adjustment.contrast * 100)),
            (self.gamma, round(100 * math.log(adjustment.gamma, 5))),
        ):
            blocked = slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(blocked)
        self._brightness_text.setText(f"{self.brightness.value():+d}")
        self._contrast_text.setText(f"{self.contrast.value():+d}")
        self._gamma_text.setText(decimal(adjustment.gamma, 2))
        self.reset.setEnabled(not adjustment.is_none)

    def _choose(self, adjustment: Adjustment) -> None:
        if adjustment != self._adjustment:
            self.set_adjustment(adjustment)
            self.chosen.emit(adjustment)
