"""All images of the project in one row, with their status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QProgressBar,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import number, tr
from spn_annotator.gui.panels.image_filter import ImageFilter
from spn_annotator.gui.panels.image_model import (
    RECORD_ROLE,
    THUMBNAIL_ROLE,
    ImageModel,
    ImageSource,
)
from spn_annotator.gui.theme import Theme
from spn_annotator.project import ImageRecord, Status

_THUMBNAIL = QSize(112, 72)
_CELL = QSize(128, 102)
_RADIUS = 6

_STATUS_COLOR = {
    Status.TODO: "status_todo",
    Status.IN_PROGRESS: "status_in_progress",
    Status.PROPOSED: "status_proposed",
    Status.ACCEPTED: "status_accepted",
    Status.REJECTED: "status_rejected",
}


class ThumbnailDelegate(QStyledItemDelegate):
    """Draws one image of the strip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a cell, the same for all."""
        return _CELL

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw thumbnail, frame, status and name."""
        record: ImageRecord = index.data(RECORD_ROLE)
        cell = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(cell.x() + 8, cell.y() + 4, _THUMBNAIL.width(), _THUMBNAIL.height())
        clip = QPainterPath()
        clip.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(clip)
        painter.fillRect(frame, self._theme.color("hover"))
        image = index.data(THUMBNAIL_ROLE)
        if image is not None and not image.isNull():
            painter.drawImage(frame, image, _cover(image, frame))
        elif image is not None:
            painter.setPen(self._theme.color("muted"))
            text = tr("missing") if record.missing else tr("unreadable")
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if selected:
            painter.setPen(QPen(self._theme.color("accent"), 3 if focused else 2))
        else:
            painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        self._draw_caption(painter, option, record, frame, selected=selected)
        painter.restore()

    def _draw_caption(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        record: ImageRecord,
        frame: QRectF,
        *,
        selected: bool,
    ) -> None:
        top = frame.bottom() + 4
        dot = QPointF(frame.x() + 5, top + 10)
        draw_status(painter, dot, record.status, self._theme)
        text = QRectF(frame.x() + 14, top, frame.width() - 14, 20)
        painter.setPen(self._theme.color("text" if selected else "muted"))
        metrics = option.fontMetrics  # pyright: ignore[reportAttributeAccessIssue]
        name = metrics.elidedText(
            Path(record.name).name, Qt.TextElideMode.ElideMiddle, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)


def draw_status(painter: QPainter, centre: QPointF, status: Status, theme: Theme) -> None:
    """Draw the mark of a status: a ring for to do, a disc else, with a tick when accepted."""
    color = theme.color(_STATUS_COLOR[status])
    if status is Status.TODO:
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 3.5, 3.5)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    if status is not Status.ACCEPTED:
        painter.drawEllipse(centre, 4, 4)
        return
    painter.drawEllipse(centre, 5.5, 5.5)
    painter.setPen(QPen(theme.color("surface"), 1.5))
    tick = [QPointF(-2.5, 0.2), QPointF(-0.7, 2.0), QPointF(2.6, -1.8)]
    painter.drawPolyline([centre + point for point in tick])


def _cover(image: QImage, frame: QRectF) -> QRectF:
    """Return the middle part of an image that has the shape of the frame."""
    scale = min(image.width() / frame.width(), image.height() / frame.height())
    width, height = frame.width() * scale, frame.height() * scale
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)


class FilmStrip(QFrame):
    """The strip with its progress.

    Signals
    -------
    chosen(image_id)
        The person wants to see an image.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        ratio = self.devicePixelRatioF()
        # Twice as large as it is shown: the frame cuts a part out of a tall or wide image.
        self.model = ImageModel(_THUMBNAIL * (2 * ratio), self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ThumbnailDelegate(theme, self.list))
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.horizontalScrollBar().setSingleStep(_CELL.width() // 2)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(_CELL.height() + 12)
        self.list.setAccessibleName(tr("Images"))
        self._nothing = QLabel(tr("No image is like that. Show all of them with ×."))
        self._nothing.setProperty("muted", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(_CELL.height() + 12)
        self._nothing.hide()
        self.filter = ImageFilter(theme)

        self._count = QLabel()
        self._count.setProperty("muted", True)
        self._progress = QProgressBar()
        self._progress.setProperty("good", True)
        self._progress.setTextVisible(False)
        self._progress.setMinimumWidth(48)
        self._progress.setMaximumWidth(160)
        self._progress.setAccessibleName(tr("Images accepted"))
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.setSpacing(12)
        title = QLabel(tr("Images"))
        title.setProperty("heading", True)
        head.addWidget(title)
        head.addWidget(self._count)
        head.addWidget(self._progress)
        head.addStretch(1)
        head.addWidget(self.filter, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

        self.list.selectionModel().currentChanged.connect(self._current_changed)
        theme.changed.connect(self.list.viewport().update)

    def show_images(self, source: ImageSource | None, image_ids: Sequence[int]) -> None:
        """Show the images of another project, or none."""
        self.model.set_source(source)
        self.filter.setEnabled(source is not None)
        self.show_ids(image_ids)

    def show_ids(self, image_ids: Sequence[int]) -> None:
        """Show these images in this order."""
        self.model.set_ids(image_ids)
        nothing = not image_ids and self.filter.filters
        self._nothing.setVisible(nothing)
        self.list.setVisible(not nothing)

    def set_progress(self, accepted: int, total: int) -> None:
        """Show how many images are accepted."""
        text = tr("{accepted} of {total} accepted", accepted=number(accepted), total=number(total))
        self._count.setText(text if total else tr("none yet"))
        self._progress.setVisible(total > 0)
        self._progress.setRange(0, max(1, total))
        self._progress.setValue(accepted)

    def select(self, image_id: int | None) -> None:
        """Show which image is open."""
        row = self.model.row_of(image_id)
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        index = self.model.index(row) if row >= 0 else QModelIndex()
        selection.setCurrentIndex(index, selection.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        if row >= 0:
            self.list.scrollTo(index, QListView.ScrollHint.EnsureVisible)
        self.list.viewport().update()

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(RECORD_ROLE).id)
