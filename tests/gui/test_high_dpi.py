"""The same strokes on a screen with 150 %."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_painting_works_at_150_percent(repository: Path) -> None:
    environment = {**os.environ, "QT_SCREEN_SCALE_FACTORS": "1.5"}
    names = ["tests/gui/test_painting.py", "tests/gui/test_labels_panel.py"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
