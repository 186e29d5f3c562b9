"""What there is to look at: the page, its charts, progress and tables."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from spn_annotator.batch.charts import BINS, histogram, nice_bottom, nice_top
from spn_annotator.batch.page import page
from spn_annotator.batch.places import Place
from spn_annotator.batch.progress import EVERY, Pace, ProgressDisplay, duration
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from tests.batch.fakes import FakeMaker
from tests.batch.support import dataset
from tests.batch.test_pool import do

VOID = {"meta", "img", "line", "rect", "br", "link", "input"}


class Checker(HTMLParser):
    """Fails on tags that do not fit; gathers what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def checked(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    checker.close()
    assert checker.open == []
    return checker


class TestPage:
    def test_is_whole_needs_nothing_else_and_tells_everything(self, tmp_path: Path) -> None:
        dataset(tmp_path, 5, poisoned=(2,))
        do(tmp_path, FakeMaker(), processes=1)
        found = checked((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
        words = " ".join(found.words)
        assert "4 images refined, 1 failed" in words
        assert "is not a JPEG, PNG, TIFF, WebP or BMP picture" in words
        assert "expected IoU, on average" in words
        assert all(source.startswith("data:image/jpeg;base64,") for source in found.loads)
        assert len(found.loads) == 2 * 2 * 4  # before and after, in both galleries
        style = " ".join(found.words)
        assert "prefers-color-scheme: dark" in style
        assert "http" not in style

    def test_names_and_reasons_are_no_markup(self) -> None:
        job = JobReport("<b>&", JobStatus.FAILED, Place("x"), error="<script>alert(1)</script>")
        found = checked(page(BatchReport((job,), None, 1.0), facts={"<i>": "<u>"}))
        assert "script" not in found.open
        assert "<script>alert(1)</script>" in found.words

    def test_pictures_that_have_gone_leave_the_figures(self, tmp_path: Path) -> None:
        job = JobReport(
            "a",
            JobStatus.REFINED,
            Place(str(tmp_path / "a.jpg")),
            Place(str(tmp_path / "a.png")),
            Place(str(tmp_path / "o.png")),
            changed=5,
            pixels=10,
            expected_iou=0.5,
        )
        found = checked(page(BatchReport((job,), "cpu", 1.0), facts={}))
        assert found.loads == []
        assert "expected IoU 0.500, 50.0 % changed" in found.words

    def test_many_failures_do_not_bury_the_rest(self) -> None:
        jobs = tuple(JobReport(f"f{n}", JobStatus.FAILED, error=f"reason {n}") for n in range(1200))
        text = page(BatchReport(jobs, None, 1.0), facts={})
        checked(text)
        open_part, folded = text.split("<details>")
        assert "<summary>1,190 more failures</summary>" in folded
        assert ("reason 9<" in open_part, "reason 10<" in open_part) == (True, False)
        assert "reason 1009<" in folded
        assert "190 more in manifest.jsonl" in folded

    def test_a_slow_run_tells_the_time_of_an_image(self) -> None:
        job = JobReport("a", JobStatus.REFINED)
        assert "50.0 s, 50 s per image." in page(BatchReport((job,), None, 50.0), facts={})
        assert "5.0 s, 0.20 images/s." in page(BatchReport((job,), None, 5.0), facts={})

    def test_an_empty_run_has_a_page(self) -> None:
        assert "0 images refined" in " ".join(
            checked(page(BatchReport((), None, 0), facts={})).words
        )


class TestHistogram:
    def test_counts_every_value_once(self) -> None:
        drawing = histogram([0.0, 0.01, 0.5, 1.0, 7.0], top=1.0, unit="", label="x")
        counts = [int(n) for n in re.findall(r"to [\d.]+: (\d+) image", drawing)]
        assert sum(counts) == 5
        assert len(re.findall(r'class="bar"', drawing)) == 3
        checked(drawing)

    def test_bars_stay_inside_the_drawing(self) -> None:
        drawing = histogram([n / 100 for n in range(101)], top=1.0, unit="%", label="x")
        lefts = [float(x) for x in re.findall(r'class="bar" x="([\d.]+)"', drawing)]
        assert len(lefts) == BINS
        assert min(lefts) >= 0
        assert max(lefts) < 440

    def test_an_axis_that_does_not_begin_at_0_loses_no_value(self) -> None:
        drawing = histogram([0.8, 0.85, 0.999, 1.0], bottom=0.8, top=1.0, unit="", label="x")
        bars = re.findall(r"<title>([\d.]+) to ([\d.]+): (\d+) image", drawing)
        assert bars == [("0.8", "0.81", "1"), ("0.85", "0.86", "1"), ("0.99", "1", "2")]

    @pytest.mark.parametrize(
        ("least", "bottom"), [(0.95, 0.9), (0.9, 0.9), (0.85, 0.8), (0.61, 0.6), (0.59, 0.0)]
    )
    def test_good_results_are_looked_at_closely(self, least: float, bottom: float) -> None:
        assert nice_bottom([least, 1.0]) == bottom

    @pytest.mark.parametrize(
        ("most", "top"), [(0.001, 0.02), (0.03, 0.05), (0.3, 0.4), (0.41, 1.0), (1.0, 1.0)]
    )
    def test_the_axis_fits_the_values(self, most: float, top: float) -> None:
        assert nice_top([0.0, most]) == top


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class TestProgress:
    def test_rate_time_left_and_failures(self) -> None:
        clock = Clock()
        pace = Pace(clock)
        for done in range(1, 11):
            clock.now += 0.5
            status = JobStatus.FAILED if done == 4 else JobStatus.REFINED
            pace.add(JobReport(f"i{done}", status, error="x"), done, 30)
        assert pace.rate == pytest.approx(2.0)
        assert pace.seconds_left == pytest.approx(10.0)
        assert str(pace) == "10 of 30 images, 1 failed, 2.00 images/s, 10 s left"

    def test_kept_images_do_not_make_it_look_fast(self) -> None:
        clock = Clock()
        pace = Pace(clock)
        for done in range(1, 101):
            pace.add(JobReport("a", JobStatus.KEPT), done, 110)
        assert pace.rate == 0
        clock.now += 5
        pace.add(JobReport("b", JobStatus.REFINED), 101, 110)
        assert pace.seconds_left == pytest.approx(45)

    def test_without_a_terminal_there_is_a_line_now_and_then(self) -> None:
        clock, stream = Clock(), io.StringIO()
        with ProgressDisplay(Console(file=stream, width=120), clock=clock) as display:
            for done in range(1, 101):
                clock.now += EVERY / 20
                display(JobReport("[a]", JobStatus.REFINED), done, 100)
        lines = stream.getvalue().splitlines()
        assert len(lines) == 5
        assert lines[0] == "20 of 100 images, 2.00 images/s, 40 s left"

    def test_on_a_terminal_there_is_a_bar_and_failures_stay(self) -> None:
        stream = io.StringIO()
        terminal = Console(file=stream, width=120, force_terminal=True)
        with ProgressDisplay(terminal) as display:
            display(JobReport("a", JobStatus.REFINED), 1, 2)
            display(JobReport("[red]b[", JobStatus.FAILED, error="broken [x]"), 2, 2)
            display.note("Storing proposals")
        shown = stream.getvalue()
        assert "failed [red]b[: broken [x]" in shown
        assert "2/2" in shown

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0.4, "0 s"),
            (59.4, "59 s"),
            (60, "1 min 0 s"),
            (3599, "59 min 59 s"),
            (7500, "2 h 5 min"),
        ],
    )
    def test_times_are_said_as_people_say_them(self, seconds: float, text: str) -> None:
        assert duration(seconds) == text
