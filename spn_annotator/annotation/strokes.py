"""A stroke while it is being painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from spn_annotator.annotation.change import Change
from spn_annotator.annotation.geometry import Point, Rect, Spans, capsule_spans
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import OBJECT, ROUGH, SURE, TILE, PlaneEdit, Tile
from spn_annotator.errors import CallOrderError, ShapeError

if TYPE_CHECKING:
    from spn_annotator.annotation.document import Document

StrokeKind = Literal["rough", "sure"]


class StrokeEdit:
    """One stroke: segments are painted at once, and together they make one undo step.

    Made by `Document.begin_stroke`. What is painted shows in the document's maps immediately, but
    counts as a change (revision, watchers, history) only with `commit`. While it is open, nothing
    else may change the document.

    A rough stroke sets the object map and the rough map and clears the sure map under it; a sure
    stroke sets the object map and the sure map and clears the rough map: on each pixel the stroke
    painted last is the one that counts. Pixels of locked labels stay as they were.

    It works as a context manager: the block ends with `commit`, an exception in it with `cancel`.
    """

    def __init__(
        self,
        document: Document,
        edit: PlaneEdit,
        *,
        kind: StrokeKind,
        object_id: int,
        name: str,
        new_object: AnnotatedObject | None = None,
    ) -> None:
        self._document = document
        self._edit = edit
        self._open = True
        self._rect = Rect.empty()
        self.kind: StrokeKind = kind
        self.object_id = object_id
        self.name = name
        self.new_object = new_object

    def __enter__(self) -> StrokeEdit:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if self._open:
            if error is None:
                self.commit()
            else:
                self.cancel()

    @property
    def rect(self) -> Rect:
        """The rectangle around everything painted so far, in pixels."""
        return self._rect

    @property
    def edit(self) -> PlaneEdit:
        """What it has written so far (for the document)."""
        return self._edit

    def segment(self, start: Point, end: Point, radius: float) -> Rect:
        """Paint with a round brush from one point to another.

        Parameters
        ----------
        start, end : (float, float)
            Points ``(x, y)`` in image coordinates (the centre of the first pixel is at
            ``(0.5, 0.5)``); equal for a single dab. They may lie outside of the image.
        radius : float
            In pixels, above 0; 0.5 or less paints the one pixel under the point, or a thin line.

        Returns
        -------
        Rect
            The pixels that may have changed, inside the image; empty if none.

        Raises
        ------
        CallOrderError
            The stroke was committed or cancelled before.
        ShapeError
            A number is not finite, or the radius is not above 0.
        """
        self._check_open()
        spans = capsule_spans(start, end, radius, self._document.shape)
        if spans is None:
            return Rect.empty()
        tiles = self._touch(spans)
        own, other = (ROUGH, SURE) if self.kind == "rough" else (SURE, ROUGH)
        arrays = self._edit.planes.arrays
        for plane, value in ((OBJECT, self.object_id), (own, self.object_id + 1), (other, 0)):
            if plane == other and all(self._edit.was_blank(tile, plane) for tile in tiles):
                continue  # nothing to clear
            array = arrays[plane]
            for row, first, last in spans.rows():
                array[row, first:last] = value
        for tile in tiles:
            self._edit.restore_locked(tile)
        rect = spans.rect
        self._rect = self._rect.union(rect)
        return rect

    def fill(self, where: Rect, mask: np.ndarray) -> Rect:
        """Paint the true pixels of a mask.

        Parameters
        ----------
        where : Rect
            Where the mask lies, inside the image.
        mask : np.ndarray
            Boolean ``(height, width)`` of the rectangle.

        Returns
        -------
        Rect
            The pixels that may have changed; empty if none.

        Raises
        ------
        CallOrderError
            The stroke was committed or cancelled before.
        ShapeError
            The mask does not fit its rectangle, or the rectangle the image.
        """
        self._check_open()
        fits = mask.dtype == bool and mask.shape == (where.height, where.width)
        if not fits or where.clip(self._document.shape) != where:
            raise ShapeError(f"the mask {mask.dtype} {mask.shape} does not fit {where}")
        own, other = (ROUGH, SURE) if self.kind == "rough" else (SURE, ROUGH)
        values = ((OBJECT, self.object_id), (own, self.object_id + 1), (other, 0))
        painted = Rect.empty()
        for tile in self._edit.planes.tiles(where):
            area = self._edit.planes.tile_rect(tile).intersection(where)
            part = mask[
                area.y0 - where.y0 : area.y1 - where.y0, area.x0 - where.x0 : area.x1 - where.x0
            ]
            if not part.any():
                continue
            self._edit.touch(tile)
            for plane, value in values:
                if plane == other and self._edit.was_blank(tile, plane):
                    continue  # nothing to clear
                np.copyto(self._edit.planes.arrays[plane][area.slices], value, where=part)
            self._edit.restore_locked(tile)
            painted = painted.union(area)
        self._rect = self._rect.union(painted)
        return painted

    def commit(self) -> Change:
        """End the stroke and make it one undo step.

        Returns
        -------
        Change
            With ``rect`` None, and no step made, if no pixel has changed.
        """
        self._check_open()
        self._open = False
        return self._document._commit_stroke(self)

    def cancel(self) -> Rect:
        """End the stroke and put every pixel back; return the rectangle to draw again."""
        self._check_open()
        self._open = False
        self._edit.restore()
        self._document._cancel_stroke()
        return self._rect

    def _touch(self, spans: Spans) -> list[Tile]:
        """Remember the tiles under the shape itself: a slanted line leaves most of its box out."""
        tiles = [tile for band in spans.bands(TILE) for tile in self._edit.planes.tiles(band)]
        for tile in tiles:
            self._edit.touch(tile)
        return tiles

    def _check_open(self) -> None:
        if not self._open:
            raise CallOrderError("this stroke has ended", remedy="Begin a new one")
