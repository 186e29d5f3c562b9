"""The annotations of one image: everything a user can do to them.

Not safe for use from several threads: read and change a document on one thread (that of the
window), and hand copies to others (`coarse_map`, `sure_for_refine`, `tiles_since`).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spn_annotator.annotation import painting
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import OBJECT, SURE, PlaneEdit, Tile
from spn_annotator.annotation.proposal import (
    ExpectedIou,
    PreparedProposal,
    Proposal,
    prepare_proposal,
)
from spn_annotator.annotation.reshaping import DocumentReshaping
from spn_annotator.annotation.strokes import StrokeEdit, StrokeKind
from spn_annotator.errors import CallOrderError, ShapeError, UsageError


class Document(DocumentReshaping):
    """The annotations of one image. Raster first: the object map is the truth.

    Every change is one undo step, raises `revision` by one and is told to those who subscribed.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the image in pixels.
    labels : LabelSet
        Copied.
    objects : iterable of AnnotatedObject
    object_map, rough_map, sure_map : np.ndarray, optional
        ``(height, width)`` integer maps, copied; nothing where not given. The object map holds
        object ids, 0 = nothing. The stroke maps hold 0 = no stroke, 1 = "nothing is here",
        id + 1 = a stroke of that object.
    history_bytes : int
        Cap of the history; the oldest steps are dropped beyond it, never the newest one.

    Raises
    ------
    ShapeError
        The shape has no pixel, or a map has another shape, type or range.
    UsageError
        A map names an object, or an object a label, that is not there.
    """

    # -- pixels ----------------------------------------------------------------------------------

    def begin_stroke(
        self,
        *,
        kind: StrokeKind,
        object_id: int = 0,
        label_id: int | None = None,
        name: str | None = None,
    ) -> StrokeEdit:
        """Begin a stroke.

        Parameters
        ----------
        kind : {"rough", "sure"}
            Whether refinement may move what is painted, or must keep it.
        object_id : int
            What is painted; 0 erases ("nothing is here").
        label_id : int, optional
            Paint a new object of this label instead: it is made by the commit, in the same undo
            step, and only if a pixel was painted. Its id is the stroke's ``object_id``.
        name : str, optional
            What the history shows.

        Raises
        ------
        CallOrderError
            Another stroke is open.
        UsageError
            There is no such object or label, its label is locked (ask `can_paint` first), or both
            an object and a label were given.
        """
        self._check_idle()
        new = None
        if label_id is None:
            self._check_paint(object_id, kind)
            name = name or self._stroke_name(object_id, kind)
        else:
            if object_id:
                raise UsageError("a stroke paints an object or a new one of a label, not both")
            self._check_paint(0, kind)
            self._check_unlocked(label_id)
            new = AnnotatedObject(self._free_object_id(), label_id)
            object_id = new.id
            name = name or _painted(self._labels.get(label_id).name, kind)
        self._stroke = StrokeEdit(
            self, self._edit(), kind=kind, object_id=object_id, name=name, new_object=new
        )
        return self._stroke

    def fill_mask(
        self,
        mask: np.ndarray | tuple[Rect, np.ndarray],
        *,
        object_id: int,
        kind: StrokeKind,
        name: str | None = None,
    ) -> Change:
        """Paint the true pixels of a mask as one stroke.

        Parameters
        ----------
        mask : np.ndarray or (Rect, np.ndarray)
            Boolean ``(height, width)``, or a rectangle and the mask of its size; what lies
            outside of the image is cut off.
        object_id, kind, name
            As for `begin_stroke`.

        Returns
        -------
        Change
            With ``rect`` None, and no step made, if no pixel has changed.
        """
        self._check_idle()
        self._check_paint(object_id, kind)
        if isinstance(mask, tuple):
            where, array = mask
        else:
            where, array = Rect.of_shape(self._shape), mask
        array = np.asarray(array)
        if array.dtype != bool or array.shape != (where.height, where.width):
            raise ShapeError(
                f"the mask must be boolean {(where.height, where.width)}, "
                f"got {array.dtype} {array.shape}"
            )
        inside = where.clip(self._shape)
        cut = painting.shifted(inside, where).slices
        edit = self._edit()
        rect = painting.fill(edit, array[cut], inside, object_id=object_id, kind=kind)
        name = name or self._stroke_name(object_id, kind)
        return self._record_pixels(edit, rect, name)

    def clear_strokes(
        self,
        *,
        kinds: tuple[StrokeKind, ...] = ("rough", "sure"),
        rect: Rect | None = None,
        name: str = "Clear strokes",
    ) -> Change:
        """Forget strokes (of some kinds, in a rectangle); the object map stays as it is."""
        self._check_idle()
        where = Rect.of_shape(self._shape) if rect is None else rect
        edit = self._edit()
        return self._record_pixels(edit, painting.clear_strokes(edit, where, kinds=kinds), name)

    # -- proposal --------------------------------------------------------------------------------

    def set_proposal(
        self,
        object_map: np.ndarray | PreparedProposal,
        *,
        confidence: np.ndarray | None = None,
        revision: int,
        model: str = "",
    ) -> bool:
        """Show what refinement returned, in the place of the proposal before it.

        The document itself does not change: the revision stays, and this is no undo step. It is
        allowed to paint, undo and redo while a proposal is shown; the proposal stays and becomes
        stale. A stale proposal can still be accepted: pixels in which a map has changed since it
        was computed keep what the user made of them.

        Parameters
        ----------
        object_map : np.ndarray or PreparedProposal
            ``(height, width)`` object ids; a uint16 array is taken over, not copied: do not write
            to it afterwards. Or what `prepare_proposal` made of them on another thread, against
            the object map of that revision: then this call takes next to no time.
        confidence : np.ndarray, optional
            ``(height, width)`` 0 to 1; kept in steps of 1/255. Not with a PreparedProposal, which
            has its own.
        revision : int
            The revision of the document that the refinement has seen.
        model : str
            Name of the model, for the history of the project.

        Returns
        -------
        bool
            False, and nothing happens, if the document has moved on since.

        Raises
        ------
        ShapeError
            An array has another shape, type or range.
        UsageError
            The map names an object that is not there.
        """
        if revision != self._revision:
            return False
        if isinstance(object_map, PreparedProposal):
            if object_map.shape != self._shape:
                raise ShapeError(f"the proposal must be {self._shape}, got {object_map.shape}")
            prepared = object_map
        else:
            prepared = prepare_proposal(
                object_map,
                against=self._committed(OBJECT),
                sure=self._committed(SURE),
                confidence=confidence,
            )
        unknown = prepared.values - self._objects.keys() - {0}
        if unknown:
            raise UsageError(f"the proposal holds {min(unknown)}, which is no object of the image")
        rect, base = prepared.rect, {}
        if self._stroke is not None:
            # The open stroke came after the revision: what it paints is "changed since".
            base.update(self._stroke.edit.before)
            rect = rect.union(self._stroke.rect)
        former = self._proposal_rect()
        self._show(
            Proposal(
                planes=self._planes,
                tiles=prepared.tiles,
                confidence8=prepared.confidence8,
                revision=revision,
                rect=rect,
                state=self._state,
                base=base,
                model=model,
                keeps_sure=prepared.keeps_sure,
                expected=prepared.expected,
            )
        )
        self._tell("proposal", "Proposal", rect.union(former), proposal_changed=True)
        return True

    def restore_proposal(
        self, tiles: Iterable[tuple[str, Tile, np.ndarray]], *, model: str = ""
    ) -> None:
        """Show a proposal that was stored; the document stays as saved as it is.

        Parameters
        ----------
        tiles : iterable
            As from `proposal_tiles`. Objects that are no more are left out.
        model : str

        Raises
        ------
        ShapeError
            A tile lies outside of the image, or has another size or type than it must have.
        """
        array = self.object_map.copy()
        confidence8 = None
        known = np.zeros(65_536, dtype=bool)
        known[[0, *self._objects]] = True
        for name, tile, values in tiles:
            grid = self._planes.grid
            if not (0 <= tile[0] < grid[0] and 0 <= tile[1] < grid[1]):
                raise ShapeError(f"the tile {tile} lies outside of the image")
            index = self._planes.tile_rect(tile).slices
            kind = np.uint8 if name == "confidence" else np.uint16
            if values.shape != array[index].shape or values.dtype != kind:
                raise ShapeError(f"the tile {tile} is {values.shape} of {values.dtype}")
            if name == "confidence":
                if confidence8 is None:
                    confidence8 = np.zeros(self._shape, dtype=np.uint8)
                confidence8[index] = values
            else:
                np.copyto(array[index], values, where=known[values])
        prepared = prepare_proposal(array, against=self.object_map, sure=self.sure_map)
        self._show(
            Proposal(
                planes=self._planes,
                tiles=prepared.tiles,
                confidence8=confidence8,
                revision=self._revision,
                rect=prepared.rect,
                state=self._state,
                base={},
                model=model,
                keeps_sure=True,
                expected=None if confidence8 is None else ExpectedIou(array, confidence8),
            )
        )
        self._saved_proposal_version = self._proposal_version

    def accept_proposal(self, name: str = "Accept proposal") -> Change:
        """Take the proposal over into the object map, as one step; strokes stay.

        Sure pixels, locked labels and pixels changed since the proposal was computed win over it;
        objects that were removed since do not come back.
        Undoing brings the proposal back too.

        Raises
        ------
        CallOrderError
            There is no proposal, or a stroke is open.
        """
        proposal = self._needed_proposal()
        rect = self._proposal_rect()
        edit = self._edit()
        self._show(None)  # before the pixels change: they change along with it, not after it
        try:
            painting.accept(edit, proposal, may_grow=self._may_grow())
        except BaseException:
            self._show(proposal)
            raise
        self._accepted.append((self._revision + 1, proposal.model))
        return self._record("pixels", name, edit=edit, rect=rect, proposal=proposal)

    def accept_part(
        self, inside: tuple[Rect, np.ndarray], name: str = "Accept a part of the proposal"
    ) -> Change:
        """Take the proposal over where a mask is true, as one step; the rest stays proposed.

        Parameters
        ----------
        inside : (Rect, np.ndarray)
            A rectangle inside the image and the boolean mask of its size.

        Returns
        -------
        Change
            With ``rect`` None, and no step made, if no pixel has changed.

        Raises
        ------
        CallOrderError
            There is no proposal, or a stroke is open.
        ShapeError
            The mask does not fit its rectangle, or the rectangle the image.
        """
        proposal = self._needed_proposal()
        where, mask = inside
        fits = mask.dtype == bool and mask.shape == (where.height, where.width)
        if not fits or where.clip(self._shape) != where:
            raise ShapeError(f"the mask {mask.dtype} {mask.shape} does not fit {where}")
        edit = self._edit()
        rect = painting.accept(edit, proposal, may_grow=self._may_grow(), inside=inside)
        self._accepted.append((self._revision + 1, proposal.model))
        return self._record_pixels(edit, rect, name)

    def proposed_tile(self, tile: Tile) -> np.ndarray | None:
        """Return what `accept_proposal` would make of a tile of the object map now.

        Returns
        -------
        np.ndarray or None
            ``(height, width)`` uint16 ids, not to be written to; None where it would not change.
        """
        proposal = self._proposal
        if proposal is None or tile not in proposal.tiles:
            return None
        maps = self._planes.views(tile)
        return painting.acceptable(proposal, tile, maps, may_grow=self._may_grow())

    def drop_proposal(self, name: str = "Drop proposal") -> Change | None:
        """Take the proposal away, as one step; strokes and pixels stay. None if there is none.

        The revision grows, so that a result still on its way does not come up. Of a document that
        is read-only the proposal is only hidden, which is no step.
        """
        self._check_no_stroke()
        proposal = self._proposal
        if proposal is None:
            return None
        if self.read_only is not None:
            rect = self._proposal_rect()
            self._show(None)
            return self._changed("proposal", name, rect, proposal_changed=True)
        return self._record("proposal", name, rect=self._proposal_rect(), proposal=proposal)

    # -- helpers ---------------------------------------------------------------------------------

    def _committed(self, plane: int) -> np.ndarray:
        """Return a map without the open stroke; not to be written to."""
        if self._stroke is None:
            return self._planes.arrays[plane]
        array = self._planes.arrays[plane].copy()
        for tile, before in self._stroke.edit.before.items():
            array[self._planes.tile_rect(tile).slices] = before[plane]
        return array

    def _record_pixels(self, edit: PlaneEdit, rect: Rect, name: str) -> Change:
        return self._record("pixels", name, edit=edit, rect=rect)

    def _needed_proposal(self) -> Proposal:
        self._check_idle()
        if self._proposal is None:
            raise CallOrderError("there is no proposal to accept", remedy="Refine first")
        return self._proposal

    def _may_grow(self) -> set[int]:
        return {0, *filter(self.can_paint, self._objects)}

    def _check_paint(self, object_id: int, kind: StrokeKind) -> None:
        if kind not in ("rough", "sure"):
            raise UsageError(f"a stroke is rough or sure, got {kind!r}")
        if object_id != 0:
            self._check_unlocked(self._object(object_id).label_id)

    def _stroke_name(self, object_id: int, kind: StrokeKind) -> str:
        if object_id == 0:
            return "Erase" if kind == "rough" else "Mark surely nothing"
        item = self._objects[object_id]
        what = item.name or self._labels.get(item.label_id).name
        return _painted(what, kind)


def _painted(what: str, kind: StrokeKind) -> str:
    return f"Paint {what}" if kind == "rough" else f"Mark surely {what}"
