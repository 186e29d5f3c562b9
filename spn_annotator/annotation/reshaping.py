"""Edits of whole objects: split, merge, fill holes, remove islands, smooth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from spn_annotator.annotation import painting
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.entries import DocumentEntries
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.objects import MAX_OBJECT_ID, AnnotatedObject
from spn_annotator.annotation.parts import connected_parts, holes, islands, smoothed
from spn_annotator.annotation.planes import OBJECT
from spn_annotator.errors import UsageError


class DocumentReshaping(DocumentEntries):
    """Adds the edits of the shape of objects; each is one step.

    Pixels of other objects and of locked labels stay, and so does what was marked as sure.
    """

    def object_rect(self, object_id: int) -> Rect:
        """Return the smallest rectangle around an object's pixels, empty if it has none.

        Raises
        ------
        UsageError
            There is no such object.
        """
        self._object(object_id)
        found = Rect.empty()
        for tile in self._areas.tiles_of(object_id):
            rect = self._planes.tile_rect(tile)
            mask = self._committed_tile(tile)[OBJECT] == object_id
            found = found.union(painting.bounds(mask, rect))
        return found

    def object_areas(self) -> dict[int, int]:
        """Return pixels by object id; objects without a pixel have 0.

        An open stroke does not count yet.
        """
        counts = self._areas.counts()
        return {object_id: counts.get(object_id, 0) for object_id in self._objects}

    def count_areas(self, *, seconds: float) -> bool:
        """Do a part of the work of the next `object_areas`; return whether it is all done.

        Of a large image of which everything has changed it takes a few tenths of a second, which a
        window has to spread out.
        """
        return self._areas.count(seconds=seconds)

    def split_object(self, object_id: int) -> Change:
        """Make each connected part of an object one of its own, of the same label and name.

        The largest part stays what it was. Strokes go with the pixels under them.

        Raises
        ------
        UsageError
            There is no such object, it is locked, or there are not enough ids left.
        """
        item, rect = self._open_object(object_id)
        name = f"Split {self._called(item)}"
        mask = self.object_map[rect.slices] == object_id
        numbers, areas = connected_parts(mask)
        if len(areas) < 3:
            return Change(None, "objects", name, self._revision)
        ids = self._free_object_ids(len(areas) - 2)
        # By the number of the part: nothing, the object itself, the new ones.
        table = np.array([0, object_id, *ids], dtype=np.uint16)
        wanted = table[numbers]
        edit = self._edit()
        changed = painting.renumber(edit, rect, object_id, wanted)
        made = [AnnotatedObject(new, item.label_id, item.name) for new in ids]
        return self._record(
            "objects", name, edit=edit, rect=changed, objects=[(None, new) for new in made]
        )

    def merge_objects(self, object_ids: Iterable[int]) -> Change:
        """Make several objects one: the first, which keeps its label and name.

        Raises
        ------
        UsageError
            Fewer than two are given, one is not there, or one is locked.
        """
        ids = list(dict.fromkeys(object_ids))
        if len(ids) < 2:
            raise UsageError(
                "there is nothing to merge", remedy="Choose two or more objects (Ctrl + click)"
            )
        first, *others = ids
        item, rect = self._open_object(first)
        gone = [self._open_object(object_id)[0] for object_id in others]
        edit = self._edit()
        written = painting.rename_objects(
            edit, dict.fromkeys(others, first), tiles=self._tiles_of(others)
        )
        return self._record(
            "objects",
            f"Merge into {self._called(item)}",
            edit=edit,
            rect=written.union(rect) if not written.is_empty else None,
            objects=[(other, None) for other in gone],
        )

    def fill_holes(self, object_id: int) -> Change:
        """Give an object the empty pixels that it encloses.

        Raises
        ------
        UsageError
            There is no such object, or it is locked.
        """
        item, rect = self._open_object(object_id)
        part = self.object_map[rect.slices]
        inside = holes(part == object_id)
        inside &= part == 0
        return self._redraw(item, rect, f"Fill holes of {self._called(item)}", gain=inside)

    def remove_islands(self, object_id: int, *, smaller_than: int) -> Change:
        """Take the connected parts of fewer pixels than given out of an object.

        The largest part always stays.

        Raises
        ------
        UsageError
            There is no such object, or it is locked.
        """
        item, rect = self._open_object(object_id)
        mask = self.object_map[rect.slices] == object_id
        lost = islands(mask, smaller_than=smaller_than)
        return self._redraw(item, rect, f"Remove islands of {self._called(item)}", lose=lost)

    def smooth_object(self, object_id: int, *, radius: int) -> Change:
        """Take teeth and notches of up to about ``radius`` pixels from an object's border.

        Raises
        ------
        UsageError
            There is no such object, it is locked, or the radius is not 1 to 50.
        """
        item, tight = self._open_object(object_id)
        wide = Rect(
            tight.x0 - radius, tight.y0 - radius, tight.x1 + radius, tight.y1 + radius
        ).clip(self._shape)
        rect = Rect.empty() if tight.is_empty else wide
        part = self.object_map[rect.slices]
        mask = part == object_id
        smooth = smoothed(mask, radius=radius)
        return self._redraw(
            item,
            rect,
            f"Smooth {self._called(item)}",
            gain=smooth & (part == 0),
            lose=mask & ~smooth,
        )

    # -- helpers ---------------------------------------------------------------------------------

    def _open_object(self, object_id: int) -> tuple[AnnotatedObject, Rect]:
        """Return an object that may change, and where it is."""
        self._check_idle()
        item = self._object(object_id)
        self._check_unlocked(item.label_id)
        return item, self.object_rect(object_id)

    def _called(self, item: AnnotatedObject) -> str:
        return item.name or self._labels.get(item.label_id).name

    def _redraw(
        self,
        item: AnnotatedObject,
        rect: Rect,
        name: str,
        *,
        gain: np.ndarray | None = None,
        lose: np.ndarray | None = None,
    ) -> Change:
        """Give an object pixels and take some away, but none that are marked as sure."""
        edit = self._edit()
        changed = painting.redraw(edit, rect, item.id, gain=gain, lose=lose)
        return self._record("pixels", name, edit=edit, rect=changed)

    def _free_object_ids(self, count: int) -> Sequence[int]:
        taken = self._objects.keys()
        last = max(taken, default=0)
        if last + count <= MAX_OBJECT_ID:
            return range(last + 1, last + count + 1)
        free = [i for i in range(1, MAX_OBJECT_ID + 1) if i not in taken]
        if len(free) < count:
            raise UsageError(
                f"the object has {count + 1:,} parts and an image holds at most "
                f"{MAX_OBJECT_ID:,} objects",
                remedy="Remove small islands first",
            )
        return free[:count]
