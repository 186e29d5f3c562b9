"""The labels and objects of a document: added, changed, removed, imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from spn_annotator.annotation import painting
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.labels import MAX_LABEL_ID, Color, Label, LabelSet, merge_labels
from spn_annotator.annotation.objects import MAX_OBJECT_ID, AnnotatedObject
from spn_annotator.annotation.planes import Tile, check_map, present_values
from spn_annotator.annotation.state import check_known
from spn_annotator.annotation.steps import DocumentSteps
from spn_annotator.errors import ShapeError, UsageError


class DocumentEntries(DocumentSteps):
    """Adds the edits of labels and objects."""

    # -- labels and objects ----------------------------------------------------------------------

    def add_label(self, name: str, *, color: Color | None = None, key: str | None = None) -> Label:
        """Add a label and return it; see `LabelSet.add`."""
        self._check_idle()
        label = self._labels.make(name, color=color, key=key)
        self._record("labels", f"Add label {label.name}", labels=[(None, label)])
        return label

    def add_labels(self, labels: Sequence[Label], name: str = "Import labels") -> Change:
        """Add labels that have their ids already, in one step.

        Raises
        ------
        UsageError
            An id, a name or a key is taken.
        """
        self._check_idle()
        LabelSet([*self._labels, *labels])  # raises if something is taken
        return self._record("labels", name, labels=[(None, label) for label in labels])

    def replace_label(self, label: Label) -> Change:
        """Put ``label`` in the place of the one with its id (rename, recolour, lock, hide)."""
        self._check_idle()
        before = self._labels.get(label.id)
        self._labels.copy().replace(label)  # raises if the name or key is taken
        if label == before:
            return Change(None, "labels", f"Change label {label.name}", self._revision)
        return self._record("labels", f"Change label {label.name}", labels=[(before, label)])

    def remove_label(self, label_id: int) -> Change:
        """Remove a label with its objects, their pixels and strokes, in one step.

        Raises
        ------
        UsageError
            There is no such label, or it is locked.
        """
        self._check_idle()
        label = self._labels.get(label_id)
        self._check_unlocked(label_id)
        gone = [item for item in self._objects.values() if item.label_id == label_id]
        edit = self._edit()
        ids = {item.id for item in gone}
        rect = painting.clear_objects(edit, ids, tiles=self._tiles_of(ids)) if gone else None
        return self._record(
            "labels",
            f"Remove label {label.name}",
            edit=edit,
            rect=rect,
            labels=[(label, None)],
            objects=[(item, None) for item in gone],
        )

    def adopt_labels(self, labels: LabelSet) -> Change | None:
        """Take over the labels of the project, as they were changed through another document.

        This is no undo step and leaves a saved document saved. A label that an object here still
        uses is kept even if the project has it no longer. If the project gave an id to a new
        label, the steps of the history that speak of the former label with that id are forgotten.
        A document that is read-only takes them over too: they are not its own.
        """
        self._check_no_stroke()
        used = {item.label_id for item in self._objects.values()}
        merged = merge_labels(labels, (label for label in self._labels if label.id in used))
        if merged == self._labels:
            return None
        self._history.forget_labels({item.id for item in merged if item.id not in self._labels})
        self._labels = merged
        was_dirty = self.is_dirty
        change = self._changed("labels", "Labels of the project", None)
        if not was_dirty:
            self.mark_saved(change.revision)
        return change

    def add_object(self, label_id: int, name: str = "") -> AnnotatedObject:
        """Add an object without pixels and return it; UsageError if the label is not there."""
        self._check_idle()
        label = self._labels.get(label_id)
        item = AnnotatedObject(self._free_object_id(), label_id, name)
        self._record("objects", f"Add {label.name}", objects=[(None, item)])
        return item

    def replace_object(self, item: AnnotatedObject) -> Change:
        """Put ``item`` in the place of the object with its id (rename, give another label).

        Raises
        ------
        UsageError
            There is no such object or label, or a label changes and one of the two is locked.
        """
        self._check_idle()
        before = self._object(item.id)
        label = self._labels.get(item.label_id)
        if item == before:
            return Change(None, "objects", f"Change {item.name or label.name}", self._revision)
        if before.label_id != item.label_id:
            self._check_unlocked(before.label_id)
            self._check_unlocked(item.label_id)
        rect = Rect.of_shape(self._shape) if before.label_id != item.label_id else None
        return self._record(
            "objects", f"Change {item.name or label.name}", rect=rect, objects=[(before, item)]
        )

    def remove_object(self, object_id: int) -> Change:
        """Remove an object with its pixels and strokes; UsageError if absent or locked."""
        self._check_idle()
        item = self._object(object_id)
        self._check_unlocked(item.label_id)
        edit = self._edit()
        rect = painting.clear_objects(edit, {object_id}, tiles=self._tiles_of({object_id}))
        name = f"Remove {item.name or self._labels.get(item.label_id).name}"
        return self._record("objects", name, edit=edit, rect=rect, objects=[(item, None)])

    # -- imports ---------------------------------------------------------------------------------

    def import_map(
        self,
        object_map: np.ndarray,
        *,
        objects: Iterable[AnnotatedObject],
        labels: LabelSet | None = None,
        name: str = "Import",
    ) -> Change:
        """Make everything another object map, as one step.

        All strokes and all objects go, but for objects of locked labels, whose pixels stay.

        Parameters
        ----------
        object_map : np.ndarray
            ``(height, width)`` ids of ``objects``, 0 = nothing.
        objects : iterable of AnnotatedObject
            Given new ids where theirs belong to locked objects.
        labels : LabelSet, optional
            Labels to add where their ids are not there yet.

        Raises
        ------
        ShapeError
            The map has another shape, type or range.
        UsageError
            The map names an object, or an object a label, that is not there.
        """
        self._check_idle()
        array = check_map(object_map, self._shape)
        wanted = {item.id: item for item in objects}
        merged = self._labels if labels is None else merge_labels(self._labels, labels)
        for item in wanted.values():
            merged.get(item.label_id)
        check_known(array, wanted)
        kept = {
            item.id: item
            for item in self._objects.values()
            if self._labels.get(item.label_id).locked
        }
        table = np.zeros(65_536, dtype=np.uint16)
        new = dict(kept)
        free = (i for i in range(1, MAX_OBJECT_ID + 1) if i not in kept and i not in wanted)
        for item in wanted.values():
            table[item.id] = item.id if item.id not in kept else next(free)
            new[int(table[item.id])] = replace(item, id=int(table[item.id]))
        edit = self._edit()
        rect = painting.replace_map(edit, table[array])
        ids = sorted(self._objects.keys() | new.keys())
        pairs = [(self._objects.get(i), new.get(i)) for i in ids]
        return self._record(
            "labels" if merged != self._labels else "objects",
            name,
            edit=edit,
            rect=rect,
            labels=[(None, label) for label in merged if label.id not in self._labels],
            objects=[pair for pair in pairs if pair[0] != pair[1]],
        )

    def import_class_map(
        self, class_map: np.ndarray, *, unknown: int | None = None, name: str = "Import mask"
    ) -> Change:
        """Make everything a map of label ids, one object a label, as one step.

        Parameters
        ----------
        class_map : np.ndarray
            ``(height, width)`` label ids, 0 = nothing; ids without a label get one named
            ``label N``.
        unknown : int, optional
            A value to take as nothing.

        Raises
        ------
        ShapeError
            The map has another shape, type or range, or names an id above 254.
        """
        array = check_map(class_map, self._shape)
        if unknown is not None:
            array = np.where(array == unknown, np.uint16(0), array)
        ids = [int(value) for value in present_values(array) if value]
        if ids and ids[-1] > MAX_LABEL_ID:
            raise ShapeError(f"label ids run from 1 to {MAX_LABEL_ID}, the mask has {ids[-1]}")
        labels = self._labels.copy()
        for label_id in ids:
            if label_id not in labels:
                made = labels.make(f"label {label_id}")
                labels = labels.with_changes([(label_id, replace(made, id=label_id))]).copy()
        return self.import_map(
            array, objects=[AnnotatedObject(i, i) for i in ids], labels=labels, name=name
        )

    # -- helpers ---------------------------------------------------------------------------------

    def _tiles_of(self, object_ids: Iterable[int]) -> list[Tile]:
        """Return the tiles in which objects have pixels or may have strokes, row by row."""
        found = {(int(row), int(column)) for row, column in np.argwhere(self._planes.stroked)}
        for object_id in object_ids:
            found.update(self._areas.tiles_of(object_id))
        return sorted(found)

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
