"""torch's idle threads are told to rest before torch is there; what a user has set stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spn_annotator import threads
from spn_annotator.threads import let_idle_threads_rest


def told(environment: dict[str, str], platform: str, monkeypatch) -> dict[str, str]:
    monkeypatch.setattr(threads.sys, "platform", platform)
    let_idle_threads_rest(environment)
    return environment


def test_on_linux_idle_threads_rest_soon(monkeypatch):
    assert told({}, "linux", monkeypatch) == {"GOMP_SPINCOUNT": "30000"}


@pytest.mark.parametrize("mine", [{"GOMP_SPINCOUNT": "7"}, {"OMP_WAIT_POLICY": "active"}])
def test_what_a_user_has_set_stays(monkeypatch, mine):
    assert told(dict(mine), "linux", monkeypatch) == mine


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_left_alone(monkeypatch, platform):
    assert told({}, platform, monkeypatch) == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="said on Linux alone")
@pytest.mark.parametrize("first", ["import spn_annotator", "import spn_annotator.refine"])
def test_it_is_said_before_torch_is_loaded(first, monkeypatch):
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    code = (
        "import os, sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'torch':\n"
        "            print('torch', os.environ.get('GOMP_SPINCOUNT'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"{first}\n"
        "import torch"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["torch", "30000"]
