"""The guide in its window: contents, links, words found, pictures that fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest

from spn_annotator.gui.dialogs.guide import GuideDialog, pages_of
from spn_annotator.gui.theme import ThemeChoice
from spn_annotator.paths import docs_dir
from tests.gui.hand import Hand


@pytest.fixture
def guide(hand: Hand) -> GuideDialog:
    """The guide, opened with its key."""
    hand.wait(hand.window.isActiveWindow)
    hand.key(Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    dialog = hand.window.commands.guide_dialog
    assert dialog is not None
    hand.wait(dialog.isVisible)
    return dialog


def test_it_opens_at_the_overview_and_leaves_the_window_free(hand: Hand, guide) -> None:
    assert guide.path == docs_dir().resolve() / "guide" / "index.md"
    assert not guide.isModal()
    assert "From a folder of pictures" in guide.page.toPlainText()
    hand.act("guide")
    assert hand.window.commands.guide_dialog is guide, "there is one"


def test_every_page_is_in_the_contents_and_can_be_read(guide) -> None:
    pages = pages_of(docs_dir() / "guide" / "index.md")
    assert guide.contents.count() == len(pages) == len(list((docs_dir() / "guide").glob("*.md")))
    for row in range(len(pages)):
        guide.contents.setCurrentRow(row)
        assert guide.path == guide.contents.currentItem().data(Qt.ItemDataRole.UserRole)
        assert len(guide.page.toPlainText()) > 400
        assert guide.page.horizontalScrollBar().maximum() == 0, f"{guide.path.name} is too wide"


def test_links_lead_to_pages_and_back(guide) -> None:
    guide.follow(QUrl("exchange.md"))
    assert guide.path.name == "exchange.md"
    assert guide.contents.currentItem().text() == "Import and export"
    guide.follow(QUrl("../formats.md#rules"))
    assert guide.path == docs_dir().resolve() / "formats.md"
    guide.follow(QUrl("nowhere.md"))
    assert guide.path.name == "formats.md"
    QTest.mouseClick(guide.back, Qt.MouseButton.LeftButton)
    QTest.mouseClick(guide.back, Qt.MouseButton.LeftButton)
    assert guide.path.name == "index.md"
    assert not guide.back.isEnabled()


def test_words_are_found_on_other_pages(guide) -> None:
    guide.field.setFocus()
    QTest.keyClicks(guide.field, "project.spn.lock")
    QTest.keyClick(guide.field, Qt.Key.Key_Return)
    assert guide.path.name == "projects.md"
    assert guide.page.textCursor().selectedText() == "project.spn.lock"
    guide.field.setText("no such words anywhere")
    QTest.keyClick(guide.field, Qt.Key.Key_Return)
    assert guide.path.name == "projects.md"


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_pictures_are_never_wider_than_the_page(guide, monkeypatch, ratio) -> None:
    monkeypatch.setattr(guide.page, "devicePixelRatioF", lambda: ratio)
    guide.resize(800, 600)
    guide.follow(QUrl("start.md"))
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = guide.page.loadResource(kind, QUrl("images/opened.png"))
    shown, room = picture.width() / picture.devicePixelRatio(), guide.page.viewport().width()
    assert 0.8 * room < shown < room
    assert guide.page.horizontalScrollBar().maximum() == 0


def test_it_follows_the_theme(hand: Hand, guide) -> None:
    hand.window.set_theme(ThemeChoice.DARK)
    assert guide.page.palette().base().color().lightness() < 80
    assert "From a folder of pictures" in guide.page.toPlainText()


def test_a_missing_guide_is_said(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    hand.act("guide")
    assert "guide is missing" in hand.window.errors.text
