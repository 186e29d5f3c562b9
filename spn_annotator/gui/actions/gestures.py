"""What is done with the mouse or a held key; shown in the key sheet."""

from __future__ import annotations

from spn_annotator.gui.actions.spec import Gesture

GESTURES: tuple[Gesture, ...] = (
    Gesture(("Space + drag", "Middle drag"), "Pan", "View"),
    Gesture(("Ctrl + wheel",), "Zoom at the cursor", "View"),
    Gesture(("Wheel",), "Scroll", "View"),
    Gesture(("Hold the key left of 1",), "See what was before", "View"),
    Gesture(("Hold Alt",), "Erase with the brush and with every outline", "Tools"),
    Gesture(("Return", "Double click"), "Close a polygon", "Tools"),
    Gesture(("Backspace",), "Take back a corner of a polygon", "Tools"),
    Gesture(("Hold Shift",), "Drag a square with the rectangle", "Tools"),
    Gesture(("Shift + wheel",), "Brush size", "Tools"),
)
