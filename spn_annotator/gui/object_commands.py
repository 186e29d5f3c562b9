"""What the person can do to objects: choose, rename, split, merge, fill, clean, smooth, remove."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog

from spn_annotator.annotation import Change, Document
from spn_annotator.annotation.parts import MAX_SMOOTHING
from spn_annotator.gui.i18n import tr, tr_n

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

_LARGEST_ISLAND = 1_000_000


class ObjectCommands:
    """Commands about the objects of the image of one window.

    Parameters
    ----------
    window : MainWindow
        The window.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._workspace = window.workspace
        self._chosen: tuple[int, ...] = ()
        self._island = 64
        self._radius = 3

    # ---- choosing --------------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[int, ...]:
        """The chosen objects that are there, in the order they were chosen."""
        document = self._document
        if document is None:
            return ()
        return tuple(i for i in self._chosen if i in document.objects)

    def choose(self, object_ids: Iterable[int]) -> None:
        """Choose objects; their label is painted with."""
        self._chosen = tuple(object_ids)
        session, document = self._workspace.session, self._document
        if session is not None and document is not None and self.chosen:
            session.pick_object(self.chosen[0])
            self._workspace.labels_changed.emit()
        self._window.side_display.show_chosen()
        self._workspace.state_changed.emit()

    def choose_at(self, x: int, y: int) -> None:
        """Choose the object of a pixel, if there is one."""
        document = self._document
        object_id = 0 if document is None else int(document.object_map[y, x])
        if object_id:
            self.choose([object_id])

    def zoom_to(self, object_id: int | None = None) -> None:
        """Show a chosen object, or the one given, from near."""
        document = self._document
        ids = self.chosen if object_id is None else (object_id,)
        if document is None or not ids:
            return
        rect = document.object_rect(ids[0])
        for other in ids[1:]:
            rect = rect.union(document.object_rect(other))
        if rect.is_empty:
            self._workspace.said.emit(tr("The object has no pixels"))
        else:
            self._window.zoom_to_rect(rect)

    # ---- changing --------------------------------------------------------------------------------

    def rename(self) -> None:
        """Let the person type another name."""
        if self.chosen:
            self._window.show_side("objects")
            self._window.side_display.refresh()  # the object may have come a moment ago
            self._window.objects.edit(self.chosen[0])

    def renamed(self, object_id: int, name: str) -> None:
        """Give an object the name that was typed."""
        document = self._document
        if document is not None and object_id in document.objects:
            item = document.objects[object_id]
            self._workspace.attempt(lambda _: document.replace_object(replace(item, name=name)))

    def relabel(self) -> None:
        """Give the chosen objects the label that is painted with."""
        session = self._workspace.session
        label = None if session is None else session.label
        if label is None:
            return

        def act(document: Document, object_id: int) -> Change:
            item = document.objects[object_id]
            return document.replace_object(replace(item, label_id=label.id))

        self._each(
            act,
            tr_n(
                "{n} object is {label} now",
                "{n} objects are {label} now",
                len(self.chosen),
                label=label.name,
            ),
        )

    def split(self) -> None:
        """Make each connected part of the chosen objects an object."""
        document = self._document
        if document is None:
            return
        before = set(document.objects)
        if self._each(lambda d, i: d.split_object(i)):
            made = [i for i in document.objects if i not in before]
            if made:
                self._workspace.said.emit(tr_n("{n} new object", "{n} new objects", len(made)))
                self.choose([*self.chosen, *made])
            else:
                self._workspace.said.emit(tr("The object has one part only"))

    def merge(self) -> None:
        """Make the chosen objects one."""
        ids, document = self.chosen, self._document
        if document is not None and self._workspace.attempt(lambda _: document.merge_objects(ids)):
            self.choose(ids[:1])
            self._workspace.said.emit(tr("{n} objects are one now", n=len(ids)))

    def fill_holes(self) -> None:
        """Fill what the chosen objects enclose."""
        self._each(lambda d, i: d.fill_holes(i), tr("Nothing was to fill"), only_unchanged=True)

    def remove_islands(self) -> None:
        """Ask for a size and take smaller parts away."""
        if not self.chosen:
            return
        size, ok = QInputDialog.getInt(
            self._window,
            tr("Remove islands"),
            tr("Remove connected parts of fewer pixels than:"),
            self._island,
            2,
            _LARGEST_ISLAND,
        )
        if ok:
            self._island = size
            self._each(
                lambda d, i: d.remove_islands(i, smaller_than=size),
                tr("No part is so small"),
                only_unchanged=True,
            )

    def smooth(self) -> None:
        """Ask for a radius and take teeth and notches from the borders."""
        if not self.chosen:
            return
        radius, ok = QInputDialog.getInt(
            self._window,
            tr("Smooth borders"),
            tr("Radius in pixels:"),
            self._radius,
            1,
            MAX_SMOOTHING,
        )
        if ok:
            self._radius = radius
            self._each(
                lambda d, i: d.smooth_object(i, radius=radius),
                tr("Nothing was to smooth"),
                only_unchanged=True,
            )

    def remove(self) -> None:
        """Remove the chosen objects."""
        count = len(self.chosen)
        if self._each(lambda d, i: d.remove_object(i)):
            self._workspace.said.emit(tr_n("{n} object removed", "{n} objects removed", count))

    # ---- helpers ---------------------------------------------------------------------------------

    @property
    def _document(self) -> Document | None:
        session = self._workspace.session
        return None if session is None or self._workspace.picture is None else session.document

    def _each(
        self,
        act: Callable[[Document, int], Change],
        said: str = "",
        *,
        only_unchanged: bool = False,
    ) -> bool:
        """Do something to each chosen object; an error ends it. Returns whether it worked."""
        document = self._document
        if document is None or not self.chosen:
            return False
        before = document.revision
        for object_id in self.chosen:
            if not self._workspace.attempt(lambda _, i=object_id: act(document, i)):
                return False
        if said and (document.revision == before or not only_unchanged):
            self._workspace.said.emit(said)
        return True
