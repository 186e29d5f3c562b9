"""Steps that can be undone, and the list of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from spn_annotator.annotation.change import ChangeKind
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.labels import Label
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import TilePatch
from spn_annotator.annotation.proposal import Proposal

DEFAULT_HISTORY_BYTES = 256 * 1024 * 1024

_STEP_OVERHEAD = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the user did, with what is needed to go back and forth.

    Labels, objects and the proposal are held as pairs (before, after); None stands for "is not
    there".
    """

    name: str
    kind: ChangeKind
    rect: Rect | None
    state: tuple[int, int]
    patches: tuple[TilePatch, ...] = ()
    labels: tuple[tuple[Label | None, Label | None], ...] = ()
    objects: tuple[tuple[AnnotatedObject | None, AnnotatedObject | None], ...] = ()
    proposal: tuple[Proposal | None, Proposal | None] | None = None

    @property
    def nbytes(self) -> int:
        """Memory the step holds, in bytes, roughly."""
        size = _STEP_OVERHEAD + 200 * (len(self.labels) + len(self.objects))
        size += sum(patch.nbytes for patch in self.patches)
        if self.proposal is not None:
            size += sum(shown.nbytes for shown in self.proposal if shown is not None)
        return size

    def touches_label(self, label_ids: set[int]) -> bool:
        """Whether it changes one of these labels."""
        return any(
            label is not None and label.id in label_ids for pair in self.labels for label in pair
        )


class History:
    """Undo and redo steps under one cap in bytes.

    The oldest undo steps are dropped when the cap is passed. The newest step is always kept, even
    if it is larger than the cap: the last thing done can be undone.

    Parameters
    ----------
    max_bytes : int
        The cap.
    """

    def __init__(self, max_bytes: int = DEFAULT_HISTORY_BYTES) -> None:
        self.max_bytes = max_bytes
        self._undo: deque[Step] = deque()
        self._redo: list[Step] = []
        self._undo_bytes = 0
        self._redo_bytes = 0

    @property
    def nbytes(self) -> int:
        """Memory of all steps in bytes, roughly."""
        return self._undo_bytes + self._redo_bytes

    @property
    def undo_names(self) -> tuple[str, ...]:
        """What can be undone, the next one first."""
        return tuple(step.name for step in reversed(self._undo))

    @property
    def redo_names(self) -> tuple[str, ...]:
        """What can be done again, the next one first."""
        return tuple(step.name for step in reversed(self._redo))

    @property
    def next_undo(self) -> Step | None:
        """The step that is taken back next."""
        return self._undo[-1] if self._undo else None

    @property
    def next_redo(self) -> Step | None:
        """The step that is done again next."""
        return self._redo[-1] if self._redo else None

    def push(self, step: Step) -> None:
        """Add a new step; what could be redone is forgotten."""
        self._redo.clear()
        self._redo_bytes = 0
        self._undo.append(step)
        self._undo_bytes += step.nbytes
        while self.nbytes > self.max_bytes and len(self._undo) > 1:
            self._undo_bytes -= self._undo.popleft().nbytes

    def undone(self) -> None:
        """Move the next undo step over to redo."""
        step = self._undo.pop()
        self._undo_bytes -= step.nbytes
        self._redo.append(step)
        self._redo_bytes += step.nbytes

    def redone(self) -> None:
        """Move the next redo step over to undo."""
        step = self._redo.pop()
        self._redo_bytes -= step.nbytes
        self._undo.append(step)
        self._undo_bytes += step.nbytes

    def forget_labels(self, label_ids: set[int]) -> None:
        """Drop the steps that would touch these labels, and those that lie behind them."""
        undo, redo = list(self._undo), list(self._redo)
        for number in range(len(undo) - 1, -1, -1):
            if undo[number].touches_label(label_ids):
                undo = undo[number + 1 :]
                break
        for number in range(len(redo) - 1, -1, -1):
            if redo[number].touches_label(label_ids):
                redo = redo[number + 1 :]
                break
        self._undo, self._redo = deque(undo), redo
        self._undo_bytes = sum(step.nbytes for step in undo)
        self._redo_bytes = sum(step.nbytes for step in redo)
