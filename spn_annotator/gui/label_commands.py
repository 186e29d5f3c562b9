"""What a person does with labels: the panel, the menu and the digits end here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog, QInputDialog

from spn_annotator.annotation import Label
from spn_annotator.formats.label_lists import (
    LIST_SUFFIXES,
    ListKind,
    merged,
    read_label_list,
    write_label_list,
)
from spn_annotator.gui.i18n import tr, tr_n

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

    def change_key(self) -> None:
        """Ask for another digit of the picked label; it is taken from the label that has it."""
        session = self._workspace.session
        label = None if session is None else session.label
        if session is None or label is None:
            return
        none = tr("No key")
        keys = [none, *"1234567890"]
        key, ok = QInputDialog.getItem(
            self._window,
            tr("Change key"),
            tr("Key of {name}:", name=label.name),
            keys,
            keys.index(label.key) if label.key in keys else 0,
            False,
        )
        if not ok:
            return
        wanted = None if key == none else key
        for other in session.labels_now():
            if wanted is not None and other.key == wanted and other.id != label.id:
                self._workspace.attempt(lambda s, i=other.id: s.change_label(i, key=None))
        self._workspace.attempt(lambda s: s.change_label(label.id, key=wanted))

    def import_list(self) -> None:
        """Ask for a file and add its labels."""
        patterns = " ".join(f"*{suffix}" for suffix in LIST_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Import labels"),
            self._window.settings.last_folder,
            tr("Lists of labels ({patterns})", patterns=patterns),
        )
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Add the labels of a file that the project does not have yet, as one step."""
        session = self._workspace.session
        document = None if session is None else session.document
        if session is None or document is None:
            return
        added: list[Label] = []

        def act(_: object) -> None:
            added.extend(merged(document.labels, read_label_list(path)))
            if added:
                document.add_labels(added)

        if self._workspace.attempt(act):
            text = tr_n("{n} label added", "{n} labels added", len(added))
            none = tr("All labels of {name} are there already", name=path.name)
            self._workspace.said.emit(text if added else none)

    def export_list(self) -> None:
        """Ask for a file and write the labels into it."""
        session = self._workspace.session
        if session is None:
            return
        kinds: dict[str, ListKind] = {
            tr("List of labels (*.json)"): "labels",
            tr("List of labels (*.yaml *.yml)"): "yaml",
            tr("COCO categories (*.json)"): "coco",
            tr("Labels for CVAT (*.json)"): "cvat",
        }
        name, chosen = QFileDialog.getSaveFileName(
            self._window,
            tr("Export labels"),
            str(Path(self._window.settings.last_folder) / "labels.json"),
            ";;".join(kinds),
        )
        if not name:
            return
        path, kind = Path(name), kinds.get(chosen, "labels")
        if kind == "labels" and path.suffix.lower() in (".yaml", ".yml"):
            kind = "yaml"
        elif kind == "yaml" and path.suffix.lower() == ".json":
            path = path.with_suffix(".yaml")  # it would be read as JSON
        if not path.suffix:
            path = path.with_suffix(".yaml" if kind == "yaml" else ".json")
        if self._workspace.attempt(lambda s: write_label_list(path, s.labels_now(), kind)):
            self._workspace.said.emit(tr("Labels written to {name}", name=path.name))

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
