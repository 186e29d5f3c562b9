"""Several processes: the same bytes as one, and none that dies takes an image with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spn_annotator.batch.engine import Stop
from spn_annotator.batch.manifest import read_manifest
from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import BatchReport, JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.errors import ModelFileError
from tests.batch.fakes import FakeMaker
from tests.batch.support import curse, dataset, outcome, results


def do(folder: Path, maker: FakeMaker, out: str = "out", **options: Any) -> BatchReport:
    jobs = plan_jobs(images=folder / "images", coarse=folder / "coarse", out=folder / out)
    settings = BatchSettings(**{"processes": 2, **options})
    return run_jobs(jobs, out=folder / out, maker=maker, settings=settings)


def test_two_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    dataset(tmp_path, 12, poisoned=(3,))
    one = do(tmp_path, FakeMaker(), "one", processes=1)
    two = do(tmp_path, FakeMaker(), "two")
    assert outcome(one) == outcome(two)
    assert two.processes == 2
    assert len(results(tmp_path / "one")) == 11
    assert results(tmp_path / "one") == results(tmp_path / "two")


def test_an_image_that_kills_its_process_costs_itself_alone(tmp_path: Path) -> None:
    dataset(tmp_path, 9)
    curse(tmp_path / "images" / "i004.png")
    log = tmp_path / "log"
    report = do(tmp_path, FakeMaker(on_cursed="die", log=log))
    assert {name for name, status in outcome(report).items() if status == "failed"} == {"i004"}
    failed = report.jobs[4]
    assert failed.error is not None
    assert "the process that refined it died 2 times (killed by signal 9" in failed.error
    assert report.count(JobStatus.REFINED) == 8
    assert len(results(tmp_path / "out")) == 8


def test_a_failed_image_is_tried_again_as_often_as_asked(tmp_path: Path) -> None:
    dataset(tmp_path, 2)
    curse(tmp_path / "images" / "i000.png")
    report = do(tmp_path, FakeMaker(log=tmp_path / "log"), processes=1, retry=2)
    assert outcome(report) == {"i000": "failed", "i001": "refined"}
    assert report.jobs[0].attempts == 3
    assert (tmp_path / "log").read_bytes() == b"...."


def test_fail_fast_ends_with_the_first_failure(tmp_path: Path) -> None:
    dataset(tmp_path, 40)
    curse(tmp_path / "images" / "i000.png")
    report = do(tmp_path, FakeMaker(seconds=0.02), processes=1, fail_fast=True)
    assert report.count(JobStatus.FAILED) == 1
    assert report.count(JobStatus.CANCELLED) >= 30


@pytest.mark.parametrize("processes", [1, 2])
def test_a_stop_before_anything_is_begun_cancels_all(tmp_path: Path, processes: int) -> None:
    dataset(tmp_path, 4)
    stop = Stop()
    stop.ask()
    jobs = plan_jobs(images=tmp_path / "images", coarse=tmp_path / "coarse", out=tmp_path / "out")
    settings = BatchSettings(processes=processes, retry=1)
    maker = FakeMaker()
    report = run_jobs(jobs, out=tmp_path / "out", maker=maker, settings=settings, stop=stop)
    assert report.count(JobStatus.CANCELLED) == 4


def test_an_image_that_is_not_tried_again_because_of_a_stop_has_failed(tmp_path: Path) -> None:
    dataset(tmp_path, 1)
    curse(tmp_path / "images" / "i000.png")
    stop = Stop()
    maker = _Stopping(stop)
    jobs = plan_jobs(images=tmp_path / "images", coarse=tmp_path / "coarse", out=tmp_path / "out")
    settings = BatchSettings(processes=1, retry=3)
    report = run_jobs(jobs, out=tmp_path / "out", maker=maker, settings=settings, stop=stop)
    assert outcome(report) == {"i000": "failed"}
    assert "cursed" in (report.jobs[0].error or "")
    assert "cursed" in (read_manifest(tmp_path / "out")["i000"].error or "")


class _Stopping(FakeMaker):
    """Asks for the end while the first image is refined."""

    def __init__(self, stop: Stop) -> None:
        super().__init__()
        object.__setattr__(self, "stop", stop)

    def __call__(self):
        refiner = super().__call__()
        refine = refiner.refine

        def stopping(*arguments: object, **options: object) -> object:
            self.stop.ask()
            return refine(*arguments, **options)

        refiner.refine = stopping
        return refiner


def test_a_model_that_does_not_load_in_the_processes_is_told(tmp_path: Path) -> None:
    dataset(tmp_path, 8)
    with pytest.raises(ModelFileError, match=r"fake\.safetensors: is no model"):
        do(tmp_path, FakeMaker(broken=True))
    assert not (tmp_path / "out").exists()
