"""The window: parts put together, signals connected, states shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.annotation import Rect
from spn_annotator.gui.action_set import ActionSet
from spn_annotator.gui.bars import fill_menus, make_dock, make_header, make_tool_bar
from spn_annotator.gui.canvas.canvas import Canvas
from spn_annotator.gui.canvas.overlay import OverlayStyle
from spn_annotator.gui.commands import Commands, dropped_path
from spn_annotator.gui.dialogs.versions import decide_versions
from spn_annotator.gui.display import Display
from spn_annotator.gui.first_steps import FirstSteps
from spn_annotator.gui.handlers import all_handlers
from spn_annotator.gui.i18n import AUTO, LANGUAGES, tr
from spn_annotator.gui.image_browser import ImageBrowser
from spn_annotator.gui.keymap import Keymap
from spn_annotator.gui.label_commands import LabelCommands
from spn_annotator.gui.object_commands import ObjectCommands
from spn_annotator.gui.panels.coach import CoachBar
from spn_annotator.gui.panels.comments import CommentsPanel
from spn_annotator.gui.panels.empty_state import EmptyState
from spn_annotator.gui.panels.error_bar import ErrorBar
from spn_annotator.gui.panels.film_strip import FilmStrip
from spn_annotator.gui.panels.history import HistoryPanel
from spn_annotator.gui.panels.labels import LabelsPanel
from spn_annotator.gui.panels.objects import ObjectsPanel
from spn_annotator.gui.panels.option_bar import OptionBar
from spn_annotator.gui.panels.side import SidePanel
from spn_annotator.gui.panels.statistics import StatisticsPanel
from spn_annotator.gui.panels.status_bar import StatusBar
from spn_annotator.gui.review import Review
from spn_annotator.gui.settings import Settings
from spn_annotator.gui.side_display import SideDisplay
from spn_annotator.gui.theme import Theme, ThemeChoice
from spn_annotator.gui.tools import TOOLS
from spn_annotator.gui.view_options import ViewOptions
from spn_annotator.gui.workers.latest import Failure
from spn_annotator.gui.workers.refine import RefinerFactory, default_refiner
from spn_annotator.gui.workspace import Workspace

_OBJECT_BUTTONS = (
    "split_object",
    "merge_objects",
    "fill_holes",
    "remove_islands",
    "smooth_object",
    "remove_object",
)
_OBJECT_MENU = (
    "zoom_to_object",
    "rename_object",
    "relabel_object",
    None,
    *_OBJECT_BUTTONS[:-1],
    None,
    "remove_object",
)
_LABEL_MENU = (
    "rename_label",
    "recolor_label",
    "label_key",
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
        self.workspace.decide_versions = lambda project: decide_versions(self, project)
        self.commands = Commands(self)
        self.label_commands = LabelCommands(self)
        self.object_commands = ObjectCommands(self)
        self.tools = {tool.id: tool for tool in TOOLS}
        self.actions_ = ActionSet(self, theme, all_handlers(self), Keymap(settings.keys))
        self._build()
        self.display = Display(self, OverlayStyle(opacity=settings.opacity))
        self.view_options = ViewOptions(self)
        self.side_display = SideDisplay(self)
        self.browser = ImageBrowser(self)
        self.review = Review(self)
        self.first_steps = FirstSteps(self, self.coach)
        self._connect()
        self._restore()
        self.display.show_all()
        for bar in self.findChildren(QToolBar):
            # They took their margins before they had the names that the style sheet knows them by.
            bar.ensurePolished()
            QApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))

    # ---- putting together ------------------------------------------------------------------------

    def _build(self) -> None:
        actions, theme = self.actions_, self.theme
        self.header, self.title_label = make_header(self, actions, theme)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.header)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, make_tool_bar(self, actions))
        self.canvas = Canvas(self.workspace.painting)
        self.workspace.painting.set_surface(self.canvas)
        self.options = OptionBar(
            theme,
            sure_action=actions["sure_strokes"],
            overlay_action=actions["cycle_overlay"],
            strokes_action=actions["show_strokes"],
            display_action=actions["display_options"],
        )
        self.errors = ErrorBar(theme, relink_action=actions["relink"])
        self.empty = EmptyState(
            open_folder=actions["open_folder"],
            open_image=actions["open_image"],
            open_sample=actions["open_sample"],
            relink=actions["relink"],
        )
        self.status = StatusBar()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.canvas)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.coach = CoachBar()
        for widget in (self.options, self.errors, self.coach):
            layout.addWidget(widget)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(middle)

        self.labels = LabelsPanel(
            theme,
            add_action=actions["add_label"],
            menu_actions=[None if name is None else actions[name] for name in _LABEL_MENU],
            list_actions=[actions[name] for name in ("import_labels", "export_labels")],
        )
        self.labels_dock = make_dock(self, "labels", tr("Labels"), self.labels)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.labels_dock)
        self.objects = ObjectsPanel(
            theme,
            buttons=[actions[name] for name in _OBJECT_BUTTONS],
            menu_actions=[None if name is None else actions[name] for name in _OBJECT_MENU],
        )
        self.history = HistoryPanel(theme)
        self.statistics = StatisticsPanel(theme)
        self.comments = CommentsPanel()
        self.side = SidePanel(
            {
                "objects": (tr("Objects"), actions["show_objects"], self.objects),
                "history": (tr("History"), actions["show_history"], self.history),
                "statistics": (tr("Statistics"), actions["show_statistics"], self.statistics),
                "comments": (tr("Comments"), actions["show_comments"], self.comments),
            }
        )
        self.side_dock = make_dock(self, "side", tr("Details"), self.side)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.side_dock)
        self.strip = FilmStrip(theme)
        self.strip_dock = make_dock(self, "images", tr("Images"), self.strip)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.strip_dock)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.status, 1)
        self._recent = QMenu(tr("Open &recent"), self)
        fill_menus(
            self,
            actions,
            recent=self._recent,
            panels=[self.labels_dock, self.side_dock, self.strip_dock],
        )
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 600)

    def _connect(self) -> None:
        workspace, labels = self.workspace, self.label_commands
        workspace.said.connect(self.status.show_message)
        workspace.failed.connect(self.show_failure)
        workspace.recovered.connect(self.errors.clear)
        workspace.refining.busy_changed.connect(self.status.set_busy)
        workspace.autosave.state_changed.connect(self.status.set_save_state)
        workspace.painting.size_changed.connect(self._size_changed)
        workspace.painting.picked.connect(labels.pick_at)
        workspace.painting.picked.connect(self.object_commands.choose_at)
        self.options.tool_options.chosen.connect(workspace.painting.set_settings)
        self.canvas.brush_steps.connect(workspace.painting.step_size)
        self.options.size_chosen.connect(workspace.painting.set_size)
        self.options.opacity_chosen.connect(self._set_opacity)
        self.options.entered.connect(self.canvas.setFocus)
        self.labels.picked.connect(labels.pick)
        self.labels.named.connect(labels.named)
        self.labels.renamed.connect(labels.renamed)
        self.labels.list_dropped.connect(labels.import_file)
        self.labels.color_wanted.connect(labels.recolor)
        self.labels.visibility_toggled.connect(lambda i: labels.toggle(i, "visible"))
        self.labels.lock_toggled.connect(lambda i: labels.toggle(i, "locked"))
        self.objects.chosen.connect(self.object_commands.choose)
        self.objects.renamed.connect(self.object_commands.renamed)
        self.objects.opened.connect(self.object_commands.zoom_to)
        self.comments.written.connect(self.side_display.add_comment)
        self.history.jumped.connect(workspace.jump)
        self.strip.filter.left.connect(self.canvas.setFocus)
        self.strip.chosen.connect(workspace.go_to)
        self.empty.cancelled.connect(workspace.opening.cancel)
        self.empty.recent_chosen.connect(lambda path: self.commands.open_path(Path(path)))
        self.theme.changed.connect(self._tint)

    def _restore(self) -> None:
        self.theme.choose(self.settings.theme)
        self.actions_.set_checked(f"theme_{self.settings.theme}", checked=True)
        language = self.settings.language
        language = language if language in LANGUAGES else AUTO
        self.actions_.set_checked(f"language_{language}", checked=True)
        self.actions_.set_checked("show_strokes", checked=self.display.style.strokes)
        self._tint()
        self.workspace.painting.set_size(self.settings.brush_size)
        self.options.set_size(self.workspace.painting.size)
        self.options.set_opacity(self.display.style.opacity)
        self.set_tool("brush")
        self.show_side(self.settings.side_page)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        geometry, state = self.settings.window()
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if state.isEmpty() or not self.restoreState(state):
            self.resizeDocks([self.labels_dock], [280], Qt.Orientation.Horizontal)
            docks = [self.labels_dock, self.side_dock]
            self.resizeDocks(docks, [360, 320], Qt.Orientation.Vertical)
        self.refresh_recent()

    # ---- the person does something ---------------------------------------------------------------

    def set_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.canvas.set_tool(self.tools[tool_id])
        self.actions_.set_checked(f"tool_{tool_id}", checked=True)
        self.options.show_tool(self.tools[tool_id])
        self.workspace.painting.superpixels.set_active(tool_id == "superpixels")
        self.status.set_hint(tr(self.tools[tool_id].help))

    def show_side(self, page: str) -> None:
        """Show one of the panels at the side."""
        if not self.side.has_page(page):
            page = "objects"
        self.settings.side_page = page
        self.actions_.set_checked(f"show_{page}", checked=True)
        self.side.show_page(page)
        self.side_dock.show()

    def write_comment(self) -> None:
        """Let the person write about the image."""
        self.show_side("comments")
        self.comments.write()

    def find_images(self) -> None:
        """Let the person type a part of a name."""
        self.strip_dock.show()
        self.strip.filter.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.strip.filter.text.selectAll()

    def zoom_to_rect(self, rect: Rect, *, if_nearer: bool = False) -> None:
        """Show a rectangle of the image from near; or all of it, if that is about as near."""
        if if_nearer and self.canvas.view.is_near_enough(rect.width, rect.height):
            self.canvas.fit()
            return
        self.canvas.view.show_rect(rect.x0, rect.y0, rect.x1, rect.y1)
        self.canvas.zoom_to(self.canvas.view.zoom)  # which draws the new view

    def set_language(self, code: str) -> None:
        """Use another language from the next start on."""
        self.settings.language = code
        self.workspace.said.emit(tr("The language changes when the program is started again"))

    def set_theme(self, choice: ThemeChoice) -> None:
        """Use light or dark colours, or follow the system."""
        self.settings.theme = choice
        self.theme.choose(choice)

    def show_failure(self, failure: Failure, topic: str) -> None:
        """Show an error in the bar."""
        self.errors.show_failure(failure, topic=topic, about_file=topic == "load")

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
        if self.workspace.session is None and self.workspace.opening.path is None:
            self.empty.show_welcome(recent)

    def drop(self) -> None:
        """Take back the stroke under way, else the proposal or the refinement."""
        if not self.canvas.cancel_stroke():
            self.workspace.drop()

    def set_sure(self, sure: bool) -> None:
        """Paint sure strokes, or rough ones."""
        self.workspace.painting.kind = "sure" if sure else "rough"

    def _set_opacity(self, opacity: float) -> None:
        self.settings.opacity = opacity
        self.display.set_style(replace(self.display.style, opacity=opacity))

    def show_strokes(self, on: bool) -> None:
        """Show strokes, or hide them."""
        self.display.set_style(replace(self.display.style, strokes=on))

    def _size_changed(self, size: float) -> None:
        self.settings.brush_size = size
        self.options.set_size(size)
        self.canvas.refresh_cursor()

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
        self.browser.stop()
        self.strip.model.stop()
        super().closeEvent(event)
