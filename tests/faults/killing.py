"""Annotators killed at seeded moments, and a look at what they left.

    python -m tests.faults.killing [--moments N] [--seed N]

prints how many were killed, what was held against what, and how much time of work was lost. Where
anything is not as promised, it ends with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np
from PIL import Image

from spn_annotator.formats.export import REPORT_NAME
from spn_annotator.project import PROJECT_NAME, Project
from tests.faults.annotator import SIDE, cells

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGES = 3
LONGEST = 0.9  # seconds until the kill; autosaving takes its turn about twice a second


class PromiseBroken(Exception):
    """What was left is not what was promised."""


@dataclass
class Tally:
    """What was found so far."""

    killed: int = 0
    changes: int = 0
    saved_changes: int = 0
    in_transaction: int = 0
    exports_whole: int = 0
    exports_incomplete: int = 0
    lost_seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        lost = max(self.lost_seconds, default=0.0)
        typical = float(np.median(self.lost_seconds)) if self.lost_seconds else 0.0
        return (
            f"killed {self.killed} times, {self.in_transaction} of them within a transaction; "
            f"{self.changes:,} changes, {self.saved_changes:,} of them reported as saved: all there"
            f"; {self.exports_whole} exports whole, {self.exports_incomplete} without the report "
            f"that says so; work lost: {typical:.2f} s (median), {lost:.2f} s (most)"
        )


@dataclass(frozen=True)
class Told:
    """What an annotator told about one image: cells by revision, and what was saved last."""

    states: dict[int, tuple[float, str]]
    saved: int = 0


class Nursery:
    """Starts annotators; see `tests.faults.annotator`."""

    def __init__(self) -> None:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.annotator"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read("ready")

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=60)

    def kill_one(
        self, folder: Path, *, seed: int, log: Path, out: Path, after: float, saving: bool
    ) -> int:
        """Let an annotator work for so many seconds; kill it and return its process number.

        With ``saving`` the kill waits for the beginning of the next transaction.
        """
        task = {"folder": str(folder), "seed": seed, "log": str(log), "out": str(out)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        child = int(self._read(""))
        deadline = time.monotonic() + 60
        while not (log.exists() and log.read_text().startswith("ready")):
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                raise PromiseBroken("the annotator never became ready")
            time.sleep(0.002)
        time.sleep(after)
        journal = folder / f"{PROJECT_NAME}-journal"
        deadline = time.monotonic() + 5
        while saving and not journal.exists() and time.monotonic() < deadline:
            pass  # a transaction takes milliseconds: sleeping would miss it
        os.kill(child, signal.SIGKILL)
        ended = self._read("gone")
        if ended != f"gone {-signal.SIGKILL}":
            raise PromiseBroken(f"the annotator ended by itself: {ended}")
        return child

    def _read(self, start: str) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line.startswith(start) or not line:
            raise PromiseBroken(f"the nursery said {line!r}")
        return line


def make_project(folder: Path) -> None:
    """Make a project of a few images with two labels and an object of each in every image."""
    folder.mkdir()
    for number in range(IMAGES):
        noise = np.random.default_rng(number).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"im{number}.png")
    with Project.open(folder) as project:
        for record in project.scan():
            document = project.load(record.id)
            for name in ("cat", "dog"):
                label = document.labels.by_name(name) or document.add_label(name)
                document.add_object(label.id)
            project.save(record.id, document)


def read_log(log: Path) -> dict[int, Told]:
    """Return what an annotator told, by image."""
    told: dict[int, Told] = {}
    for line in log.read_text().splitlines():
        word, *rest = line.split()
        if word == "ready":
            continue
        image_id, revision = int(rest[0]), int(rest[1])
        known = told.setdefault(image_id, Told({}))
        if word == "did":
            known.states[revision] = (float(rest[2]), rest[3])
        else:
            told[image_id] = Told(known.states, max(known.saved, revision))
    return told


def check_project(
    folder: Path, told: dict[int, Told], before: dict[int, str], *, killed: float, tally: Tally
) -> dict[int, str]:
    """Look at the project that was left.

    Parameters
    ----------
    folder : Path
    told : dict
        From `read_log`.
    before : dict
        The cells of each image when the annotator began.
    killed : float
        When, on the monotonic clock.
    tally : Tally
        Told what was found.

    Returns
    -------
    dict
        The cells of each image now.

    Raises
    ------
    PromiseBroken
        It does not open to be written to, is damaged, or a change that was saved is not there.
    """
    left = {}
    with Project.open(folder, create=False) as project:
        if project.read_only:
            raise PromiseBroken(f"it opens read-only: {project.read_only_reason}")
        problems = project.check()
        if problems:
            raise PromiseBroken(f"it is damaged: {problems}")
        for record in project.images():
            now = cells(project.load(record.id).object_map)
            left[record.id] = now
            known = told.get(record.id, Told({}))
            states = {0: (0.0, before[record.id]), **known.states}
            possible = {state for at, (_, state) in states.items() if at >= known.saved}
            if now not in possible:
                raise PromiseBroken(
                    f"{record.path}: what was saved (revision {known.saved} of {max(states)}) "
                    "is not there, or half of something is"
                )
            tally.changes += len(known.states)
            tally.saved_changes += sum(at <= known.saved for at in known.states)
            kept = max(at for at, (_, state) in states.items() if state == now)
            waiting = [moment for at, (moment, _) in known.states.items() if at > kept]
            tally.lost_seconds.append(killed - min(waiting) if waiting else 0.0)
    return left


def check_exports(out: Path, tally: Tally) -> None:
    """Look at the exports that were left: each file whole, and all of them where a report says so.

    Raises
    ------
    PromiseBroken
        A file is cut short, or one that the report names is absent.
    """
    for folder in sorted(out.iterdir()) if out.exists() else []:
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path.name.startswith(".spn-"):
                continue  # a temporary file has no name yet that anyone would read
            try:
                if path.suffix == ".json":
                    json.loads(path.read_text(encoding="utf-8"))
                elif path.suffix == ".png":
                    with Image.open(path) as image:
                        image.load()
                        if image.size != (SIDE, SIDE):
                            raise ValueError("another size")
            except (OSError, ValueError, SyntaxError) as error:
                raise PromiseBroken(f"{path} is not whole: {error}") from error
        report = folder / REPORT_NAME
        if not report.exists():
            tally.exports_incomplete += 1
            continue
        absent = [
            name
            for name in json.loads(report.read_text(encoding="utf-8"))["files"]
            if not (folder / name).is_file()
        ]
        if absent:
            raise PromiseBroken(f"{folder} says it is complete and lacks {absent[0]}")
        tally.exports_whole += 1


def run(home: Path, *, moments: int, seed: int) -> Tally:
    """Kill annotators of one project, one after the other, and look at it each time."""
    dice = random.Random(seed)
    folder = home / "project"
    make_project(folder)
    tally = Tally()
    with Project.open(folder) as project:
        left = {r.id: cells(project.load(r.id).object_map) for r in project.images()}
    with Nursery() as nursery:
        for number in range(moments):
            log, out = home / f"log{number}", home / f"out{number}"
            after = dice.uniform(0.0, LONGEST)
            child = nursery.kill_one(
                folder,
                seed=dice.randrange(1 << 30),
                log=log,
                out=out,
                after=after,
                saving=dice.random() < 0.3,
            )
            killed = time.monotonic()
            tally.killed += 1
            tally.in_transaction += (folder / f"{PROJECT_NAME}-journal").exists()
            try:
                with Project.open(folder) as project:
                    if project.left_by is None or project.left_by.pid != child:
                        raise PromiseBroken(f"the lock was left by {project.left_by}, not {child}")
                left = check_project(folder, read_log(log), left, killed=killed, tally=tally)
                check_exports(out, tally)
            except Exception as error:
                raise PromiseBroken(f"moment {number} of seed {seed}: {error}") from error
            shutil.rmtree(out, ignore_errors=True)
    return tally


def main() -> None:
    """Read the options, kill, and print what was found."""
    parser = argparse.ArgumentParser(description="Kill annotators and look at what they left")
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        print(run(Path(home), moments=options.moments, seed=options.seed))


if __name__ == "__main__":
    main()
