"""Options of the tool at work and of the overlay, in one row over the canvas."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QWidget,
)

from spn_annotator.gui.canvas.overlay import OverlayMode
from spn_annotator.gui.i18n import mark, tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.panels.tool_options import ToolOptions, YieldingSlider
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.tools import Option, Tool
from spn_annotator.gui.typing_guard import TypingGuard

SMALLEST_BRUSH = 1
BIGGEST_BRUSH = 2000

_STEPS = 500
_MODE_TEXT = {
    OverlayMode.FILL: mark("Filled"),
    OverlayMode.OUTLINE: mark("Outlines"),
    OverlayMode.HIDDEN: mark("Hidden"),
}


def size_to_step(size: float) -> int:
    """Return the slider position of a brush diameter: equal ways double the size."""
    return round(_STEPS * math.log(size / SMALLEST_BRUSH) / math.log(BIGGEST_BRUSH))


def step_to_size(step: int) -> int:
    """Return the brush diameter, in whole pixels, of a slider position."""
    return max(SMALLEST_BRUSH, round(SMALLEST_BRUSH * BIGGEST_BRUSH ** (step / _STEPS)))


class OptionBar(QFrame):
    """Brush size, rough or sure, opacity, and how labels are drawn.

    Parameters
    ----------
    sure_action, overlay_action, strokes_action, display_action : QAction
        Actions of the table that this bar shows as switches.

    Signals
    -------
    size_chosen(size)
        Another brush diameter in image pixels.
    opacity_chosen(opacity)
        Another opacity of the overlay, 0 … 1.
    entered()
        A number has been typed; the keyboard can go back to the canvas.
    """

    size_chosen = Signal(float)
    opacity_chosen = Signal(float)
    entered = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        sure_action: QAction,
        overlay_action: QAction,
        strokes_action: QAction,
        display_action: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("optionBar")
        self._theme = theme
        self._mode = OverlayMode.FILL

        self._size = YieldingSlider(136)
        self._size.setRange(0, _STEPS)
        self._size.setToolTip(tr("Brush size ([ and ], Shift + wheel)"))
        self._size.setAccessibleName(tr("Brush size"))
        self._spin = QSpinBox()
        self._spin.setRange(SMALLEST_BRUSH, BIGGEST_BRUSH)
        self._spin.setSuffix(" px")
        self._spin.setFixedWidth(76)
        self._spin.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._spin.setKeyboardTracking(False)
        self._spin.editingFinished.connect(self._typed)
        TypingGuard(self._spin)
        self._spin.setToolTip(tr("Diameter of the brush in pixels of the image"))
        self._spin.setAccessibleName(tr("Brush size in pixels"))

        self._rough, self._sure = QToolButton(), QToolButton()
        self._segments = self._make_segments(sure_action)

        self._opacity = YieldingSlider(96)
        self._opacity.setRange(5, 100)
        self._opacity.setToolTip(tr("Opacity of the labels"))
        self._opacity.setAccessibleName(tr("Opacity of the labels"))

        self._overlay = QToolButton()
        self._overlay.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._overlay.setToolTip(overlay_action.toolTip())
        self._overlay.setFixedWidth(100)
        self._overlay.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._overlay.clicked.connect(overlay_action.trigger)
        self._strokes = QToolButton()
        self._strokes.setDefaultAction(strokes_action)
        self._strokes.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._display = QToolButton()
        self._display.setDefaultAction(display_action)
        self._display.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._display.setAccessibleName(display_action.iconText())
        for button in (self._overlay, self._strokes, self._display, self._rough, self._sure):
            button.setIconSize(QSize(20, 20))

        self._brush_part = self._group(tr("Brush"), self._size, self._spin)
        self.tool_options = ToolOptions(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(24)
        row.addWidget(self._brush_part)
        row.addWidget(self.tool_options)
        row.addWidget(self._segments)
        row.addStretch(1)
        row.addWidget(
            self._group(tr("Labels"), self._opacity, self._strokes, self._overlay, self._display)
        )

        self._size.valueChanged.connect(self._slider_moved)
        self._spin.valueChanged.connect(self._size_entered)
        self._opacity.valueChanged.connect(lambda value: self.opacity_chosen.emit(value / 100))
        theme.changed.connect(self._tint)
        self._tint()

    def set_size(self, size: float) -> None:
        """Show a brush diameter."""
        for widget, value in ((self._size, size_to_step(size)), (self._spin, round(size))):
            blocked = widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(blocked)

    def set_opacity(self, opacity: float) -> None:
        """Show the opacity of the overlay."""
        blocked = self._opacity.blockSignals(True)
        self._opacity.setValue(round(opacity * 100))
        self._opacity.blockSignals(blocked)

    def set_mode(self, mode: OverlayMode) -> None:
        """Show how labels are drawn."""
        self._mode = mode
        self._tint()

    def show_tool(self, tool: Tool) -> None:
        """Show the options of a tool."""
        self._brush_part.setVisible(Option.SIZE in tool.options)
        self._segments.setVisible(Option.KIND in tool.options)
        self.tool_options.show_tool(tool)

    def _typed(self) -> None:
        if self._spin.hasFocus():  # else Tab has taken the keyboard on to the next button
            self.entered.emit()

    def _slider_moved(self, step: int) -> None:
        self._size_entered(step_to_size(step))

    def _size_entered(self, size: int) -> None:
        self.set_size(size)
        self.size_chosen.emit(float(size))

    def _make_segments(self, sure_action: QAction) -> QFrame:
        frame = QFrame()
        frame.setObjectName("segments")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        group = QButtonGroup(frame)
        for button, text, tip in (
            (self._rough, tr("Rough"), tr("Rough strokes: refinement may move their borders (S)")),
            (self._sure, tr("Sure"), tr("Sure strokes: refinement keeps them as they are (S)")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tr("{kind} strokes", kind=text))
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(button)
            row.addWidget(button)
        self._rough.setChecked(True)
        self._sure.toggled.connect(sure_action.setChecked)
        sure_action.toggled.connect(
            lambda sure: (self._sure if sure else self._rough).setChecked(True)
        )
        return frame

    def _group(self, text: str, *widgets: QWidget) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(text)
        label.setProperty("muted", True)
        row.addWidget(label)
        for widget in widgets:
            row.addWidget(widget)
        return part

    def _tint(self) -> None:
        self._rough.setIcon(icon("rough", self._theme))
        self._sure.setIcon(icon("sure", self._theme))
        self._overlay.setIcon(icon(f"overlay-{self._mode}", self._theme))
        self._overlay.setText(tr(_MODE_TEXT[self._mode]))
        self._overlay.setAccessibleName(
            tr("Labels are drawn: {how}", how=tr(_MODE_TEXT[self._mode]))
        )
