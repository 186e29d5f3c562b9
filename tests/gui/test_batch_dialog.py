"""Many images refined from the window: a process of its own, proposals, stop, close."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from spn_annotator.annotation import Document
from spn_annotator.annotation.objects import AnnotatedObject
from spn_annotator.gui.dialogs.batch import BatchDialog
from spn_annotator.gui.window import MainWindow
from spn_annotator.project import Project, Status
from tests.conftest import REPOSITORY
from tests.gui.hand import HEIGHT, WIDTH

# Each starts a process, which takes its time on a busy machine.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CHILD = """
import sys
from spn_annotator.batch.child import serve
from tests.batch.fakes import FakeMaker
sys.exit(serve(lambda order: FakeMaker(seconds=float(order["model"] or 0))))
"""


@pytest.fixture
def painted(folder: Path) -> Path:
    """Paint something on all three images; the last one is accepted."""
    with Project.open(folder) as project:
        label = next(iter(project.labels))
        for number, record in enumerate(project.images()):
            array = np.zeros((HEIGHT, WIDTH), np.uint16)
            array[10:30, 10 : 40 + number] = 1
            document = Document(
                array.shape,
                project.labels,
                objects=[AnnotatedObject(1, label.id)],
                object_map=array,
            )
            status = Status.ACCEPTED if number == 2 else Status.IN_PROGRESS
            project.save(record.id, document, status=status)
    return folder


@pytest.fixture
def dialog(
    window: MainWindow, painted: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> BatchDialog:
    """Open the dialog on the project, with a quick model in the process."""
    paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "kernels")])
    monkeypatch.setenv("PYTHONPATH", paths)
    window.commands.open_path(painted)
    qtbot.waitUntil(lambda: window.workspace.picture is not None, timeout=60_000)
    window.actions_["batch"].trigger()
    dialog = window.findChild(BatchDialog)
    assert dialog is not None
    dialog.command = (sys.executable, "-c", CHILD)
    return dialog


def done(dialog: BatchDialog) -> bool:
    return not dialog.busy


def test_results_become_proposals_of_open_and_of_closed_images(
    window: MainWindow, dialog: BatchDialog, qtbot: QtBot
) -> None:
    assert dialog.images.buttons[0].text().endswith("(2)")
    assert not dialog.isModal()
    dialog.begin()
    assert dialog.busy
    assert not dialog.begin_button.isEnabled()
    qtbot.waitUntil(lambda: done(dialog), timeout=240_000)
    assert dialog.report.text() == "2 proposals are ready"
    assert dialog.page_button.isVisible()
    session = window.workspace.session
    assert session is not None
    first, second, third = session.project.images()
    open_document = session.document_of(first.id)
    assert open_document is not None
    assert open_document.proposal is not None
    assert session.document_of(second.id) is None
    assert second.status is Status.PROPOSED
    assert second.confidence is not None  # by which the window puts proposals in order
    assert 0 < second.confidence < 1
    assert session.project.load(second.id).proposal is not None
    assert third.status is Status.ACCEPTED
    assert not third.proposed
    # The dialog counts anew: nothing is left without a proposal.
    assert [button.text()[-3:] for button in dialog.images.buttons] == ["(0)", "(2)", "(3)"]
    assert not dialog.begin_button.isEnabled()


def test_an_image_that_is_painted_on_meanwhile_keeps_what_was_painted(
    window: MainWindow, dialog: BatchDialog, qtbot: QtBot
) -> None:
    dialog.model.setText("1.0")
    dialog.begin()
    session = window.workspace.session
    assert session is not None
    document = session.document
    assert document is not None
    qtbot.waitUntil(lambda: dialog.progress.maximum() > 0, timeout=240_000)
    with document.begin_stroke(object_id=1, kind="rough") as stroke:
        stroke.segment((60, 60), (70, 60), 3)
    qtbot.waitUntil(lambda: done(dialog), timeout=240_000)
    assert document.proposal is None
    assert dialog.report.text().splitlines() == [
        "1 proposal is ready",
        "One image was painted on since the run began",
    ]


def test_stop_finishes_what_is_in_flight(dialog: BatchDialog, qtbot: QtBot) -> None:
    dialog.model.setText("1.0")
    dialog.images.buttons[2].setChecked(True)
    dialog.begin()
    qtbot.waitUntil(lambda: dialog.progress.maximum() > 0, timeout=240_000)
    dialog.stop_button.click()
    qtbot.waitUntil(lambda: done(dialog), timeout=240_000)
    assert "not begun" in dialog.report.text()
    assert dialog.begin_button.isEnabled()


def test_a_run_that_cannot_be_done_says_why(dialog: BatchDialog, qtbot: QtBot) -> None:
    dialog.command = (sys.executable, "-m", "spn_annotator.batch.child")
    dialog.model.setText("/nowhere/model.safetensors")
    dialog.begin()
    qtbot.waitUntil(lambda: done(dialog), timeout=240_000)
    assert "/nowhere/model.safetensors: does not exist" in dialog.report.text()


def test_words_that_come_push_nothing_over_anything_else(dialog: BatchDialog, qtbot: QtBot) -> None:
    before = dialog.height()
    dialog.progress.show()
    dialog._say("\n".join(f"{n}: a reason that is told at some length" for n in range(12)))
    assert dialog.height() > before
    rows = [dialog.images, dialog.model, dialog.device, dialog.processes, dialog.progress]
    rows += [dialog.report, dialog.begin_button]
    for upper, lower in pairwise(rows):
        bottom = upper.mapTo(dialog, upper.rect().bottomLeft()).y()
        assert bottom < lower.mapTo(dialog, lower.rect().topLeft()).y()
        if upper is not dialog.progress:  # a thin line by the style sheet
            assert upper.height() >= upper.minimumSizeHint().height()


def test_enter_presses_refine_or_nothing(dialog: BatchDialog) -> None:
    assert dialog.begin_button.isDefault()
    others = (dialog.close_button, dialog.stop_button, dialog.page_button, dialog.browse)
    assert not any(button.autoDefault() for button in others)


def test_a_process_that_dies_is_told(dialog: BatchDialog, qtbot: QtBot) -> None:
    dialog.command = (sys.executable, "-c", "import os; os._exit(7)")
    dialog.begin()
    qtbot.waitUntil(lambda: done(dialog), timeout=240_000)
    assert "ended before its time" in dialog.report.text()


def test_closing_the_dialog_lets_the_run_go_on_and_closing_the_project_ends_it(
    window: MainWindow, dialog: BatchDialog, qtbot: QtBot
) -> None:
    dialog.model.setText("5")
    dialog.begin()
    dialog.close_button.click()
    assert not dialog.isVisible()
    assert dialog.busy
    window.actions_["batch"].trigger()
    assert dialog.isVisible()
    assert window.workspace.close_project()
    assert not dialog.busy
    assert window.workspace.session is None
