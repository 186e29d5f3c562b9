"""The one table of what a person can do in the window.

Menus, tool bars, tooltips, keys, the key sheet and the command palette are all made from
:data:`ACTIONS`. Its rows stand in ``gui/actions``, a file an area. The table knows nothing of Qt:
an action names its icon and keys in text and says when it is enabled by looking at a
:class:`~spn_annotator.gui.actions.WindowState`.
"""

from __future__ import annotations

from spn_annotator.gui.actions import (
    ActionSpec,
    editing,
    guidance,
    images,
    labels,
    objects,
    panels,
    project,
    refinement,
    review,
    tools,
    view,
)
from spn_annotator.gui.actions.gestures import GESTURES
from spn_annotator.gui.actions.menus import MENUS

__all__ = ["ACTIONS", "BY_ID", "GESTURES", "MENUS"]

#: Every action; areas in the order of the key sheet.
ACTIONS: tuple[ActionSpec, ...] = (
    *project.ACTIONS,
    *images.ACTIONS,
    *editing.ACTIONS,
    *tools.ACTIONS,
    *refinement.ACTIONS,
    *review.ACTIONS,
    *labels.ACTIONS,
    *objects.ACTIONS,
    *view.ACTIONS,
    *panels.ACTIONS,
    *guidance.ACTIONS,
)

BY_ID: dict[str, ActionSpec] = {spec.id: spec for spec in ACTIONS}
