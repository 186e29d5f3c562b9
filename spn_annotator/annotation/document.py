"""The annotations of one image: everything a user can do to them.

Not safe for use from several threads: read and change a document on one thread (that of the
window), and hand copies to others (`coarse_map`, `sure_for_refine`, `tiles_since`).
"""

from __future__ import annotations

import numpy as np

from spn_annotator.annotation import painting
from spn_annotator.annotation.change import Change
from spn_annotator.annotation.geometry import Rect
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.annotation.planes import PlaneEdit
from spn_annotator.annotation.proposing import DocumentProposals
from spn_annotator.annotation.strokes import StrokeEdit, StrokeKind
from spn_annotator.errors import ShapeError, UsageError


class Document(DocumentProposals):
    """The annotations of one image. Raster first: the object map is the truth.

    Every change is one undo step, raises `revision` by one and is told to those who subscribed.

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

    # -- pixels ----------------------------------------------------------------------------------

    def begin_stroke(
        self,
        *,
        kind: StrokeKind,
        object_id: int = 0,
        label_id: int | None = None,
        name: str | None = None,
    ) -> StrokeEdit:
        """Begin a stroke.

        Parameters
        ----------
        kind : {"rough", "sure"}
            Whether refinement may move what is painted, or must keep it.
        object_id : int
            What is painted; 0 erases ("nothing is here").
        label_id : int, optional
            Paint a new object of this label instead: it is made by the commit, in the same undo
            step, and only if a pixel was painted. Its id is the stroke's ``object_id``.
        name : str, optional
            What the history shows.

        Raises
        ------
        CallOrderError
            Another stroke is open.
        UsageError
            There is no such object or label, its label is locked (ask `can_paint` first), or both
            an object and a label were given.
        """
        self._check_idle()
        new = None
        if label_id is None:
            self._check_paint(object_id, kind)
            name = name or self._stroke_name(object_id, kind)
        else:
            if object_id:
                raise UsageError("a stroke paints an object or a new one of a label, not both")
            self._check_paint(0, kind)
            self._check_unlocked(label_id)
            new = AnnotatedObject(self._free_object_id(), label_id)
            object_id = new.id
            name = name or _painted(self._labels.get(label_id).name, kind)
        self._stroke = StrokeEdit(
            self, self._edit(), kind=kind, object_id=object_id, name=name, new_object=new
        )
        return self._stroke

    def fill_mask(
        self,
        mask: np.ndarray | tuple[Rect, np.ndarray],
        *,
        object_id: int,
        kind: StrokeKind,
        name: str | None = None,
    ) -> Change:
        """Paint the true pixels of a mask as one stroke.

        Parameters
        ----------
        mask : np.ndarray or (Rect, np.ndarray)
            Boolean ``(height, width)``, or a rectangle and the mask of its size; what lies
            outside of the image is cut off.
        object_id, kind, name
            As for `begin_stroke`.

        Returns
        -------
        Change
            With ``rect`` None, and no step made, if no pixel has changed.
        """
        self._check_idle()
        self._check_paint(object_id, kind)
        if isinstance(mask, tuple):
            where, array = mask
        else:
            where, array = Rect.of_shape(self._shape), mask
        array = np.asarray(array)
        if array.dtype != bool or array.shape != (where.height, where.width):
            raise ShapeError(
                f"the mask must be boolean {(where.height, where.width)}, "
                f"got {array.dtype} {array.shape}"
            )
        inside = where.clip(self._shape)
        cut = painting.shifted(inside, where).slices
        edit = self._edit()
        rect = painting.fill(edit, array[cut], inside, object_id=object_id, kind=kind)
        name = name or self._stroke_name(object_id, kind)
        return self._record_pixels(edit, rect, name)

    def clear_strokes(
        self,
        *,
        kinds: tuple[StrokeKind, ...] = ("rough", "sure"),
        rect: Rect | None = None,
        name: str = "Clear strokes",
    ) -> Change:
        """Forget strokes (of some kinds, in a rectangle); the object map stays as it is."""
        self._check_idle()
        where = Rect.of_shape(self._shape) if rect is None else rect
        edit = self._edit()
        return self._record_pixels(edit, painting.clear_strokes(edit, where, kinds=kinds), name)

    # -- helpers ---------------------------------------------------------------------------------

    def _record_pixels(self, edit: PlaneEdit, rect: Rect, name: str) -> Change:
        return self._record("pixels", name, edit=edit, rect=rect)

    def _check_paint(self, object_id: int, kind: StrokeKind) -> None:
        if kind not in ("rough", "sure"):
            raise UsageError(f"a stroke is rough or sure, got {kind!r}")
        if object_id != 0:
            self._check_unlocked(self._object(object_id).label_id)

    def _stroke_name(self, object_id: int, kind: StrokeKind) -> str:
        if object_id == 0:
            return "Erase" if kind == "rough" else "Mark surely nothing"
        item = self._objects[object_id]
        what = item.name or self._labels.get(item.label_id).name
        return _painted(what, kind)


def _painted(what: str, kind: StrokeKind) -> str:
    return f"Paint {what}" if kind == "rough" else f"Mark surely {what}"
