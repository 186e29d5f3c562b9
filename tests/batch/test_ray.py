"""Ray on this machine with two processes: the bytes of the local engine, whatever dies."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from spn_annotator.errors import UsageError
from tests.batch.fakes import FakeMaker
from tests.batch.support import dataset, outcome, results
from tests.batch.test_pool import do
from tests.conftest import REPOSITORY

# In a process of its own: Ray leaves threads, sockets and warnings behind.
SCRIPT = """
import json, os, signal, sys, threading, time
from pathlib import Path
from types import SimpleNamespace

import ray

from spn_annotator.batch.ray_engine import RayEngine
from spn_annotator.batch.settings import BatchSettings
from tests.batch.fakes import FakeMaker
from tests.batch.support import outcome
from tests.batch.test_pool import do

folder = Path(sys.argv[1])
pids = folder / "pids"

def kill_one():
    # In mid-run: the first results are there and the actor holds a block.
    while len(list((folder / "killed").glob("*.png"))) < 2:
        time.sleep(0.01)
    os.kill(int(sorted(pids.glob("*"))[0].name), signal.SIGKILL)
    (folder / "first").write_text(str(len(list((folder / "killed").glob("*.png")))))

if __name__ == "__main__":
    # One Ray for all runs: to start it takes most of the time.
    settings = BatchSettings(processes=2)
    RayEngine._connect(SimpleNamespace(_ray=ray, _settings=settings, _cores_wanted=lambda: 2))
    told = {}
    if "undisturbed" in sys.argv:
        told["ray"] = outcome(do(folder, FakeMaker(), "ray", engine="ray", processes=2))
    pids.mkdir()
    threading.Thread(target=kill_one, daemon=True).start()
    maker = FakeMaker(pids=pids, seconds=0.1)
    told["killed"] = outcome(do(folder, maker, "killed", engine="ray", processes=2))
    ray.shutdown()
    print(json.dumps(told))
"""

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None or os.name == "nt",
    reason="ray is not installed, or there is no SIGKILL",
)


def on_ray(folder: Path, *words: str) -> dict[str, dict[str, str]]:
    """Run the script on a data set; return the outcomes by name of the run."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(folder), *words],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'kernels'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


@pytest.mark.slow
@needs_ray
def test_an_actor_that_is_killed_in_mid_run_costs_nothing_but_time(tmp_path: Path) -> None:
    dataset(tmp_path, 20, poisoned=(5, 15))
    local = outcome(do(tmp_path, FakeMaker(), "local", processes=1))
    expected = results(tmp_path / "local")
    assert len(expected) == 18
    assert on_ray(tmp_path) == {"killed": local}
    assert results(tmp_path / "killed") == expected  # the bytes of the local engine
    assert 2 <= int((tmp_path / "first").read_text()) < 18, "killed when all was done"
    assert len(list((tmp_path / "pids").iterdir())) == 3  # one took the place of the killed one


@pytest.mark.long
@needs_ray
def test_ray_writes_the_bytes_of_the_local_engine(tmp_path: Path) -> None:
    dataset(tmp_path, 60, poisoned=range(5, 60, 10))
    local = outcome(do(tmp_path, FakeMaker(), "local", processes=1))
    assert on_ray(tmp_path, "undisturbed") == {"ray": local, "killed": local}
    expected = results(tmp_path / "local")
    assert len(expected) == 54
    assert results(tmp_path / "ray") == results(tmp_path / "killed") == expected


def test_without_ray_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    dataset(tmp_path, 1)
    with pytest.raises(UsageError, match=r"needs the package ray. pip install 'spn-annotator"):
        do(tmp_path, FakeMaker(), engine="ray")
