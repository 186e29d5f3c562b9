"""Whoever cannot see or cannot use a mouse: names on every control, Tab reaches all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QTabBar,
    QTextEdit,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from spn_annotator.gui.dialogs.about import AboutDialog
from spn_annotator.gui.dialogs.batch import BatchDialog
from spn_annotator.gui.dialogs.command_palette import CommandPalette, entries_of
from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.dialogs.importing import ImportDialog
from spn_annotator.gui.dialogs.key_editor import KeyEditor
from spn_annotator.gui.dialogs.key_sheet import KeySheet
from spn_annotator.gui.dialogs.relinking import RelinkDialog
from spn_annotator.gui.window import MainWindow
from tests.gui.hand import Hand

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
)
TYPED_IN = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QKeySequenceEdit, QTextEdit)

#: Lists without the keyboard, because the field above them takes the arrow keys for them.
STEERED = {"Commands"}

DIALOGS: dict[str, Callable[[Hand], QWidget]] = {
    "about": lambda h: AboutDialog(h.window),
    "batch": lambda h: BatchDialog(h.session, h.window.workspace.autosave.flush, h.window),
    "export": lambda h: ExportDialog(h.session, h.window),
    "import": lambda h: ImportDialog(h.session, h.window),
    "keys": lambda h: KeySheet(h.window.actions_.keymap, h.window.actions_["edit_keys"], h.window),
    "key editor": lambda h: KeyEditor(h.window.actions_.keymap, h.window),
    "palette": lambda h: CommandPalette(
        entries_of(h.window.actions_, list(h.session.labels_now()), h.window.label_commands),
        h.window,
    ),
    "relink": lambda h: RelinkDialog(h.session.project, h.window),
    "refine options": lambda h: h.window.view_options.refine_options,
    "display options": lambda h: h.window.view_options.display_options,
}


def is_own(widget: QWidget) -> bool:
    """Whether a widget is a control by itself, not a part that Qt makes of one."""
    name = widget.objectName()
    inner = widget.parentWidget()
    return not (
        name.startswith("qt_")
        or isinstance(widget, QHeaderView | QScrollBar | QTabBar)
        or isinstance(inner, QComboBox | QAbstractSpinBox | QKeySequenceEdit | QLineEdit)
        or (inner is not None and type(inner).__name__ == "QComboBoxPrivateContainer")
        or (isinstance(widget, QAbstractButton) and isinstance(inner, QAbstractItemView))
    )


def controls(root: QWidget) -> Iterator[QWidget]:
    """Yield the controls in a window, hidden pages included."""
    for widget in root.findChildren(QWidget):
        if isinstance(widget, CONTROLS) and is_own(widget) and widget.window() is root.window():
            yield widget


def spoken(widget: QWidget) -> str:
    """Return what a screen reader calls a control."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    buddies = (label for label in widget.window().findChildren(QLabel) if label.buddy() is widget)
    return next((label.text() for label in buddies), "")


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} {widget.toolTip()!r}"


def nameless(root: QWidget) -> list[str]:
    return [describe(widget) for widget in controls(root) if not spoken(widget).strip()]


def unreached(root: QWidget) -> list[str]:
    """Return the controls that a person sees, may use, and cannot get to with Tab."""
    found: set[QWidget] = set()
    widget = root
    while widget is not None and widget not in found:
        found.add(widget)
        widget = widget.nextInFocusChain()
    return [
        describe(widget)
        for widget in controls(root)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.accessibleName() not in STEERED
        and not (widget in found and widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    ]


def test_every_control_of_the_window_has_a_name_and_is_reached(opened: Hand) -> None:
    window = opened.window
    assert len(list(controls(window))) > 60
    for page in ("objects", "history", "statistics", "comments"):
        window.show_side(page)
        assert nameless(window) == []
        assert unreached(window) == []
    for widget in (window.canvas, window.labels.list, window.objects.list, window.strip.list):
        assert widget.accessibleName()


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_a_dialog_has_a_name_and_is_reached(
    opened: Hand, qtbot: QtBot, name: str
) -> None:
    dialog = DIALOGS[name](opened)
    if dialog.parent() is opened.window and isinstance(dialog, QDialog):
        qtbot.addWidget(dialog)
    dialog.show()
    if isinstance(dialog, RelinkDialog):
        opened.wait(lambda: not dialog.busy)
    assert list(controls(dialog))
    assert nameless(dialog) == []
    assert unreached(dialog) == []
    dialog.close()


def test_a_control_without_a_name_or_out_of_reach_is_found(qtbot: QtBot) -> None:
    root = QDialog()
    qtbot.addWidget(root)
    field = QLineEdit(root)
    field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    root.show()
    assert len(nameless(root)) == 1
    assert len(unreached(root)) == 1


def test_tab_goes_through_the_window_in_the_order_of_reading(opened: Hand) -> None:
    """Header, tools, options, canvas, panels, and the film strip at the end; then again."""
    window = opened.window
    parts = {
        "header": window.header,
        "tools": window.findChild(QToolBar, "tools"),
        "options": window.options,
        "canvas": window.canvas,
        "labels": window.labels,
        "side": window.side,
        "strip": window.strip,
    }
    seen: list[str] = []
    window.canvas.setFocus()
    while seen.count("canvas") < 2:
        widget = QApplication.focusWidget()
        assert widget is not None
        here = [n for n, part in parts.items() if part is widget or part.isAncestorOf(widget)]
        seen += [name for name in here if not seen or seen[-1] != name]
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        assert len(seen) < 20
    order = list(parts)
    place = order.index("canvas")
    assert seen == [*order[place:], *order[:place], "canvas"]


def fields(window: MainWindow) -> list[QWidget]:
    """Return all fields that can be typed in now."""
    return [
        widget
        for widget in controls(window)
        if isinstance(widget, TYPED_IN) and widget.isVisible() and widget.isEnabled()
    ]


@pytest.mark.parametrize("page", ["objects", "comments"])
def test_bare_letters_never_fire_while_something_is_typed(opened: Hand, page: str) -> None:
    hand = opened
    hand.stroke((60, 60))
    hand.window.show_side(page)
    fired: list[str] = []
    for spec, action in hand.window.actions_:
        action.triggered.connect(lambda _=False, name=spec.id: fired.append(name))
    found = fields(hand.window)
    assert len(found) >= 2
    for field in found:
        field.setFocus()
        for key in "abcdefghijklmnopqrstuvwxyz0123456789[]":
            QTest.keyClick(field, key)
        for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Space):
            QTest.keyClick(field, key)
        assert fired == [], describe(field)
    hand.window.canvas.setFocus()
    hand.key("e")
    assert fired == ["tool_eraser"], "on the canvas they do"
