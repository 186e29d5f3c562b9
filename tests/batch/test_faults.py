"""Kills, full disks and poisoned images: every good image ends refined once, in the same bytes."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from spn_annotator.batch.manifest import MANIFEST_NAME, read_manifest
from spn_annotator.batch.report import JobStatus
from spn_annotator.errors import SaveError
from spn_annotator.formats import atomic
from tests.batch.fakes import FakeMaker
from tests.batch.killing import (
    COUNT,
    GOOD,
    POISONED,
    PromiseBroken,
    check,
    kill_many,
    make_data,
    run,
    start,
    until,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data set in which each tenth image is poisoned, and an undisturbed run over it."""
    return make_data(tmp_path_factory.mktemp("data"))


@pytest.mark.slow
def test_killed_at_three_moments_each_every_good_image_is_refined_once(tmp_path: Path) -> None:
    tally = kill_many(tmp_path, moments=3, seed=5)
    assert tally.leaders_killed >= 3
    assert tally.workers_killed == 3
    assert 0 < tally.kept < sum(tally.found) + 1


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_at_fifty_moments_each_every_good_image_is_refined_once(tmp_path: Path) -> None:
    tally = kill_many(tmp_path, moments=50, seed=1)
    print(tally)
    assert tally.leaders_killed >= 50
    assert tally.workers_killed >= 45
    assert min(tally.found) <= 3, "no leader was killed near the beginning"
    assert max(tally.found) >= GOOD - 6, "no leader was killed near the end"
    assert tally.unrecorded > 0, "no kill came between a result and its line"


class TestTheChecks:
    def test_notice_other_bytes_and_absent_results(self, data: Path, tmp_path: Path) -> None:
        report = run(data, tmp_path / "out")
        check(data, tmp_path / "out", report)
        result = tmp_path / "out" / "i003.png"
        kept = result.read_bytes()
        result.write_bytes(kept[:-1])
        with pytest.raises(PromiseBroken, match=r"other bytes: i003\.png"):
            check(data, tmp_path / "out", report)
        result.unlink()
        with pytest.raises(PromiseBroken, match=r"absent .* i003\.png"):
            check(data, tmp_path / "out", report)

    def test_notice_a_line_that_is_twice_or_not_there(self, data: Path, tmp_path: Path) -> None:
        report = run(data, tmp_path / "out")
        place = tmp_path / "out" / MANIFEST_NAME
        lines = place.read_bytes().splitlines(keepends=True)
        place.write_bytes(b"".join(lines[1:]))
        with pytest.raises(PromiseBroken, match="29 lines and 26 results"):
            check(data, tmp_path / "out", report)
        place.write_bytes(b"".join([*lines, lines[0]]))
        with pytest.raises(PromiseBroken, match="31 lines and 27 results"):
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
    process = start(data, out, processes=2, start_new_session=True)
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
