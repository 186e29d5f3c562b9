"""Keeps the superpixels of what is in view at hand while their tool is used."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from spn_annotator.annotation import Rect
from spn_annotator.gui.canvas.extras import Patch
from spn_annotator.gui.canvas.overlay import premultiplied
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.canvas.surface import Surface
from spn_annotator.gui.regions import Mask, Superpixels
from spn_annotator.gui.workers.regions import SuperpixelJob, SuperpixelWorker

#: The view must rest for so long before it is cut anew.
_REST_MS = 120

#: A view zoomed by more than this is cut anew.
_ZOOM_KEPT = 1.6


class Superpixeling(QObject):
    """Superpixels of the view, cut on a thread and cut anew when the view has moved on.

    Signals
    -------
    busy_changed(busy)
        Superpixels are being computed, or no longer.
    failed(failure)
        They could not be computed.
    """

    busy_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._surface: Surface | None = None
        self._active = False
        self._side = 32
        self._wanted: SuperpixelJob | None = None
        self._picture: Picture | None = None
        self._zoom = 1.0
        self._result: Superpixels | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._cut)
        self._worker = SuperpixelWorker(self)
        self._worker.cut.connect(self._came)
        self._worker.failed.connect(self._failed)

    @property
    def busy(self) -> bool:
        """Whether superpixels are being computed."""
        return self._wanted is not None or self._timer.isActive()

    def set_surface(self, surface: Surface) -> None:
        """Follow the view of a canvas."""
        self._surface = surface
        surface.view_changed.connect(self._view_changed)

    def set_active(self, active: bool) -> None:
        """Keep superpixels at hand, or forget them."""
        if active == self._active:
            return
        self._active = active
        if active:
            self._view_changed()
        else:
            self._forget()

    def set_side(self, side: int) -> None:
        """Cut areas of about so many logical pixels of the screen a side."""
        if side != self._side:
            self._side = side
            self._forget()
            self._view_changed()

    def at(self, x: float, y: float) -> tuple[int, Rect, Mask] | None:
        """Return number, place and mask of the area at a point of the image, if it is there."""
        surface = self._surface
        if self._result is None or surface is None or surface.picture is not self._picture:
            return None
        return self._result.at(x, y)

    def stop(self) -> None:
        """End the thread."""
        self._active = False
        self._timer.stop()
        self._worker.stop()

    def _view_changed(self) -> None:
        surface = self._surface
        if not self._active or surface is None:
            return
        if surface.picture is not self._picture:
            self._forget()
            self._picture = surface.picture
        view = surface.visible_rect()
        if surface.picture is None or view.is_empty:
            return
        if self._result is not None:
            inside = view.intersection(self._result.rect) == view
            change = surface.view.zoom / self._zoom
            if inside and 1 / _ZOOM_KEPT < change < _ZOOM_KEPT:
                return
        self._timer.start()
        self.busy_changed.emit(True)

    def _cut(self) -> None:
        surface = self._surface
        if surface is None or surface.picture is None:
            return
        view = surface.visible_rect()
        # Some more on each side, so that a small pan does not need new ones.
        more_x, more_y = view.width // 8, view.height // 8
        rect = Rect(view.x0 - more_x, view.y0 - more_y, view.x1 + more_x, view.y1 + more_y).clip(
            (surface.picture.height, surface.picture.width)
        )
        if rect.is_empty:
            return
        self._picture, self._zoom = surface.picture, surface.view.zoom
        side = self._side * surface.device_ratio / surface.view.zoom
        self._wanted = SuperpixelJob(surface.picture, rect, side)
        self._worker.submit(self._wanted)

    def _came(self, job: SuperpixelJob, result: Superpixels) -> None:
        if job is not self._wanted:
            return
        self._wanted = None
        self._result = result
        border = np.where(result.borders(), premultiplied((255, 255, 255), 0.55), 0)
        if self._surface is not None:
            self._surface.set_segments(Patch(result.rect, border.astype(np.uint32)))
        self.busy_changed.emit(False)

    def _failed(self, failure: object) -> None:
        self._wanted = None
        self.busy_changed.emit(False)
        self.failed.emit(failure)

    def _forget(self) -> None:
        self._timer.stop()
        self._worker.forget_waiting()
        self._wanted = self._result = None
        self._picture = None
        if self._surface is not None:
            self._surface.set_segments(None)
        self.busy_changed.emit(False)
