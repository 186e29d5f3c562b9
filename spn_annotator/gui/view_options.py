"""How image and refinement are shown: comparing, affinity, display, minimap; all remembered."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from spn_annotator.gui.affinity import AffinityView
from spn_annotator.gui.canvas.adjust import Adjustment
from spn_annotator.gui.panels.popover import DisplayOptions, RefineOptions
from spn_annotator.gui.shaping import Scope, Shaping
from spn_annotator.gui.tools import ToolSettings

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

_DISPLAY = ("show_minimap", "show_grid", "show_rulers")
_REFINEMENT = ("live", "scribbles", "show_confidence", "compare_split")


class ViewOptions(QObject):
    """What of the canvas can be set, beside the overlay; one window's.

    Parameters
    ----------
    window : MainWindow
        The window; its canvas, actions and display exist.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions, canvas, refining = window.actions_, window.canvas, window.workspace.refining
        self.affinity = AffinityView(canvas, refining, self)
        self.affinity.failed.connect(lambda failure: window.show_failure(failure, "affinity"))
        self.refine_options = RefineOptions(
            window,
            scopes=[actions[f"scope_{scope}"] for scope in Scope],
            switches=[actions[name] for name in _REFINEMENT],
        )
        self.refine_options.chosen.connect(self._set_shaping)
        self.display_options = DisplayOptions(window, switches=[actions[n] for n in _DISPLAY])
        self.display_options.chosen.connect(self._set_adjustment)
        refining.set_view(canvas.visible_rect)
        window.workspace.image_changed.connect(self.affinity.reset)
        window.workspace.painting.settings_changed.connect(
            lambda settings: self._remember(tools=asdict(settings))
        )
        self._restore()

    # ---- what the actions do ---------------------------------------------------------------------

    def open_refine_options(self) -> None:
        """Show what can be set about refinement."""
        self.refine_options.open_under(self._button("refine_options"))

    def open_display_options(self) -> None:
        """Show what can be set about the display."""
        self.display_options.open_under(self._button("display_options"))

    def compare_split(self, on: bool) -> None:
        """Divide the canvas into before and after."""
        self._window.canvas.set_split(0.5 if on else None)

    def show_confidence(self, on: bool) -> None:
        """Tint what the model is not sure of."""
        display = self._window.display
        display.set_style(replace(display.style, confidence=on))

    def show_affinity(self, on: bool) -> None:
        """Show where the label of the pixel under the mouse reaches."""
        self.affinity.set_active(on)
        self._window.display.set_bare(on)

    def set_scope(self, scope: Scope) -> None:
        """Choose what the refine key refines."""
        self._window.workspace.refining.set_scope(scope)

    def show_minimap(self, on: bool) -> None:
        """Show the minimap when it is of use."""
        self._window.canvas.minimap.set_wanted(on)
        self._remember(minimap=on)

    def show_grid(self, on: bool) -> None:
        """Show the grid of pixels when they are large."""
        self._window.canvas.set_grid(on)
        self._remember(grid=on)

    def show_rulers(self, on: bool) -> None:
        """Show rulers at the edges."""
        self._window.canvas.set_rulers(on)
        self._remember(rulers=on)

    # ---- helpers ---------------------------------------------------------------------------------

    def _set_shaping(self, shaping: Shaping) -> None:
        self._window.workspace.refining.set_shaping(shaping)
        self._remember(shaping=asdict(shaping))

    def _set_adjustment(self, adjustment: Adjustment) -> None:
        self._window.canvas.set_adjustment(adjustment)

    def _restore(self) -> None:
        window, stored = self._window, self._window.settings.canvas
        for action_id, key, default in (
            ("show_minimap", "minimap", True),
            ("show_grid", "grid", True),
            ("show_rulers", "rulers", False),
        ):
            on = bool(stored.get(key, default))
            window.actions_.set_checked(action_id, checked=on)
            getattr(self, action_id)(on)
        window.actions_.set_checked("scope_all", checked=True)
        shaping = _restored(Shaping(), stored.get("shaping"))
        self.refine_options.set_shaping(shaping)
        window.workspace.refining.set_shaping(shaping)
        settings = _restored(ToolSettings(), stored.get("tools"))
        window.options.tool_options.set_settings(settings)
        window.workspace.painting.set_settings(settings)

    def _remember(self, **values: Any) -> None:
        settings = self._window.settings
        settings.canvas = {**settings.canvas, **values}

    def _button(self, action_id: str) -> QWidget | None:
        action = self._window.actions_[action_id]
        for bar in self._window.findChildren(QToolBar):
            found = bar.widgetForAction(action)
            if found is not None:
                return found
        buttons = self._window.findChildren(QToolButton)
        return next((b for b in buttons if b.defaultAction() is action), None)


def _restored(default: Any, stored: object) -> Any:
    """Return a dataclass with the stored values that fit it."""
    if not isinstance(stored, dict):
        return default
    known = asdict(default)
    fitting = {
        name: value
        for name, value in stored.items()
        if name in known and isinstance(value, type(known[name]))
    }
    return replace(default, **fitting)
