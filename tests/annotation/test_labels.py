"""Labels, their colours and keys."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, islice

import numpy as np
import pytest

from spn_annotator.annotation import Document, Label, LabelSet, default_colors
from spn_annotator.errors import CallOrderError, FormatError, UsageError
from tests.annotation.builders import labels

# Machado, Oliveira, Fernandes: A physiologically-based model for simulation of color vision
# deficiency, 2009, severity 1.0; for linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def linear(color) -> np.ndarray:
    value = np.array(color) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one, other) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = sorted((linear(one) @ weights, linear(other) @ weights), reverse=True)
    return float((high + 0.05) / (low + 0.05))


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_first_eight_colours_stay_apart_for_colour_blind_people(deficiency: str) -> None:
    seen = [lab(DEFICIENCIES[deficiency] @ linear(c)) for c in islice(default_colors(), 8)]
    nearest = min(np.linalg.norm(one - two) for one, two in combinations(seen, 2))
    assert nearest > 20, "a just noticeable difference is about 2.3"


def test_first_eight_colours_stand_out_on_light_and_dark() -> None:
    for color in islice(default_colors(), 8):
        assert contrast(color, (255, 255, 255)) > 1.5
        assert contrast(color, (30, 30, 30)) > 1.5


def test_a_full_set_has_a_colour_of_its_own_for_each_label() -> None:
    full = labels(*(f"name {number}" for number in range(254)))
    assert len({label.color for label in full}) == 254
    with pytest.raises(UsageError, match="at most 254"):
        full.add("one more")
    full.remove(17)
    assert full.add("one more").id == 17


def test_new_labels_take_the_digit_keys_in_turn_and_then_none() -> None:
    made = labels(*"abcdefghij")
    assert [label.key for label in made] == [*"123456789", None]
    made.remove(4)
    assert made.add("k").key == "4"
    assert made.add("l", key="").key is None


def test_a_colour_freed_is_given_again() -> None:
    made = labels("a", "b", "c")
    color = made.remove(2).color
    assert made.add("d").color == color


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_label_needs_a_name(name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        LabelSet().add(name)


def test_spaces_around_a_name_are_taken_off() -> None:
    assert LabelSet().add("  wild \n cat ").name == "wild cat"


def test_names_and_keys_belong_to_one_label_each() -> None:
    made = labels("cat", "dog")
    with pytest.raises(UsageError, match="'cat' already"):
        made.add("cat")
    with pytest.raises(UsageError, match="belongs to the label 'dog'"):
        made.add("cow", key="2")
    with pytest.raises(UsageError, match="'cat' already"):
        made.replace(replace(made.get(2), name="cat"))
    assert [label.name for label in made] == ["cat", "dog"]


@pytest.mark.parametrize("label_id", [0, 255, -1])
def test_ids_of_background_and_unknown_are_no_labels(label_id: int) -> None:
    with pytest.raises(UsageError, match="1 to 254"):
        Label(label_id, "x", (0, 0, 0))


def test_labels_are_found_by_id_and_name() -> None:
    made = labels("cat", "dog")
    dog = made.by_name("dog")
    assert dog is not None
    assert made.get(dog.id) == dog
    assert dog.id in made
    assert made.by_name("cow") is None
    assert 3 not in made
    with pytest.raises(UsageError, match="no label with the id 3"):
        made.get(3)


def test_a_frozen_set_refuses_changes_and_its_copy_takes_them() -> None:
    frozen = labels("cat").frozen()
    with pytest.raises(CallOrderError, match="frozen"):
        frozen.add("dog")
    with pytest.raises(CallOrderError, match="frozen"):
        frozen.remove(1)
    copy = frozen.copy()
    copy.add("dog")
    assert (len(frozen), len(copy)) == (1, 2)


def test_json_round_trip_keeps_everything() -> None:
    made = labels("cat", "dög", "cow")
    made.replace(replace(made.get(2), visible=False, locked=True, key=None, color=(1, 2, 3)))
    assert LabelSet.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"labels": 3},
        {"labels": [{}]},
        {"labels": [{"id": "1", "name": "a", "color": "#000000"}]},
        {"labels": [{"id": True, "name": "a", "color": "#000000"}]},
        {"labels": [{"id": 1, "name": 7, "color": "#000000"}]},
        {"labels": [{"id": 1, "name": "a", "color": "red"}]},
        {"labels": [{"id": 1, "name": "a", "color": "#00000g"}]},
        {"labels": [{"id": 1, "name": "a", "color": 0}]},
        {"labels": [{"id": 300, "name": "a", "color": "#000000"}]},
        {"labels": [{"id": 1, "name": "a", "color": "#000000"}] * 2},
        {"labels": [{"id": 1, "name": "a", "color": "#000000", "key": "ab"}]},
        {"labels": [{"id": 1, "name": "a", "color": "#000000", "locked": "no"}]},
    ],
)
def test_json_of_another_kind_is_refused(data) -> None:
    with pytest.raises(FormatError, match="no label list"):
        LabelSet.from_json(data)


def test_labels_are_imported_in_one_step_or_not_at_all() -> None:
    target = Document((4, 4), LabelSet([Label(1, "person", (1, 1, 1))]))
    target.add_labels([Label(9, "horse", (2, 2, 2), key="4"), Label(3, "dog", (3, 3, 3))])
    assert [label.id for label in target.labels] == [1, 3, 9]
    for taken in (Label(9, "x", (0, 0, 0)), Label(5, "dog", (0, 0, 0))):
        with pytest.raises(UsageError):
            target.add_labels([Label(7, "new", (0, 0, 0)), taken])
    assert [label.id for label in target.labels] == [1, 3, 9]
    target.undo()
    assert [label.name for label in target.labels] == ["person"]
    target.redo()
    assert target.labels.get(9).key == "4"
