"""What a person can do in the window: one table, a file an area. No Qt."""

from spn_annotator.gui.actions.spec import ActionSpec, Condition, Gesture, WindowState

__all__ = ["ActionSpec", "Condition", "Gesture", "WindowState"]
