"""The user guide, read beside the window: the installed copy, so that no network is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from spn_annotator.gui.i18n import tr
from spn_annotator.gui.theme import Theme
from spn_annotator.paths import resources_dir

_SIZE = QSize(1000, 720)
_LIST_WIDTH = 216
_MARGIN = 24
_ROW = 30
_SPACE = 6.0


class GuidePage(QTextBrowser):
    """One page of Markdown; pictures are never wider than the page, links stay in the guide."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setOpenLinks(False)
        self.setObjectName("guidePage")
        self.document().setDocumentMargin(_MARGIN)
        self.setAccessibleName(tr("Guide"))
        # Its coming and going would change the room for pictures.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Return a picture as wide as there is room, everything else as it is."""
        found = super().loadResource(type, name)
        if type != QTextDocument.ResourceType.ImageResource.value:
            return found
        url = self.document().baseUrl().resolved(QUrl(name))
        image = QImage(url.toLocalFile())
        if image.isNull():
            return found
        room = self.viewport().width() - 2 * _MARGIN - 2  # in logical pixels
        if image.width() > room > 0:
            wide = round(room * self.devicePixelRatioF())
            if image.width() > wide:
                image = image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(image.width() / room)
        return image

    def read(self, path: Path) -> None:
        """Show a page."""
        self.document().setBaseUrl(QUrl.fromLocalFile(str(path)))
        self.document().setMarkdown(path.read_text(encoding="utf-8"))
        self._dress()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress(self) -> None:
        """Give text, tables and code room and the colours of the theme."""
        document = self.document()
        edge, ground = self._theme.color("border"), self._theme.color("window")
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            room = QTextBlockFormat()
            room.setNonBreakableLines(False)  # long commands go on in the next line
            level = block.blockFormat().headingLevel()
            if cursor.currentTable() is None:
                room.setTopMargin(18.0 if level > 1 else 0.0)
                room.setBottomMargin(_SPACE if block.textList() is None else 3.0)
            if "\ufffc" not in block.text():  # a picture is a line of its own height
                kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight
                room.setLineHeight(125, kind.value)
            cursor.mergeBlockFormat(room)
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                if piece.charFormat().fontFixedPitch():
                    code = QTextCursor(document)
                    code.setPosition(piece.position())
                    end = piece.position() + piece.length()
                    code.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                    look = QTextCharFormat()
                    look.setBackground(ground)
                    code.mergeCharFormat(look)
                pieces += 1
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                look = frame.format()
                look.setBorder(1)
                look.setBorderBrush(edge)
                look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                look.setBorderCollapse(True)
                look.setCellPadding(6)
                look.setCellSpacing(0)
                look.setTopMargin(_SPACE)
                look.setBottomMargin(2 * _SPACE)
                frame.setFormat(look)


class GuideDialog(QDialog):
    """Contents at the left, a page at the right; a field that finds words in all pages.

    Parameters
    ----------
    folder : Path
        Of the documentation; the guide is its folder ``guide``, whose index names the pages.
    theme : Theme
        Colours.
    """

    def __init__(self, folder: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Guide"))
        self.resize(_SIZE)
        self._folder = folder.resolve()
        self.page = GuidePage(theme)
        self.page.anchorClicked.connect(self.follow)
        self.contents = QListWidget()
        self.contents.setFixedWidth(_LIST_WIDTH)
        self.contents.setObjectName("plainList")
        self.contents.setAccessibleName(tr("Contents"))
        for title, path in pages_of(self._folder / "guide" / "index.md"):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setSizeHint(QSize(0, _ROW))
            self.contents.addItem(item)
        self.contents.currentItemChanged.connect(lambda item, _: self._chosen(item))
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find in the guide"))
        self.field.setAccessibleName(tr("Find in the guide"))
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(self.find_next)
        self.back = QPushButton(tr("Back"))
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.go_back)
        self._visited: list[Path] = []
        self._path = Path()
        QShortcut(QKeySequence.StandardKey.Back, self, self.go_back)
        QShortcut(QKeySequence.StandardKey.Find, self, self.field.setFocus)

        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.field)
        side.addWidget(self.contents, 1)
        side.addWidget(self.back)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addLayout(side)
        row.addWidget(self.page, 1)
        theme.changed.connect(self.reload)
        self.contents.setCurrentRow(0)
        self.page.setFocus()

    @property
    def path(self) -> Path:
        """The page that is shown."""
        return self._path

    def show_page(self, path: Path, *, remember: bool = True) -> None:
        """Show a page of the documentation."""
        if not path.is_file():
            return
        if remember and self._path.is_file() and path != self._path:
            self._visited.append(self._path)
        self._path = path
        self.page.read(path)
        self.back.setEnabled(bool(self._visited))
        for row in range(self.contents.count()):
            if self.contents.item(row).data(Qt.ItemDataRole.UserRole) == path:
                blocked = self.contents.blockSignals(True)
                self.contents.setCurrentRow(row)
                self.contents.blockSignals(blocked)
                return
        self.contents.clearSelection()

    def follow(self, link: QUrl) -> None:
        """Open a link: a page here, an address of the network in the browser."""
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
            return
        target = self.page.document().baseUrl().resolved(link)
        path = Path(target.toLocalFile())
        if not path.is_file() and "resources" in path.parts:  # they lie elsewhere in a wheel
            at = len(path.parts) - path.parts[::-1].index("resources")
            path = resources_dir().joinpath(*path.parts[at:])
        if path.suffix == ".md":
            self.show_page(path.resolve())

    def go_back(self) -> None:
        """Show the page seen before."""
        if self._visited:
            self.show_page(self._visited.pop(), remember=False)

    def find_next(self) -> None:
        """Go to the next place where the words in the field stand, through all pages."""
        words = self.field.text().strip()
        if not words or self.page.find(words):
            return
        paths = [
            self.contents.item(row).data(Qt.ItemDataRole.UserRole)
            for row in range(self.contents.count())
        ]
        here = paths.index(self._path) if self._path in paths else -1
        for path in (*paths[here + 1 :], *paths[: here + 1]):
            if words.lower() in plain(path).lower():
                self.show_page(path)
                if self.page.find(words):
                    return

    def reload(self) -> None:
        """Show the page anew, in other colours or another width."""
        if self._path.is_file():
            at = self.page.verticalScrollBar().value()
            self.page.read(self._path)
            self.page.verticalScrollBar().setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures to the width."""
        super().resizeEvent(event)
        self.reload()

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(item.data(Qt.ItemDataRole.UserRole))


def pages_of(index: Path) -> list[tuple[str, Path]]:
    """Return the title and path of the index and of each page that it names, in order."""
    pages = [(tr("Overview"), index)]
    for title, link in re.findall(r"\[([^\]]+)\]\(([\w-]+\.md)\)", index.read_text("utf-8")):
        path = index.parent / link
        if path not in [known for _, known in pages]:
            pages.append((title, path))
    return pages


def plain(path: Path) -> str:
    """Return the words of a page."""
    document = QTextDocument()
    document.setMarkdown(path.read_text(encoding="utf-8"))
    return document.toPlainText()
