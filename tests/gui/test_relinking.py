"""Images whose files have gone are found and linked again; what was painted waits for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from spn_annotator.gui.dialogs.relinking import RelinkDialog
from spn_annotator.gui.lost_images import Choice
from tests.gui.hand import Hand
from tests.gui.test_command_palette import in_dialog


@pytest.fixture
def painted(opened: Hand) -> Hand:
    """A hand with something painted and saved in the first image, closed again."""
    opened.stroke((60, 60), (80, 60))
    opened.wait_until_saved()
    assert opened.window.workspace.close_project()
    return opened


def looked(hand: Hand, act) -> None:
    """Open the dialog, wait until it has looked and searched, and do something in it."""

    def inside(dialog: QDialog) -> None:
        assert isinstance(dialog, RelinkDialog)
        hand.wait(lambda: not dialog.busy)
        act(dialog)

    in_dialog(hand, lambda: hand.act("relink"), inside)


def test_a_moved_image_is_found_by_its_content_and_gone_on_with(
    painted: Hand, folder: Path, tmp_path: Path
) -> None:
    hand = painted
    elsewhere = tmp_path / "elsewhere" / "deeper"
    elsewhere.mkdir(parents=True)
    (folder / "image_1.png").rename(elsewhere / "other name.png")
    (elsewhere / "image_1.png").write_bytes((folder / "image_2.png").read_bytes())
    hand.window.commands.open_path(folder)
    hand.wait(lambda: hand.window.workspace.session is not None)
    hand.window.workspace.go_to(1)
    hand.wait(lambda: hand.window.workspace.unreadable)
    assert hand.window.empty.title.replace("\u200b", "") == "image_1.png is not there"
    assert hand.window.errors.relink_button.isVisible()

    def find(dialog: RelinkDialog) -> None:
        assert "1 image is missing" in dialog.summary.text()
        assert "Nothing was found" in dialog.report.text()
        assert not dialog.link_button.isEnabled()
        dialog.folder.setText(str(tmp_path / "elsewhere"))
        dialog.search_button.click()
        hand.wait(lambda: not dialog.busy)
        index = dialog.model.index
        cells = [index(0, column).data() for column in range(4)]
        assert cells[:2] == ["image_1.png", "missing"]
        assert cells[2].endswith("other name.png")
        assert cells[3] == "same content"
        assert dialog.choice.count() == 3, "none, the same content, the same name"
        assert dialog.link_button.text() == "Link 1 image"
        dialog.link_button.click()
        hand.wait(lambda: not dialog.busy)
        assert "1 image is linked again" in dialog.report.text()
        assert "All images are there" in dialog.summary.text()
        assert dialog.model.rowCount() == 0

    looked(hand, find)
    hand.wait_for_image()
    assert hand.session.image_id == 1
    assert hand.document.object_map[60, 70] == 1
    assert not hand.window.errors.isVisible()
    assert hand.session.image_path(1).resolve() == (elsewhere / "other name.png").resolve()


def test_nothing_happens_to_images_that_are_not_linked(painted: Hand, folder: Path) -> None:
    hand = painted
    kept = (folder / "image_1.png").read_bytes()
    (folder / "image_1.png").rename(folder / "renamed.png")
    hand.open(folder)

    def leave(dialog: RelinkDialog) -> None:
        assert dialog.model.images[0].chosen is not None
        row = dialog.model.index(0, 0)
        assert row.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        off = Qt.CheckState.Unchecked
        assert dialog.model.setData(row, off, Qt.ItemDataRole.CheckStateRole)
        assert dialog.choice.currentData() is None
        assert not dialog.link_button.isEnabled()

    looked(hand, leave)
    assert hand.session.image_path(1).name == "image_1.png"
    assert hand.session.images.record(1).missing
    (folder / "renamed.png").unlink()
    (folder / "image_1.png").write_bytes(kept)
    assert hand.window.workspace.close_project()
    hand.open(folder)
    hand.window.workspace.go_to(1)
    hand.wait(lambda: hand.session.document is not None and hand.document.object_map.any())


def test_a_renamed_image_takes_the_place_of_the_one_that_came_up_in_its_stead(
    painted: Hand, folder: Path
) -> None:
    hand = painted
    (folder / "image_1.png").rename(folder / "renamed.png")
    hand.open(folder)
    assert len(hand.session.images) == 4

    def link(dialog: RelinkDialog) -> None:
        assert dialog.model.index(0, 2).data() == "renamed.png"
        dialog.link_button.click()
        hand.wait(lambda: not dialog.busy)

    looked(hand, link)
    assert sorted(r.path for r in hand.session.images.records()) == [
        "image_2.png",
        "image_3.png",
        "renamed.png",
    ]
    assert len(hand.window.strip.model._ids) == 3
    hand.window.workspace.go_to(1)
    hand.wait_for_image()
    assert hand.document.object_map[60, 70] == 1


def test_a_changed_image_is_taken_as_right_when_the_person_says_so(
    painted: Hand, folder: Path
) -> None:
    hand = painted
    pixels = np.asarray(Image.open(folder / "image_1.png")).copy()
    pixels[:9] = 255
    Image.fromarray(pixels).save(folder / "image_1.png")
    hand.open(folder)
    hand.window.workspace.go_to(1)
    hand.wait(lambda: hand.window.errors.isVisible())

    def confirm(dialog: RelinkDialog) -> None:
        assert dialog.model.index(0, 1).data() == "changed"
        assert not dialog.link_button.isEnabled(), "nobody has said yet that it is right"
        dialog.choice.setCurrentIndex(1)
        dialog.choice.activated.emit(1)
        assert dialog.model.index(0, 3).data() == "taken as right"
        dialog.link_button.click()
        hand.wait(lambda: not dialog.busy)
        assert "All images are there" in dialog.summary.text()

    hand.window.canvas.zoom_to(3.0)
    looked(hand, confirm)
    assert hand.window.canvas.view.zoom == 3.0, "what is looked at stays in view"
    assert hand.window.strip.list.currentIndex().isValid()
    hand.wait(lambda: not hand.window.errors.isVisible())
    assert not hand.session.images.record(1).changed
    assert hand.document.object_map[60, 70] == 1


def test_a_file_of_another_size_is_refused_and_that_is_said(
    painted: Hand, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = painted
    (folder / "image_1.png").unlink()
    other = tmp_path / "small.png"
    Image.new("RGB", (20, 10)).save(other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    hand.open(folder)

    def try_it(dialog: RelinkDialog) -> None:
        dialog.file_button.click()
        assert dialog.model.images[0].chosen == Choice(other)
        assert dialog.model.index(0, 3).data() == "chosen by you"
        dialog.link_button.click()
        hand.wait(lambda: not dialog.busy)
        assert "20 x 10" in dialog.report.text()
        assert "20 x 10" in dialog.model.index(0, 3).data()
        assert dialog.model.rowCount() == 1

    looked(hand, try_it)
    assert hand.session.image_path(1).name == "image_1.png"


def test_where_nothing_is_missing_that_is_said(opened: Hand) -> None:
    def look(dialog: RelinkDialog) -> None:
        assert dialog.summary.text() == "All images are there, and none has changed."
        assert not dialog.search_button.isEnabled()
        assert not dialog.any_changed

    picture = opened.window.workspace.picture
    looked(opened, look)
    assert opened.window.workspace.picture is picture
