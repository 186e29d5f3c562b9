"""The acting half of the canvas: mouse, wheel and held keys become strokes, pans and zooms."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from spn_annotator.gui.canvas.keyboard import is_left_of_1
from spn_annotator.gui.canvas.minimap import Minimap
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.tools import PanTool, PointerEvent, Tool, ToolContext, ToolDriver
from spn_annotator.gui.tools.base import PointerAction

#: Zoom factor of one notch of the wheel.
ZOOM_STEP = 1.25

_NOTCH = 120
_SCROLL = 64  # logical pixels for one notch

#: A smaller circle than this (device pixels) cannot be seen; a cross is shown instead.
_SMALLEST_CIRCLE = 3.0

#: The line of a comparison is taken hold of within so many logical pixels.
_GRIP = 6.0

#: Keys that end a stroke of many clicks.
_FINISH = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


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
        self._pan = PanTool()
        self._tool: Tool = self._pan
        self._driver = ToolDriver()
        self._pan_driver = ToolDriver()
        self._pan_button = Qt.MouseButton.NoButton
        self._moves_split = False
        self._space = False
        self._before = False
        self._alt = False
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The image with its labels; paint here"))
        self.minimap = Minimap(self)
        self._jumped = False
        self.view_changed.connect(self._note_jump)
        self.view_changed.connect(self.refresh_cursor)
        self.resized.connect(self.minimap.place)

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
            self.refresh_cursor()
            self.stroke_changed.emit()
        return cancelled

    # ---- mouse and pen ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke, a pan, or to move the line of a comparison."""
        self._press(event.position(), event.button(), self._pointer(event, action="press"))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a stroke of many clicks; else the second click is one like the first."""
        if self._driver.between_clicks and event.button() == Qt.MouseButton.LeftButton:
            self._advance(self._pointer(event, action="finish"))
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke, or show where the mouse is."""
        self._move(event.position(), self._pointer(event, action="move"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        pointer = self._pointer(event, action="release")
        self._release(event.position(), event.button(), pointer)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Do with a pen what the mouse does, with its pressure."""
        button, position = event.button(), event.position()
        if event.type() == QEvent.Type.TabletPress:
            self._press(position, button, self._pointer(event, action="press"))
        elif event.type() == QEvent.Type.TabletMove:
            self._move(position, self._pointer(event, action="move"))
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(position, button, self._pointer(event, action="release"))
        event.accept()  # else Qt makes mouse events of it

    def _press(self, position: QPointF, button: Qt.MouseButton, pointer: PointerEvent) -> None:
        driver = self._driver
        if self.picture is None or self._pan_driver.busy:
            return
        self._mouse = position
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space):
            if driver.busy and not driver.between_clicks:
                return
            self._pan_button = button
            self._pan_driver.press(self._pan, self._context, pointer)
            self.refresh_cursor()
        elif not left:
            return
        elif driver.between_clicks:
            self._advance(pointer)
        elif driver.busy:
            return
        elif self._on_split(position):
            self._moves_split = True
        else:
            driver.press(self._tool, self._context, pointer)
            self.refresh_cursor()
            self.stroke_changed.emit()

    def _move(self, position: QPointF, pointer: PointerEvent) -> None:
        self._mouse = position
        self._alt = pointer.alt
        if self._pan_driver.busy:
            self._pan_driver.move(pointer)
        elif self._moves_split:
            self.set_split(pointer.device_x / max(1, self.view.viewport_size[0]))
        elif self._driver.busy:
            self._driver.move(pointer)
        self._report_position()
        self.refresh_cursor()

    def _release(self, position: QPointF, button: Qt.MouseButton, pointer: PointerEvent) -> None:
        self._mouse = position
        if self._pan_driver.busy:
            if button == self._pan_button:
                self._pan_driver.move(pointer)
        elif button != Qt.MouseButton.LeftButton:
            return
        elif self._moves_split:
            self._moves_split = False
        elif self._driver.busy:
            self._advance(pointer)
        self.refresh_cursor()

    def _advance(self, pointer: PointerEvent) -> None:
        """Pass an event on to the stroke, and say so if that was its last."""
        self._driver.move(pointer)
        self.refresh_cursor()
        if not self._driver.busy:
            self.stroke_changed.emit()

    def _note_jump(self) -> None:
        """Remember that the image moved under the brush of a stroke under way."""
        self._jumped = self._driver.busy

    def _on_split(self, position: QPointF) -> bool:
        if self.split is None:
            return False
        return abs(position.x() - self.split * self.width()) <= _GRIP

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
        """Keep Alt, which erases here, from the menu bar, and some keys for a stroke of clicks."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Alt or (
                self._driver.between_clicks and event.key() in (*_FINISH, Qt.Key.Key_Backspace)
            ):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold Space to pan, the key left of 1 to see before, Alt to erase."""
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
        if down and self._driver.between_clicks and key in (*_FINISH, Qt.Key.Key_Backspace):
            self._advance(self._pointer(None, action="finish" if key in _FINISH else "back"))
            return True
        if key == Qt.Key.Key_Alt:
            self._alt = down
            self.refresh_cursor()
            return False
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = down
                self.refresh_cursor()
            return True
        if is_left_of_1(event):
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
        self.set_cursor_circle(circle, erases=self._tool.erases or self._alt)
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def _cursor_for(self) -> tuple[Qt.CursorShape, tuple[float, float, float] | None]:
        if self.picture is None:
            return Qt.CursorShape.ArrowCursor, None
        if self._pan_driver.busy or (self._tool.drags_view and self._driver.busy):
            return Qt.CursorShape.ClosedHandCursor, None
        if self._space or self._tool.drags_view:
            return Qt.CursorShape.OpenHandCursor, None
        if self._moves_split or (self._mouse is not None and self._on_split(self._mouse)):
            return Qt.CursorShape.SplitHCursor, None
        radius = self._context.brush_radius * self.view.zoom
        if self._mouse is None or not self._tool.has_brush or radius < _SMALLEST_CIRCLE:
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

    def _pointer(
        self, event: QMouseEvent | QTabletEvent | None, *, action: PointerAction
    ) -> PointerEvent:
        """Return an event as tools see it; None stands for a key at the last place of the mouse."""
        ratio = self.device_ratio
        position = event.position() if event is not None else self._mouse or QPointF()
        device_x, device_y = position.x() * ratio, position.y() * ratio
        x, y = self.view.to_image(device_x, device_y)
        jumped, self._jumped = self._jumped, False
        modifiers = QGuiApplication.keyboardModifiers()
        pressure, blunt = 1.0, False
        if event is not None:
            modifiers |= event.modifiers()
        if isinstance(event, QTabletEvent):
            pressure = event.pressure()
            blunt = event.pointerType() == QPointingDevice.PointerType.Eraser
        return PointerEvent(
            x=x,
            y=y,
            device_x=device_x,
            device_y=device_y,
            pressed=action in ("press", "move"),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier) or blunt,
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            pressure=pressure,
            action=action,
            jumped=jumped,
        )
