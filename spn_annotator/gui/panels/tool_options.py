"""What can be set for the tool at work, beside the size of the brush."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.tools import Option, Tool, ToolSettings

_NARROW = 48


class YieldingSlider(QSlider):
    """A slider of a fixed width that gives way where there is little room.

    Parameters
    ----------
    width : int
        In logical pixels.
    """

    def __init__(self, width: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._width = width
        self.setMaximumWidth(width)

    def sizeHint(self) -> QSize:
        """Return the full width."""
        return QSize(self._width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the width with which it can still be used."""
        return QSize(_NARROW, super().minimumSizeHint().height())


class ToolOptions(QWidget):
    """Pressure of a pen, tolerance of the wand, size of superpixels.

    Signals
    -------
    chosen(settings)
        Other ToolSettings.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = ToolSettings()
        self.pressure = self._switch(
            tr("Pressure"), tr("A pen that presses less paints with a smaller brush")
        )
        self.tolerance = self._slider(
            0, 128, tr("Tolerance"), tr("How much a colour may differ from the pixel clicked")
        )
        self.contiguous = self._switch(
            tr("Connected"), tr("Only what hangs together with the pixel clicked")
        )
        self.segments = self._slider(
            8, 128, tr("Superpixel size"), tr("Size of a superpixel on the screen")
        )
        self._tolerance_part = _part(tr("Tolerance"), self.tolerance)
        self._segments_part = _part(tr("Superpixels"), self.segments)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._parts = {
            Option.PRESSURE: self.pressure,
            Option.TOLERANCE: self._tolerance_part,
            Option.CONTIGUOUS: self.contiguous,
            Option.SEGMENTS: self._segments_part,
        }
        for part in self._parts.values():
            row.addWidget(part)
        self.pressure.toggled.connect(lambda on: self._choose(pressure=on))
        self.contiguous.toggled.connect(lambda on: self._choose(contiguous=on))
        self.tolerance.valueChanged.connect(lambda value: self._choose(tolerance=value))
        self.segments.valueChanged.connect(lambda value: self._choose(segments=value))
        theme.changed.connect(self._tint)
        self._tint()
        self.set_settings(self._settings)

    def show_tool(self, tool: Tool) -> None:
        """Offer what there is for a tool."""
        for option, part in self._parts.items():
            part.setVisible(option in tool.options)
        self.setVisible(any(option in tool.options for option in self._parts))

    def set_settings(self, settings: ToolSettings) -> None:
        """Show settings."""
        self._settings = settings
        self.pressure.setChecked(settings.pressure)
        self.contiguous.setChecked(settings.contiguous)
        self.tolerance.setValue(settings.tolerance)
        self.segments.setValue(settings.segments)

    def _choose(self, **values: object) -> None:
        settings = replace(self._settings, **values)  # pyright: ignore[reportArgumentType]
        if settings != self._settings:
            self._settings = settings
            self.chosen.emit(settings)

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(f"{text}\n{tip}")
        button.setCheckable(True)
        button.setAccessibleName(text)
        button.setIconSize(QSize(20, 20))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _slider(self, low: int, high: int, name: str, tip: str) -> QSlider:
        slider = YieldingSlider(120)
        slider.setRange(low, high)
        slider.setToolTip(f"{name}\n{tip}")
        slider.setAccessibleName(name)
        return slider

    def _tint(self) -> None:
        self.pressure.setIcon(icon("pressure", self._theme))
        self.contiguous.setIcon(icon("contiguous", self._theme))


def _part(text: str, slider: QSlider) -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    label = QLabel(text)
    label.setProperty("muted", True)
    value = QLabel()
    value.setMinimumWidth(28)
    slider.valueChanged.connect(lambda number: value.setText(str(number)))
    for widget in (label, slider, value):
        row.addWidget(widget)
    return part
