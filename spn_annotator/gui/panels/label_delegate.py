"""How a label looks in the list, and what a click on its parts does."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from spn_annotator.annotation import Label
from spn_annotator.gui.i18n import tr
from spn_annotator.gui.icons import pixmap
from spn_annotator.gui.panels.label_model import COUNT_ROLE, LABEL_ROLE, LabelUse
from spn_annotator.gui.theme import Theme
from spn_annotator.gui.typing_guard import TypingGuard

_HEIGHT = 40
_SWATCH = 18
_ICON = 18
_KEY = 20

Index = QModelIndex | QPersistentModelIndex


class LabelDelegate(QStyledItemDelegate):
    """Row of a label: colour, name, what there is of it, key, eye, lock.

    Signals
    -------
    color_clicked(label_id), eye_clicked(label_id), lock_clicked(label_id)
        The person has clicked on a part of the row.
    """

    color_clicked = Signal(int)
    eye_clicked = Signal(int)
    lock_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        label: Label = index.data(LABEL_ROLE)
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(row.adjusted(8, 1, -8, -1))
        painter.setPen(Qt.PenStyle.NoPen)
        if selected:
            painter.setBrush(self._theme.color("accent_soft"))
            painter.drawRoundedRect(ground, 6, 6)
        elif hovered:
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(ground, 6, 6)
        if bool(state & QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._draw_swatch(painter, swatch_rect(row), label)
        self._draw_icons(painter, row, label, hovered=hovered or selected)
        left = swatch_rect(row).right() + 10
        right = self._draw_key(painter, row, label)
        place = QRect(left, row.y(), right - left, row.height())
        self._draw_texts(painter, place, label, index.data(COUNT_ROLE))
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Click on colour, eye or lock."""
        kinds = (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)
        if event.type() in kinds and isinstance(event, QMouseEvent):
            row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
            label: Label = index.data(LABEL_ROLE)
            part = _part_at(row, event.position().toPoint())
            if part and event.button() == Qt.MouseButton.LeftButton:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    {
                        "color": self.color_clicked,
                        "eye": self.eye_clicked,
                        "lock": self.lock_clicked,
                    }[part].emit(label.id)
                return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Say what a click on a part of the row does."""
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        label: Label | None = index.data(LABEL_ROLE)
        part = _part_at(row, event.pos()) if label is not None else None
        if label is None or part is None:
            return super().helpEvent(event, view, option, index)
        text = {
            "color": tr("Change the colour"),
            "eye": tr("Hide") if label.visible else tr("Show"),
            "lock": tr("Unlock")
            if label.locked
            else tr("Lock: painting and refining leave it as it is"),
        }[part]
        QToolTip.showText(event.globalPos(), text, view)
        return True

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field for the name."""
        editor = QLineEdit(parent)
        editor.setMaxLength(120)
        editor.setPlaceholderText(tr("Name"))
        TypingGuard(editor)
        editor.setAccessibleName(tr("Name of the label"))
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the field where the name is."""
        row = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        left = swatch_rect(row).right() + 5
        editor.setGeometry(left, row.y() + 6, eye_rect(row).x() - 4 - left, row.height() - 12)

    def _draw_texts(
        self, painter: QPainter, place: QRect, label: Label, use: LabelUse | None
    ) -> None:
        metrics = painter.fontMetrics()
        end, middle = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignVCenter
        name = metrics.elidedText(label.name, end, place.width())
        painter.setPen(self._theme.color("text" if label.visible else "faint"))
        if use is None or not use.text:
            painter.drawText(place, middle, name)
            return
        font = painter.font()
        small = QFont(font)
        small.setPixelSize(max(9, round(0.85 * QFontInfo(font).pixelSize())))
        below = QFontMetrics(small)
        top = place.y() + (place.height() - metrics.height() - below.height()) // 2
        painter.drawText(place.x(), top + metrics.ascent(), name)
        painter.setFont(small)
        painter.setPen(self._theme.color("muted" if label.visible else "faint"))
        fits = below.horizontalAdvance(use.text) <= place.width()
        text = below.elidedText(use.text if fits else use.short_text, end, place.width())
        painter.drawText(place.x(), top + metrics.height() + below.ascent(), text)
        painter.setFont(font)

    def _draw_swatch(self, painter: QPainter, rect: QRect, label: Label) -> None:
        color = QColor(*label.color)
        painter.setPen(QPen(color.darker(130), 1))
        painter.setBrush(color if label.visible else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _draw_icons(self, painter: QPainter, row: QRect, label: Label, *, hovered: bool) -> None:
        # What is unusual is always shown; the rest when the mouse is near.
        ratio = painter.device().devicePixelRatioF()
        if hovered or not label.visible:
            name = "eye" if label.visible else "eye-off"
            color = self._theme.color("muted")
            painter.drawPixmap(eye_rect(row).topLeft(), pixmap(name, color, _ICON, ratio=ratio))
        if hovered or label.locked:
            name = "lock" if label.locked else "unlock"
            color = self._theme.color("text" if label.locked else "muted")
            painter.drawPixmap(lock_rect(row).topLeft(), pixmap(name, color, _ICON, ratio=ratio))

    def _draw_key(self, painter: QPainter, row: QRect, label: Label) -> int:
        right = eye_rect(row).x() - 8
        if not label.key:
            return right
        cap = QRectF(right - _KEY, row.center().y() - 9.5, _KEY, 20)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, label.key.upper())
        return round(cap.x()) - 8


def swatch_rect(row: QRect) -> QRect:
    """Return where the colour of a row is."""
    return QRect(row.x() + 18, row.center().y() - _SWATCH // 2 + 1, _SWATCH, _SWATCH)


def lock_rect(row: QRect) -> QRect:
    """Return where the lock of a row is."""
    return QRect(row.right() - 16 - _ICON, row.center().y() - _ICON // 2 + 1, _ICON, _ICON)


def eye_rect(row: QRect) -> QRect:
    """Return where the eye of a row is."""
    return lock_rect(row).translated(-_ICON - 8, 0)


def _part_at(row: QRect, point: QPoint) -> str | None:
    for name, rect in (
        ("color", swatch_rect(row)),
        ("eye", eye_rect(row)),
        ("lock", lock_rect(row)),
    ):
        if rect.adjusted(-4, -6, 4, 6).contains(point):
            return name
    return None
