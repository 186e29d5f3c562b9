"""What a document is made of, and how each change of it is done, recorded and undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

import numpy as np

from spn_annotator.annotation.areas import ObjectAreas
from spn_annotator.annotation.change import Change, ChangeKind
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.history import DEFAULT_HISTORY_BYTES, History, Step
from spn_annotator.annotation.labels import Label, LabelSet
from spn_annotator.annotation.objects import MAX_OBJECT_ID, AnnotatedObject
from spn_annotator.annotation.planes import (
    OBJECT,
    PLANE_NAMES,
    ROUGH,
    SURE,
    PlaneEdit,
    Planes,
    Tile,
    TileArrays,
    check_map,
    present_values,
)
from spn_annotator.annotation.proposal import Proposal
from spn_annotator.annotation.strokes import StrokeEdit
from spn_annotator.errors import CallOrderError, ShapeError, UsageError

FREE = 65_535
"""Value of `DocumentCore.sure_for_refine` where nothing was said for sure."""

LabelPair = tuple[Label | None, Label | None]
ObjectPair = tuple[AnnotatedObject | None, AnnotatedObject | None]


class DocumentCore:
    """Maps, labels, objects, revision and history of one image; `Document` adds the edits.

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

    def __init__(
        self,
        shape: tuple[int, int],
        labels: LabelSet,
        *,
        objects: Iterable[AnnotatedObject] = (),
        object_map: np.ndarray | None = None,
        rough_map: np.ndarray | None = None,
        sure_map: np.ndarray | None = None,
        history_bytes: int = DEFAULT_HISTORY_BYTES,
    ) -> None:
        if len(shape) != 2 or min(shape) < 1:
            raise ShapeError(f"an image has a height and a width of 1 or more, got {shape}")
        self._shape = (int(shape[0]), int(shape[1]))
        self._labels = labels.frozen()
        self._objects = {item.id: item for item in sorted(objects, key=lambda item: item.id)}
        for item in self._objects.values():
            self._labels.get(item.label_id)
        maps = (object_map, rough_map, sure_map)
        self._planes = Planes(self._shape, maps)
        for plane, array in enumerate(maps):
            if array is not None:
                check_known(self._planes.arrays[plane], self._objects, strokes=plane != OBJECT)
        self._views = tuple(_read_only(array) for array in self._planes.arrays)
        self._areas = ObjectAreas(
            self._planes.stamps, lambda tile: self._committed_tile(tile)[OBJECT]
        )
        self._history = History(history_bytes)
        self._revision = 0
        self._saved_revision = 0
        self._states = itertools.count(1)
        self._state = 0
        self._stroke: StrokeEdit | None = None
        self._proposal: Proposal | None = None
        self._watchers: dict[int, Callable[[Change], None]] = {}
        self._watcher_ids = itertools.count()

    @classmethod
    def from_tiles(
        cls,
        shape: tuple[int, int],
        labels: LabelSet,
        *,
        objects: Iterable[AnnotatedObject],
        tiles: Iterable[tuple[str, Tile, np.ndarray]],
        history_bytes: int = DEFAULT_HISTORY_BYTES,
    ) -> Self:
        """Return a document made of what `tiles_since` gave; tiles not named hold nothing.

        Raises
        ------
        ShapeError
            A tile lies outside of the image, or has another size or type than it must have.
        UsageError
            A tile names an object, or an object a label, that is not there.
        """
        document = cls(shape, labels, objects=objects, history_bytes=history_bytes)
        planes = document._planes
        for name, tile, array in tiles:
            if name not in PLANE_NAMES:
                raise ShapeError(f"there is no plane {name!r}")
            if not (0 <= tile[0] < planes.grid[0] and 0 <= tile[1] < planes.grid[1]):
                raise ShapeError(f"the tile {tile} lies outside of the image")
            plane = PLANE_NAMES.index(name)
            view = planes.views(tile)[plane]
            view[...] = check_map(array, view.shape)
            check_known(view, document._objects, strokes=plane != OBJECT, what=f"{name} {tile}")
        return document

    # -- what is there ---------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self._shape

    @property
    def labels(self) -> LabelSet:
        """The labels, frozen: change them through the document."""
        return self._labels

    @property
    def objects(self) -> Mapping[int, AnnotatedObject]:
        """The objects by id, read-only, in the order of their ids."""
        return MappingProxyType(self._objects)

    @property
    def object_map(self) -> np.ndarray:
        """``(height, width)`` uint16 object ids, 0 = nothing; a read-only view that stays live."""
        return self._views[OBJECT]

    @property
    def rough_map(self) -> np.ndarray:
        """``(height, width)`` uint16: 0 no stroke, 1 roughly nothing, id + 1 roughly that object.

        A read-only view that stays live.
        """
        return self._views[ROUGH]

    @property
    def sure_map(self) -> np.ndarray:
        """``(height, width)`` uint16: 0 no stroke, 1 surely nothing, id + 1 surely that object.

        A read-only view that stays live.
        """
        return self._views[SURE]

    @property
    def revision(self) -> int:
        """Grows by one with every change, undo and redo too."""
        return self._revision

    @property
    def is_dirty(self) -> bool:
        """Whether there is a change that `mark_saved` has not been told of."""
        return self._revision != self._saved_revision

    def mark_saved(self, revision: int) -> None:
        """Say that the state of a revision has been written to disk."""
        if not 0 <= revision <= self._revision:
            raise UsageError(f"revision {revision} of a document at revision {self._revision}")
        self._saved_revision = max(self._saved_revision, revision)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``callback`` after each change; return a function that ends it."""
        number = next(self._watcher_ids)
        self._watchers[number] = callback
        return lambda: self._watchers.pop(number, None) and None

    def class_map(self) -> np.ndarray:
        """Return a new ``(height, width)`` uint8 map of label ids, 0 = nothing."""
        table = np.zeros(max(self._objects, default=0) + 1, dtype=np.uint8)
        for item in self._objects.values():
            table[item.id] = item.label_id
        return table[self.object_map]

    def object_area(self, object_id: int) -> int:
        """Return how many pixels an object has (0: nothing); an open stroke does not count yet."""
        return self._areas.counts().get(object_id, 0)

    def coarse_map(self) -> np.ndarray:
        """Return a new ``(height, width)`` uint16 map of object ids: what goes into refinement.

        It is the object map, in which rough strokes are painted already, with the sure strokes
        laid over it.
        """
        coarse = self.object_map.copy()
        sure = self.sure_map
        np.subtract(sure, 1, out=coarse, where=sure > 0)
        return coarse

    def sure_for_refine(self) -> np.ndarray:
        """Return a new ``(height, width)`` uint16 map of what refinement must keep.

        Object id where that was said for sure, 0 where surely nothing is, 65535 elsewhere.
        """
        return self.sure_map - np.uint16(1)  # 0 (no stroke) wraps around to 65535

    def tiles_since(self, revision: int) -> list[tuple[str, Tile, np.ndarray]]:
        """Return copies of the tiles that changed after a revision (-1: all), for saving.

        Returns
        -------
        list of (str, (int, int), np.ndarray)
            Plane (``"object"``, ``"rough"`` or ``"sure"``), tile row and column, and the values.
            Tiles are 256 x 256 pixels, less at the right and bottom edge. An open stroke is left
            out: the copies hold the state before it.
        """
        found = []
        for row, column in np.argwhere(self._planes.stamps > revision).tolist():
            for name, array in zip(PLANE_NAMES, self._committed_tile((row, column)), strict=True):
                found.append((name, (row, column), array.copy()))
        return found

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
            proposal=None if proposal is None else (proposal.packed(), None),
        )
        self._history.push(step)
        self._state = step.state[1]
        self._set_pairs(step, 1)
        if proposal is not None:
            self._show(None)
        return self._changed(kind, name, step.rect, proposal_changed=proposal is not None)

    def _replay(self, step: Step, side: int) -> Change:
        """Bring everything to one side of a step: 0 before it, 1 after it."""
        self._planes.apply(step.patches, revision=self._revision + 1)
        self._state = step.state[side]
        self._set_pairs(step, side)
        if step.proposal is None:
            return self._changed(step.kind, step.name, step.rect)
        rect = self._proposal_rect()  # of one that may have come since
        packed = step.proposal[side]
        self._show(None if packed is None else packed.unpacked())
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

    def _committed_tile(self, tile: Tile) -> TileArrays:
        """Return a tile as it is without the open stroke; not to be written to."""
        if self._stroke is not None and tile in self._stroke.edit.before:
            return self._stroke.edit.before[tile]
        return self._planes.views(tile)

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

    # -- checks ----------------------------------------------------------------------------------

    def _check_idle(self) -> None:
        if self._stroke is not None:
            raise CallOrderError("a stroke is open", remedy="Commit or cancel it first")

    def _object(self, object_id: int) -> AnnotatedObject:
        try:
            return self._objects[object_id]
        except KeyError:
            raise UsageError(f"there is no object with the id {object_id}") from None

    def _check_unlocked(self, label_id: int) -> None:
        label = self._labels.get(label_id)
        if label.locked:
            raise UsageError(f"the label {label.name!r} is locked", remedy="Unlock it first")

    def _free_object_id(self) -> int:
        object_id = max(self._objects, default=0) + 1
        if object_id > MAX_OBJECT_ID:
            ids = range(1, MAX_OBJECT_ID + 1)
            object_id = next((i for i in ids if i not in self._objects), 0)
        if not object_id:
            raise UsageError(f"an image holds at most {MAX_OBJECT_ID} objects")
        return object_id


def check_known(
    array: np.ndarray, objects: Iterable[int], *, strokes: bool = False, what: str = "the map"
) -> None:
    """Raise UsageError if a uint16 map holds an object id (strokes: id + 1) that is not there."""
    known = np.zeros(65_537, dtype=bool)
    known[0] = True
    known[[i + 1 for i in objects] if strokes else list(objects)] = True
    if strokes:
        known[1] = True
    unknown = [int(value) for value in present_values(array) if not known[value]]
    if unknown:
        raise UsageError(f"{what} holds {unknown[0]}, which is no object of the image")


def _read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view


def _id_of(pair: LabelPair | ObjectPair) -> int:
    item = pair[0] or pair[1]
    assert item is not None, "a pair holds at least one of the two"
    return item.id
