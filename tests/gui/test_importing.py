"""Annotations are exported in a format of the registry and imported again, in the dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.dialogs.importing import ImportDialog
from tests.gui.hand import Hand
from tests.gui.test_command_palette import in_dialog


# Pascal VOC turns the picture into a JPEG: it is the project's PNG all the same.
@pytest.mark.parametrize("name", ["coco", "voc"])
def test_what_is_exported_is_imported_again(opened: Hand, tmp_path: Path, name: str) -> None:
    hand = opened
    pictures = sorted(path.name for path in hand.session.project.folder.glob("*.*g"))
    hand.stroke((40, 50), (60, 50))
    area = hand.document.object_area(1)

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        for each, box in dialog.boxes.items():
            box.setChecked(each == name)
        dialog.folder.setText(str(tmp_path / "out"))
        dialog.export_button.click()
        hand.wait(lambda: not dialog.busy)
        assert "1 image" in dialog.report.text()

    in_dialog(hand, lambda: hand.act("export"), export)
    hand.document.remove_object(1)
    hand.wait_until_saved()

    def take(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        assert not dialog.import_button.isEnabled()
        dialog.source.setText(str(tmp_path / "out" / name))
        dialog.replace.setChecked(True)
        dialog.import_button.click()
        hand.wait(lambda: not dialog.busy)
        assert "Imported: 1 image" in dialog.report.text(), dialog.report.text()

    in_dialog(hand, lambda: hand.act("import"), take)
    hand.wait_for_image()
    hand.act("show_all_images")
    hand.window.workspace.go_to(1)
    hand.wait(lambda: hand.session.image_id == 1 and hand.window.workspace.picture is not None)
    assert [r.path for r in hand.session.images.records() if r.saved] == ["image_1.png"]
    assert sum(hand.document.object_areas().values()) == area
    folder = hand.session.project.folder
    assert sorted(path.name for path in folder.glob("*.*g")) == pictures, "none was copied in"


def test_what_is_no_data_set_is_said_to_be_none(opened: Hand, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ImportDialog(opened.session, opened.window)
    qtbot.addWidget(dialog)
    (tmp_path / "notes.txt").write_text("nothing")
    dialog.source.setText(str(tmp_path / "notes.txt"))
    dialog.import_button.click()
    opened.wait(lambda: not dialog.busy)
    assert "no format" in dialog.report.text()
    assert not dialog.any_imported
