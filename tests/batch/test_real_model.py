"""The model that ships, in several processes: the bytes of one process, whatever the threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spn_annotator.batch.plan import plan_jobs
from spn_annotator.batch.refiners import ModelChoice
from spn_annotator.batch.refining import run_jobs
from spn_annotator.batch.report import JobStatus
from spn_annotator.batch.settings import BatchSettings
from spn_annotator.formats.images import write_image
from spn_annotator.formats.masks import write_label_map
from spn_annotator.paths import default_model_path
from tests.batch.support import results

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not default_model_path().is_file(), reason="the model is not in resources/models"
    ),
]


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """Make six images of a square on a ground, and masks that are off by some pixels."""
    noise = np.random.default_rng(0)
    for name in ("images", "coarse"):
        (tmp_path / name).mkdir()
    for number in range(6):
        rgb = noise.integers(0, 60, (96, 112, 3), dtype=np.uint8)
        rgb[20:70, 30:80] += np.array([150, 60, 20], np.uint8)
        mask = np.zeros((96, 112), np.uint8)
        mask[15 + number : 65 + number, 36:86] = 1 + number % 3
        write_image(tmp_path / "images" / f"i{number}.png", rgb)
        write_label_map(tmp_path / "coarse" / f"i{number}.png", mask)
    return tmp_path


def run(folder: Path, out: str, **options: object) -> dict[str, bytes]:
    jobs = plan_jobs(images=folder / "images", coarse=folder / "coarse", out=folder / out)
    report = run_jobs(
        jobs,
        out=folder / out,
        maker=ModelChoice(device="cpu"),
        settings=BatchSettings(**options),
    )
    assert report.count(JobStatus.REFINED) == 6
    assert report.device == "cpu"
    return results(folder / out)


def test_two_processes_write_the_bytes_of_one(scenes: Path) -> None:
    one = run(scenes, "one", processes=1)
    assert len(one) == 6
    assert len(set(one.values())) > 1
    assert run(scenes, "two", processes=2, threads=1) == one
    kept = run_again(scenes)
    assert kept == 6


def run_again(folder: Path) -> int:
    jobs = plan_jobs(images=folder / "images", coarse=folder / "coarse", out=folder / "one")
    settings = BatchSettings(processes=1, resume=True)
    report = run_jobs(jobs, out=folder / "one", maker=ModelChoice(device="cpu"), settings=settings)
    return report.count(JobStatus.KEPT)
