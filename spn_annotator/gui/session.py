"""What a person works on: project, image, document, label. No Qt; the window follows it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from spn_annotator.annotation import Change, Document, Label, LabelSet, StrokeEdit, StrokeKind
from spn_annotator.errors import CallOrderError, UsageError
from spn_annotator.gui.image_list import ImageList
from spn_annotator.gui.shaping import Scope
from spn_annotator.project import Project, Snapshot, Status

#: Documents of images left behind keep their history while all take no more bytes than this.
_KEPT_BYTES = 1 << 30

ChangeWatcher = Callable[[int, Change], None]


class Session:
    """Work on one open project.

    Documents stay open when another image is shown, with their history, until they take too much
    memory; one with changes that are not on the disk is never dropped.

    Parameters
    ----------
    project : Project
        Open; the session closes it.
    watcher : callable
        Called as ``watcher(image_id, change)`` after each change of a document.
    images : ImageList, optional
        Made on another thread, if there are many.
    """

    def __init__(
        self, project: Project, watcher: ChangeWatcher, *, images: ImageList | None = None
    ) -> None:
        self.project = project
        self.images = images if images is not None else ImageList(project)
        self._labels = project.labels
        self._watcher = watcher
        self._documents: OrderedDict[int, Document] = OrderedDict()
        self._unsubscribe: dict[int, Callable[[], None]] = {}
        self._image_id: int | None = None
        self._label_id: int | None = None
        self._last_label_id: int | None = None
        self._object_of: dict[tuple[int, int], int | None] = {}

    def close(self) -> None:
        """Close the project; what is not saved is lost."""
        for unsubscribe in self._unsubscribe.values():
            unsubscribe()
        self._documents.clear()
        self.project.close()

    # ---- images ----------------------------------------------------------------------------------

    def image_path(self, image_id: int) -> Path:
        """Return where an image lies."""
        return self.project.image_path(image_id)

    @property
    def image_id(self) -> int | None:
        """The image that is shown or being read."""
        return self._image_id

    @property
    def document(self) -> Document | None:
        """The document of that image; None until it is read."""
        return None if self._image_id is None else self._documents.get(self._image_id)

    def document_of(self, image_id: int) -> Document | None:
        """Return the open document of an image."""
        return self._documents.get(image_id)

    def go_to(self, image_id: int) -> None:
        """Make an image the one that is worked on.

        Raises
        ------
        CallOrderError
            A stroke is open.
        """
        document = self.document
        if document is not None and document.open_stroke is not None:
            raise CallOrderError("a stroke is open", remedy="End it first")
        self.project.image(image_id)
        self._image_id = image_id
        if image_id in self._documents:
            self._documents.move_to_end(image_id)
            self._documents[image_id].adopt_labels(self._labels)
            self._labels = self._documents[image_id].labels

    def adopt(self, image_id: int, document: Document) -> None:
        """Take a document that was read; one that is open already stays."""
        if image_id in self._documents:
            return
        document.adopt_labels(self._labels)
        self._labels = document.labels
        self._documents[image_id] = document
        self._unsubscribe[image_id] = document.subscribe(
            lambda change, image_id=image_id: self._changed(image_id, change)
        )
        if document.labels and (self._label_id is None or self._label_id not in document.labels):
            self._label_id = next(iter(document.labels)).id
        self._forget_old()

    # ---- labels ----------------------------------------------------------------------------------

    def labels_now(self) -> LabelSet:
        """Return the labels as they are now, which may be ahead of what is on the disk."""
        document = self.document
        return self._labels if document is None else document.labels

    @property
    def label(self) -> Label | None:
        """The label that is painted with."""
        labels = self.labels_now()
        if self._label_id is None or self._label_id not in labels:
            return None
        return labels.get(self._label_id)

    @property
    def last_label_id(self) -> int | None:
        """The label that was painted with before, if it still exists."""
        return self._last_label_id if self._last_label_id in self.labels_now() else None

    def pick_label(self, label_id: int) -> None:
        """Paint with another label."""
        self.labels_now().get(label_id)
        if label_id != self._label_id:
            self._last_label_id, self._label_id = self._label_id, label_id

    def pick_at(self, x: int, y: int) -> Label | None:
        """Paint with the label and go on with the object of a pixel; None if there is none."""
        document = self._needed()
        item = document.objects.get(int(document.object_map[y, x]))
        if item is None:
            return None
        self.pick_object(item.id)
        return document.labels.get(item.label_id)

    def pick_object(self, object_id: int) -> None:
        """Paint with the label of an object; the next stroke goes on with the object."""
        item = self._needed().objects[object_id]
        self.pick_label(item.label_id)
        self._object_of[self._key(item.label_id)] = object_id

    def settle_label(self) -> None:
        """Pick a label that exists after labels were removed or undone."""
        labels = self.labels_now()
        if self._label_id is None or self._label_id not in labels:
            self._label_id = self.last_label_id or next((label.id for label in labels), None)

    def change_label(self, label_id: int, **values: object) -> Change:
        """Rename, recolour, hide or lock a label."""
        document = self._needed()
        return document.replace_label(replace(document.labels.get(label_id), **values))  # pyright: ignore[reportArgumentType]

    # ---- painting --------------------------------------------------------------------------------

    def begin_stroke(self, *, kind: StrokeKind, erase: bool, x: float, y: float) -> StrokeEdit:
        """Begin a stroke with the picked label.

        It goes on with the object it begins on, if that is one of the label; else with the object
        of the label that was painted last in this image; else it makes one.

        Raises
        ------
        UsageError
            There is no label, or it is locked or hidden.
        """
        document = self._needed()
        if erase:
            return document.begin_stroke(kind=kind, object_id=0)
        label = self.label
        if label is None:
            raise UsageError("there is no label to paint with", remedy="Add one first (Ctrl+L)")
        if not label.visible:
            raise UsageError(f"the label {label.name!r} is hidden", remedy="Show it first")
        object_id = self._object_at(document, label.id, x, y)
        if object_id is None:
            return document.begin_stroke(kind=kind, label_id=label.id)
        self._object_of[self._key(label.id)] = object_id
        return document.begin_stroke(kind=kind, object_id=object_id)

    def stroke_done(self, stroke: StrokeEdit) -> None:
        """Go on with the object of a stroke."""
        document = self._needed()
        item = document.objects.get(stroke.object_id)
        if item is not None:
            self._object_of[self._key(item.label_id)] = item.id

    def new_object(self) -> None:
        """Let the next stroke make another object of the label."""
        if self.label is not None:
            self._object_of[self._key(self.label.id)] = None

    def object_colors(self) -> dict[int, tuple[int, int, int]]:
        """Return the colour of each object that is drawn."""
        document = self.document
        if document is None:
            return {}
        colors: dict[int, tuple[int, int, int]] = {}
        for item in document.objects.values():
            label = document.labels.get(item.label_id)
            if label.visible:
                colors[item.id] = label.color
        stroke = document.open_stroke
        if stroke is not None and stroke.new_object is not None:
            colors[stroke.object_id] = document.labels.get(stroke.new_object.label_id).color
        return colors

    def label_at(self, x: int, y: int) -> Label | None:
        """Return the label of a pixel."""
        document = self.document
        if document is None:
            return None
        item = document.objects.get(int(document.object_map[y, x]))
        return None if item is None else document.labels.get(item.label_id)

    # ---- refinement ------------------------------------------------------------------------------

    def check_refinable(self, *, unpainted_unknown: bool = False) -> None:
        """See that there is something to refine.

        Parameters
        ----------
        unpainted_unknown : bool
            Whether pixels with neither stroke nor object are left to the model.

        Raises
        ------
        CallOrderError
            No image is open.
        UsageError
            Nothing is painted, or nothing says where no object is.
        """
        document = self._needed()
        if not document.any_pixel():
            raise UsageError(
                "there is nothing to refine yet", remedy="Paint something roughly first"
            )
        if unpainted_unknown and not document.any_stroke_of_nothing():
            raise UsageError(
                "no stroke says where nothing is",
                remedy="Mark some background with the eraser, or switch scribbles off",
            )

    def changeable(self, scope: Scope = Scope.ALL) -> tuple[int, ...] | None:
        """Return the ids that refinement may change, None for all.

        Raises
        ------
        UsageError
            The scope is one object or label, and there is none or it is locked.
        """
        document = self._needed()
        free = tuple(i for i in document.objects if document.can_paint(i))
        if scope is Scope.OBJECT:
            chosen = self.current_object_id()
            wanted = tuple(i for i in free if i == chosen)
        elif scope is Scope.LABEL:
            label = self.label
            wanted = tuple(
                i for i in free if label is not None and document.objects[i].label_id == label.id
            )
        else:
            return None if len(free) == len(document.objects) else (0, *free)
        if not wanted:
            what = "object" if scope is Scope.OBJECT else "label"
            raise UsageError(
                f"the selected {what} has nothing painted that may change",
                remedy="Select another one, unlock it, or refine everything",
            )
        return (0, *wanted)

    def current_object_id(self) -> int | None:
        """Return the object of the picked label that the next stroke goes on with."""
        label = self.label
        if label is None or self.document is None:
            return None
        return self._object_at(self.document, label.id, -1, -1)

    # ---- saving ----------------------------------------------------------------------------------

    def unsaved(self) -> list[int]:
        """Return the images with something that is not on the disk."""
        ids = [i for i, document in self._documents.items() if document.is_dirty]
        return ids + [i for i in self.images.unsaved if i not in ids]

    def snapshot(self, image_id: int) -> tuple[Snapshot | None, Status | None]:
        """Copy what of an image must be saved; writing it is for another thread."""
        document = self._documents.get(image_id)
        status = self.images.take_unsaved(image_id)
        if document is None or not document.is_dirty:
            return None, status
        return self.project.snapshot(image_id, document), status

    def saved(self, image_id: int, snapshot: Snapshot | None) -> None:
        """Say that a snapshot is on the disk."""
        document = self._documents.get(image_id)
        if document is not None and snapshot is not None:
            document.mark_saved(snapshot.revision, snapshot.proposal_version)
        self._forget_old()

    def not_saved(self, image_id: int, status: Status | None) -> None:
        """Say that a snapshot could not be written, so that it is tried again."""
        if status is not None:
            self.images.put_back(image_id)

    def rescue_of(self, image_id: int) -> tuple[Snapshot, Status] | None:
        """Copy all that is known of an image that could not be saved, None if that is nothing."""
        document = self._documents.get(image_id)
        if document is None or not document.is_dirty:
            return None
        whole = self.project.snapshot_whole(image_id, document)
        return whole, self.images.record(image_id).status

    # ---- helpers ---------------------------------------------------------------------------------

    def _needed(self) -> Document:
        document = self.document
        if document is None:
            raise CallOrderError("no image is open", remedy="Open one first")
        return document

    def _key(self, label_id: int) -> tuple[int, int]:
        assert self._image_id is not None
        return self._image_id, label_id

    def _object_at(self, document: Document, label_id: int, x: float, y: float) -> int | None:
        key = self._key(label_id)
        if key in self._object_of and self._object_of[key] is None:
            return None
        height, width = document.shape
        if 0 <= x < width and 0 <= y < height:
            item = document.objects.get(int(document.object_map[int(y), int(x)]))
            if item is not None and item.label_id == label_id:
                return item.id
        last = document.objects.get(self._object_of.get(key) or 0)
        if last is not None and last.label_id == label_id:
            return last.id
        return next((i.id for i in document.objects.values() if i.label_id == label_id), None)

    def _changed(self, image_id: int, change: Change) -> None:
        document = self._documents[image_id]
        status = _status_after(change, document)
        if status is not None and document.read_only is None:
            self.images.set_status(image_id, status)
        if change.kind == "labels" and image_id == self._image_id:
            self._labels = document.labels
            self.settle_label()
        self._watcher(image_id, change)

    def _forget_old(self) -> None:
        total = sum(_bytes(document) for document in self._documents.values())
        for image_id, document in list(self._documents.items()):
            if total <= _KEPT_BYTES:
                return
            if image_id == self._image_id or image_id in self.unsaved():
                continue
            total -= _bytes(document)
            del self._documents[image_id]
            self._unsubscribe.pop(image_id)()


def _status_after(change: Change, document: Document) -> Status | None:
    """Return what a change makes of an image, None if it says nothing about its status."""
    if change.proposal_changed and document.proposal is not None:
        return Status.PROPOSED
    if change.proposal_changed and change.kind == "pixels":
        return Status.ACCEPTED
    if change.kind in ("pixels", "objects", "proposal") and change.rect is not None:
        return Status.IN_PROGRESS
    return None


def _bytes(document: Document) -> int:
    height, width = document.shape
    maps = 3 if document.proposal is None else 4
    return maps * 2 * height * width + document.history.nbytes
