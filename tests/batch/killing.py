"""Batch runs killed at seeded moments: the leading process, or one that refines.

    python -m tests.batch.killing [--moments N] [--seed N] [--first N]

kills as many of each, lets every run come to its end, and holds what is there against a run that
nobody disturbed. It prints what was found and, where anything is not as promised, ends with an
error.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from spn_annotator.batch.manifest import MANIFEST_NAME, read_manifest
from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from tests.batch.fakes import FakeMaker
from tests.batch.support import dataset, results

REPOSITORY = Path(__file__).resolve().parents[2]
COUNT = 30
POISONED = tuple(range(5, COUNT, 10))
GOOD = COUNT - len(POISONED)
IN_HAND = 6
"""Results that a killed run may not have recorded: what two processes have in hand."""

UNDISTURBED = "undisturbed"


class PromiseBroken(Exception):
    """What was left, or what came of it, is not what was promised."""


@dataclass
class Tally:
    """What was found so far."""

    leaders_killed: int = 0
    workers_killed: int = 0
    found: list[int] = field(default_factory=list)  # results there when a leader was killed
    unrecorded: int = 0  # of them, without a line in the manifest
    kept: int = 0
    half_files: int = 0  # under a temporary name
    cut_lines: int = 0  # manifests that ended within a line

    def __str__(self) -> str:
        after = f"{min(self.found)} to {max(self.found)}" if self.found else "no"
        return (
            f"{self.leaders_killed} leading processes killed after {after} of {GOOD} results, "
            f"{self.workers_killed} processes that refine; "
            f"{sum(self.found)} results found, {self.kept} of them kept, "
            f"{self.unrecorded} done again because no line told of them; "
            f"{self.half_files} files left under a temporary name, none under that of a result; "
            f"{self.cut_lines} manifests cut within a line; in the end each of the {GOOD} good "
            f"images refined and recorded once, in the bytes of the undisturbed run, "
            f"and each of the {len(POISONED)} bad ones reported"
        )


def make_data(folder: Path) -> Path:
    """Make a data set in which each tenth image is poisoned, and an undisturbed run over it."""
    folder.mkdir(exist_ok=True)
    dataset(folder, COUNT, poisoned=POISONED)
    report = run(folder, folder / UNDISTURBED)
    if report.count(JobStatus.REFINED) != GOOD or report.count(JobStatus.FAILED) != len(POISONED):
        raise PromiseBroken("the undisturbed run refined something else")
    return folder


def run(data: Path, out: Path, **options: object) -> BatchReport:
    """Do a run over the data in this process, going on where an earlier one ended."""
    progress = options.pop("progress", None)
    maker = options.pop("maker", FakeMaker())
    jobs = plan_jobs(images=data / "images", coarse=data / "coarse", out=out)
    settings = BatchSettings(**{"processes": 1, "resume": True, **options})
    return run_jobs(jobs, out=out, maker=maker, settings=settings, progress=progress)


def start(data: Path, out: Path, *, processes: int, **options: object) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own; those that refine tell their numbers in ``out.pids``."""
    folders = f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'kernels'}"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.batch.fault_run", str(data), str(out), str(processes)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": folders},
        **{"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **options},
    )


def until(condition: Callable[[], bool], seconds: float = 240.0) -> bool:
    """Wait until something is so; False if that takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def is_alive(pid: int) -> bool:
    """Return whether a process runs, or is about to."""
    try:
        os.kill(pid, 0)
        text = Path(f"/proc/{pid}/stat").read_text() if Path("/proc").is_dir() else ""
    except OSError:
        return False
    return " Z " not in text


def check(data: Path, out: Path, report: BatchReport) -> None:
    """Hold what a run left against the undisturbed one.

    Raises
    ------
    PromiseBroken
        A good image is not refined, or in other bytes; or it is recorded not at all or twice.
    """
    expected, found = results(data / UNDISTURBED), results(out)
    if found != expected:
        other = sorted(n for n in {*expected, *found} if expected.get(n) != found.get(n))
        raise PromiseBroken(f"results are absent or have other bytes: {', '.join(other)}")
    failed = report.count(JobStatus.FAILED)
    if failed != len(POISONED):
        raise PromiseBroken(f"{failed} images failed, {len(POISONED)} are bad")
    lines = len((out / MANIFEST_NAME).read_bytes().splitlines())
    done = sum(job.is_done for job in read_manifest(out).values())
    if (lines, done) != (COUNT, GOOD):
        raise PromiseBroken(f"the manifest has {lines} lines and {done} results")


def remove_half_files(out: Path) -> int:
    """Remove files that a kill left under a temporary name, and return their number."""
    left = list(out.glob(".spn-*.tmp"))
    for path in left:
        path.unlink()
    return len(left)


def kill_leader(data: Path, out: Path, dice: random.Random, tally: Tally) -> None:
    """Kill the process that leads a run once or twice, look at what is left, and go on.

    Raises
    ------
    PromiseBroken
    """
    before: dict[str, int] = {}
    recorded: set[str] = set()
    for _ in range(dice.choice((1, 1, 2))):
        wanted = dice.randrange(len(before), GOOD) if len(before) < GOOD else GOOD
        process = start(data, out, processes=dice.choice((1, 2, 2)))
        try:
            there = until(
                lambda wanted=wanted, process=process: (
                    len(list(out.glob("*.png"))) >= wanted or process.poll() is not None
                )
            )
            time.sleep(dice.uniform(0, 0.08))
        finally:
            process.kill()
            _, said = process.communicate()  # ends when those that refine have ended as well
        if not there:
            raise PromiseBroken(f"the run did not come to {wanted} results")
        if said:
            raise PromiseBroken(f"it said {said.decode(errors='replace')[-300:]}")
        tally.leaders_killed += process.returncode == -signal.SIGKILL
        pids = out.with_name(f"{out.name}.pids")
        workers = [int(path.name) for path in pids.glob("*")]
        shutil.rmtree(pids, ignore_errors=True)
        if not until(lambda workers=workers: not any(map(is_alive, workers)), 60):
            raise PromiseBroken("a process that refines outlived the one that leads")
        before = {path.name: path.stat().st_ino for path in out.glob("*.png")}
        recorded = {f"{s}.png" for s, job in read_manifest(out).items() if job.is_done}
        expected = results(data / UNDISTURBED)
        half = [n for n in before if (out / n).read_bytes() != expected.get(n)]
        if half:
            raise PromiseBroken(f"half a result has the name of one: {half}")
        if len(before.keys() - recorded) > IN_HAND:
            raise PromiseBroken(f"{len(before.keys() - recorded)} results are not recorded")
        if recorded - before.keys():
            raise PromiseBroken(f"recorded and not there: {sorted(recorded - before.keys())}")
    manifest = out / MANIFEST_NAME
    text = manifest.read_bytes() if manifest.exists() else b""
    tally.cut_lines += bool(text) and not text.endswith(b"\n")
    tally.found.append(len(before))
    tally.unrecorded += len(before.keys() - recorded)
    report = run(data, out)
    anew = [n for n in recorded if (out / n).stat().st_ino != before[n]]
    if anew or report.count(JobStatus.KEPT) != len(recorded):
        raise PromiseBroken(f"what was right is done again: {anew}")
    tally.kept += len(recorded)
    tally.half_files += remove_half_files(out)
    check(data, out, report)


def kill_worker(data: Path, out: Path, dice: random.Random, tally: Tally) -> None:
    """Kill one of two processes that refine, and let the run come to its end.

    Raises
    ------
    PromiseBroken
    """
    pids = out.with_name(f"{out.name}.pids")
    pids.mkdir()
    moment, delay = dice.randrange(1, COUNT - 2), dice.uniform(0, 0.02)

    def kill(job: JobReport, done: int, total: int) -> None:
        if done != moment:
            return
        time.sleep(delay)
        victims = sorted(pid for path in pids.glob("*") if is_alive(pid := int(path.name)))
        if victims:
            os.kill(dice.choice(victims), signal.SIGKILL)
            tally.workers_killed += 1

    maker = FakeMaker(seconds=0.005, pids=pids)
    report = run(data, out, processes=2, maker=maker, progress=kill)
    tally.half_files += remove_half_files(out)
    check(data, out, report)


def kill_many(home: Path, *, moments: int, seed: int, first: int = 0) -> Tally:
    """Kill as many leading processes as processes that refine, each in a run of its own.

    What happens at a moment depends on the seed and its number alone; ``first`` is that of the
    first one.
    """
    data = make_data(home / "data")
    tally = Tally()
    for number in range(first, first + moments):
        for kill in (kill_leader, kill_worker):
            dice = random.Random(f"{seed} {number} {kill.__name__}")
            out = home / f"{kill.__name__}-{number}"
            try:
                kill(data, out, dice, tally)
            except Exception as error:
                raise PromiseBroken(
                    f"{kill.__name__}, moment {number} of seed {seed}: {error}"
                ) from error
            shutil.rmtree(out)
    return tally


def main() -> None:
    """Read the options, kill, and print what was found."""
    parser = argparse.ArgumentParser(description="Kill batch runs and look at what comes of them")
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first moment")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = kill_many(
            Path(home), moments=options.moments, seed=options.seed, first=options.first
        )
        print(found)


if __name__ == "__main__":  # processes that refine import this module anew
    main()
