"""What a document is made of, and all that can be read of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Self

import numpy as np

from spn_annotator.annotation.areas import ObjectAreas
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.history import DEFAULT_HISTORY_BYTES, History
from spn_annotator.annotation.labels import LabelSet
from spn_annotator.annotation.moment import ChangedTiles, Moment, NamedTiles, ProposedTiles
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import (
    OBJECT,
    PLANE_NAMES,
    ROUGH,
    SURE,
    Planes,
    Tile,
    TileArrays,
    check_map,
    present_values,
)
from spn_annotator.annotation.proposal import Proposal
from spn_annotator.annotation.strokes import StrokeEdit
from spn_annotator.errors import ShapeError, UsageError

FREE = 65_535
"""Value of `DocumentState.sure_for_refine` where nothing was said for sure."""


class DocumentState:
    """Maps, labels, objects and revision of one image, to be read; `Document` is all of it.

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

    Attributes
    ----------
    read_only : str or None
        Why nothing may be changed, as a sentence for the user; None: everything may. Proposals can
        be looked at and dropped, not accepted.

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
        self._proposal_version = 0
        self._saved_proposal_version = 0
        self._accepted: list[tuple[int, str]] = []
        self.read_only: str | None = None
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
            planes.stroked[tile] |= plane != OBJECT
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
    def proposal_version(self) -> int:
        """Grows whenever a proposal comes or goes, which need not change the revision."""
        return self._proposal_version

    @property
    def is_dirty(self) -> bool:
        """Whether there is a change, of the proposal too, that `mark_saved` was not told of.

        Never so of a document that is read-only: a proposal that is looked at is not kept.
        """
        return self.read_only is None and (
            self._revision != self._saved_revision
            or self._proposal_version != self._saved_proposal_version
        )

    def mark_saved(self, revision: int, proposal_version: int | None = None) -> None:
        """Say that the state of a revision has been written to disk, with its proposal if named."""
        if not 0 <= revision <= self._revision:
            raise UsageError(f"revision {revision} of a document at revision {self._revision}")
        self._saved_revision = max(self._saved_revision, revision)
        if proposal_version is not None:
            self._saved_proposal_version = max(self._saved_proposal_version, proposal_version)

    def accepted_since(self, revision: int) -> tuple[str, ...]:
        """Return the model of each proposal that was accepted after a revision."""
        return tuple(model for at, model in self._accepted if at > revision)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``callback`` after each change; return a function that ends it."""
        number = next(self._watcher_ids)
        self._watchers[number] = callback
        return lambda: self._watchers.pop(number, None) and None

    def class_map(self) -> np.ndarray:
        """Return a new ``(height, width)`` uint8 map of label ids, 0 = nothing."""
        table = np.zeros(65_536, dtype=np.uint8)  # an open stroke may hold an id not there yet
        for item in self._objects.values():
            table[item.id] = item.label_id
        return table[self.object_map]

    def object_area(self, object_id: int) -> int:
        """Return how many pixels an object has (0: nothing); an open stroke does not count yet."""
        return self._areas.counts().get(object_id, 0)

    def any_pixel(self) -> bool:
        """Return whether an object has a pixel; quicker than to look at the whole map."""
        if not self._objects and self._stroke is None:
            return False
        return any(views[OBJECT].any() for views in map(self._planes.views, self._planes.tiles()))

    def any_stroke_of_nothing(self) -> bool:
        """Return whether a stroke, rough or sure, says somewhere that nothing is there."""
        tiles = {(int(row), int(column)) for row, column in np.argwhere(self._planes.stroked)}
        if self._stroke is not None:
            tiles.update(self._stroke.edit.before)
        return any((view == 1).any() for tile in tiles for view in self._planes.views(tile)[ROUGH:])

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

    def tiles_since(self, revision: int) -> NamedTiles:
        """Return the tiles that changed after a revision (-1: all), for saving on any thread.

        Returns
        -------
        collection of (str, (int, int), np.ndarray)
            Plane (``"object"``, ``"rough"`` or ``"sure"``), tile row and column, and the values,
            not to be written to. They are copied when they are read, and are what they are now
            whatever happens meanwhile. Tiles are 256 x 256 pixels, less at the right and bottom
            edge. An open stroke is left out: they hold the state before it.
        """
        return NamedTiles(self.changed_tiles(revision))

    def proposal_tiles(self) -> ProposedTiles:
        """Return the proposal as it would be accepted now, for saving on any thread.

        Returns
        -------
        collection of (str, (int, int), np.ndarray)
            ``"object"``, tile and uint16 ids where it may differ from the object map, and
            ``"confidence"``, tile and uint8 values everywhere; nothing without a proposal. Made
            when they are read; not to be written to.
        """
        proposal = self._proposal
        if proposal is None:
            return ProposedTiles(self._moment(()), None)
        moment = self._moment(proposal.tiles)
        return ProposedTiles(moment, replace(proposal, base=dict(proposal.base)))

    def changed_tiles(self, revision: int) -> ChangedTiles:
        """Return the tiles that changed after a revision (-1: all), for another thread.

        Each comes with its object, rough and sure map, as by `tiles_since`; a map without a value
        in the tile costs no memory.
        """
        found = np.argwhere(self._planes.stamps > revision)
        places = [(int(row), int(column)) for row, column in found]
        return ChangedTiles(self._moment(places), places)

    def _moment(self, places: Iterable[Tile]) -> Moment:
        before = {} if self._stroke is None else self._stroke.edit.before
        return Moment(self._planes, before, places)

    @property
    def open_stroke(self) -> StrokeEdit | None:
        """The stroke that has begun and not ended, if there is one."""
        return self._stroke

    @property
    def proposal(self) -> Proposal | None:
        """What refinement returned and nobody has accepted or dropped yet."""
        return self._proposal

    @property
    def proposal_is_stale(self) -> bool:
        """Whether the pixels have changed since the state the proposal was computed from.

        Undoing that change makes the proposal fresh again.
        """
        return self._proposal is not None and self._proposal.state != self._state

    def can_paint(self, object_id: int) -> bool:
        """Return whether a stroke of the object (0: erasing) may begin: it is there, not locked."""
        if object_id == 0:
            return True
        item = self._objects.get(object_id)
        return item is not None and not self._labels.get(item.label_id).locked

    def _committed_tile(self, tile: Tile) -> TileArrays:
        """Return a tile as it is without the open stroke; not to be written to."""
        if self._stroke is not None and tile in self._stroke.edit.before:
            return self._stroke.edit.before[tile]
        return self._planes.views(tile)


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
