"""The benchmark of the CUDA kernels runs to its end in the simulator, and says when it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
import torch

from benchmarks import bench_cuda


@pytest.mark.skipif(
    find_spec("numba_cuda") is None, reason="numba-cuda is not installed (extra: cuda)"
)
@pytest.mark.slow
def test_the_benchmark_does_every_step_in_the_simulator(repository, tmp_path):
    target = tmp_path / "cuda.json"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "benchmarks.bench_cuda", "--json", target],
        cwd=repository,
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    found = json.loads(target.read_text(encoding="utf-8"))
    assert [check["right"] for check in found["checks"]] == [True]
    assert found["side_stream"] is None
    (row,) = found["rows"]
    assert row["shape"] == "1x1x3x9"
    for name in ("forward", "backward", "fused", "copy", "launch_a_line", "loop"):
        assert row[name] > 0


def test_without_a_gpu_it_says_so_and_ends(monkeypatch, capsys):
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert bench_cuda.main([]) == 0
    assert "no GPU" in capsys.readouterr().out
