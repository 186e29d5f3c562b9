"""What a document tells those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spn_annotator.annotation.geometry import Rect

ChangeKind = Literal["pixels", "labels", "objects", "proposal"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a document, sent after it is complete.

    Parameters
    ----------
    rect : Rect or None
        Pixels that may look different now, whatever the kind; None: none do, except through the
        look of a label (kind ``"labels"``).
    kind : {"labels", "objects", "pixels", "proposal"}
        The widest thing that changed: ``"labels"`` may come with changed objects and pixels,
        ``"objects"`` with changed pixels, ``"pixels"`` and the others with a proposal that came or
        went (see `proposal_changed`).
    name : str
        What was done, as the history shows it.
    revision : int
        The document's revision after the change.
    proposal_changed : bool
        Whether `Document.proposal` is another one than before.
    """

    rect: Rect | None
    kind: ChangeKind
    name: str
    revision: int
    proposal_changed: bool = False
