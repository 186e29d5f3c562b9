"""The benchmark of large projects does what it says, in a tiny form."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import bench_project
from spn_annotator.project import Project


def test_benchmark_makes_a_project_and_takes_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = []

    def here(folder: Path, name: str, repeat: int) -> dict[str, float]:
        taken.append(name)
        return bench_project.step(folder, name)

    monkeypatch.setattr(bench_project, "measured", here)
    report = bench_project.run(tmp_path / "p", count=60, repeat=1)
    assert taken == list(bench_project.STEPS)
    assert all(figures["seconds"] > 0 for figures in report["steps"].values())
    assert report["steps"]["open again"]["megabytes"] > 1
    assert "open again" in capsys.readouterr().out
    with Project.open(tmp_path / "p") as project:
        assert project.check() == []
        assert len(project.images()) == 60
        for query in bench_project.QUERIES.values():
            assert project.select(query), "a query that finds nothing measures nothing"
