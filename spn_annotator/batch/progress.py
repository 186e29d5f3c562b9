"""How a run goes, while it goes: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from spn_annotator.batch.report import JobReport, JobStatus
from spn_annotator.formats.tables import plain

EVERY = 10.0
"""Seconds between lines where there is no terminal."""

_WINDOW = 60  # images over which the rate is taken


class Pace:
    """Counts what is done and how fast.

    Parameters
    ----------
    clock : callable
        Returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque([clock()], maxlen=_WINDOW)
        self.done = self.total = self.failed = self.kept = 0
        self.message = ""

    def add(self, job: JobReport, done: int, total: int) -> None:
        """Count an image."""
        self.done, self.total = done, total
        if job.status is JobStatus.FAILED:
            self.failed += 1
            self.message = f"{job.stem}: {job.error}"
        elif job.status is JobStatus.KEPT:
            self.kept += 1
            return  # found to be right, which says nothing about the pace of refining
        elif job.status is JobStatus.REFINED:
            self.message = job.stem
        self._times.append(self._clock())

    @property
    def rate(self) -> float:
        """Images a second of late, 0 while that is not known."""
        passed = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / passed if passed > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end at this pace, None while that is not known."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def __str__(self) -> str:
        parts = [f"{self.done:,} of {self.total:,} images"]
        if self.kept:
            parts.append(f"{self.kept:,} kept")
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        if self.rate:
            parts.append(f"{self.rate:.2f} images/s")
        if self.seconds_left is not None and self.done < self.total:
            parts.append(f"{duration(self.seconds_left)} left")
        return ", ".join(parts)


class ProgressDisplay:
    """Shows a run on a console; a context manager to be called as its progress.

    Parameters
    ----------
    console : Console
        Where to: a bar if it is a terminal, else a line every ten seconds.
    clock : callable
        Returns seconds.
    """

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._last = clock()
        self._pace = Pace(clock)
        self._bar: Progress | None = None
        if console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[facts]}"),
                console=console,
                transient=True,
            )
            self._task = self._bar.add_task("Loading the model", total=None, facts="")

    def __enter__(self) -> ProgressDisplay:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def note(self, text: str) -> None:
        """Say what is being done after the images."""
        if self._bar is not None:
            self._bar.update(self._task, description=text, facts="")

    def __call__(self, job: JobReport, done: int, total: int) -> None:
        """Show that an image is done."""
        pace = self._pace
        pace.add(job, done, total)
        if self._bar is not None:
            facts = str(pace).partition(", ")[2]
            text = f"{facts}  {pace.message}"
            self._bar.update(
                self._task,
                description="Refining",
                completed=done,
                total=total,
                facts=_cut(text, max(20, self._console.width - 70)),
            )
            if job.status is JobStatus.FAILED:
                self._bar.console.print(
                    plain(f"failed {job.stem}: {job.error}", "red"), soft_wrap=True
                )
        elif self._clock() - self._last >= EVERY:
            self._last = self._clock()
            self._console.print(plain(str(pace)), soft_wrap=True)


def duration(seconds: float) -> str:
    """Return a time as people say it: ``42 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    return f"{hours:,} h {left} min" if hours else f"{minutes} min {rest} s"


def _cut(text: str, width: int) -> str:
    text = text.replace("[", "\\[")
    return text if len(text) <= width else text[: width - 1] + "…"
