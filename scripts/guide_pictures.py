"""The states of the window that the user guide shows; ``take_screenshots.py`` takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from photographer import Photographer, finish_coffee, paint_coffee
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from spn_annotator.gui.dialogs.batch import BatchDialog
from spn_annotator.gui.dialogs.command_palette import CommandPalette, entries_of
from spn_annotator.gui.dialogs.export import ExportDialog
from spn_annotator.gui.dialogs.importing import ImportDialog
from spn_annotator.gui.dialogs.key_editor import KeyEditor
from spn_annotator.gui.dialogs.key_sheet import KeySheet
from spn_annotator.gui.first_steps import Step
from spn_annotator.gui.theme import ThemeChoice


def start(hand: Photographer, folder: Path) -> None:
    """Nothing open; the sample project as it comes."""
    hand.save("start")
    hand.open(folder, "astronaut.png")
    hand.save("opened")
    hand.save("strip", hand.window.strip)


def paint(hand: Photographer, folder: Path) -> None:
    """Strokes, and the options of the tools."""
    hand.open(folder, "coffee.png")
    hand.clear()
    hand.act("tool_brush")
    paint_coffee(hand)
    hand.save("painting")
    finish_coffee(hand)
    for tool in ("brush", "wand", "superpixels"):
        hand.act(f"tool_{tool}")
        hand.save(f"options-{tool}", hand.window.options)
    hand.window.canvas.zoom_to(2.0)
    hand.hover(330, 120)
    hand.wait_for(lambda: hand.window.workspace.painting.superpixels.at(330, 120))
    hand.save("superpixels", hand.window.canvas)
    hand.act("tool_brush")
    hand.act("fit")


def refine(hand: Photographer, folder: Path) -> None:
    """A proposal, and how it is looked at."""
    window = hand.window
    hand.open(folder, "coffee.png")
    hand.clear()
    paint_coffee(hand)
    finish_coffee(hand)
    hand.refine()
    hand.wait(1.0)
    hand.save("proposal")
    hand.act("refine_options")
    hand.wait(0.3)
    hand.save("refine-options", window.view_options.refine_options)
    window.view_options.refine_options.close()
    hand.act("compare_split")
    hand.wait(0.3)
    hand.save("compare", window.canvas)
    hand.act("compare_split")
    hand.act("show_confidence")
    hand.wait(0.5)
    hand.save("unsure", window.canvas)
    hand.act("show_confidence")
    hand.act("accept")
    hand.wait(0.5)
    hand.theme(ThemeChoice.DARK)
    hand.save("accepted-dark")
    hand.theme(ThemeChoice.LIGHT)
    hand.act("show_affinity")
    hand.hover(120, 230)
    hand.wait(4.0)
    hand.save("affinity", window.canvas)
    hand.act("show_affinity")


def correct(hand: Photographer, folder: Path) -> None:
    """Sure strokes, seen from near."""
    window = hand.window
    hand.open(folder, "chelsea.png")
    hand.act("tool_sure_in")
    window.workspace.painting.set_size(14)
    hand.pick("nose")
    hand.stroke((252, 234), (278, 234))
    hand.act("tool_sure_out")
    hand.stroke((300, 112), (296, 134), (306, 158))
    hand.act("tool_brush")
    hand.hover(400, 250)
    hand.save("sure", window.canvas)


def look(hand: Photographer, folder: Path) -> None:
    """Near the pixels, with minimap, grid and rulers; the display options."""
    window = hand.window
    hand.open(folder, "rocket.png")
    hand.act("show_rulers")
    window.canvas.zoom_at(hand.at(330, 150).toPointF(), 12.0)
    hand.wait(0.6)
    hand.save("near", window.canvas)
    hand.act("show_rulers")
    hand.act("fit")
    hand.act("display_options")
    hand.wait(0.3)
    hand.save("display-options", window.view_options.display_options)
    window.view_options.display_options.close()


def panels(hand: Photographer, folder: Path) -> None:
    """What stands at the side."""
    window = hand.window
    hand.open(folder, "astronaut.png")
    hand.save("labels", window.labels)
    hand.act("show_objects")
    window.objects.list.selectAll()
    hand.wait(0.2)
    hand.save("objects", window.side)
    hand.pick("helmet")
    window.workspace.painting.set_size(20)
    hand.stroke((60, 60), (90, 70))
    hand.stroke((60, 90), (90, 95))
    hand.act("show_history")
    hand.save("history", window.side)
    hand.act("show_statistics")
    hand.wait(0.3)
    hand.save("statistics", window.side)


def review(hand: Photographer, folder: Path) -> None:
    """Proposals of three images, the least certain first."""
    window = hand.window
    for image in ("coffee.png", "rocket.png", "chelsea.png"):
        hand.open(folder, image) if window.workspace.session is None else hand.go_to(image)
        hand.refine()
    hand.wait(0.5)
    hand.act("review")
    hand.wait(3.0)
    hand.save("review")
    hand.act("review")
    hand.wait(0.5)


def dialogs(hand: Photographer, folder: Path) -> None:
    """What opens in windows of its own."""
    window, actions = hand.window, hand.window.actions_
    hand.open(folder, "astronaut.png")
    session = hand.session
    labels = list(session.labels_now())
    palette = CommandPalette(entries_of(actions, labels, window.label_commands), window)
    export = ExportDialog(session, window)
    export.folder.setText("/home/me/photos-export")
    made: dict[str, QWidget] = {
        "keys": KeySheet(actions.keymap, actions["edit_keys"], window),
        "key-editor": KeyEditor(actions.keymap, window),
        "import": ImportDialog(session, window),
        "export": export,
        "batch": BatchDialog(session, window.workspace.autosave.flush, window),
        "palette": palette,
    }
    for name, dialog in made.items():
        dialog.show()
        hand.wait(0.2)
        if dialog is palette:
            QTest.keyClicks(palette.findChildren(QLineEdit)[0], "mini")
        hand.save(name, dialog)
        dialog.close()


def steps(hand: Photographer, folder: Path) -> None:
    """The first steps, light and dark, and the guide in its window."""
    window = hand.window
    hand.open(folder, "astronaut.png")
    hand.act("show_objects")
    window.first_steps._show(Step.PAINT)  # as on the sample project in its own place
    hand.save("first-steps")
    hand.stroke((60, 60), (90, 70))
    hand.refine()
    hand.wait(0.5)
    hand.theme(ThemeChoice.DARK)
    hand.save("first-steps-dark")
    hand.theme(ThemeChoice.LIGHT)
    window.first_steps.end()
    hand.act("guide")
    guide = window.commands.guide_dialog
    assert guide is not None
    hand.wait(0.5)
    hand.save("guide", guide)
    guide.close()


#: By name, in the order in which they are taken.
STATES: dict[str, Callable[[Photographer, Path], None]] = {
    "start": start,
    "paint": paint,
    "refine": refine,
    "correct": correct,
    "look": look,
    "panels": panels,
    "review": review,
    "dialogs": dialogs,
    "steps": steps,
}
