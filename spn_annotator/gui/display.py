"""Shows in the window what the workspace holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from spn_annotator.annotation import Change, Document, Rect
from spn_annotator.gui.canvas.overlay import OverlayMode, OverlaySource, OverlayStyle
from spn_annotator.gui.canvas.proposal_view import ProposalView
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.session import Session
from spn_annotator.gui.step_names import step_text
from spn_annotator.gui.workers.refine import RefineResult

if TYPE_CHECKING:
    from spn_annotator.gui.window import MainWindow

#: Reading an image that takes longer is said to be under way.
_SLOW_MS = 200


class Display(QObject):
    """Follows the workspace of one window.

    Parameters
    ----------
    window : MainWindow
        The window; all its parts exist.
    style : OverlayStyle
        How the overlay looks at first.
    """

    def __init__(self, window: MainWindow, style: OverlayStyle) -> None:
        super().__init__(window)
        self._window = window
        self.style = style
        self._before = False
        self._bare = False
        self._proposal_view: ProposalView | None = None
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(lambda: window.stack.setCurrentWidget(window.empty))
        workspace, canvas = window.workspace, window.canvas
        workspace.project_changed.connect(self.show_project)
        workspace.image_leaving.connect(lambda: canvas.cancel_stroke())
        workspace.image_changed.connect(self.show_image)
        workspace.opening.changed.connect(self.show_opening)
        workspace.document_changed.connect(self.show_change)
        workspace.labels_changed.connect(self.show_labels)
        workspace.status_changed.connect(self.show_status)
        workspace.state_changed.connect(self.update_actions)
        workspace.refining.refined.connect(self.show_refined)
        workspace.painting.painted.connect(self._follow_stroke)
        canvas.hovered.connect(self.show_position)
        canvas.left.connect(self.hide_position)
        canvas.before_held.connect(self.hold_before)
        canvas.stroke_changed.connect(self.update_actions)
        canvas.view_changed.connect(self.show_zoom)

    def show_all(self) -> None:
        """Show everything as it is."""
        self.show_project()
        self.show_image()
        self.update_actions()

    @property
    def _session(self) -> Session | None:
        return self._window.workspace.session

    @property
    def _document(self) -> Document | None:
        return None if self._session is None else self._session.document

    # ---- project and image -----------------------------------------------------------------------

    def show_project(self) -> None:
        """Show how far the images of another project are."""
        strip, session = self._window.strip, self._session
        if session is None:
            strip.set_progress(0, 0)
        else:
            strip.set_progress(session.images.accepted, len(session.images))
        self.show_labels()
        self.show_names()

    def show_image(self) -> None:
        """Show the image at hand, or what there is instead of one."""
        window, session, document = self._window, self._session, self._document
        picture = window.workspace.picture
        self.hide_position()
        self._slow.stop()
        if picture is not None and document is not None and session is not None:
            self._proposal_view = ProposalView(document)
            self._proposal_view.refresh(None)
            window.canvas.painter.set_colors(session.object_colors())
            window.canvas.set_picture(picture, self._source())
            window.stack.setCurrentWidget(window.canvas)
            if session.image_id is not None:
                window.strip.model.show_picture(session.image_id, picture)
            self.set_style(self.style)
            if not isinstance(QApplication.focusWidget(), QLineEdit):
                window.canvas.setFocus()
        else:
            self._proposal_view = None
            window.canvas.set_picture(None, None)
            self._show_instead()
            reading = session is not None and session.image_id is not None
            if reading and not window.workspace.unreadable:
                self._slow.start()  # most images are there before anyone could read a message
            else:
                window.stack.setCurrentWidget(window.empty)
        window.options.setEnabled(picture is not None)
        self.show_names()
        window.strip.select(None if session is None else session.image_id)

    def show_opening(self) -> None:
        """Show that a project is being opened, or what there is when it is not any more."""
        if self._session is None:
            self._show_instead()
            self._window.stack.setCurrentWidget(self._window.empty)
        self.update_actions()

    def _show_instead(self) -> None:
        empty, session = self._window.empty, self._session
        opening = self._window.workspace.opening.path
        if session is None and opening is not None:
            empty.show_opening(opening)
            return
        if session is None:
            empty.show_welcome(self._window.settings.recent)
            return
        if session.image_id is None:
            empty.show_no_images(session.project.folder)
            return
        name = Path(session.images.record(session.image_id).name).name
        if self._window.workspace.unreadable:
            more = session.images.neighbour(session.image_id, 1) is not None
            empty.show_unreadable(name, more=more, missing=self._window.workspace.file_is_missing)
        else:
            empty.show_loading(name)

    def show_names(self) -> None:
        """Show which image of which project is open."""
        window, session = self._window, self._session
        if session is None:
            window.title_label.show_names("", "", (0, 0))
            window.setWindowTitle("SPN Annotator")
            return
        project = session.project.folder.resolve().name
        if session.image_id is None:
            window.title_label.show_names(project, "", (0, 0))
            window.setWindowTitle(f"{project} — SPN Annotator")
            return
        image = session.images.record(session.image_id).name
        place = (session.images.place(session.image_id), len(session.images))
        window.title_label.show_names(project, image, place)
        window.setWindowTitle(f"{image} — {project} — SPN Annotator")

    def show_status(self, image_id: int) -> None:
        """Show the status of an image."""
        if self._session is not None:
            images = self._session.images
            self._window.strip.model.update_record(image_id)
            self._window.strip.set_progress(images.accepted, len(images))

    # ---- document --------------------------------------------------------------------------------

    def show_change(self, change: Change) -> None:
        """Show what has changed in the document, and paint no more than that."""
        session, canvas, document = self._session, self._window.canvas, self._document
        if session is None or document is None or self._proposal_view is None:
            return
        # Other labels and objects may be accepted now, wherever they lie.
        settled = self._proposal_view.shown and change.kind in ("labels", "objects")
        shown = Rect.of_shape(document.shape) if settled else change.rect
        if self._proposal_view.refresh(shown) or change.proposal_changed:
            canvas.set_source(self._source())
            self.set_style(self.style)
        # Confidence may differ everywhere, not only where the proposal does.
        tinted = settled or (change.proposal_changed and self.style.confidence)
        if canvas.painter.set_colors(session.object_colors()) or tinted:
            canvas.refresh_overlay()
        elif change.rect is not None:
            rect = change.rect
            canvas.update_image_rect(rect.x0, rect.y0, rect.x1, rect.y1)

    def _follow_stroke(self, rect: Rect) -> None:
        """Keep the outline of a proposal off what is being painted."""
        if self._proposal_view is not None and self._proposal_view.refresh(rect):
            self._window.canvas.set_source(self._source())

    def _source(self) -> OverlaySource | None:
        document = self._document
        if document is None or self._proposal_view is None:
            return None
        return OverlaySource(
            objects=document.object_map,
            rough=document.rough_map,
            sure=document.sure_map,
            proposal=self._proposal_view if self._proposal_view.shown else None,
            confidence=None if document.proposal is None else document.proposal.confidence8,
        )

    def show_labels(self) -> None:
        """Show the labels and which one is picked."""
        session, window = self._session, self._window
        labels = [] if session is None else list(session.labels_now())
        window.labels.set_labels(labels, any_image=self._document is not None)
        label = None if session is None else session.label
        window.labels.select(None if label is None else label.id)
        if label is not None:
            window.actions_.set_checked("label_visible", checked=label.visible)
            window.actions_.set_checked("label_locked", checked=label.locked)

    def show_refined(self, result: RefineResult) -> None:
        """Show how long a refinement took."""
        self._window.status.set_refined(result.seconds, result.device)

    @property
    def _decided(self) -> bool:
        review = getattr(self._window, "review", None)  # made after the first update
        return review is not None and review.can_go_back

    def update_actions(self) -> None:
        """Enable what is possible, and name what would be undone."""
        window, document = self._window, self._document
        state = window.workspace.window_state(stroke=window.canvas.stroke_running)
        state = replace(state, chosen=len(window.object_commands.chosen), decided=self._decided)
        window.actions_.update(state)
        for name, word, step in (
            ("undo", "&Undo", document.undo_name if document else None),
            ("redo", "&Redo", document.redo_name if document else None),
        ):
            shown = tr(word)
            text = f"{shown}: {step_text(step).replace('&', '&&')}" if step else shown
            if window.actions_[name].text() != text:
                window.actions_[name].setText(text)

    # ---- view ------------------------------------------------------------------------------------

    def set_style(self, style: OverlayStyle) -> None:
        """Draw the overlay in another way."""
        self.style = style
        canvas = self._window.canvas
        shown = replace(style, line=max(1, round(canvas.device_ratio)))
        if self._proposal_view is not None and self._proposal_view.shown:
            before = replace(shown, proposal=False)
        else:
            before = replace(shown, mode=OverlayMode.HIDDEN)
        if self._bare:  # a heat map is read by its colours: labels keep their outlines only
            shown = replace(shown, mode=OverlayMode.OUTLINE, strokes=False)
        canvas.set_overlay_style(before if self._before else shown)
        canvas.set_before_style(before)

    def set_bare(self, bare: bool) -> None:
        """Draw outlines alone while something else gives the image its colours."""
        self._bare = bare
        self.set_style(self.style)

    def hold_before(self, held: bool) -> None:
        """Show what was before the proposal, or the bare image, while a key is held."""
        self._before = held
        self.set_style(self.style)

    def cycle_overlay(self) -> None:
        """Go on from filled to outlines to hidden."""
        self.set_style(replace(self.style, mode=self.style.mode.following()))
        self._window.options.set_mode(self.style.mode)

    def show_position(self, x: float, y: float) -> None:
        """Show what is under the mouse."""
        label = None if self._session is None else self._session.label_at(int(x), int(y))
        self._window.status.set_position((int(x), int(y)))
        self._window.status.set_label("" if label is None else label.name, label and label.color)

    def hide_position(self) -> None:
        """Show that the mouse is elsewhere."""
        self._window.status.set_position(None)
        self._window.status.set_label("", None)

    def show_zoom(self) -> None:
        """Show the zoom."""
        canvas = self._window.canvas
        self._window.status.set_zoom(None if canvas.picture is None else canvas.view.zoom)
