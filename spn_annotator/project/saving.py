"""What of a document goes into the project file, taken at one moment."""

from __future__ import annotations

import weakref
from collections.abc import Collection
from dataclasses import dataclass, field

from spn_annotator.annotation import AnnotatedObject, Document, Label, LabelSet
from spn_annotator.annotation.labels import merge_labels
from spn_annotator.annotation.moment import NamedTile
from spn_annotator.annotation.proposal import ExpectedIou
from spn_annotator.errors import SaveError


@dataclass(frozen=True, slots=True)
class SavePoint:
    """Which state of a document the project file holds.

    Parameters
    ----------
    image_id : int
    revision : int
        -1 if the file holds nothing of this document.
    labels : LabelSet
        The document's labels at that moment.
    proposal_version : int
        Of the document; -1 if the file does not hold its proposal.
    """

    image_id: int
    revision: int
    labels: LabelSet
    proposal_version: int = -1


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What changed in a document since it was saved, as it was then; any thread may write it.

    Parameters
    ----------
    image_id : int
    revision : int
        Of the document, to be passed to `Document.mark_saved` once it is written.
    shape : (int, int)
    labels : LabelSet
    objects : tuple of AnnotatedObject
    tiles : collection
        As from `Document.tiles_since`.
    since : SavePoint
        The state the tiles are counted from.
    document : weak reference
        Which document it is of.
    proposal_version : int
        Of the document, to be passed to `Document.mark_saved` too.
    proposal : collection or None
        As from `Document.proposal_tiles`; empty if there is none now, None if what is stored is
        still right.
    model : str
        What made the proposal.
    accepted : tuple of str
        The models of proposals that were accepted since.
    estimate : ExpectedIou or None
        How good the proposal is likely to be; None if it has no confidence, or what is stored is
        still right.
    """

    image_id: int
    revision: int
    shape: tuple[int, int]
    labels: LabelSet
    objects: tuple[AnnotatedObject, ...]
    tiles: Collection[NamedTile] = field(repr=False)
    since: SavePoint
    document: weakref.ref[Document] = field(repr=False)
    proposal_version: int = 0
    proposal: Collection[NamedTile] | None = field(default=None, repr=False)
    model: str = ""
    accepted: tuple[str, ...] = ()
    estimate: ExpectedIou | None = field(default=None, repr=False)

    @property
    def confidence(self) -> float | None:
        """The IoU to expect of the proposal, 0 to 1; None if it has no confidence."""
        return None if self.estimate is None else self.estimate.value()

    @classmethod
    def take(cls, document: Document, since: SavePoint) -> Snapshot:
        """Take note of what changed; who writes it copies it, as it is now, while writing."""
        version = document.proposal_version
        proposal = None
        # Painting beside a proposal changes what accepting it would do.
        beside = document.proposal is not None and document.revision != since.revision
        estimate = None
        if version != since.proposal_version or beside:
            proposal = document.proposal_tiles()
            now = document.proposal
            estimate = None if now is None else now.expected
        return cls(
            image_id=since.image_id,
            revision=document.revision,
            shape=document.shape,
            labels=document.labels,
            objects=tuple(document.objects.values()),
            tiles=document.tiles_since(since.revision),
            since=since,
            document=weakref.ref(document),
            proposal_version=version,
            proposal=proposal,
            model="" if document.proposal is None else document.proposal.model,
            accepted=document.accepted_since(since.revision),
            estimate=estimate,
        )


def whole(document: Document, image_id: int) -> Snapshot:
    """Copy all of a document, for a place that holds nothing of it yet."""
    return Snapshot.take(document, SavePoint(image_id, -1, LabelSet().frozen()))


def labels_to_store(stored: LabelSet, snapshot: Snapshot, *, used_elsewhere: set[int]) -> LabelSet:
    """Return the project's labels after a document with changed labels is saved.

    Each label that the document added, changed or removed since its last save is taken over; what
    other documents did to the rest stays. A label that other images use is not removed.

    Raises
    ------
    SaveError
        The document gave an id to a label that belongs to another one in the project.
    """
    base, now = snapshot.since.labels, snapshot.labels
    changes: dict[int, Label | None] = {}
    for label in now:
        if label.id in base and base.get(label.id) == label:
            continue
        if label.id not in base and label.id in stored:
            there = stored.get(label.id)
            if there.name != label.name:
                raise SaveError(
                    f"the label {label.id} is {label.name!r} in the image and {there.name!r} in "
                    "the project",
                    remedy="Take over the labels of the project and save again",
                )
        changes[label.id] = label
    for label in base:
        if label.id not in now and label.id in stored and label.id not in used_elsewhere:
            changes[label.id] = None
    merged = stored.with_changes(changes.items())
    # What the image's objects need is there, even if another document has removed it.
    used = {item.label_id for item in snapshot.objects}
    return merge_labels(merged, (label for label in now if label.id in used))
