"""Data sets with anything wrong in them are refused in plain words, or read: nothing else happens.

Each case spoils one file of a sound data set, by a seed, and then reads, looks at and converts it,
and imports every fourth: flipped bits, cut files, impossible numbers, huge sizes, bombs, deep
nesting, NaN, paths and links that lead out, doubled ids, unknown labels, pipes, references in a
circle. A process of its own has 5 s of processor time for each and 1 GB more than it began with.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.support import FORMATS

LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits of memory and time are those of Linux"
)
REPOSITORY = Path(__file__).resolve().parents[2]


def findings(folder: Path, formats: tuple[str, ...], *, first: int, number: int) -> list[str]:
    """Return what went wrong, with the case it went wrong in."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.mutated_worker",
            str(folder),
            ",".join(formats),
            str(first),
            str(number),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        timeout=280 if len(formats) > 1 else 3000,
    )
    found: list[str] = []
    case, cases = "no case", 0
    for line in done.stdout.splitlines():
        if line.startswith("CASE"):
            case, cases = line, cases + 1
        elif line.startswith("FOUND"):
            found.append(f"{case}: {line}")
    if done.returncode:
        found.append(f"{case}: the process ended with {done.returncode}: {done.stderr[-2000:]}")
    elif cases != number * len(formats):
        found.append(f"only {cases} cases")
    return found


@LINUX
def test_a_few_mutated_data_sets_of_every_format(tmp_path: Path) -> None:
    assert findings(tmp_path, FORMATS, first=0, number=8) == []


@LINUX
@pytest.mark.long
@pytest.mark.timeout(3100)
@pytest.mark.parametrize("name", FORMATS)
def test_300_mutated_data_sets(tmp_path: Path, name: str) -> None:
    assert findings(tmp_path, (name,), first=1000, number=300) == []
