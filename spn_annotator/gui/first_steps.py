"""Leads through the first steps on the sample project, as the person does them."""

from __future__ import annotations

from enum import IntEnum
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolBar, QWidget

from spn_annotator.gui.action_set import plain_text
from spn_annotator.gui.action_table import BY_ID
from spn_annotator.gui.i18n import mark, tr
from spn_annotator.gui.keymap import native
from spn_annotator.gui.panels.coach import CoachBar, Ring
from spn_annotator.paths import sample_project_dir

if TYPE_CHECKING:
    from spn_annotator.annotation import Change
    from spn_annotator.gui.window import MainWindow


class Step(IntEnum):
    """What there is to do, in order; the last one are words to end with."""

    PAINT = 1
    REFINE = 2
    ACCEPT = 3
    NEXT = 4
    EXPORT = 5
    END = 6


#: What each step says; a name in braces is the key of the action of that name.
_WORDS = {
    Step.PAINT: (
        mark("Paint roughly"),
        mark(
            "Pick a label at the right and drag over something in the picture. The brush is "
            "{tool_brush}, its size {brush_smaller} and {brush_bigger}; nothing has to be exact."
        ),
    ),
    Step.REFINE: (
        mark("Refine"),
        mark("Press {refine}. The model moves the borders to the edges in the picture."),
    ),
    Step.ACCEPT: (
        mark("Look and accept"),
        mark(
            "The dashed line is a proposal; hold the key left of <b>1</b> to see what was before. "
            "{accept} accepts it, {drop} drops it. The strokes stay, and {undo} takes everything "
            "back."
        ),
    ),
    Step.NEXT: (
        mark("On to the next image"),
        mark("Press {next_image}. Everything is saved by itself."),
    ),
    Step.EXPORT: (
        mark("Export"),
        mark("Press {export} and choose what other programs shall read, and where it goes."),
    ),
    Step.END: (
        mark("That is the whole way"),
        mark(
            "The guide tells the rest ({guide}), every key is on one page ({key_sheet}), and "
            "{command_palette} finds any command by a few letters."
        ),
    ),
}

#: The action whose button each step speaks of.
_BUTTONS = {
    Step.PAINT: "tool_brush",
    Step.REFINE: "refine",
    Step.ACCEPT: "accept",
    Step.NEXT: "next_image",
}


class FirstSteps(QObject):
    """The first steps of one window; they do nothing until they are begun.

    Parameters
    ----------
    window : MainWindow
        The window; its parts exist.
    bar : CoachBar
        Where the steps are shown.
    """

    def __init__(self, window: MainWindow, bar: CoachBar) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._bar = bar
        self._ring = Ring(window.theme, window)
        self._step: Step | None = None
        self._wanted = False
        self._watching = False
        self._image_id: int | None = None
        bar.skipped.connect(self._skip)
        bar.ended.connect(self.end)
        workspace = self._workspace
        workspace.opened.connect(self._opened)
        workspace.opening.failed.connect(lambda _: self._want(False))
        workspace.project_closing.connect(self.end)
        workspace.document_changed.connect(self._document_changed)
        workspace.refining.refined.connect(lambda _: self._proposed())
        workspace.image_changed.connect(self._image_changed)

    @property
    def step(self) -> Step | None:
        """The step that is shown, None if none is."""
        return self._step

    @property
    def target(self) -> QWidget | None:
        """What the ring is around."""
        return self._ring.target

    def watch(self) -> None:
        """Begin by itself when the sample project is opened, unless that has happened before."""
        self._watching = True

    def begin(self) -> None:
        """Begin; the sample project is opened for it if it is not open already."""
        session = self._workspace.session
        if session is not None and _is_sample(session.project.folder):
            self._show(Step.PAINT)
            return
        self._want(True)
        self._window.commands.open_sample()

    def end(self) -> None:
        """Show no steps any more."""
        if self._step is None:
            return
        focused = self._bar.isAncestorOf(self._window.focusWidget() or self._window)
        self._step = None
        self._ring.surround(None)
        self._bar.hide()
        if focused:
            self._window.canvas.setFocus()

    def exported(self) -> None:
        """Note that files were written."""
        if self._step is not None:
            self._show(Step.END)

    # ---- what happens ----------------------------------------------------------------------------

    def _want(self, wanted: bool) -> None:
        self._wanted = wanted

    def _opened(self, path: Path) -> None:
        first = self._watching and not self._window.settings.first_steps_seen
        if _is_sample(path) and (self._wanted or first):
            self._show(Step.PAINT)
        self._wanted = False

    def _document_changed(self, change: Change) -> None:
        session = self._workspace.session
        document = None if session is None else session.document
        if self._step is None or document is None:
            return
        accepted = change.kind == "pixels" and change.proposal_changed
        if document.proposal is not None:
            self._proposed()
        elif accepted and self._step < Step.NEXT:
            self._show(Step.NEXT)
        elif self._step is Step.ACCEPT:  # dropped
            self._show(Step.REFINE)
        elif self._step is Step.PAINT and change.kind in ("pixels", "objects"):
            if document.can_undo and document.undo_name == change.name:
                self._show(Step.REFINE)

    def _proposed(self) -> None:
        if self._step in (Step.PAINT, Step.REFINE):
            self._show(Step.ACCEPT)

    def _image_changed(self) -> None:
        session = self._workspace.session
        image_id = None if session is None else session.image_id
        if self._step is Step.NEXT and image_id not in (None, self._image_id):
            self._show(Step.EXPORT)
        self._image_id = image_id

    def _skip(self) -> None:
        if self._step is not None and self._step < Step.END:
            self._show(Step(self._step + 1))

    # ---- showing ---------------------------------------------------------------------------------

    def _show(self, step: Step) -> None:
        self._window.settings.first_steps_seen = True
        session = self._workspace.session
        self._image_id = None if session is None else session.image_id
        self._step = step
        title, text = _WORDS[step]
        keys = {name: f"<b>{escape(self._key(name))}</b>" for name in BY_ID}
        self._bar.show_step(tr(title), tr(text, **keys), number=step, total=len(Step) - 1)
        self._ring.surround(self._button(_BUTTONS.get(step)))

    def _key(self, name: str) -> str:
        """Return the key of an action, its name if the person gave it none."""
        keys = self._window.actions_.keymap.keys(name)
        return native(keys[0]) if keys else plain_text(BY_ID[name])

    def _button(self, name: str | None) -> QWidget | None:
        if name is None:
            return None
        action = self._window.actions_[name]
        bars = self._window.findChildren(QToolBar)
        return next((b for b in (bar.widgetForAction(action) for bar in bars) if b), None)


def _is_sample(path: Path) -> bool:
    return path.resolve() == sample_project_dir().resolve()
