"""The proposal as accepting it now would apply it: what was painted since stays. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import Document, Proposal, Rect
from spn_annotator.annotation.planes import TILE


class ProposalView:
    """The map to draw for a document's proposal.

    As long as nothing was painted since the proposal came, it is the proposal's own map; then a
    copy of it, in which painted pixels are as they were painted.

    Parameters
    ----------
    document : Document
        The document.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._proposal: Proposal | None = None
        self._map: NDArray[np.uint16] | None = None
        self._is_copy = False

    @property
    def object_map(self) -> NDArray[np.uint16] | None:
        """H×W object ids, None without a proposal."""
        return self._map

    def refresh(self, rect: Rect | None) -> bool:
        """Follow a change of the document.

        Parameters
        ----------
        rect : Rect or None
            Pixels that may have changed; None for none.

        Returns
        -------
        bool
            Whether :attr:`object_map` is another array now.
        """
        before = self._map
        proposal = self._document.proposal
        if proposal is not self._proposal:
            self._proposal = proposal
            self._map = None if proposal is None else proposal.object_map
            self._is_copy = False
            rect = None if proposal is None else Rect.of_shape(self._document.shape)
        if proposal is not None and rect is not None:
            self._follow(proposal, rect)
        return self._map is not before

    def _follow(self, proposal: Proposal, rect: Rect) -> None:
        if not proposal.base:
            return  # nothing was painted since
        rect = rect.clip(self._document.shape)
        if rect.is_empty:
            return
        for row in range(rect.y0 // TILE, (rect.y1 - 1) // TILE + 1):
            for column in range(rect.x0 // TILE, (rect.x1 - 1) // TILE + 1):
                self._follow_tile(proposal, (row, column))

    def _follow_tile(self, proposal: Proposal, tile: tuple[int, int]) -> None:
        if tile not in proposal.base:
            return
        row, column = tile
        area = Rect(column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE).clip(
            self._document.shape
        )
        maps = self._document.object_map, self._document.rough_map, self._document.sure_map
        now = maps[0][area.slices], maps[1][area.slices], maps[2][area.slices]
        changed = proposal.changed_since(tile, now)
        if changed is None and not self._is_copy:
            return
        if not self._is_copy:
            self._map = proposal.object_map.copy()
            self._is_copy = True
        assert self._map is not None
        proposed = proposal.object_map[area.slices]
        self._map[area.slices] = (
            proposed if changed is None else np.where(changed, now[0], proposed)
        )
