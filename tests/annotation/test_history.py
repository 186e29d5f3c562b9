"""Undo and redo: exact, whatever was done, and bounded in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spn_annotator.annotation import Change, Document, Rect
from spn_annotator.errors import UsageError
from tests.annotation.builders import assert_consistent, contents, document, paint

Action = Callable[[Document, np.random.Generator], None]


def some_object(target: Document, random: np.random.Generator, *, zero: bool = True) -> int:
    choices = [0, *target.objects] if zero else list(target.objects)
    return int(random.choice(choices)) if choices else 0


def some_label(target: Document, random: np.random.Generator) -> int:
    return int(random.choice([label.id for label in target.labels] or [1]))


def stroke(target: Document, random: np.random.Generator) -> None:
    height, width = target.shape
    kind = random.choice(["rough", "sure"])
    if random.random() < 0.3:
        edit = target.begin_stroke(kind=kind, label_id=some_label(target, random))
    else:
        edit = target.begin_stroke(kind=kind, object_id=some_object(target, random))
    point = random.uniform(-10, 10 + max(target.shape), 2)
    for _ in range(random.integers(1, 4)):
        other = random.uniform((-10, -10), (width + 10, height + 10))
        edit.segment(tuple(point), tuple(other), float(random.choice([0.5, 1.5, 6, 30])))
        point = other
        target.class_map()  # can be asked for while a stroke is open
    if random.random() < 0.2:
        edit.cancel()
    else:
        edit.commit()


def fill(target: Document, random: np.random.Generator) -> None:
    x, y = random.integers(-5, target.shape[1]), random.integers(-5, target.shape[0])
    rect = Rect(int(x), int(y), int(x + random.integers(1, 40)), int(y + random.integers(1, 40)))
    mask = random.random((rect.height, rect.width)) < 0.5
    kind = random.choice(["rough", "sure"])
    target.fill_mask((rect, mask), object_id=some_object(target, random), kind=kind)


def propose(target: Document, random: np.random.Generator) -> None:
    array = target.coarse_map()
    x, y = random.integers(0, target.shape[1]), random.integers(0, target.shape[0])
    array[y : y + 30, x : x + 30] = some_object(target, random)
    confidence = random.random(target.shape) if random.random() < 0.5 else None
    assert target.set_proposal(array, confidence=confidence, revision=target.revision)


def accept(target: Document, random: np.random.Generator) -> None:
    if target.proposal is None:
        propose(target, random)
    if random.random() < 0.3:
        stroke(target, random)
    target.accept_proposal()


def edit_label(target: Document, random: np.random.Generator) -> None:
    label = target.labels.get(some_label(target, random))
    color = tuple(int(value) for value in random.integers(0, 256, 3))
    locked = bool(random.random() < 0.3)
    target.replace_label(replace(label, color=color, locked=locked, key=None))


def import_mask(target: Document, random: np.random.Generator) -> None:
    classes = random.integers(0, 4, target.shape).astype(np.uint8)
    classes[classes == 3] = random.choice([0, 7, 255])
    target.import_class_map(classes, unknown=255)


def clear(target: Document, random: np.random.Generator) -> None:
    kinds = [("rough",), ("sure",), ("rough", "sure")][random.integers(3)]
    rect = None if random.random() < 0.5 else Rect(3, 3, 300, 20)
    target.clear_strokes(kinds=kinds, rect=rect)


def relabel(target: Document, random: np.random.Generator) -> None:
    item = target.objects[some_object(target, random, zero=False)]
    label_id = some_label(target, random)
    target.replace_object(replace(item, label_id=label_id, name=str(random.integers(9))))


ACTIONS: dict[str, Action] = {
    "stroke": stroke,
    "fill": fill,
    "propose": propose,
    "accept": accept,
    "drop": lambda target, _: target.drop_proposal() and None,
    "add label": lambda target, _: target.add_label(f"new {target.revision}") and None,
    "edit label": edit_label,
    "remove label": lambda t, random: t.remove_label(some_label(t, random)) and None,
    "add object": lambda t, random: t.add_object(some_label(t, random)) and None,
    "relabel": relabel,
    "remove object": lambda t, r: t.remove_object(some_object(t, r, zero=False)) and None,
    "import": import_mask,
    "clear": clear,
    "undo": lambda target, _: target.undo() and None,
    "redo": lambda target, _: target.redo() and None,
}


def perform(target: Document, name: str, random: np.random.Generator) -> None:
    try:
        ACTIONS[name](target, random)
    except (UsageError, KeyError):
        if target.open_stroke is not None:
            target.open_stroke.cancel()
        # locked, or nothing of the kind is there


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(list(ACTIONS)), min_size=1, max_size=25),
    st.sampled_from([(1, 1), (1, 300), (37, 41), (260, 270)]),
    st.integers(0, 2**32 - 1),
)
def test_undoing_all_gives_the_start_and_redoing_all_the_end(names, shape, seed) -> None:
    target = document(*shape)
    random = np.random.default_rng(seed)
    states = {0: contents(target)}
    revisions = [0]
    moving = False  # through the history, rather than doing something new

    def watch(change: Change) -> None:
        if moving:
            assert contents(target) == states[len(target.history.undo_names)]
        else:
            states[len(target.history.undo_names)] = contents(target)
        if change.kind != "proposal" or change.revision != revisions[-1]:
            revisions.append(change.revision)

    target.subscribe(watch)
    for name in names:
        moving = name in ("undo", "redo")
        perform(target, name, random)
        assert_consistent(target)
    assert revisions == list(range(target.revision + 1)), "each change raises it by one"

    moving = True
    while target.can_redo:  # what the actions left undone
        target.redo()
    last = len(target.history.undo_names)
    for steps in range(last, 0, -1):
        target.undo()
        assert contents(target) == states[steps - 1]
    assert target.undo() is None
    for steps in range(1, last + 1):
        target.redo()
        assert contents(target) == states[steps]
    assert target.redo() is None


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(list(ACTIONS)), max_size=15), st.integers(0, 2**32 - 1))
def test_changes_name_every_pixel_that_looks_different(names, seed) -> None:
    target = document(60, 280)
    random = np.random.default_rng(seed)
    heard: list[Change] = []
    target.subscribe(heard.append)
    for name in names:
        before = look(target)
        heard.clear()
        perform(target, name, random)
        differs = (before != look(target)).any(axis=0)
        for change in heard:
            if change.rect is not None:
                differs[change.rect.slices] = False
        assert not differs.any()


def look(target: Document) -> np.ndarray:
    proposal = target.object_map if target.proposal is None else target.proposal.object_map
    maps = (target.object_map, target.rough_map, target.sure_map, proposal, target.class_map())
    return np.stack(maps).astype(np.int32)


def test_new_step_forgets_what_could_be_redone() -> None:
    target = document()
    paint(target, 1, (10, 10))
    target.undo()
    assert target.redo_name == "Paint label 1"
    paint(target, 2, (20, 20))
    assert target.redo_name is None
    assert target.redo() is None


def test_oldest_steps_are_dropped_beyond_the_cap() -> None:
    target = document(300, 300, history_bytes=20_000)
    random = np.random.default_rng(1)
    for _ in range(200):
        point = random.uniform(0, 300, 2)
        paint(target, int(random.integers(0, 3)), tuple(point), radius=float(random.uniform(3, 30)))
        assert target.history.nbytes <= 20_000
    kept = len(target.history.undo_names)
    assert 1 < kept < 200
    before = contents(target)
    while target.undo():
        assert target.history.nbytes <= 20_000
    while target.redo():
        pass
    assert contents(target) == before
    assert len(target.history.undo_names) == kept


def test_newest_step_is_kept_even_if_it_alone_passes_the_cap() -> None:
    target = document(300, 300, history_bytes=10)
    paint(target, 1, (10, 10))
    paint(target, 1, (90, 90))
    assert target.undo() is not None
    assert target.object_map[90, 90] == 0
    assert target.undo() is None
    assert target.object_map[10, 10] == 1


def test_revision_grows_with_undo_and_redo_and_a_save_is_of_one_revision() -> None:
    target = document()
    paint(target, 1, (10, 10))
    target.mark_saved(1)
    assert not target.is_dirty
    target.undo()
    assert (target.revision, target.is_dirty) == (2, True)
    target.redo()
    target.mark_saved(2)  # a save that ended late: it was of the revision before
    assert (target.revision, target.is_dirty) == (3, True)
    target.mark_saved(3)
    assert not target.is_dirty
    with pytest.raises(UsageError, match="revision 4"):
        target.mark_saved(4)


def test_names_of_steps_can_be_listed() -> None:
    target = document()
    target.add_label("cat")
    paint(target, 1, (10, 10))
    paint(target, 0, (10, 10))
    target.undo()
    assert target.history.undo_names == ("Paint label 1", "Add label cat")
    assert target.history.redo_names == ("Erase",)


def test_watcher_that_was_ended_hears_nothing() -> None:
    target = document()
    heard: list[Change] = []
    stop = target.subscribe(heard.append)
    paint(target, 1, (10, 10))
    stop()
    stop()
    paint(target, 2, (10, 10))
    assert [change.revision for change in heard] == [1]


def test_watcher_sees_the_document_as_it_is_after_the_change() -> None:
    target = document()
    seen = []
    target.subscribe(lambda change: seen.append((target.revision, target.undo_name)))
    paint(target, 1, (10, 10))
    target.undo()
    assert seen == [(1, "Paint label 1"), (2, None)]
