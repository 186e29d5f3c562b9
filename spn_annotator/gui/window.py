"""The window: parts put together, signals connected, states shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from spn_annotator.annotation import Change, Rect
from spn_annotator.gui.action_set import ActionSet
from spn_annotator.gui.action_table import BY_ID
from spn_annotator.gui.bars import fill_menus, make_dock, make_header, make_tool_bar
from spn_annotator.gui.canvas.canvas import ZOOM_STEP, Canvas
from spn_annotator.gui.canvas.overlay import OverlayMode, OverlaySource, OverlayStyle
from spn_annotator.gui.canvas.proposal_view import ProposalView
from spn_annotator.gui.commands import Commands, dropped_path
from spn_annotator.gui.panels.empty_state import EmptyState
from spn_annotator.gui.panels.error_bar import ErrorBar
from spn_annotator.gui.panels.film_strip import FilmStrip
from spn_annotator.gui.panels.labels import LabelsPanel
from spn_annotator.gui.panels.option_bar import OptionBar
from spn_annotator.gui.panels.status_bar import StatusBar
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.theme import Theme, ThemeChoice
from spn_annotator.gui.tools import TOOLS
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.refine import RefineResult, RefinerFactory, default_refiner
from spn_annotator.gui.workspace import Workspace

_LABEL_MENU = (
    "rename_label",
    "recolor_label",
    "label_visible",
    "label_locked",
    None,
    "remove_label",
)


class MainWindow(QMainWindow):
    """The one window of the program.

    Parameters
    ----------
    settings : Settings
        What is remembered.
    theme : Theme
        Colours.
    refiner : callable
        Makes the refiner, on its thread.
    """

    def __init__(
        self,
        settings: Settings,
        theme: Theme,
        *,
        refiner: RefinerFactory = default_refiner,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.theme = theme
        self.workspace = Workspace(refiner, self)
        self.commands = Commands(self)
        self._style = OverlayStyle(opacity=settings.opacity)
        self._before = False
        self._proposal_view: ProposalView | None = None
        self._tools = {tool.id: tool for tool in TOOLS}
        self.actions_ = ActionSet(self, theme, self._handlers())
        self._build()
        self._connect()
        self._restore()
        self._show_image()
        self._update_actions()

    # ---- putting together ------------------------------------------------------------------------

    def _build(self) -> None:
        actions, theme = self.actions_, self.theme
        self.header, self._title = make_header(self, actions, theme)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.header)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, make_tool_bar(self, actions))
        self.canvas = Canvas(self.workspace.painting)
        self.workspace.painting.set_surface(self.canvas)
        self.options = OptionBar(
            theme,
            sure_action=actions["sure_strokes"],
            overlay_action=actions["cycle_overlay"],
            strokes_action=actions["show_strokes"],
        )
        self.errors = ErrorBar(theme)
        self.empty = EmptyState(
            open_folder=actions["open_folder"],
            open_image=actions["open_image"],
            open_sample=actions["open_sample"],
        )
        self.status = StatusBar()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.options, self.errors):
            layout.addWidget(widget)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(middle)

        self.labels = LabelsPanel(
            theme,
            add_action=actions["add_label"],
            menu_actions=[None if name is None else actions[name] for name in _LABEL_MENU],
        )
        self.labels_dock = make_dock(self, "labels", "Labels", self.labels)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.labels_dock)
        self.strip = FilmStrip(theme)
        self.strip_dock = make_dock(self, "images", "Images", self.strip)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.strip_dock)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.status, 1)
        self._recent = QMenu("Open &recent", self)
        fill_menus(self, actions, recent=self._recent, panels=[self.labels_dock, self.strip_dock])
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 600)

    def _handlers(self) -> dict[str, Callable[..., object]]:
        workspace, commands = self.workspace, self.commands
        handlers: dict[str, Callable[..., object]] = {
            "open_folder": commands.open_folder,
            "open_image": commands.open_image,
            "open_sample": commands.open_sample,
            "save": workspace.autosave.save_now,
            "export": commands.export,
            "quit": self.close,
            "previous_image": lambda: workspace.step(-1),
            "next_image": lambda: workspace.step(1),
            "next_todo": workspace.next_todo,
            "mark_accepted": workspace.toggle_accepted,
            "undo": workspace.undo,
            "redo": workspace.redo,
            "sure_strokes": self._set_sure,
            "brush_bigger": lambda: workspace.painting.step_size(1),
            "brush_smaller": lambda: workspace.painting.step_size(-1),
            "refine": workspace.refine,
            "live": lambda on: workspace.refining.set_live(live=on),
            "scribbles": lambda on: workspace.refining.set_scribbles(scribbles=on),
            "accept": workspace.accept,
            "drop": self._drop,
            "add_label": commands.add_label,
            "rename_label": commands.rename_label,
            "recolor_label": commands.recolor_label,
            "label_visible": lambda on: self._change_label(visible=on),
            "label_locked": lambda on: self._change_label(locked=on),
            "remove_label": commands.remove_label,
            "swap_label": self._swap_label,
            "new_object": self._new_object,
            "fit": lambda: self.canvas.fit(),
            "actual_size": lambda: self.canvas.zoom_to(1.0),
            "zoom_in": lambda: self.canvas.zoom_to(self.canvas.view.zoom * ZOOM_STEP),
            "zoom_out": lambda: self.canvas.zoom_to(self.canvas.view.zoom / ZOOM_STEP),
            "cycle_overlay": self._cycle_overlay,
            "show_strokes": lambda on: self._set_style(replace(self._style, strokes=on)),
            "key_sheet": commands.key_sheet,
            "about": commands.about,
        }
        for tool in self._tools:
            handlers[f"tool_{tool}"] = lambda tool=tool: self.set_tool(tool)
        for choice in ThemeChoice:
            handlers[f"theme_{choice}"] = lambda choice=choice: self.set_theme(choice)
        for spec in BY_ID.values():
            number = spec.id.removeprefix("label_")
            if number.isdigit():
                handlers[spec.id] = lambda key=number: self._pick_by_key(key)
        return handlers

    def _connect(self) -> None:
        workspace, canvas = self.workspace, self.canvas
        workspace.project_changed.connect(self._show_project)
        workspace.image_changed.connect(self._show_image)
        workspace.document_changed.connect(self._show_change)
        workspace.labels_changed.connect(self._show_labels)
        workspace.status_changed.connect(self._show_status)
        workspace.state_changed.connect(self._update_actions)
        workspace.said.connect(self.status.show_message)
        workspace.failed.connect(self.show_failure)
        workspace.recovered.connect(self.errors.clear)
        workspace.refining.busy_changed.connect(self.status.set_busy)
        workspace.refining.refined.connect(self._show_refined)
        workspace.autosave.state_changed.connect(self.status.set_save_state)
        workspace.painting.size_changed.connect(self._size_changed)
        canvas.hovered.connect(self._show_position)
        canvas.left.connect(self._hide_position)
        canvas.before_held.connect(self._hold_before)
        canvas.brush_steps.connect(workspace.painting.step_size)
        canvas.view_changed.connect(self._show_zoom)
        workspace.painting.painted.connect(self._follow_stroke)
        self.options.size_chosen.connect(workspace.painting.set_size)
        self.options.opacity_chosen.connect(self._set_opacity)
        self.options.entered.connect(canvas.setFocus)
        self.labels.picked.connect(self._pick)
        self.labels.named.connect(self._add_label)
        self.labels.renamed.connect(
            lambda label_id, name: workspace.attempt(lambda s: s.change_label(label_id, name=name))
        )
        self.labels.color_wanted.connect(self.commands.recolor_label)
        self.labels.visibility_toggled.connect(lambda i: self._toggle_label(i, "visible"))
        self.labels.lock_toggled.connect(lambda i: self._toggle_label(i, "locked"))
        self.strip.chosen.connect(workspace.go_to)
        self.empty.recent_chosen.connect(lambda path: self.commands.open_path(Path(path)))
        self.theme.changed.connect(self._tint)

    def _restore(self) -> None:
        self.theme.choose(self.settings.theme)
        self.actions_.set_checked(f"theme_{self.settings.theme}", checked=True)
        self.actions_.set_checked("show_strokes", checked=self._style.strokes)
        self._tint()
        self.workspace.painting.set_size(self.settings.brush_size)
        self.options.set_size(self.workspace.painting.size)
        self.options.set_opacity(self._style.opacity)
        self.set_tool("brush")
        self.resize(1440, 900)
        geometry, state = self.settings.window()
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if state.isEmpty() or not self.restoreState(state):
            self.resizeDocks([self.labels_dock], [264], Qt.Orientation.Horizontal)
        self.refresh_recent()

    # ---- the person does something ---------------------------------------------------------------

    def set_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.canvas.set_tool(self._tools[tool_id])
        self.actions_.set_checked(f"tool_{tool_id}", checked=True)
        self.options.show_brush(visible=self._tools[tool_id].has_brush)

    def set_theme(self, choice: ThemeChoice) -> None:
        """Use light or dark colours, or follow the system."""
        self.settings.theme = choice
        self.theme.choose(choice)

    def show_failure(self, failure: Failure, topic: str) -> None:
        """Show an error in the bar."""
        self.errors.show_failure(failure, topic=topic)

    def refresh_recent(self) -> None:
        """Show the projects opened before."""
        recent = self.settings.recent
        self._recent.clear()
        self._recent.setEnabled(bool(recent))
        for folder in recent:
            action = self._recent.addAction(str(folder).replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, path=folder: self.commands.open_path(path)
            )
        if self.workspace.session is None:
            self.empty.show_welcome(recent)

    def _drop(self) -> None:
        if not self.canvas.cancel_stroke():
            self.workspace.drop()

    def _set_sure(self, sure: bool) -> None:
        self.workspace.painting.kind = "sure" if sure else "rough"

    def _set_opacity(self, opacity: float) -> None:
        self.settings.opacity = opacity
        self._set_style(replace(self._style, opacity=opacity))

    def _size_changed(self, size: float) -> None:
        self.settings.brush_size = size
        self.options.set_size(size)
        self.canvas.refresh_cursor()

    def _cycle_overlay(self) -> None:
        self._set_style(replace(self._style, mode=self._style.mode.following()))
        self.options.set_mode(self._style.mode)

    def _hold_before(self, held: bool) -> None:
        self._before = held
        self._set_style(self._style)

    def _set_style(self, style: OverlayStyle) -> None:
        self._style = style
        shown = replace(style, line=max(1, round(self.canvas.device_ratio)))
        if self._before:
            if self._proposal_view is not None and self._proposal_view.object_map is not None:
                shown = replace(shown, proposal=False)
            else:
                shown = replace(shown, mode=OverlayMode.HIDDEN)
        self.canvas.set_overlay_style(shown)

    # ---- labels ----------------------------------------------------------------------------------

    def _pick(self, label_id: int) -> None:
        self.workspace.attempt(lambda session: session.pick_label(label_id))
        self._show_labels()
        self._update_actions()

    def _pick_by_key(self, key: str) -> None:
        session = self.workspace.session
        labels = () if session is None else session.labels_now()
        label = next((label for label in labels if label.key == key), None)
        if label is not None:
            self._pick(label.id)

    def _swap_label(self) -> None:
        session = self.workspace.session
        if session is not None and session.last_label_id is not None:
            self._pick(session.last_label_id)

    def _new_object(self) -> None:
        session = self.workspace.session
        if session is not None and session.label is not None:
            session.new_object()
            self.status.show_message(f"The next stroke begins another {session.label.name}")

    def _add_label(self, name: str) -> None:
        session = self.workspace.session
        document = None if session is None else session.document
        if session is None or document is None:
            return
        if self.workspace.attempt(lambda _: session.pick_label(document.add_label(name).id)):
            self._show_labels()
            self._update_actions()

    def _change_label(self, **values: bool) -> None:
        session = self.workspace.session
        if session is not None and session.label is not None:
            label_id = session.label.id
            self.workspace.attempt(lambda s: s.change_label(label_id, **values))

    def _toggle_label(self, label_id: int, name: str) -> None:
        session = self.workspace.session
        if session is not None:
            value = not getattr(session.labels_now().get(label_id), name)
            self.workspace.attempt(lambda s: s.change_label(label_id, **{name: value}))

    # ---- showing ---------------------------------------------------------------------------------

    def _show_project(self) -> None:
        session = self.workspace.session
        if session is None:
            self.strip.set_images([], None)
            self.strip.set_progress(0, 0)
        else:
            self.strip.set_images(session.images.records(), session.image_path)
            self.strip.set_progress(session.images.accepted, len(session.images))
        self._show_labels()

    def _show_image(self) -> None:
        workspace = self.workspace
        session = workspace.session
        document = None if session is None else session.document
        self._hide_position()
        if session is None:
            self.empty.show_welcome(self.settings.recent)
        elif session.image_id is None:
            self.empty.show_no_images(session.project.folder)
        elif workspace.unreadable:
            name = Path(session.images.record(session.image_id).path).name
            more = session.images.neighbour(session.image_id, 1) is not None
            self.empty.show_unreadable(name, more=more)
        elif workspace.picture is None:
            name = Path(session.images.record(session.image_id).path).name
            self.empty.show_loading(name)
        if workspace.picture is not None and document is not None and session is not None:
            self._proposal_view = ProposalView(document)
            self._proposal_view.refresh(None)
            self.canvas.painter.set_colors(session.object_colors())
            self.canvas.set_picture(workspace.picture, self._source())
            self._stack.setCurrentWidget(self.canvas)
            self._set_style(self._style)
        else:
            self._proposal_view = None
            self.canvas.set_picture(None, None)
            self._stack.setCurrentWidget(self.empty)
        self.options.setEnabled(workspace.picture is not None)
        self._show_names()
        self.strip.select(None if session is None else session.image_id)

    def _source(self) -> OverlaySource | None:
        session = self.workspace.session
        document = None if session is None else session.document
        if document is None or self._proposal_view is None:
            return None
        return OverlaySource(
            objects=document.object_map,
            rough=document.rough_map,
            sure=document.sure_map,
            proposal=self._proposal_view.object_map,
        )

    def _show_change(self, change: Change) -> None:
        session = self.workspace.session
        if session is None or self._proposal_view is None:
            return
        if self._proposal_view.refresh(change.rect):
            self.canvas.set_source(self._source())
            self._set_style(self._style)
        if self.canvas.painter.set_colors(session.object_colors()):
            self.canvas.refresh_overlay()
        elif change.rect is not None:
            rect = change.rect
            self.canvas.update_image_rect(rect.x0, rect.y0, rect.x1, rect.y1)

    def _follow_stroke(self, rect: Rect) -> None:
        """Keep the proposal's outline off what is being painted."""
        if self._proposal_view is not None and self._proposal_view.refresh(rect):
            self.canvas.set_source(self._source())

    def _show_labels(self) -> None:
        session = self.workspace.session
        labels = [] if session is None else list(session.labels_now())
        ready = session is not None and session.document is not None
        self.labels.set_labels(labels, any_image=ready)
        label = None if session is None else session.label
        self.labels.select(None if label is None else label.id)
        if label is not None:
            self.actions_.set_checked("label_visible", checked=label.visible)
            self.actions_.set_checked("label_locked", checked=label.locked)

    def _show_status(self, image_id: int) -> None:
        session = self.workspace.session
        if session is not None:
            self.strip.model.update_record(session.images.record(image_id))
            self.strip.set_progress(session.images.accepted, len(session.images))

    def _show_names(self) -> None:
        session = self.workspace.session
        if session is None:
            self._title.show_names("", "", (0, 0))
            self.setWindowTitle("SPN Annotator")
            return
        project = session.project.folder.resolve().name
        if session.image_id is None:
            self._title.show_names(project, "", (0, 0))
            self.setWindowTitle(f"{project} — SPN Annotator")
            return
        image = session.images.record(session.image_id).path
        place = (session.images.place(session.image_id), len(session.images))
        self._title.show_names(project, image, place)
        self.setWindowTitle(f"{image} — {project} — SPN Annotator")

    def _show_refined(self, result: RefineResult) -> None:
        self.status.set_refined(result.seconds, result.device)

    def _show_position(self, x: float, y: float) -> None:
        session = self.workspace.session
        label = None if session is None else session.label_at(int(x), int(y))
        self.status.set_position((int(x), int(y)))
        self.status.set_label("" if label is None else label.name, label and label.color)

    def _hide_position(self) -> None:
        self.status.set_position(None)
        self.status.set_label("", None)

    def _show_zoom(self) -> None:
        self.status.set_zoom(None if self.canvas.picture is None else self.canvas.view.zoom)

    def _update_actions(self) -> None:
        workspace = self.workspace
        state = workspace.window_state(stroke=self.canvas.stroke_running)
        self.actions_.update(state)
        document = workspace.session.document if workspace.session else None
        for name, word, step in (
            ("undo", "&Undo", document.undo_name if document else None),
            ("redo", "&Redo", document.redo_name if document else None),
        ):
            self.actions_[name].setText(f"{word} {step.lower()}" if step else word)

    def _tint(self) -> None:
        self.canvas.set_canvas_color(self.theme.color("canvas"))

    # ---- the window itself -----------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and images."""
        if dropped_path(event.mimeData().urls()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        path = dropped_path(event.mimeData().urls())
        if path is not None:
            event.acceptProposedAction()
            self.commands.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save and end all threads, or stay open."""
        self.canvas.cancel_stroke()
        if not self.commands.may_close():
            event.ignore()
            return
        self.settings.set_window(self.saveGeometry(), self.saveState())
        self.workspace.stop()
        self.strip.model.stop()
        super().closeEvent(event)

