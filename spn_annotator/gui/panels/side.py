"""One place for the panels that are looked at one at a time: objects, history, statistics."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)


class SidePanel(QFrame):
    """Panels behind each other, with a row of switches over them.

    Parameters
    ----------
    pages : mapping of str to (str, QAction, QWidget)
        Heading, switch and panel, by name.

    Signals
    -------
    page_changed(name)
        Another panel is to be seen.
    """

    page_changed = Signal(str)

    def __init__(
        self,
        pages: Mapping[str, tuple[str, QAction, QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._pages = dict(pages)
        self._stack = QStackedWidget()
        self._title = QLabel()
        self._title.setProperty("heading", True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 4)
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        for _, action, widget in self._pages.values():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            head.addWidget(button)
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.page = ""
        self.show_page(next(iter(self._pages)))

    def show_page(self, name: str) -> None:
        """Bring a panel to the front."""
        title, _, widget = self._pages[name]
        self._title.setText(title)
        self._stack.setCurrentWidget(widget)
        if name != self.page:
            self.page = name
            self.page_changed.emit(name)

    def has_page(self, name: str) -> bool:
        """Return whether there is a panel of that name."""
        return name in self._pages
