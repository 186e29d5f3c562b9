"""Annotations are exported in a format of the registry and imported again, in the dialogs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
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


def test_the_label_that_comes_first_keeps_its_pixels(
    opened: Hand, qtbot: QtBot, tmp_path: Path
) -> None:
    boxes = {"person": [[10, 10], [59, 59]], "car": [[40, 40], [99, 99]]}
    shapes = [
        {"label": name, "shape_type": "rectangle", "points": points}
        for name, points in boxes.items()
    ]
    folder = tmp_path / "labelme"
    folder.mkdir()
    Image.new("RGB", (120, 110)).save(folder / "new.png")
    (folder / "new.json").write_text(json.dumps({"imagePath": "new.png", "shapes": shapes}))
    dialog = ImportDialog(opened.session, opened.window)
    qtbot.addWidget(dialog)
    dialog.source.setText(str(folder))
    dialog.priority.setText("person, , tram")
    dialog.import_button.click()
    opened.wait(lambda: not dialog.busy)
    said = dialog.report.text()
    assert "Imported: 1 image, 2 objects" in said, said
    assert "Objects overlapped: 400 pixels in 1 image" in said
    assert "No label is called tram" in said
    project = opened.session.project
    record = next(r for r in project.images() if r.path.endswith("new.png"))
    document = project.load(record.id)
    names = {label.id: label.name for label in document.labels}
    areas = {
        names[item.label_id]: document.object_area(item.id) for item in document.objects.values()
    }
    assert areas == {"person": 2500, "car": 3600 - 400}
