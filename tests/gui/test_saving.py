"""Autosave: soon, off the GUI thread, and honest when it fails."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from spn_annotator.errors import SaveError
from spn_annotator.gui import autosave
from spn_annotator.project import Project, Status, open_path
from spn_annotator.project.rescue import RescueFolder
from tests.gui.hand import Hand


class Disk:
    """Makes the project's writes fail, or notes who writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self.threads: set[int] = set()
        write = Project.write

        def guarded(project: Project, *args, **kwargs) -> None:
            self.threads.add(threading.get_ident())
            if self.full:
                raise SaveError("the disk is full", path=project.path, remedy="Free some space")
            write(project, *args, **kwargs)

        monkeypatch.setattr(Project, "write", guarded)


def copies_of(folder: Path) -> list[Path]:
    return list(RescueFolder(folder).folder.glob("*.db"))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_stroke_is_saved_by_itself_on_another_thread(
    opened: Hand, folder: Path, disk: Disk
) -> None:
    hand = opened
    hand.stroke((60, 60))
    assert hand.window.status.save_state == "Not saved yet"
    hand.wait_until_saved()
    assert not hand.document.is_dirty
    assert threading.get_ident() not in disk.threads
    painted = hand.document.object_map.copy()
    hand.window.close()
    with Project.open(folder) as project:
        np.testing.assert_array_equal(project.load(1).object_map, painted)
        assert project.image(1).status is Status.IN_PROGRESS


def test_what_is_painted_during_a_slow_save_does_not_wait_for_the_timer(
    opened: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = opened
    begun, goes_on = threading.Event(), threading.Event()
    write = Project.write

    def slow(project: Project, *args, **kwargs) -> None:
        begun.set()
        assert goes_on.wait(20)
        write(project, *args, **kwargs)

    monkeypatch.setattr(Project, "write", slow)
    hand.stroke((60, 60))
    hand.wait(begun.is_set)
    monkeypatch.setattr(autosave, "_DELAY_MS", 3_600_000)
    hand.stroke((100, 60))
    goes_on.set()
    hand.wait_until_saved()
    assert not hand.document.is_dirty


def test_a_failed_save_stays_dirty_says_so_and_is_tried_again(opened: Hand, disk: Disk) -> None:
    hand = opened
    disk.full = True
    hand.stroke((60, 60))
    hand.wait(lambda: hand.window.errors.isVisible())
    assert "the disk is full" in hand.window.errors.text
    assert hand.document.is_dirty
    assert hand.window.status.save_state == "Not saved"
    hand.stroke((100, 60))
    assert hand.window.status.save_state == "Not saved"
    disk.full = False
    hand.wait_until_saved()
    assert not hand.document.is_dirty
    assert not hand.window.errors.isVisible()


def test_work_of_a_program_that_crashed_with_a_full_disk_is_there_again(
    opened: Hand, disk: Disk, folder: Path
) -> None:
    hand = opened
    disk.full = True
    hand.stroke((60, 60))
    painted = hand.document.object_map.copy()
    hand.wait(lambda: copies_of(folder))
    hand.window.workspace.autosave.stop()
    hand.session.project.close()  # the lock is free, and nothing more is saved
    disk.full = False
    with open_path(folder)[0] as project:
        assert project.recovery.recovered == (1,)
        np.testing.assert_array_equal(project.load(1).object_map, painted)
    assert copies_of(folder) == []
    hand.window.workspace.abandon_project()


def test_closing_at_once_saves_the_last_stroke(opened: Hand, folder: Path) -> None:
    hand = opened
    hand.stroke((60, 60))
    painted = hand.document.object_map.copy()
    hand.window.close()
    with Project.open(folder) as project:
        np.testing.assert_array_equal(project.load(1).object_map, painted)


@pytest.mark.parametrize(("answer", "closed"), [("Cancel", False), ("Close without saving", True)])
def test_closing_with_a_full_disk_asks(
    opened: Hand, disk: Disk, folder: Path, answer: str, closed: bool
) -> None:
    hand = opened
    disk.full = True
    hand.stroke((60, 60))
    hand.wait(lambda: copies_of(folder))

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text().replace("&", "") == answer).click()

    QTimer.singleShot(50, hand.window, reply)
    hand.window.close()
    assert hand.window.isVisible() is not closed
    assert bool(copies_of(folder)) is not closed, "what may be lost does not come back by itself"
    if not closed:
        assert hand.document.is_dirty
        disk.full = False
        hand.window.workspace.autosave.save_now()
        hand.wait_until_saved()


def test_trying_again_after_the_question_saves(opened: Hand, disk: Disk, folder: Path) -> None:
    hand = opened
    disk.full = True
    hand.stroke((60, 60))

    def reply() -> None:
        disk.full = False
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text() == "Try again").click()

    QTimer.singleShot(50, hand.window, reply)
    hand.window.close()
    with Project.open(folder) as project:
        assert project.load(1).object_map[60, 60] == 1


def test_a_project_that_cannot_be_saved_stays_open_when_another_is_opened(
    opened: Hand, disk: Disk, tmp_path: Path
) -> None:
    hand = opened
    disk.full = True
    hand.stroke((60, 60))
    other = tmp_path / "other"
    other.mkdir()
    hand.window.commands.open_path(other)
    assert hand.document.object_map[60, 60] == 1
    assert "the disk is full" in hand.window.errors.text


def test_a_project_open_elsewhere_is_read_only_and_says_so(hand: Hand, folder: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from spn_annotator.project import Project\n"
        "p = Project.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        hand.open(folder)
        assert "Nothing can be saved" in hand.window.errors.text
        hand.stroke((60, 60))
        assert "nothing can be changed here" in hand.window.status.message, "work would be lost"
        assert not hand.document.object_map.any()
        hand.window.workspace.toggle_accepted()
        assert "nothing can be changed here" in hand.window.errors.text
        assert not hand.session.unsaved()
        other.communicate("")


@pytest.mark.parametrize(
    ("answer", "value", "asked_again"),
    [
        ("Use what was kept aside", 1, False),
        ("Use what is in the project", 0, False),
        ("Decide later", 0, True),
    ],
)
def test_two_versions_of_an_image_are_asked_about(
    hand: Hand, folder: Path, answer: str, value: int, asked_again: bool
) -> None:
    with open_path(folder)[0] as project:
        project.save(1, project.load(1))
        mine = project.load(1)
        label = next(iter(mine.labels))
        with mine.begin_stroke(kind="rough", label_id=label.id) as stroke:
            stroke.segment((60, 60), (60, 60), 5)
        project.rescue(project.snapshot_whole(1, mine))
    with Project.open(folder) as project:  # saved since, by a program that looks for no copies
        document = project.load(1)
        document.add_object(label.id)
        project.save(1, document)
    asked = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(50, hand.window, reply)
    hand.open(folder)
    assert "two versions" in asked[0]
    assert hand.document.object_map[60, 60] == value
    assert bool(hand.session.project.recovery.undecided) is asked_again
    hand.session.project.drop_rescued()


def test_an_image_that_is_not_the_one_that_was_annotated_is_told(hand: Hand, folder: Path) -> None:
    with open_path(folder)[0] as project:
        record = project.images()[0]
        project.save(record.id, project.load(record.id))
        path = project.image_path(record.id)
        width, height = project.image(record.id).width, project.image(record.id).height
    Image.new("RGB", (width, height), "purple").save(path)
    hand.open(path)
    hand.wait(lambda: hand.window.errors.isVisible())
    assert "not the file that was annotated" in hand.window.errors.text
    hand.act("next_image")
    hand.wait(lambda: not hand.window.errors.isVisible())
