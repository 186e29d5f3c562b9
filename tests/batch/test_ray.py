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
from tests.batch.support import dataset, results
from tests.batch.test_pool import do
from tests.conftest import REPOSITORY

# In a process of its own: Ray leaves threads, sockets and warnings behind.
SCRIPT = """
import json, os, random, signal, sys, threading, time
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
    while not list(pids.glob("*")):
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(int(sorted(pids.glob("*"))[0].name), signal.SIGKILL)

if __name__ == "__main__":
    # One Ray for both runs: to start it takes most of the time.
    begin = time.time()
    def say(*words):
        print(*words, flush=True)
        print(f"{time.time() - begin:.1f} s", file=sys.stderr, flush=True)

    RayEngine._connect(SimpleNamespace(_ray=ray, _settings=BatchSettings(processes=2),
                                       _cores_wanted=lambda: 2))
    say("{}")
    first = do(folder, FakeMaker(), "ray", engine="ray", processes=2)
    say(json.dumps(outcome(first)))
    pids.mkdir()
    threading.Thread(target=kill_one, daemon=True).start()
    maker = FakeMaker(pids=pids, seconds=0.05)
    say(json.dumps(outcome(do(folder, maker, "killed", engine="ray", processes=2))))
    ray.shutdown()
    say(json.dumps({"processes": len(list(pids.glob("*")))}))
"""


@pytest.mark.long
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_ray_writes_the_bytes_of_the_local_engine_and_outlives_an_actor(tmp_path: Path) -> None:
    dataset(tmp_path, 24, poisoned=(5, 15))
    do(tmp_path, FakeMaker(), "local", processes=1)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'kernels'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    _, first, killed, processes = map(json.loads, lines)
    expected = results(tmp_path / "local")
    assert len(expected) == 22
    assert results(tmp_path / "ray") == expected
    assert sum(status == "refined" for status in first.values()) == 22
    assert sorted(name for name, status in first.items() if status == "failed") == ["i005", "i015"]
    assert killed == first
    assert results(tmp_path / "killed") == expected
    assert processes["processes"] == 3  # two, and the one in the place of the killed one


def test_without_ray_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    dataset(tmp_path, 1)
    with pytest.raises(UsageError, match=r"needs the package ray. pip install 'spn-annotator"):
        do(tmp_path, FakeMaker(), engine="ray")
