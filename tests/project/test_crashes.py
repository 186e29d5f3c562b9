"""Programs killed while they save."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from spn_annotator.project import Project
from tests.project.folders import annotated, folder, opened

REPOSITORY = Path(__file__).resolve().parents[2]


def connection_of(project: Project) -> sqlite3.Connection:
    return project._database._connection


def contents_of(path: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in path.iterdir()}


SAVER = """
import sys
from spn_annotator.project import Project
project = Project.open(sys.argv[1])
document = project.load(1)
object_id = next(iter(document.objects))
number = 0
while True:
    number += 1
    target = object_id if number % 2 else 0
    with document.begin_stroke(kind="rough", object_id=target, name=str(number)) as stroke:
        stroke.segment((0, 0), (600, 600), 500)
        stroke.segment((number % 600, 0), (number % 600, 0), 0.5)
    project.save(1, document)
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_at_any_moment_the_project_opens_with_all_that_was_saved(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", width=600, height=600)
    with opened(path) as project:
        project.save(1, annotated(project))
    dice = random.Random(3)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        time.sleep(dice.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        saved = int(rest[-1]) if rest else 1

        with Project.open(path) as project:
            assert not project.read_only
            assert project.left_by is not None
            assert project.left_by.pid == process.pid
            assert project.check() == []
            document = project.load(1)
            # Each save paints everything with one value: half of one would show two.
            values = np.unique(document.rough_map).tolist()
            assert len(values) == 1
            state = 1 if values == [2] else 0
            assert state in (saved % 2, (saved + 1) % 2)
            assert document.object_map.max() == (1 if state else 0)
