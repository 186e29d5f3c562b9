"""The course of a run as a table and as a drawing."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from spn_annotator.errors import FormatError
from spn_annotator.training.curves import (
    _ticks,
    append_row,
    columns,
    draw_curves,
    read_curves,
    start_curves,
)

KINDS = ("brush", "a<b")
SVG = "{http://www.w3.org/2000/svg}"


def row(step, seconds=0.0, value=0.5):
    return [step, seconds, *([value] * 4), *([value] * 4)]


def test_rows_come_back_as_they_were_written(tmp_path):
    path = tmp_path / "a.csv"
    assert start_curves(path, KINDS, done=0) == 0
    assert read_curves(path)["step"] == []
    append_row(path, row(10, 3.2, 0.123456))
    append_row(path, row(20, 6.0, math.nan))
    table = read_curves(path)
    assert list(table) == columns(KINDS)
    assert table["step"] == [10, 20]
    assert table["seconds"] == [3, 6]
    assert table["mba_a<b"][0] == 0.12346
    assert math.isnan(table["loss"][1])


def test_going_on_drops_what_will_be_done_again_and_keeps_the_clock(tmp_path):
    path = tmp_path / "a.csv"
    start_curves(path, KINDS, done=0)
    for step in (10, 20, 30):
        append_row(path, row(step, 2 * step))
    assert start_curves(path, KINDS, done=20) == 40
    assert read_curves(path)["step"] == [10, 20]
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert start_curves(path, KINDS, done=0) == 0
    assert read_curves(path)["step"] == []


def test_going_on_without_the_table_or_with_one_of_other_kinds_starts_a_new_one(tmp_path):
    path = tmp_path / "a.csv"
    assert start_curves(path, KINDS, done=20) == 0
    append_row(path, row(30))
    assert start_curves(path, ("brush",), done=30) == 0
    assert list(read_curves(path)) == columns(("brush",))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "step,loss\n1,x\n", "step,loss\n1\n"])
def test_another_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"a\.csv: this is no table"):
        read_curves(path)


def test_the_drawing_has_a_line_for_each_figure_and_leaves_out_what_is_unknown(tmp_path):
    path, target = tmp_path / "a.csv", tmp_path / "a.svg"
    start_curves(path, KINDS, done=0)
    for step, value in ((100, 0.4), (200, math.nan), (400, 0.8)):
        append_row(path, row(step, step, value))
    draw_curves(read_curves(path), target)
    root = ElementTree.parse(target).getroot()
    lines = [e.get("points").split() for e in root.iter(f"{SVG}polyline")]
    assert [len(points) for points in lines] == [2] * 8
    texts = [e.text for e in root.iter(f"{SVG}text")]
    assert {"loss", "a<b", "brush", "steps", "IoU, held-out images"} <= set(texts)
    # To the right and upwards, within the picture.
    (x0, y0), (x1, y1) = ([float(v) for v in p.split(",")] for p in lines[4])
    assert 0 < x0 < x1 < float(root.get("width"))
    assert 0 < y1 < y0 < float(root.get("height"))


def test_a_run_without_held_out_images_shows_its_loss_alone(tmp_path):
    table = {name: [] for name in columns(KINDS)}
    draw_curves(table, tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()
    table = {n: [math.nan] if "_" in n else [1.0] for n in columns(KINDS)}
    draw_curves(table, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()
    assert len(re.findall("<polyline", text)) == 4
    assert "IoU" not in text


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (61.8, 62.4), (-0.1, 0.1), (0, 100000), (0.999, 1.001)]
)
def test_ticks_are_few_round_and_within(low, high):
    ticks = _ticks(low, high)
    assert 3 <= len(ticks) <= 6
    assert all(low - 1e-9 <= t <= high + 1e-9 for t in ticks)
