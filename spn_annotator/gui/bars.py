"""Header, tool bar and menus, made from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from spn_annotator.gui.action_set import ActionSet
from spn_annotator.gui.action_table import MENUS
from spn_annotator.gui.i18n import number, tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.tools import TOOLS

_ICON = QSize(20, 20)


class TitleLabel(QWidget):
    """Project, image and place, long names shortened in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = _Elided()
        self._project.setProperty("muted", True)
        self._image = _Elided()
        self._image.setProperty("heading", True)
        self._place = QLabel()
        self._place.setProperty("muted", True)
        self._place.setAccessibleName(tr("Place among the images"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(10)
        for widget in (self._project, self._image, self._place):
            row.addWidget(widget)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_names(self, project: str, image: str, place: tuple[int, int]) -> None:
        """Show names; empty ones are left out."""
        self._project.set_full(project, 200)
        self._image.set_full(image, 320)
        self._place.setText(f"{number(place[0])} / {number(place[1])}" if place[0] else "")


class _Elided(QLabel):
    """A label that is never wider than it may be."""

    def set_full(self, text: str, width: int) -> None:
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width))
        self.setToolTip(text if self.text() != text else "")
        self.setVisible(bool(text))


def make_header(
    window: QMainWindow, actions: ActionSet, theme: Theme
) -> tuple[QToolBar, TitleLabel]:
    """Return the bar under the menus, and the names it shows."""
    bar = QToolBar(tr("Header"), window)
    bar.setObjectName("header")
    bar.setMovable(False)
    bar.setIconSize(_ICON)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for name in ("previous_image", "next_image"):
        bar.addAction(actions[name])
    title = TitleLabel()
    bar.addWidget(title)
    title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    for name in ("undo", "redo"):
        bar.addAction(actions[name])
    bar.addSeparator()
    for name in ("refine", "refine_options", "live", "accept", "drop"):
        bar.addAction(actions[name])
        if name == "refine_options":
            continue
        button = bar.widgetForAction(actions[name])
        assert isinstance(button, QToolButton)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("wide", True)
    refine = bar.widgetForAction(actions["refine"])
    assert isinstance(refine, QToolButton)
    refine.setProperty("primary", True)

    def tint() -> None:
        # On the accent's ground the ordinary colour of icons would not be seen.
        actions["refine"].setIcon(icon("refine", theme, color="on_accent"))

    theme.changed.connect(tint)
    tint()
    _by_tab(bar)
    return bar, title


def make_tool_bar(window: QMainWindow, actions: ActionSet) -> QToolBar:
    """Return the column of tools."""
    bar = QToolBar(tr("Tools"), window)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setOrientation(Qt.Orientation.Vertical)
    bar.setIconSize(QSize(24, 24))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for tool in TOOLS:
        bar.addAction(actions[f"tool_{tool.id}"])
    bar.addSeparator()
    bar.addAction(actions["fit"])
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")  # seen while the window is low
    if isinstance(more, QToolButton):
        more.setToolTip(tr("More tools"))
        more.setAccessibleName(tr("More tools"))
    _by_tab(bar)
    return bar


def fill_menus(
    window: QMainWindow, actions: ActionSet, *, recent: QMenu, panels: list[QDockWidget]
) -> None:
    """Fill the menu bar."""
    for title, entries in MENUS:
        menu = window.menuBar().addMenu(tr(title))
        menu.setToolTipsVisible(False)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif entry == "@recent":
                menu.addMenu(recent)
            elif entry == "@panels":
                for dock in panels:
                    menu.addAction(dock.toggleViewAction())
            else:
                menu.addAction(actions[entry])


def make_dock(window: QMainWindow, name: str, title: str, widget: QWidget) -> QDockWidget:
    """Return a panel at the edge of the window; it can be hidden, and has a heading of its own."""
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setWidget(widget)
    return dock


def _by_tab(bar: QToolBar) -> None:
    """Let the buttons be reached by Tab, but leave the keyboard to the canvas after a click."""
    for button in bar.findChildren(QToolButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        action = button.defaultAction()
        if action is not None:
            button.setAccessibleName(action.iconText())
