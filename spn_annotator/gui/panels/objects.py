"""The objects of the image: choose, rename, split, merge, clean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import number, tr
from spn_annotator.gui.icons import pixmap
from spn_annotator.gui.panels.object_model import OBJECT_ROLE, ObjectModel, ObjectRow, short_area
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.typing_guard import TypingGuard

_HEIGHT = 32
_SWATCH = 12
_ICON = 16

Index = QModelIndex | QPersistentModelIndex


class ObjectDelegate(QStyledItemDelegate):
    """Row of an object: colour, name, lock, area."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        item: ObjectRow = index.data(OBJECT_ROLE)
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        metrics = option.fontMetrics  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(row.adjusted(8, 1, -8, -1))
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._theme.color("accent_soft"))
            painter.drawRoundedRect(ground, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(ground, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        color = QColor(*item.color)
        painter.setPen(QPen(color.darker(130), 1))
        painter.setBrush(color if item.visible else Qt.BrushStyle.NoBrush)
        middle = row.center().y() + 1
        painter.drawRoundedRect(
            QRectF(row.x() + 18.5, middle - _SWATCH / 2 + 0.5, _SWATCH - 1, _SWATCH - 1), 3, 3
        )
        left, right = row.x() + 18 + _SWATCH + 10, row.right() - 18
        area = short_area(item.area)
        width = metrics.horizontalAdvance(area)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(
            QRect(right - width, row.y(), width, row.height()), Qt.AlignmentFlag.AlignVCenter, area
        )
        right -= width + 12
        if item.locked:
            ratio = painter.device().devicePixelRatioF()
            picture = pixmap("lock", self._theme.color("muted"), _ICON, ratio=ratio)
            painter.drawPixmap(right - _ICON, middle - _ICON // 2, picture)
            right -= _ICON + 8
        painter.setPen(self._theme.color("text" if item.visible else "faint"))
        title = metrics.elidedText(item.title, Qt.TextElideMode.ElideMiddle, right - left)
        painter.drawText(
            QRect(left, row.y(), right - left, row.height()), Qt.AlignmentFlag.AlignVCenter, title
        )
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field for the name."""
        item: ObjectRow = index.data(OBJECT_ROLE)
        editor = QLineEdit(parent)
        editor.setMaxLength(120)
        editor.setPlaceholderText(f"{item.label} {item.id}")
        editor.setAccessibleName(tr("Name of the object"))
        TypingGuard(editor)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the field where the name is."""
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        editor.setGeometry(row.x() + 34, row.y() + 3, row.width() - 48, row.height() - 6)


class ObjectsPanel(QFrame):
    """The list of objects, with buttons for what can be done to the chosen ones.

    Parameters
    ----------
    theme : Theme
        Colours.
    buttons : sequence of QAction
        Shown over the list.
    menu_actions : sequence of QAction or None
        The menu of an object; None is a separator.

    Signals
    -------
    chosen(object_ids)
        The person has chosen other objects; a list.
    renamed(object_id, name)
        The person has typed another name.
    opened(object_id)
        The person wants to see an object from near.
    """

    chosen = Signal(list)
    renamed = Signal(int, str)
    opened = Signal(int)

    def __init__(
        self,
        theme: Theme,
        *,
        buttons: Sequence[QAction],
        menu_actions: Sequence[QAction | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._menu_actions = tuple(menu_actions)
        self._updating = False
        self.model = ObjectModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ObjectDelegate(theme, self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setAccessibleName(tr("Objects"))
        self._empty = QLabel(tr("No objects yet.\nPaint one, or pick another label."))
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 24, 16, 24)
        self._count = QLabel()
        self._count.setProperty("muted", True)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 8, 4)
        row.setSpacing(0)
        for action in buttons:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)

        self.list.selectionModel().selectionChanged.connect(lambda *_: self._selection_changed())
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.activated.connect(self._activated)
        self.model.renamed.connect(self.renamed)
        theme.changed.connect(self.list.viewport().update)

    @property
    def chosen_ids(self) -> list[int]:
        """The objects that are chosen, in the order of the list."""
        places = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self.model.rows[place].id for place in places]

    def show_rows(self, rows: Sequence[ObjectRow], chosen: Iterable[int]) -> None:
        """Show other objects, and which of them are chosen."""
        self._updating = True
        self.model.set_rows(rows)
        self.select(chosen)
        self._updating = False
        self._count.setText(number(len(rows)) if rows else "")
        self._empty.setVisible(not rows)
        self.list.setVisible(bool(rows))

    def select(self, object_ids: Iterable[int]) -> None:
        """Show which objects are chosen."""
        before, self._updating = self._updating, True
        selection = self.list.selectionModel()
        wanted = QItemSelection()
        first = None
        for object_id in object_ids:
            place = self.model.place_of(object_id)
            if place >= 0:
                index = self.model.index(place)
                wanted.select(index, index)
                first = first or index
        selection.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if first is not None and not selection.isSelected(selection.currentIndex()):
            selection.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.list.scrollTo(first)
        self._updating = before

    def edit(self, object_id: int) -> None:
        """Let the person type a name."""
        place = self.model.place_of(object_id)
        if place >= 0:
            index = self.model.index(place)
            self.list.scrollTo(index)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.edit(index)

    def _selection_changed(self) -> None:
        if not self._updating:
            self.chosen.emit(self.chosen_ids)

    def _activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(OBJECT_ROLE).id)

    def _show_menu(self, position: QPoint) -> None:
        if not self.list.indexAt(position).isValid():
            return
        menu = QMenu(self)
        for action in self._menu_actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(position))
