"""Parts of the window that know nothing of Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spn_annotator.annotation import Rect
from spn_annotator.errors import CallOrderError, UsageError
from spn_annotator.gui.canvas.picture import Picture
from spn_annotator.gui.image_list import ImageList
from spn_annotator.gui.panels.option_bar import BIGGEST_BRUSH, size_to_step, step_to_size
from spn_annotator.gui.session import Session
from spn_annotator.gui.tools import (
    BrushTool,
    EraserTool,
    PanTool,
    PointerEvent,
    ToolDriver,
    ToolSettings,
)
from spn_annotator.project import Project, Status


def event(x: float, y: float = 5.0, *, pressed: bool = True, alt: bool = False) -> PointerEvent:
    return PointerEvent(x=x, y=y, device_x=2 * x, device_y=2 * y, pressed=pressed, alt=alt)


class Edit:
    def __init__(self, log: list[Any]) -> None:
        self.log = log

    def segment(self, start: Any, end: Any, radius: float) -> Rect:
        self.log.append(("segment", start, end, radius))
        if start[0] < 0:
            raise RuntimeError("broken")
        return Rect(0, 0, 1, 1)

    def commit(self) -> None:
        self.log.append("commit")

    def cancel(self) -> Rect:
        self.log.append("cancel")
        return Rect(0, 0, 9, 9)


class Context:
    brush_radius = 3.0
    settings = ToolSettings()

    def __init__(self, *, refuses: bool = False) -> None:
        self.log: list[Any] = []
        self.refuses = refuses

    def begin_stroke(self, event: PointerEvent, *, erase: bool, kind: str | None = None) -> Any:
        self.log.append(("begin", erase))
        return None if self.refuses else Edit(self.log)

    def stroke_painted(self, rect: Rect) -> None: ...

    def stroke_ended(self, edit: Any) -> None:
        self.log.append("ended")

    def pan_view(self, dx: float, dy: float) -> None:
        self.log.append(("pan", dx, dy))


def test_a_brush_stroke_is_segments_between_one_begin_and_one_commit() -> None:
    driver, context = ToolDriver(), Context()
    driver.press(BrushTool(), context, event(1))
    driver.move(event(4))
    driver.move(event(4))
    driver.move(event(9, pressed=False))
    assert context.log == [
        ("begin", False),
        ("segment", (1, 5), (1, 5), 3.0),
        ("segment", (1, 5), (4, 5), 3.0),
        ("segment", (4, 5), (9, 5), 3.0),
        "commit",
        "ended",
    ]
    assert not driver.busy


def test_cancelling_takes_the_stroke_back_once() -> None:
    driver, context = ToolDriver(), Context()
    driver.press(EraserTool(), context, event(1))
    assert driver.cancel()
    assert not driver.cancel()
    driver.move(event(5))
    assert context.log[-2:] == ["cancel", "ended"]
    assert ("begin", True) in context.log


def test_an_error_in_a_stroke_leaves_no_half_of_it() -> None:
    driver, context = ToolDriver(), Context()
    with pytest.raises(RuntimeError, match="broken"):
        driver.press(BrushTool(), context, event(-1))
    assert context.log[-2:] == ["cancel", "ended"]
    assert not driver.busy


def test_a_refused_stroke_is_none() -> None:
    driver, context = ToolDriver(), Context(refuses=True)
    driver.press(BrushTool(), context, event(1))
    driver.move(event(5))
    assert context.log == [("begin", False)]
    assert not driver.busy


def test_pan_moves_by_what_the_pointer_moves() -> None:
    driver, context = ToolDriver(), Context()
    driver.press(PanTool(), context, event(1))
    driver.move(event(4))
    driver.move(event(3, pressed=False))
    assert context.log == [("pan", 6, 0), ("pan", -2, 0)]
    assert not driver.busy


@pytest.mark.parametrize(("height", "width"), [(100, 80), (1500, 40), (1025, 2049)])
def test_a_picture_has_a_level_for_every_zoom(height: int, width: int) -> None:
    picture = Picture.build(np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8))
    for zoom in (0.02, 0.1, 0.25, 0.49, 0.5, 0.9, 1.0, 8.0):
        level = picture.level(zoom)
        least = (height * min(zoom, 1), width * min(zoom, 1))
        assert level.shape[0] >= int(least[0])
        assert level.shape[1] >= int(least[1])
    assert picture.level(1.0) is picture.rgb
    assert max(picture.level(0.001).shape) <= max(512, min(height, width))


def test_brush_slider_positions_and_sizes_agree() -> None:
    assert step_to_size(0) == 1
    assert step_to_size(size_to_step(BIGGEST_BRUSH)) == BIGGEST_BRUSH
    for size in (1, 2, 5, 24, 100, 999):
        assert step_to_size(size_to_step(size)) == pytest.approx(size, rel=0.02, abs=0.6)


@pytest.fixture
def project(folder: Path):
    with Project.open(folder) as project:
        yield project


def test_the_image_list_knows_places_and_neighbours(project: Project) -> None:
    images = ImageList(project)
    ids = [record.id for record in project.images()]
    assert len(images) == 3
    assert [images.place(i) for i in (*ids, None, 99)] == [1, 2, 3, 0, 0]
    assert images.neighbour(ids[0], 1) == ids[1]
    assert images.neighbour(ids[0], -1) is None
    assert images.neighbour(ids[2], 1) is None
    assert images.neighbour(None, 1) == ids[0]


def test_statuses_are_counted_and_given_out_once_for_saving(project: Project) -> None:
    images = ImageList(project)
    one, two, three = (record.id for record in project.images())
    images.set_status(one, Status.ACCEPTED)
    images.set_status(two, Status.IN_PROGRESS)
    assert images.accepted == 1
    assert images.next_todo(one) == three
    assert images.next_todo(three) is None
    assert not images.any_todo(three)
    assert images.unsaved == {one, two}
    assert images.take_unsaved(one) is Status.ACCEPTED
    assert images.take_unsaved(one) is None
    images.put_back(one)
    assert images.unsaved == {one, two}
    images.set_status(one, Status.TODO)
    assert images.accepted == 0
    assert images.next_todo(two) == three
    assert project.image(one).status is Status.TODO, "nothing is written here"


@pytest.fixture
def session(folder: Path):
    project = Project.open(folder)
    project.scan()
    session = Session(project, lambda *_: None)
    session.go_to(1)
    session.adopt(1, project.load(1))
    yield session
    session.close()


def test_hidden_and_missing_labels_cannot_be_painted_with(session: Session) -> None:
    session.change_label(1, visible=False)
    with pytest.raises(UsageError, match="hidden"):
        session.begin_stroke(kind="rough", erase=False, x=5, y=5)
    document = session.document
    assert document is not None
    document.remove_label(1)
    assert session.label is not None
    assert session.label.id == 2, "another label is picked"
    document.remove_label(2)
    with pytest.raises(UsageError, match="no label"):
        session.begin_stroke(kind="rough", erase=False, x=5, y=5)
    session.begin_stroke(kind="rough", erase=True, x=5, y=5).cancel()


def test_another_image_cannot_be_shown_during_a_stroke(session: Session) -> None:
    stroke = session.begin_stroke(kind="rough", erase=False, x=5, y=5)
    with pytest.raises(CallOrderError):
        session.go_to(2)
    stroke.cancel()
    session.go_to(2)
    assert session.document is None


def test_an_object_being_made_has_its_colour_already(session: Session) -> None:
    stroke = session.begin_stroke(kind="rough", erase=False, x=5, y=5)
    assert session.label is not None
    assert session.object_colors() == {stroke.object_id: session.label.color}
    stroke.cancel()
    assert session.object_colors() == {}


def test_clean_documents_are_forgotten_when_memory_is_short(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spn_annotator.gui.session._KEPT_BYTES", 1)
    with session.begin_stroke(kind="rough", erase=False, x=5, y=5) as stroke:
        stroke.segment((5, 5), (5, 5), 2)
    for image_id in (2, 3):
        session.go_to(image_id)
        session.adopt(image_id, session.project.load(image_id))
    assert session.document_of(1) is not None, "it is not saved"
    assert session.document_of(2) is None
    assert session.document_of(3) is not None, "it is shown"
    snapshot, status = session.snapshot(1)
    assert snapshot is not None
    session.project.write(snapshot, status=status)
    session.saved(1, snapshot)
    assert session.document_of(1) is None
