"""The affinity view: where the label of the pixel under the mouse reaches."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from spn_annotator.annotation import Rect
from spn_annotator.gui.canvas.canvas import Canvas
from spn_annotator.gui.canvas.extras import Patch
from spn_annotator.gui.canvas.heat import HeatLegend, heat_colors
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.refining import Refining
from spn_annotator.gui.workers.refine import AffinityJob

#: How far it looks, in pixels of the image.
RADIUS = 192

_MARGIN = 12

#: A job may be pushed aside by another one; after so many seconds it is asked for again.
_LOST_S = 3.0


class AffinityView(QObject):
    """Asks for the affinity of the pixel under the mouse and shows it as a heat map.

    One pixel is looked up at a time, on the thread of refinement; what the mouse has passed
    meanwhile is left out. A refinement goes first.

    Signals
    -------
    failed(failure)
        The affinity could not be computed.
    """

    failed = Signal(object)

    def __init__(self, canvas: Canvas, refining: Refining, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._refining = refining
        self._active = False
        self._point: tuple[int, int] | None = None
        self._asked: AffinityJob | None = None
        self._asked_at = 0.0
        self.legend = HeatLegend(canvas)
        canvas.hovered.connect(self._hovered)
        canvas.resized.connect(self._place)
        refining.worker.affinity.connect(self._came)
        refining.worker.affinity_failed.connect(self._failed)
        refining.busy_changed.connect(self._busy_changed)

    @property
    def active(self) -> bool:
        """Whether the view is switched on."""
        return self._active

    def set_active(self, active: bool) -> None:
        """Show affinities, or no longer."""
        self._active = active
        self._point = self._asked = None
        self._canvas.set_heat(None)
        self.legend.setVisible(active)
        self.legend.set_title(tr("Affinity: move the mouse over the image"))
        self._place()

    def reset(self) -> None:
        """Forget what is shown: there is another image."""
        self._point = self._asked = None
        self._canvas.set_heat(None)

    def _hovered(self, x: float, y: float) -> None:
        if not self._active or self._canvas.stroke_running:
            return
        point = (math.floor(x), math.floor(y))
        if point != self._point:
            self._point = point
            self._ask()

    def _ask(self) -> None:
        image = self._refining.image
        if self._point is None or image is None:
            return
        if self._asked is not None and time.monotonic() - self._asked_at < _LOST_S:
            return
        if self._refining.wanted_revision is not None:
            return  # it would take the place of the refinement that waits
        self._asked = AffinityJob(image[0], image[1], *self._point, RADIUS)
        self._asked_at = time.monotonic()
        self._refining.worker.submit(self._asked)

    def _busy_changed(self, text: str) -> None:
        """Go on when a refinement is done: it may have taken the place of what was asked."""
        if not text and self._active:
            self._asked = None
            self._ask()

    def _came(self, job: AffinityJob, found: Any) -> None:
        if job is not self._asked:
            return
        self._asked = None
        if not self._active:
            return
        window = found.window
        rect = Rect(window.x0, window.y0, window.x1, window.y1)
        colors = np.ascontiguousarray(heat_colors(found.values))
        self._canvas.set_heat(Patch(rect, colors, smooth=self._canvas.view.zoom < 2))
        self.legend.set_title(tr("Affinity of pixel {x}, {y}", x=job.x, y=job.y))
        if self._point != (job.x, job.y):
            self._ask()

    def _failed(self, failure: object) -> None:
        self._asked = None
        self.failed.emit(failure)

    def _place(self) -> None:
        height = self._canvas.height()
        self.legend.move(_MARGIN, height - self.legend.height() - _MARGIN)
