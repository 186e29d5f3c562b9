"""Proposals of a document: shown, restored, accepted as a whole or in part, dropped."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spn_annotator.annotation import painting
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.planes import OBJECT, SURE, Tile
from spn_annotator.annotation.proposal import (
    ExpectedIou,
    PreparedProposal,
    Proposal,
    prepare_proposal,
)
from spn_annotator.annotation.reshaping import DocumentReshaping
from spn_annotator.errors import CallOrderError, ShapeError, UsageError


class DocumentProposals(DocumentReshaping):
    """Adds what refinement proposes and what becomes of it."""

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
        return self._record("pixels", name, edit=edit, rect=rect)

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

    def _needed_proposal(self) -> Proposal:
        self._check_idle()
        if self._proposal is None:
            raise CallOrderError("there is no proposal to accept", remedy="Refine first")
        return self._proposal

    def _may_grow(self) -> set[int]:
        return {0, *filter(self.can_paint, self._objects)}
