"""How each change of a document is done, recorded, told and undone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spn_annotator.annotation.change import Change, ChangeKind
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.history import History, Step
from spn_annotator.annotation.labels import Label
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import PlaneEdit
from spn_annotator.annotation.proposal import Proposal
from spn_annotator.annotation.state import DocumentState
from spn_annotator.annotation.strokes import StrokeEdit
from spn_annotator.errors import CallOrderError, UsageError

LabelPair = tuple[Label | None, Label | None]
ObjectPair = tuple[AnnotatedObject | None, AnnotatedObject | None]


class DocumentSteps(DocumentState):
    """Adds the history, and one way to change anything: `_record`."""

    # -- history ---------------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.next_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._history.next_redo is not None

    @property
    def undo_name(self) -> str | None:
        """What `undo` would take back, None if nothing."""
        step = self._history.next_undo
        return None if step is None else step.name

    @property
    def redo_name(self) -> str | None:
        """What `redo` would do again, None if nothing."""
        step = self._history.next_redo
        return None if step is None else step.name

    @property
    def history(self) -> History:
        """The steps, to be read only (names, bytes)."""
        return self._history

    def undo(self) -> Change | None:
        """Take the last step back; None if there is none.

        Raises
        ------
        CallOrderError
            A stroke is open.
        """
        self._check_idle()
        step = self._history.next_undo
        if step is None:
            return None
        self._history.undone()
        return self._replay(step, 0)

    def redo(self) -> Change | None:
        """Do the step that was taken back last again; None if there is none.

        Raises
        ------
        CallOrderError
            A stroke is open.
        """
        self._check_idle()
        step = self._history.next_redo
        if step is None:
            return None
        self._history.redone()
        return self._replay(step, 1)

    # -- for the edits ---------------------------------------------------------------------------

    def _edit(self) -> PlaneEdit:
        """Begin to write pixels; those of locked labels are guarded."""
        self._check_writable()
        return PlaneEdit(self._planes, self._locked_objects())

    def _locked_objects(self) -> np.ndarray | None:
        """Return a boolean table by object id of what is locked, None if nothing is."""
        ids = [i.id for i in self._objects.values() if self._labels.get(i.label_id).locked]
        if not ids:
            return None
        table = np.zeros(65_536, dtype=bool)
        table[ids] = True
        return table

    def _record(
        self,
        kind: ChangeKind,
        name: str,
        *,
        edit: PlaneEdit | None = None,
        rect: Rect | None = None,
        labels: Sequence[LabelPair] = (),
        objects: Sequence[ObjectPair] = (),
        proposal: Proposal | None = None,
    ) -> Change:
        """Make one step of pixels written already, and of labels and objects to be set now.

        ``proposal`` is the one that goes with this step, if one does. Nothing happens if there is
        nothing to record.
        """
        patches = () if edit is None else edit.patches(revision=self._revision + 1)
        if not (patches or labels or objects or proposal):
            return Change(None, kind, name, self._revision)
        step = Step(
            name=name,
            kind=kind,
            rect=None if rect is None or rect.is_empty else rect,
            state=(self._state, next(self._states) if patches else self._state),
            patches=patches,
            labels=tuple(labels),
            objects=tuple(objects),
            proposal=None if proposal is None else (proposal, None),
        )
        self._history.push(step)
        self._state = step.state[1]
        self._set_pairs(step, 1)
        if proposal is not None:
            self._show(None)
        return self._changed(kind, name, step.rect, proposal_changed=proposal is not None)

    def _replay(self, step: Step, side: int) -> Change:
        """Bring everything to one side of a step: 0 before it, 1 after it."""
        rect = Rect.empty()
        if step.proposal is not None:
            rect = self._proposal_rect()  # of one that may have come since
            self._show(None)  # before the pixels change: they change along with it, not after it
        self._planes.apply(step.patches, revision=self._revision + 1)
        self._state = step.state[side]
        self._set_pairs(step, side)
        if step.proposal is None:
            return self._changed(step.kind, step.name, step.rect)
        self._show(step.proposal[side])
        if step.rect is not None:
            rect = rect.union(step.rect)
        shown = None if rect.is_empty else rect
        return self._changed(step.kind, step.name, shown, proposal_changed=True)

    def _set_pairs(self, step: Step, side: int) -> None:
        if step.labels:
            self._labels = self._labels.with_changes(
                (_id_of(pair), pair[side]) for pair in step.labels
            )
        if step.objects:
            objects = dict(self._objects)
            for pair in step.objects:
                item = pair[side]
                if item is None:
                    objects.pop(_id_of(pair), None)
                else:
                    objects[item.id] = item
            self._objects = dict(sorted(objects.items()))

    def _show(self, proposal: Proposal | None) -> None:
        self._proposal = proposal
        self._proposal_version += 1
        self._planes.keep = None if proposal is None else proposal.base

    def _proposal_rect(self) -> Rect:
        """Return a rectangle around where the proposal, if any, differs from the object map."""
        if self._proposal is None:
            return Rect.empty()
        rect = self._proposal.rect
        for tile in self._proposal.base:  # and where the map has changed since
            rect = rect.union(self._planes.tile_rect(tile))
        return rect

    def _changed(
        self, kind: ChangeKind, name: str, rect: Rect | None, *, proposal_changed: bool = False
    ) -> Change:
        self._revision += 1
        return self._tell(kind, name, rect, proposal_changed=proposal_changed)

    def _tell(
        self, kind: ChangeKind, name: str, rect: Rect | None, *, proposal_changed: bool = False
    ) -> Change:
        change = Change(rect, kind, name, self._revision, proposal_changed)
        for callback in list(self._watchers.values()):
            callback(change)
        return change

    def _commit_stroke(self, stroke: StrokeEdit) -> Change:
        self._stroke = None
        made = stroke.new_object
        if made is None or not (self.object_map[stroke.rect.slices] == made.id).any():
            return self._record("pixels", stroke.name, edit=stroke.edit, rect=stroke.rect)
        return self._record(
            "objects", stroke.name, edit=stroke.edit, rect=stroke.rect, objects=[(None, made)]
        )

    def _cancel_stroke(self) -> None:
        self._stroke = None

    def _check_idle(self) -> None:
        """Raise an error if nothing may be changed now: each edit begins with this."""
        self._check_writable()
        self._check_no_stroke()

    def _check_writable(self) -> None:
        if self.read_only is not None:
            raise UsageError(
                f"nothing can be changed here: {self.read_only}",
                remedy="What was done would be lost. Open the project again once it is free",
            )

    def _check_no_stroke(self) -> None:
        if self._stroke is not None:
            raise CallOrderError("a stroke is open", remedy="Commit or cancel it first")


def _id_of(pair: LabelPair | ObjectPair) -> int:
    item = pair[0] or pair[1]
    assert item is not None, "a pair holds at least one of the two"
    return item.id
