"""The acting half of the canvas: mouse, wheel and held keys become strokes, pans and zooms."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.tools import PanTool, PointerEvent, Tool, ToolContext, ToolDriver

#: Zoom factor of one notch of the wheel.
ZOOM_STEP = 1.25

_NOTCH = 120
_SCROLL = 64  # logical pixels for one notch

#: A smaller circle than this (device pixels) cannot be seen; a cross is shown instead.
_SMALLEST_CIRCLE = 3.0


class Canvas(Surface):
    """Surface with tools.

    Parameters
    ----------
    context : ToolContext
        What the tools work on.

    Signals
    -------
    hovered(x, y)
        The mouse is over the picture, at these image coordinates.
    left()
        The mouse is no longer over the picture.
    before_held(held)
        The key that shows what was before is pressed or let go.
    brush_steps(steps)
        The wheel asks for a brush bigger (positive) or smaller by so many steps.
    stroke_changed()
        A stroke has begun, or is over.
    """

    hovered = Signal(float, float)
    left = Signal()
    before_held = Signal(bool)
    brush_steps = Signal(float)
    stroke_changed = Signal()

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._tool: Tool = PanTool()
        self._pan = PanTool()
        self._driver = ToolDriver()
        self._button = Qt.MouseButton.NoButton
        self._space = False
        self._before = False
        self._alt = False
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription("The image with its labels; paint here")
        self.view_changed.connect(self.refresh_cursor)

    @property
    def tool(self) -> Tool:
        """The tool that the left button uses."""
        return self._tool

    @property
    def stroke_running(self) -> bool:
        """Whether a button is down and a tool at work."""
        return self._driver.busy

    def set_tool(self, tool: Tool) -> None:
        """Use another tool; a stroke under way is cancelled."""
        self.cancel_stroke()
        self._tool = tool
        self.refresh_cursor()

    def cancel_stroke(self) -> bool:
        """Take back the stroke under way; returns whether there was one."""
        cancelled = self._driver.cancel()
        if cancelled:
            self._button = Qt.MouseButton.NoButton
            self.refresh_cursor()
            self.stroke_changed.emit()
        return cancelled

    # ---- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke or a pan."""
        if self.picture is None or self._driver.busy:
            return
        tool = self._tool
        if event.button() == Qt.MouseButton.MiddleButton or self._space:
            tool = self._pan
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        self._button = event.button()
        self._mouse = event.position()
        self._driver.press(tool, self._context, self._pointer(event, pressed=True))
        self.refresh_cursor()
        self.stroke_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke, or show where the mouse is."""
        self._mouse = event.position()
        self._alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self._driver.busy:
            self._driver.move(self._pointer(event, pressed=True))
        self._report_position()
        self.refresh_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() != self._button:
            return
        self._button = Qt.MouseButton.NoButton
        self._mouse = event.position()
        self._driver.move(self._pointer(event, pressed=False))
        self.refresh_cursor()
        self.stroke_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, change the brush with Shift, else scroll."""
        delta = event.angleDelta()
        notches = (delta.y() or delta.x()) / _NOTCH  # with Alt or Shift, Qt may turn the wheel
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            if notches and self.picture is not None:
                self.zoom_at(event.position(), ZOOM_STEP**notches)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            if notches:
                self.brush_steps.emit(notches)
        elif self.picture is not None:
            pixels = event.pixelDelta()
            if pixels.isNull():
                pixels = delta * _SCROLL / _NOTCH
            self.pan_view(pixels.x() * self.device_ratio, pixels.y() * self.device_ratio)
        event.accept()
        self._report_position()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keyboard, so that held keys work, unless someone is typing."""
        if not isinstance(QApplication.focusWidget(), QLineEdit) and self.isActiveWindow():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the brush."""
        self._mouse = None
        self.refresh_cursor()
        self.left.emit()
        super().leaveEvent(event)

    # ---- held keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep Alt, which erases here, from moving the keyboard to the menu bar."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Alt
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold Space to pan, ` to see before, Alt to erase."""
        if not self._hold(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of a held key."""
        if not self._hold(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of all held keys: their release goes elsewhere."""
        self._space = self._alt = False
        self._set_before(held=False)
        self.refresh_cursor()
        super().focusOutEvent(event)

    def _hold(self, event: QKeyEvent, *, down: bool) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Alt:
            self._alt = down
            self.refresh_cursor()
            return False
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = down
                self.refresh_cursor()
            return True
        if key == Qt.Key.Key_QuoteLeft:
            if not event.isAutoRepeat():
                self._set_before(held=down)
            return True
        return False

    def _set_before(self, *, held: bool) -> None:
        if held != self._before:
            self._before = held
            self.before_held.emit(held)

    # ---- cursor ----------------------------------------------------------------------------------

    def refresh_cursor(self) -> None:
        """Show the cursor that fits tool, keys and brush size."""
        shape, circle = self._cursor_for()
        erases = self._tool.id == "eraser" or self._alt
        self.set_cursor_circle(circle, erases=erases)
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def _cursor_for(self) -> tuple[Qt.CursorShape, tuple[float, float, float] | None]:
        if self.picture is None:
            return Qt.CursorShape.ArrowCursor, None
        if self._space or not self._tool.has_brush or self._button == Qt.MouseButton.MiddleButton:
            down = self._driver.busy
            return (
                Qt.CursorShape.ClosedHandCursor if down else Qt.CursorShape.OpenHandCursor
            ), None
        radius = self._context.brush_radius * self.view.zoom
        if self._mouse is None:
            return Qt.CursorShape.CrossCursor, None
        if radius < _SMALLEST_CIRCLE:
            return Qt.CursorShape.CrossCursor, None
        ratio = self.device_ratio
        circle = (self._mouse.x() * ratio, self._mouse.y() * ratio, radius)
        return Qt.CursorShape.BlankCursor, circle

    def _report_position(self) -> None:
        if self._mouse is None or self.picture is None:
            return
        ratio = self.device_ratio
        x, y = self.view.to_image(self._mouse.x() * ratio, self._mouse.y() * ratio)
        if 0 <= x < self.picture.width and 0 <= y < self.picture.height:
            self.hovered.emit(x, y)
        else:
            self.left.emit()

    def _pointer(self, event: QMouseEvent, *, pressed: bool) -> PointerEvent:
        ratio = self.device_ratio
        device_x, device_y = event.position().x() * ratio, event.position().y() * ratio
        x, y = self.view.to_image(device_x, device_y)
        modifiers = event.modifiers() | QGuiApplication.keyboardModifiers()
        return PointerEvent(
            x=x,
            y=y,
            device_x=device_x,
            device_y=device_y,
            pressed=pressed,
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
        )
