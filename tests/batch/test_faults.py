"""Kills, full disks and poisoned images: every good image ends refined once, in the same bytes."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spn_annotator.batch.manifest import MANIFEST_NAME, read_manifest
from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import BatchReport, JobReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import SaveError
from spn_annotator.formats import atomic
from tests.batch.fakes import FakeMaker
from tests.batch.support import dataset, results
from tests.conftest import REPOSITORY

COUNT = 30
POISONED = tuple(range(5, COUNT, 10))

# Few moments with every test run, many with `make test-long`.
SEEDS = [
    *range(3),
    *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 50)),
]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


def run(folder: Path, out: Path, **options: object) -> BatchReport:
    progress = options.pop("progress", None)
    maker = options.pop("maker", FakeMaker())
    jobs = plan_jobs(images=folder / "images", coarse=folder / "coarse", out=out)
    settings = BatchSettings(**{"processes": 1, "resume": True, **options})
    return run_jobs(jobs, out=out, maker=maker, settings=settings, progress=progress)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data set in which each tenth image is poisoned, and an undisturbed run over it."""
    folder = tmp_path_factory.mktemp("data")
    dataset(folder, COUNT, poisoned=POISONED)
    report = run(folder, folder / "undisturbed")
    assert report.count(JobStatus.REFINED) == COUNT - len(POISONED)
    assert report.count(JobStatus.FAILED) == len(POISONED)
    return folder


def check(data: Path, out: Path, report: BatchReport) -> None:
    """Find each good image refined, once, in the bytes of the undisturbed run."""
    assert results(out) == results(data / "undisturbed")
    assert report.count(JobStatus.FAILED) == len(POISONED)
    lines = (out / MANIFEST_NAME).read_bytes().splitlines()
    assert len(lines) == COUNT
    assert sum(job.is_done for job in read_manifest(out).values()) == COUNT - len(POISONED)
    assert list(out.glob(".spn-*.tmp")) == []


def until(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def is_alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text() if Path("/proc").is_dir() else ""
        os.kill(pid, 0)
    except (OSError, ProcessLookupError):
        return False
    return " Z " not in text


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_run_goes_on_where_it_was(data: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    out = tmp_path / "out"
    shutil.rmtree(data / "pids", ignore_errors=True)
    wanted = chance.randrange(0, COUNT - 6)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.batch.fault_run", str(data), str(out), "2"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'kernels'}"},
        stdout=subprocess.DEVNULL,
    )
    try:
        assert until(lambda: len(list(out.glob("*.png"))) >= wanted or process.poll() is not None)
        time.sleep(chance.uniform(0, 0.08))
    finally:
        process.kill()
        process.wait()
    workers = [int(path.name) for path in (data / "pids").glob("*")]
    assert until(lambda: not any(map(is_alive, workers)), 20), "a worker outlived its parent"
    before = {path.name: path.stat().st_ino for path in out.glob("*.png")}
    recorded = {stem for stem, job in read_manifest(out).items() if job.is_done}
    assert len(before) - len(recorded) <= 6  # what two processes had in hand
    report = run(data, out)
    # What was recorded was not written anew.
    assert {name: (out / name).stat().st_ino for name in before if name[:-4] in recorded} == {
        name: inode for name, inode in before.items() if name[:-4] in recorded
    }
    for left in out.glob(".spn-*.tmp"):
        left.unlink()  # a file that was being written at the kill, under its temporary name
    check(data, out, report)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_worker_costs_nothing_but_time(data: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pids = tmp_path / "pids"
    pids.mkdir()
    moment, delay = chance.randrange(1, COUNT - 2), chance.uniform(0, 0.02)

    def kill(job: JobReport, done: int, total: int) -> None:
        if done == moment:
            time.sleep(delay)
            victims = sorted(int(path.name) for path in pids.glob("*"))
            if victims:
                os.kill(chance.choice(victims), signal.SIGKILL)

    report = run(
        data,
        tmp_path / "out",
        processes=2,
        maker=FakeMaker(seconds=0.005, pids=pids),
        progress=kill,
    )
    for left in (tmp_path / "out").glob(".spn-*.tmp"):
        left.unlink()
    check(data, tmp_path / "out", report)


class TestFullDisk:
    @pytest.fixture
    def small_disk(self, tmp_path: Path) -> Iterator[Path]:
        """Mount a disk of a few files."""
        folder = tmp_path / "disk"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("no right to mount a small disk")
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)

    @pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount")
    def test_ends_the_run_with_one_sentence_and_it_goes_on_with_room(
        self, data: Path, small_disk: Path
    ) -> None:
        ballast = small_disk / "ballast"
        with pytest.raises(SaveError, match=r"the disk is full|No space left|cannot be written"):
            run(data, small_disk / "out", maker=_Filling(ballast))
        written = len(list((small_disk / "out").glob("*.png")))
        assert 0 < written < COUNT - len(POISONED)
        ballast.unlink()
        subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
        report = run(data, small_disk / "out")
        assert report.count(JobStatus.KEPT) >= written - 1
        check(data, small_disk / "out", report)

    def test_is_told_as_what_it_is(
        self, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count = 0
        fsync = os.fsync

        def full(descriptor: int) -> None:
            nonlocal count
            count += 1
            if count > 12:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fsync(descriptor)

        monkeypatch.setattr(atomic.os, "fsync", full)
        with pytest.raises(SaveError, match=r"the disk is full\. Make room and run again"):
            run(data, tmp_path / "out")
        monkeypatch.undo()
        report = run(data, tmp_path / "out")
        assert report.count(JobStatus.KEPT) >= 1
        check(data, tmp_path / "out", report)


class _Filling(FakeMaker):
    """Makes a refiner that fills the disk with its first image."""

    def __init__(self, ballast: Path) -> None:
        super().__init__()
        object.__setattr__(self, "ballast", ballast)

    def __call__(self):
        refiner = super().__call__()
        refine = refiner.refine
        calls = 0

        def filling(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 8:
                try:
                    with self.ballast.open("wb") as file:
                        for _ in range(64):
                            file.write(b"x" * 1024)
                            file.flush()
                except OSError:
                    pass
            return refine(*arguments, **options)

        refiner.refine = filling
        return refiner


def test_ctrl_c_finishes_what_is_in_flight_and_a_later_run_goes_on(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.batch.fault_run", str(data), str(out), "2"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'kernels'}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert until(lambda: len(list(out.glob("*.png"))) >= 4 or process.poll() is not None)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the run
    _, errors = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors.splitlines()[-1]
    assert errors.count(b"Traceback") == 1  # none of a worker
    found = read_manifest(out)
    done = {stem for stem, job in found.items() if job.is_done}
    assert done == {path.stem for path in out.glob("*.png")}
    assert len(done) < COUNT - len(POISONED)
    assert (out / "report.html").is_file()
    check(data, out, run(data, out))
