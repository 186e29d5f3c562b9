"""What every test runs under: no screen, no user's own folders, torch before Qt."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports Qt. Forced, so that a desktop's own setting opens no windows; who wants to
# see them says so: see CONTRIBUTING.md.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("SPN_ANNOTATOR_TEST_PLATFORM", "offscreen")
for _name in ("QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR"):
    os.environ.pop(_name, None)

# Settings, caches and recent projects of the person who runs the tests stay untouched.
_HOME = Path(tempfile.mkdtemp(prefix="spn-annotator-tests-"))
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(_HOME / _name.lower())

# Small arrays are slower on many threads, far slower when something else keeps the cores busy.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402, F401  (after Qt, its libraries can clash with Qt's)

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def _remove_test_home() -> Iterator[None]:
    yield
    shutil.rmtree(_HOME, ignore_errors=True)
