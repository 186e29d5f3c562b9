"""Every action of the table is reached as a person reaches it, and something is seen to happen.

One window goes through the actions of an area; each case says what makes its action possible and
where its effect is seen. What is seen before must not be what is seen after.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
)

from spn_annotator.annotation import Rect
from spn_annotator.gui.action_table import ACTIONS, BY_ID
from spn_annotator.gui.theme import ThemeChoice
from spn_annotator.project import Project, Status
from tests.gui.hand import HEIGHT, WIDTH, Hand

PATIENCE = 20_000


@dataclass(frozen=True)
class Case:
    """One action: how it becomes possible, and what a person sees of it."""

    id: str
    seen: Callable[[Hand], object]
    ready: Callable[[Hand], object] = lambda _: None
    after: Callable[[Hand], object] = lambda _: None


# ---- what is seen ------------------------------------------------------------------------------


def canvas(hand: Hand) -> QImage:
    """The picture on the screen."""
    return hand.window.canvas.grab().toImage()


def zoom(hand: Hand) -> float:
    return hand.window.canvas.view.zoom


def objects(hand: Hand) -> object:
    """Everything there is about the objects of the image."""
    document = hand.document
    return tuple(document.objects.values()), document.object_map.tobytes()


def label_list(hand: Hand) -> object:
    return list(hand.session.labels_now())


def image(hand: Hand) -> object:
    return hand.session.image_id, hand.window.workspace.picture is not None


def tool(hand: Hand) -> object:
    return hand.window.canvas.tool.id, hand.window.status._hint


def editor(panel: str) -> Callable[[Hand], object]:
    return lambda hand: getattr(hand.window, panel).list.findChild(QLineEdit) is not None


def side(hand: Hand) -> object:
    return hand.window.side.page, hand.window.side_dock.isVisible()


def last_dialog(hand: Hand) -> object:
    """The dialog that has opened since; it is closed at once."""
    return getattr(hand, "dialog_title", "")


# ---- what makes an action possible -------------------------------------------------------------


def fill(hand: Hand, x: int, y: int, size: int, object_id: int) -> None:
    mask = np.ones((size, size), bool)
    hand.document.fill_mask(
        (Rect(x, y, x + size, y + size), mask), object_id=object_id, kind="sure"
    )


def use_tool(name: str) -> Callable[[Hand], None]:
    return lambda hand: hand.window.set_tool(name)


def zoom_to(value: float) -> Callable[[Hand], None]:
    return lambda hand: hand.window.canvas.zoom_to(value)


def page(name: str) -> Callable[[Hand], None]:
    return lambda hand: hand.window.show_side(name)


def go_to(image_id: int) -> Callable[[Hand], None]:
    def go(hand: Hand) -> None:
        hand.window.workspace.go_to(image_id)
        hand.wait_for_image()

    return go


def propose(hand: Hand) -> None:
    """Show a proposal that is not sure of itself."""
    document = hand.document
    if document.proposal is None:
        grown = document.object_map.copy()
        grown[20:60, 20:60] = next(iter(document.objects))
        unsure = np.full(grown.shape, 0.3, np.float32)
        document.set_proposal(grown, confidence=unsure, revision=document.revision)


def blurred_keys(hand: Hand) -> None:
    """End the typing in a list."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit):
        hand.key(Qt.Key.Key_Escape)
    lists = hand.window.labels.list, hand.window.objects.list
    hand.wait(lambda: not any(view.findChild(QLineEdit) for view in lists), PATIENCE)
    hand.window.canvas.setFocus()


def chosen(*ids: int) -> Callable[[Hand], None]:
    return lambda hand: hand.window.object_commands.choose(ids)


def give_key(digit: str) -> Callable[[Hand], None]:
    """Give the digit to the label that is not picked."""

    def give(hand: Hand) -> None:
        hand.window.canvas.setFocus()
        hand.window.label_commands.pick(2)
        for label in label_list(hand):
            if label.key == digit and label.id != 1:
                hand.session.change_label(label.id, key=None)
        hand.session.change_label(1, key=digit)

    return give


def paint(hand: Hand) -> None:
    """Begin another stroke so that there is something to save."""
    x = 10 + 10 * len(hand.document.history.undo_names)
    hand.window.set_tool("brush")
    hand.stroke((x, 100), (x + 5, 105))


def swapped(hand: Hand) -> None:
    hand.window.label_commands.pick(1)
    hand.window.label_commands.pick(2)


def picked(hand: Hand) -> object:
    return None if hand.session.label is None else hand.session.label.id


def is_filtered(hand: Hand) -> object:
    return hand.window.strip.model.rowCount()


def only_one(hand: Hand) -> None:
    QTest.keyClicks(hand.window.strip.filter.text, "image_1")
    hand.wait(lambda: is_filtered(hand) == 1, PATIENCE)


def proposal_of_3(hand: Hand) -> None:
    hand.wait(lambda: hand.image_name == "image_3.png", PATIENCE)
    hand.wait_for_image()
    hand.wait_for_proposal()


# ---- the cases ---------------------------------------------------------------------------------

DIALOGS = ("import", "export", "relink", "key_sheet", "command_palette", "edit_keys", "about")

WITHOUT_A_PROJECT = (
    *(
        Case(
            f"theme_{name}",
            lambda h: (h.window.theme.choice, h.window.settings.theme),
            lambda h, other=other: h.window.set_theme(ThemeChoice(other)),
        )
        for name, other in (("auto", "dark"), ("light", "dark"), ("dark", "light"))
    ),
    *(
        Case(
            f"language_{code}",
            lambda h: h.window.settings.language,
            lambda h: h.window.set_language(""),
        )
        for code in ("auto", "en", "de", "zh_CN")
    ),
    *(Case(name, last_dialog) for name in DIALOGS if name not in ("import", "export", "relink")),
    Case(
        "guide",
        lambda h: (
            h.window.commands.guide_dialog is not None
            and h.window.commands.guide_dialog.isVisible()
        ),
        after=lambda h: h.window.commands.guide_dialog.close(),
    ),
    *(
        Case(f"show_{name}", side, page(other))
        for name, other in (
            ("objects", "history"),
            ("history", "objects"),
            ("statistics", "objects"),
            ("comments", "objects"),
        )
    ),
    Case("open_folder", lambda h: h.window.workspace.session is not None),
    Case("open_image", lambda h: h.window.workspace.session and image(h)),
    Case("open_sample", lambda h: h.window.windowTitle()),
    Case("first_steps", lambda h: h.window.coach.isVisible()),
    Case("quit", lambda h: h.window.isVisible()),
)

AROUND_THE_IMAGE = (
    Case("save", lambda h: h.window.status.save_state, paint),
    *(Case(name, last_dialog) for name in ("import", "export", "relink")),
    Case("next_image", image, go_to(1)),
    Case("previous_image", image, go_to(2)),
    Case("next_todo", image, go_to(1)),
    Case(
        "find_images",
        lambda h: h.window.strip.filter.text.hasFocus(),
        after=lambda h: h.window.canvas.setFocus(),
    ),
    Case("show_all_images", is_filtered, only_one),
    Case("mark_accepted", lambda h: h.session.images.accepted, go_to(1)),
    Case("undo", objects, paint),
    Case("redo", objects, lambda h: h.document.undo() if h.document.can_undo else None),
    Case(
        "comment",
        lambda h: (h.window.side.page, isinstance(QApplication.focusWidget(), QLineEdit)),
        page("history"),
        after=blurred_keys,
    ),
    Case(
        "batch",
        lambda h: h.window.commands._batch is not None and h.window.commands._batch.isVisible(),
        after=lambda h: h.window.commands.end_batch(),
    ),
)

TOOLS_AND_VIEW = (
    *(
        Case(spec.id, tool, use_tool("brush" if spec.id == "tool_pan" else "pan"))
        for spec in ACTIONS
        if spec.id.startswith("tool_")
    ),
    Case("sure_strokes", lambda h: h.window.workspace.painting.kind, use_tool("brush")),
    Case("brush_bigger", lambda h: h.window.workspace.painting.size),
    Case("brush_smaller", lambda h: h.window.workspace.painting.size),
    Case("fit", zoom, zoom_to(8.0)),
    Case("actual_size", zoom, zoom_to(8.0)),
    Case("zoom_in", zoom, zoom_to(2.0)),
    Case("zoom_out", zoom, zoom_to(2.0)),
    Case("show_minimap", lambda h: h.window.canvas.minimap.isVisible(), zoom_to(9.0)),
    Case("show_rulers", canvas, zoom_to(2.0)),
    Case("show_grid", canvas, zoom_to(40.0)),
    Case("cycle_overlay", canvas, lambda h: h.window.canvas.fit()),
    Case("show_strokes", canvas),
    Case("show_affinity", lambda h: h.window.view_options.affinity.legend.isVisible()),
    *(
        Case(
            name,
            lambda h, name=name: getattr(h.window.view_options, name).isVisible(),
            after=lambda h, name=name: getattr(h.window.view_options, name).close(),
        )
        for name in ("display_options", "refine_options")
    ),
)

REFINEMENT = (
    *(
        Case(
            f"scope_{name}",
            lambda h: h.window.workspace.refining.scope,
            lambda h, other=other: h.act(f"scope_{other}"),
        )
        for name, other in (
            ("view", "all"),
            ("label", "all"),
            ("object", "all"),
            ("all", "object"),
        )
    ),
    Case("refine", lambda h: h.document.proposal is not None),
    Case("drop", lambda h: h.document.proposal is not None, propose),
    Case("show_confidence", canvas, propose),
    Case("compare_split", canvas, propose),
    Case("accept", objects, propose),
    Case("scribbles", lambda h: h.window.actions_["scribbles"].isChecked()),
    Case("live", lambda h: h.window.workspace.refining.live),
)

REVIEW = (
    Case("review", lambda h: (h.window.review.on, h.image_name)),
    Case("reject", lambda h: h.session.images.record(3).status, proposal_of_3),
    Case(
        "review_back",
        lambda h: h.session.images.record(3).status,
        lambda h: h.wait(lambda: h.image_name != "image_3.png", PATIENCE),
    ),
)

LABELS = (
    Case("add_label", editor("labels"), after=blurred_keys),
    Case("rename_label", editor("labels"), after=blurred_keys),
    Case("recolor_label", canvas),
    Case("label_key", lambda h: [label.key for label in label_list(h)]),
    Case("export_labels", lambda h: h.window.status.message),
    Case("import_labels", label_list, lambda h: h.document.remove_label(2)),
    Case(
        "label_locked",
        lambda h: h.document.can_paint(1),
        lambda h: h.window.label_commands.pick(1),
        after=lambda h: h.session.change_label(1, locked=False),
    ),
    Case("label_visible", canvas),
    Case("new_object", lambda h: h.session.current_object_id()),
    Case("swap_label", picked, swapped),
    *(Case(f"label_{digit}", picked, give_key(digit)) for digit in "1234567890"),
    Case("remove_label", label_list),
)

OBJECTS = (
    Case("zoom_to_object", zoom, chosen(1)),
    Case("rename_object", editor("objects"), chosen(1), after=blurred_keys),
    Case("fill_holes", objects, chosen(1)),
    Case("remove_islands", objects, chosen(1)),
    Case("smooth_object", objects, chosen(1)),
    Case("split_object", objects, chosen(1)),
    Case("merge_objects", objects, lambda h: h.window.object_commands.choose(h.document.objects)),
    Case(
        "relabel_object",
        lambda h: h.document.objects[1].label_id,
        lambda h: (chosen(1)(h), h.window.label_commands.pick(2)),
    ),
    Case("remove_object", objects, chosen(1)),
)

SCENES = (WITHOUT_A_PROJECT, AROUND_THE_IMAGE, TOOLS_AND_VIEW, REFINEMENT, REVIEW, LABELS, OBJECTS)


def test_every_action_has_a_case() -> None:
    cases = [case.id for scene in SCENES for case in scene]
    assert sorted(cases) == sorted(BY_ID)


# ---- going through them ------------------------------------------------------------------------


def in_menus(hand: Hand) -> dict[str, QAction]:
    """Return the actions in the menus of the window, and in the menus in those."""
    found: dict[str, QAction] = {}
    for menu in hand.window.menuBar().findChildren(QMenu):
        assert menu.menuAction() in hand.window.menuBar().actions() or menu.parent() is not None
        found |= {action.objectName(): action for action in menu.actions()}
    return found


@pytest.fixture
def dialogs_close(hand: Hand) -> Iterator[None]:
    """Close each modal dialog as soon as it is there, and remember its title."""

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            hand.dialog_title = dialog.windowTitle() or type(dialog).__name__  # pyright: ignore[reportAttributeAccessIssue]
            dialog.reject()

    timer = QTimer(hand.window)
    timer.timeout.connect(close)
    timer.start(10)
    yield
    timer.stop()


def go_through(hand: Hand, scene: tuple[Case, ...]) -> None:
    menus = in_menus(hand)
    for case in scene:
        hand.dialog_title = ""  # pyright: ignore[reportAttributeAccessIssue]
        hand.window.activateWindow()  # there is no window manager to do it after a dialog
        case.ready(hand)
        before = case.seen(hand)
        action = hand.window.actions_[case.id]
        assert action.isEnabled(), f"{case.id} is not possible"
        if case.id in menus:
            menus[case.id].trigger()
        else:
            (key,) = BY_ID[case.id].keys
            hand.key(key)
        try:
            hand.wait(lambda: case.seen(hand) != before, PATIENCE)  # noqa: B023
        except Exception as error:
            raise AssertionError(f"nothing is seen of {case.id}: still {before!r}") from error
        case.after(hand)


@pytest.mark.usefixtures("dialogs_close")
def test_actions_that_need_no_project(
    hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    monkeypatch.setattr(
        "spn_annotator.samples.sample_project",
        lambda target: shutil.copytree(folder, target, dirs_exist_ok=True),
    )
    name = str(folder / "image_2.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (name, ""))
    go_through(hand, WITHOUT_A_PROJECT)


@pytest.mark.usefixtures("dialogs_close")
def test_actions_around_the_image(opened: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spn_annotator.gui.autosave._DELAY_MS", 3_600_000)
    go_through(opened, AROUND_THE_IMAGE)


def test_tools_and_the_view(opened: Hand) -> None:
    opened.stroke((60, 60), (80, 60))
    opened.move(10, 10)
    go_through(opened, TOOLS_AND_VIEW)


def test_refinement(opened: Hand) -> None:
    opened.stroke((60, 60), (80, 60))
    opened.move(10, 10)
    go_through(opened, REFINEMENT)


def test_review(hand: Hand, folder: Path) -> None:
    with Project.open(folder) as project:
        project.scan()
        for record, sure in zip(project.images(), (0.5, 0.9, 0.2), strict=True):
            document = project.load(record.id)
            item = document.add_object(1)
            project.save(record.id, document, status=Status.IN_PROGRESS)
            grown = np.zeros((HEIGHT, WIDTH), np.uint16)
            grown[48:62, 58:74] = item.id
            confidence = np.full((HEIGHT, WIDTH), sure, np.float32)
            project.store_proposal(record.id, grown, confidence=confidence, model="tests")
    hand.open(folder)
    go_through(hand, REVIEW)


def test_labels(opened: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(tmp_path / "labels.json")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor(9, 240, 130))
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("7", True))
    opened.stroke((60, 60), (80, 60))
    opened.move(10, 10)
    go_through(opened, LABELS)


def test_objects(opened: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (20, True))
    opened.document.add_object(1)
    for x, y, size, object_id in (
        (20, 20, 30, 1),
        (30, 30, 5, 0),
        (80, 80, 3, 1),
        (90, 20, 30, 1),
    ):
        fill(opened, x, y, size, object_id)
    opened.document.clear_strokes()
    go_through(opened, OBJECTS)
