"""Mouse tools, one file each. A tool is a generator, so that one stroke is one step."""

from spn_annotator.gui.tools.base import (
    Guide,
    Option,
    PointerEvent,
    Tool,
    ToolContext,
    ToolDriver,
    ToolSettings,
)
from spn_annotator.gui.tools.brush import BrushTool
from spn_annotator.gui.tools.eraser import EraserTool
from spn_annotator.gui.tools.lasso import AcceptPartTool, LassoTool, RefineLassoTool
from spn_annotator.gui.tools.pan import PanTool
from spn_annotator.gui.tools.pick import PickTool
from spn_annotator.gui.tools.polygon import PolygonTool
from spn_annotator.gui.tools.rectangle import RectangleTool, RefineRegionTool
from spn_annotator.gui.tools.superpixels import SuperpixelTool
from spn_annotator.gui.tools.sure import SureInTool, SureOutTool
from spn_annotator.gui.tools.wand import WandTool

__all__ = [
    "TOOLS",
    "AcceptPartTool",
    "BrushTool",
    "EraserTool",
    "Guide",
    "LassoTool",
    "Option",
    "PanTool",
    "PickTool",
    "PointerEvent",
    "PolygonTool",
    "RectangleTool",
    "RefineLassoTool",
    "RefineRegionTool",
    "SuperpixelTool",
    "SureInTool",
    "SureOutTool",
    "Tool",
    "ToolContext",
    "ToolDriver",
    "ToolSettings",
    "WandTool",
]

#: In the order of the tool bar.
TOOLS: tuple[Tool, ...] = (
    PanTool(),
    BrushTool(),
    EraserTool(),
    SureInTool(),
    SureOutTool(),
    PolygonTool(),
    LassoTool(),
    RectangleTool(),
    WandTool(),
    SuperpixelTool(),
    PickTool(),
    RefineRegionTool(),
    RefineLassoTool(),
    AcceptPartTool(),
)
