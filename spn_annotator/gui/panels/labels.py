"""The labels of the project: pick, rename, recolour, hide, lock, count, import, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.annotation import Label
from spn_annotator.formats.label_lists import LIST_SUFFIXES
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import icon
from spn_annotator.gui.panels.label_delegate import LabelDelegate
from spn_annotator.gui.panels.label_model import LABEL_ROLE, LabelModel, LabelUse
from spn_annotator.gui.theme import Theme


class LabelsPanel(QFrame):
    """The list of labels with a button to add one.

    Parameters
    ----------
    theme : Theme
        Colours.
    add_action : QAction
        Adds a label.
    menu_actions : sequence of QAction or None
        The menu of a label; None is a separator.
    list_actions : sequence of QAction
        What can be done to the list as a whole.

    Signals
    -------
    picked(label_id)
        Paint with this label.
    named(name)
        The person has typed the name of a new label.
    renamed(label_id, name)
        The person has typed another name.
    list_dropped(path)
        A file that may hold a list of labels was dropped.
    color_wanted(label_id), visibility_toggled(label_id), lock_toggled(label_id)
        The person has clicked on colour, eye or lock.
    """

    picked = Signal(int)
    named = Signal(str)
    renamed = Signal(int, str)
    list_dropped = Signal(object)
    color_wanted = Signal(int)
    visibility_toggled = Signal(int)
    lock_toggled = Signal(int)

    def __init__(
        self,
        theme: Theme,
        *,
        add_action: QAction,
        menu_actions: Sequence[QAction | None],
        list_actions: Sequence[QAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._menu_actions = tuple(menu_actions)
        self._list_actions = tuple(list_actions)
        self._any_image = False
        self.setAcceptDrops(True)
        self.model = LabelModel(self)
        self.delegate = LabelDelegate(theme, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setAccessibleName(tr("Labels"))

        title = QLabel(tr("Labels"))
        title.setProperty("heading", True)
        add = QToolButton()
        add.setDefaultAction(add_action)
        add.setIconSize(QSize(20, 20))
        add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more = QToolButton()
        self._more.setIconSize(QSize(20, 20))
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setToolTip(tr("More about the list of labels"))
        self._more.setAccessibleName(tr("More about the list of labels"))
        menu = QMenu(self._more)
        menu.addActions(list(self._list_actions))
        self._more.setMenu(menu)
        self._empty = QLabel(
            tr("No labels yet.\nAdd one to begin to paint, or drop a list of labels here.")
        )
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 24, 16, 24)
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 8, 4)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._more)
        head.addWidget(add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)

        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.delegate.color_clicked.connect(self.color_wanted)
        self.delegate.eye_clicked.connect(self.visibility_toggled)
        self.delegate.lock_clicked.connect(self.lock_toggled)
        self.model.renamed.connect(self.renamed)
        self.model.named.connect(self.named)
        # Later: the view still looks at the row when the editor closes.
        self.delegate.closeEditor.connect(self._draft_over, Qt.ConnectionType.QueuedConnection)
        self._theme = theme
        theme.changed.connect(self._tint)
        self._tint()

    def set_labels(self, labels: Sequence[Label], *, any_image: bool) -> None:
        """Show the labels; without an image there is nothing to say about them."""
        self._any_image = any_image
        self.model.set_labels(labels)
        self._empty.setVisible(any_image and not labels)
        self.list.setVisible(bool(labels))

    def show_uses(self, uses: Mapping[int, LabelUse]) -> None:
        """Show how much of each label the image has."""
        self.model.set_uses(uses)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a list of labels; anything else is for the window."""
        if self._any_image and _dropped_list(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the labels of what was dropped."""
        path = _dropped_list(event)
        if path is not None:
            event.acceptProposedAction()
            self.list_dropped.emit(path)

    def select(self, label_id: int | None) -> None:
        """Show which label is painted with."""
        row = self.model.row_of(label_id)
        selection = self.list.selectionModel()
        index = self.model.index(row) if row >= 0 else QModelIndex()
        if index == selection.currentIndex() and selection.isSelected(index):
            return
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(index, selection.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self.list.viewport().update()

    def draft(self, label: Label) -> None:
        """Let the person type the name of a new label, which will look like this one."""
        self._end_editing()
        self._empty.hide()
        self.list.show()
        index = self.model.begin_draft(label)
        self._edit(index)

    def edit(self, label_id: int) -> None:
        """Let the person type a name."""
        row = self.model.row_of(label_id)
        if row >= 0:
            self._end_editing()
            self._edit(self.model.index(row))

    def _end_editing(self) -> None:
        """Take over a name that is being typed elsewhere in the list."""
        if self.list.state() == QAbstractItemView.State.EditingState:
            field = self.list.indexWidget(self.list.currentIndex())
            if field is not None:
                self.list.commitData(field)
                self.list.closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)

    def _edit(self, index: QModelIndex) -> None:
        self.list.scrollTo(index)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.edit(index)

    def _draft_over(self) -> None:
        self.model.end_draft()
        self.list.setVisible(self.model.rowCount() > 0)
        self._empty.setVisible(self._any_image and self.model.rowCount() == 0)

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and index.row() == self.model.row_of(index.data(LABEL_ROLE).id):
            self.picked.emit(index.data(LABEL_ROLE).id)

    def _show_menu(self, position: QPoint) -> None:
        on_label = self.list.indexAt(position).isValid()
        menu = QMenu(self)
        for action in self._menu_actions if on_label else self._list_actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(position))

    def _tint(self) -> None:
        self._more.setIcon(icon("more", self._theme))
        self.list.viewport().update()


def _dropped_list(event: QDropEvent) -> Path | None:
    """Return the file that may hold a list of labels, if that is all that is dropped."""
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    if path is None or path.suffix.lower() not in LIST_SUFFIXES:
        return None
    return path
