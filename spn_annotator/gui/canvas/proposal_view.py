"""The proposal as accepting it now would apply it: what was painted since stays. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spn_annotator.annotation import Document, Proposal, Rect
from spn_annotator.annotation.planes import TILE, Tile


class ProposalView:
    """The tiles to draw for a document's proposal, each made when it is first drawn.

    Pixels painted since the proposal came are as they were painted, and locked ones as they are.

    Parameters
    ----------
    document : Document
        The document.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._proposal: Proposal | None = None
        self._tiles: dict[Tile, NDArray[np.uint16]] = {}

    @property
    def shown(self) -> bool:
        """Whether there is a proposal."""
        return self._proposal is not None

    def get(self, tile: Tile, /) -> NDArray[np.uint16] | None:
        """Return the proposed ids of a tile; None where that is what the object map holds."""
        if self._proposal is None or tile not in self._proposal.tiles:
            return None
        known = self._tiles.get(tile)
        if known is None:
            known = self._document.proposed_tile(tile)
            if known is not None:
                self._tiles[tile] = known
        return known

    def refresh(self, rect: Rect | None) -> bool:
        """Follow a change of the document.

        Parameters
        ----------
        rect : Rect or None
            Pixels that may have changed; None for none.

        Returns
        -------
        bool
            Whether the document has another proposal now, or none any more.
        """
        proposal = self._document.proposal
        if proposal is not self._proposal:
            self._proposal = proposal
            self._tiles.clear()
            return True
        if proposal is not None and rect is not None and not rect.is_empty:
            for tile in [
                tile
                for tile in self._tiles
                if rect.y0 < (tile[0] + 1) * TILE
                and rect.y1 > tile[0] * TILE
                and rect.x0 < (tile[1] + 1) * TILE
                and rect.x1 > tile[1] * TILE
            ]:
                del self._tiles[tile]
        return False
