"""What the actions of the canvas do: tools, refinement, view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spn_annotator.gui.canvas.canvas import ZOOM_STEP
from spn_annotator.gui.shaping import Scope

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

Handlers = dict[str, Callable[..., object]]


def canvas_handlers(window: MainWindow) -> Handlers:
    """Return what each action of the canvas does, by its id."""
    return {**_tools(window), **_refinement(window), **_view(window)}


def _tools(window: MainWindow) -> Handlers:
    painting = window.workspace.painting
    handlers: Handlers = {
        "sure_strokes": window.set_sure,
        "brush_bigger": lambda: painting.step_size(1),
        "brush_smaller": lambda: painting.step_size(-1),
    }
    for tool in window.tools:
        handlers[f"tool_{tool}"] = lambda tool=tool: window.set_tool(tool)
    return handlers


def _refinement(window: MainWindow) -> Handlers:
    workspace = window.workspace
    return {
        "refine": workspace.refine,
        "live": lambda on: workspace.refining.set_live(live=on),
        "scribbles": lambda on: workspace.refining.set_scribbles(scribbles=on),
        "accept": workspace.accept,
        "drop": window.drop,
        "refine_options": lambda: window.view_options.open_refine_options(),
        "show_confidence": lambda on: window.view_options.show_confidence(on),
        "compare_split": lambda on: window.view_options.compare_split(on),
        **{
            f"scope_{scope}": lambda scope=scope: window.view_options.set_scope(scope)
            for scope in Scope
        },
    }


def _view(window: MainWindow) -> Handlers:
    # The canvas and the display are made after the actions: they are looked up when needed.
    return {
        "fit": lambda: window.canvas.fit(),
        "actual_size": lambda: window.canvas.zoom_to(1.0),
        "zoom_in": lambda: window.canvas.zoom_to(window.canvas.view.zoom * ZOOM_STEP),
        "zoom_out": lambda: window.canvas.zoom_to(window.canvas.view.zoom / ZOOM_STEP),
        "cycle_overlay": lambda: window.display.cycle_overlay(),
        "show_strokes": window.show_strokes,
        "display_options": lambda: window.view_options.open_display_options(),
        **{
            name: lambda on, name=name: getattr(window.view_options, name)(on)
            for name in ("show_affinity", "show_minimap", "show_grid", "show_rulers")
        },
    }
