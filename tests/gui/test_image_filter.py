"""Images are filtered and sorted, projects open on a thread and can be cancelled."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from spn_annotator.gui.image_list import ImageList, selected_ids
from spn_annotator.gui.panels.image_model import ImageModel
from spn_annotator.project import ImageQuery, ImageRecord, Project, Status
from tests.gui.hand import Hand


def shown(hand: Hand) -> list[str]:
    """Return the names in the film strip."""
    model = hand.window.strip.model
    return [model.index(row).data() for row in range(model.rowCount())]


def choose(hand: Hand, name: str, text: str) -> None:
    """Choose an entry of one of the boxes, as a person does with the keyboard."""
    box = getattr(hand.window.strip.filter, name)
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_typing_a_part_of_a_name_filters_and_next_follows_the_filter(opened: Hand) -> None:
    hand = opened
    hand.act("find_images")
    field = hand.window.strip.filter.text
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "e_3")
    hand.wait(lambda: shown(hand) == ["image_3.png"])
    assert hand.window.canvas.tool.id == "brush", "letters belong to the field"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is hand.window.canvas
    hand.key("d")
    hand.wait(lambda: hand.image_name == "image_3.png")
    assert not hand.window.actions_["next_image"].isEnabled()
    hand.act("show_all_images")
    hand.wait(lambda: len(shown(hand)) == 3)


def test_images_of_a_status_are_shown(opened: Hand) -> None:
    hand = opened
    hand.stroke((30, 30))
    hand.act("mark_accepted")
    choose(hand, "status", "accepted")
    hand.wait(lambda: shown(hand) == ["image_1.png"])
    choose(hand, "status", "to do")
    hand.wait(lambda: shown(hand) == ["image_2.png", "image_3.png"])
    choose(hand, "status", "rejected")
    hand.wait(lambda: shown(hand) == [])
    assert hand.window.strip._nothing.isVisibleTo(hand.window)


def test_images_with_a_label_are_shown(opened: Hand) -> None:
    hand = opened
    hand.act("next_image")
    hand.wait_for_image()
    hand.key("2")
    hand.stroke((30, 30))
    hand.wait_until_saved()
    choose(hand, "label", "horse")
    hand.wait(lambda: shown(hand) == ["image_2.png"])
    choose(hand, "label", "person")
    hand.wait(lambda: shown(hand) == [])


def test_images_are_sorted_and_next_follows_the_order(opened: Hand) -> None:
    hand = opened
    choose(hand, "order", "By name, backwards")
    hand.wait(lambda: shown(hand) == ["image_3.png", "image_2.png", "image_1.png"])
    hand.key("a")
    hand.wait(lambda: hand.image_name == "image_2.png")


def test_the_label_of_a_filter_that_is_removed_is_let_go(opened: Hand) -> None:
    hand = opened
    choose(hand, "label", "horse")
    hand.wait(lambda: shown(hand) == [])
    hand.act("show_all_images")
    hand.wait(lambda: len(shown(hand)) == 3)
    choose(hand, "label", "horse")
    hand.wait(lambda: shown(hand) == [])
    hand.document.remove_label(2)
    hand.wait(lambda: len(shown(hand)) == 3)


def test_statuses_of_this_moment_count_before_those_on_the_disk(folder: Path) -> None:
    with Project.open(folder) as project:
        project.scan()
        images = ImageList(project)
        ids = [record.id for record in images.records()]
        images.set_status(ids[1], Status.REJECTED)
        wanted = ImageQuery(statuses=(Status.REJECTED,))
        assert selected_ids(project, wanted, images.statuses) == [ids[1]]
        assert selected_ids(project, ImageQuery(order="status"), images.statuses)[-1] == ids[1]
        images.show_only([ids[2], ids[0]])
        assert images.neighbour(ids[2], 1) == ids[0]
        assert images.neighbour(ids[0], 1) is None
        assert images.neighbour(ids[1], 1) == ids[2], "the image at hand is hidden by the filter"
        assert images.place(ids[0]) == 2


class Counting:
    """A source of 100,000 images that counts what is read of them."""

    def __init__(self) -> None:
        self.read: set[int] = set()

    def record(self, image_id: int, /) -> ImageRecord:
        self.read.add(image_id)
        return ImageRecord(image_id, f"{image_id:06}.png")

    def path(self, image_id: int, /) -> Path:
        return Path(f"/nowhere/{image_id:06}.png")


def test_of_many_images_only_those_in_view_are_read(opened: Hand) -> None:
    source = Counting()
    strip = opened.window.strip
    strip.show_images(source, range(100_000))
    strip.list.grab()
    assert strip.model.rowCount() == 100_000
    assert 0 < len(source.read) < 100
    strip.select(99_999)
    strip.list.grab()
    assert 99_999 in source.read
    assert len(source.read) < 200
    assert isinstance(strip.model, ImageModel)


# ---- opening -----------------------------------------------------------------------------------


def test_opening_does_not_stop_the_window_and_can_be_cancelled(
    hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    scan = Project.scan

    def slow(project: Project) -> object:
        assert threading.current_thread() is not threading.main_thread()
        assert gate.wait(20)
        return scan(project)

    monkeypatch.setattr(Project, "scan", slow)
    hand.window.commands.open_path(folder)
    assert "Opening" in hand.window.empty.title
    assert hand.window.workspace.session is None
    cancel = next(
        b
        for b in hand.window.empty.findChildren(QPushButton)
        if b.isVisible() and "ancel" in b.text()
    )
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert hand.window.workspace.opening.path is None
    assert "Rough strokes in" in hand.window.empty.title
    gate.set()
    hand.open(folder)
    assert not hand.session.project.read_only, "the cancelled one was closed"


def test_closing_while_opening_lets_go_of_the_project(
    hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    scan = Project.scan

    def slow(project: Project) -> object:
        gate.wait(0.2)
        return scan(project)

    monkeypatch.setattr(Project, "scan", slow)
    hand.window.commands.open_path(folder)
    hand.window.close()
    with Project.open(folder) as project:
        assert not project.read_only
