"""Freed memory comes back without the system's help; a user's own settings are left alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spn_annotator.refine import allocation

FAULTS = """
import resource, sys, torch
from spn_annotator.refine.allocation import keep_freed_memory
def faults():
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        torch.zeros(16 << 20).sum()  # 64 MiB, made and freed
        found = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return found
torch.set_num_threads(1)
before = faults()
print(keep_freed_memory(), before, faults())
"""


def run(**variables: str) -> tuple[str, int, int]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MALLOC_") and name != "GLIBC_TUNABLES"
    }
    done = subprocess.run(
        [sys.executable, "-c", FAULTS],
        env=clean | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    told, before, after = done.stdout.split()
    return told, int(before), int(after)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is the one that is told")
def test_large_blocks_are_not_returned_to_the_system():
    told, before, after = run()
    if told == "False":
        pytest.skip("another C library than glibc")
    assert before > 0
    assert after < before / 4, "the same pages are used again"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is the one that is told")
def test_who_has_set_the_allocator_is_left_alone():
    told, _, _ = run(MALLOC_TRIM_THRESHOLD_="1000000")
    assert told == "False"


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not allocation.keep_freed_memory.__wrapped__()
