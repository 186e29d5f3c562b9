"""Mouse tools, one file each. A tool is a generator, so that one stroke is one step."""

from spn_annotator.gui.tools.base import PointerEvent, Tool, ToolContext, ToolDriver
from spn_annotator.gui.tools.brush import BrushTool
from spn_annotator.gui.tools.eraser import EraserTool
from spn_annotator.gui.tools.pan import PanTool

__all__ = [
    "TOOLS",
    "BrushTool",
    "EraserTool",
    "PanTool",
    "PointerEvent",
    "Tool",
    "ToolContext",
    "ToolDriver",
]

#: In the order of the tool bar.
TOOLS: tuple[Tool, ...] = (PanTool(), BrushTool(), EraserTool())
