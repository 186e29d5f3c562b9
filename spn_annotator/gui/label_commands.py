"""What a person does with labels: the panel, the menu and the digits end here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog

from spn_annotator.gui.i18n import tr

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow


class LabelCommands:
    """Commands about labels of one window.

    Parameters
    ----------
    window : MainWindow
        The window.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @property
    def _workspace(self):
        return self._window.workspace

    def pick(self, label_id: int) -> None:
        """Paint with a label."""
        self._workspace.attempt(lambda session: session.pick_label(label_id))
        self._workspace.labels_changed.emit()
        self._workspace.state_changed.emit()

    def pick_by_key(self, key: str) -> None:
        """Paint with the label that has a key."""
        session = self._workspace.session
        labels = () if session is None else session.labels_now()
        label = next((label for label in labels if label.key == key), None)
        if label is not None:
            self.pick(label.id)

    def pick_at(self, x: int, y: int) -> None:
        """Paint with the label of a pixel, and go on with its object."""
        session = self._workspace.session
        if session is None or session.document is None:
            return
        label = session.pick_at(x, y)
        if label is None:
            self._workspace.said.emit(tr("Nothing is painted there"))
            return
        self._workspace.said.emit(tr("Going on with {name}", name=label.name))
        self._workspace.labels_changed.emit()
        self._workspace.state_changed.emit()

    def swap(self) -> None:
        """Paint with the label used before."""
        session = self._workspace.session
        if session is not None and session.last_label_id is not None:
            self.pick(session.last_label_id)

    def new_object(self) -> None:
        """Let the next stroke begin another object."""
        session = self._workspace.session
        if session is not None and session.label is not None:
            session.new_object()
            self._workspace.said.emit(
                tr("The next stroke begins another {name}", name=session.label.name)
            )

    # ---- adding and changing ---------------------------------------------------------------------

    def add(self) -> None:
        """Let the person type the name of a new label."""
        session = self._workspace.session
        if session is None:
            return
        labels = session.labels_now()
        taken = {label.name for label in labels}
        name = next(n for n in (f"label {i}" for i in range(1, 300)) if n not in taken)

        def begin(_: object) -> None:
            draft = labels.make(name)
            self._window.labels_dock.show()
            self._window.labels.draft(draft)

        self._workspace.attempt(begin)

    def named(self, name: str) -> None:
        """Add the label whose name was typed, and paint with it."""
        session = self._workspace.session
        document = None if session is None else session.document
        if session is None or document is None:
            return
        if self._workspace.attempt(lambda _: session.pick_label(document.add_label(name).id)):
            self._workspace.labels_changed.emit()
            self._workspace.state_changed.emit()

    def rename(self) -> None:
        """Let the person type another name for the picked label."""
        session = self._workspace.session
        if session is not None and session.label is not None:
            self._window.labels_dock.show()
            self._window.labels.edit(session.label.id)

    def renamed(self, label_id: int, name: str) -> None:
        """Give a label the name that was typed."""
        self._workspace.attempt(lambda session: session.change_label(label_id, name=name))

    def recolor(self, label_id: int | None = None) -> None:
        """Ask for another colour, of the picked label if none is given."""
        session = self._workspace.session
        if session is None:
            return
        label = session.label if label_id is None else session.labels_now().get(label_id)
        if label is None:
            return
        color = QColorDialog.getColor(
            QColor(*label.color), self._window, tr("Colour of {name}", name=label.name)
        )
        if color.isValid():
            chosen = (color.red(), color.green(), color.blue())
            self._workspace.attempt(lambda s: s.change_label(label.id, color=chosen))

    def remove(self) -> None:
        """Remove the picked label."""
        session = self._workspace.session
        label = None if session is None else session.label
        if session is None or session.document is None or label is None:
            return
        document = session.document
        if self._workspace.attempt(lambda _: document.remove_label(label.id)):
            undo = self._window.actions_["undo"].shortcut().toString()
            self._workspace.said.emit(
                tr("Removed {name}; {key} brings it back", name=label.name, key=undo)
            )

    def change_picked(self, **values: bool) -> None:
        """Hide, show, lock or unlock the picked label."""
        session = self._workspace.session
        if session is not None and session.label is not None:
            label_id = session.label.id
            self._workspace.attempt(lambda s: s.change_label(label_id, **values))

    def toggle(self, label_id: int, name: str) -> None:
        """Turn a label's ``visible`` or ``locked`` round."""
        session = self._workspace.session
        if session is not None:
            value = not getattr(session.labels_now().get(label_id), name)
            self._workspace.attempt(lambda s: s.change_label(label_id, **{name: value}))
