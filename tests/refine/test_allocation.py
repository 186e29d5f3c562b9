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
    found = []
    for _ in range(6):  # the first ones make room, at addresses that differ from run to run
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        torch.zeros(16 << 20).sum()  # 64 MiB, made and freed
        found.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return min(found)
torch.set_num_threads(1)
before = faults()
print(keep_freed_memory(), before, faults())
"""


def run(program: str = FAULTS, **variables: str) -> tuple[str, int, int]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MALLOC_") and name != "GLIBC_TUNABLES"
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
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


HELD = """
import resource, sys
from spn_annotator.refine.allocation import return_freed_memory
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
blocks = [bytes(60_000) for _ in range(4000)]  # 240 MB
kept = blocks[::40]
del blocks
before = resident()
print(return_freed_memory(), before, resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is the one that is told")
def test_memory_between_blocks_in_use_is_given_back():
    told, before, after = run(HELD)
    if told == "False":
        pytest.skip("another C library than glibc")
    assert after < before - 100e6


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is the one that is told")
def test_who_has_set_the_allocator_is_left_alone():
    told, _, _ = run(MALLOC_TRIM_THRESHOLD_="1000000")
    assert told == "False"


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not allocation.keep_freed_memory.__wrapped__()
    assert not allocation.return_freed_memory()
