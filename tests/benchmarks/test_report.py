"""Tables, JSON and figures of the benchmarks."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.report import Chart, Series, draw, print_table, verdict, write_json

SVG = "{http://www.w3.org/2000/svg}"


def test_a_table_is_aligned_and_its_figures_are_on_the_right(capsys) -> None:
    print_table(["what", "ms"], [["long name", 1], ["b", 12345]])
    assert capsys.readouterr().out.splitlines() == [
        "what          ms",
        "long name      1",
        "b          12345",
    ]


@pytest.mark.parametrize(
    ("value", "bar", "more", "word"),
    [(2, 1, True, "met"), (1, 2, True, "missed"), (1, 2, False, "met"), (3, 2, False, "missed")],
)
def test_a_figure_says_whether_it_met_its_bar(value, bar, more, word) -> None:
    assert verdict(value, bar, more=more).endswith(f", {word})")


def test_json_has_null_for_what_is_no_number(tmp_path: Path) -> None:
    write_json(tmp_path / "new" / "a.json", {"a": [float("nan"), 1.23456789], 5: {"b": "x"}})
    written = json.loads((tmp_path / "new" / "a.json").read_text())
    assert written == {"a": [None, 1.234568], "5": {"b": "x"}}


def figure(tmp_path: Path, chart: Chart) -> ElementTree.Element:
    draw(chart, tmp_path / "a.svg")
    return ElementTree.parse(tmp_path / "a.svg").getroot()


def test_a_chart_is_an_svg_with_a_point_for_each_value_inside_it(tmp_path: Path) -> None:
    series = Series(((1.0, 3.0), (1000.0, 1.0)), ("a < b", "c"), name="kind", line=True)
    root = figure(tmp_path, Chart("x", "y", (series,), log_x=True, title="t & u"))
    circles = [c for c in root.iter(f"{SVG}circle") if c.get("r") == "4"]
    assert len(circles) == 3  # one in the legend
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a < b", "c", "kind", "t & u", "x", "y"} <= set(texts)
    for circle in circles:
        assert 0 < float(circle.get("cx", "-1")) < 640
        assert 0 < float(circle.get("cy", "-1")) < 400


def test_higher_values_are_higher_up(tmp_path: Path) -> None:
    root = figure(tmp_path, Chart("x", "y", (Series(((1.0, 10.0), (2.0, 20.0))),)))
    low, high = root.iter(f"{SVG}circle")
    assert float(high.get("cy", "0")) < float(low.get("cy", "0"))
    assert float(high.get("cx", "0")) > float(low.get("cx", "0"))


def test_texts_of_points_at_one_place_do_not_cover_each_other(tmp_path: Path) -> None:
    points = tuple((1.0 + 0.001 * i, 1.0) for i in range(4))
    texts = tuple(f"method {i}" for i in range(4))
    spread = (*points, (2.0, 2.0), (0.0, 0.0))
    root = figure(tmp_path, Chart("x", "y", (Series(spread, texts),)))
    places = [
        (float(t.get("x", "0")) - 40 * (t.get("text-anchor") == "end"), float(t.get("y", "0")))
        for t in root.iter(f"{SVG}text")
        if (t.text or "").startswith("method")
    ]
    for i, (x, y) in enumerate(places):
        for a, b in places[:i]:
            assert abs(x - a) > 30 or abs(y - b) >= 12


def test_a_line_leads_to_a_text_that_lies_away_from_its_point(tmp_path: Path) -> None:
    texts = tuple(f"method {i}" for i in range(7))
    series = Series((*((1.0, 1.0) for _ in texts), (2.0, 2.0), (0.0, 0.0)), texts)
    root = figure(tmp_path, Chart("x", "y", (series,)))
    circle = next(root.iter(f"{SVG}circle"))
    point = (circle.get("cx"), circle.get("cy"))
    lines = [p.get("d", "").split() for p in root.iter(f"{SVG}path") if p.get("stroke-width")]
    assert lines
    assert {(line[1], line[2]) for line in lines} == {point}
    led = [(line[4], float(line[5])) for line in lines]
    for text in root.iter(f"{SVG}text"):
        if (text.text or "").startswith("method"):
            middle = float(text.get("y", "0")) - 3.5
            has_line = any(x == text.get("x") and abs(y - middle) < 1 for x, y in led)
            assert has_line == (abs(middle - float(point[1] or 0)) > 9)


def test_a_chart_without_points_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="point"):
        draw(Chart("x", "y", ()), tmp_path / "a.svg")
