"""Try what can crash or hang in a process of its own, and bring back what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from spn_annotator import system_libraries

PROBE_SECONDS = 120.0


@dataclass(frozen=True)
class Probe:
    """What came of a line of Python in a process of its own.

    Attributes
    ----------
    facts : dict
        What the code told; empty if it failed.
    error : str or None
        Why it failed, in one line.
    """

    facts: dict[str, Any]
    error: str | None


TORCH = """
import torch
device = torch.cuda.get_device_name() if torch.cuda.is_available() else None
try:  # what else is wrong with this module is told by other probes
    from spn_annotator.refine.devices import has_fast_bf16
    bf16 = has_fast_bf16()
except ImportError:
    bf16 = False
facts = {"version": torch.__version__, "device": device, "bf16": bf16}
"""
NUMBA = """
import numba
@numba.njit(parallel=True)
def total(n):
    s = 0
    for i in numba.prange(n):
        s += i
    return s
assert total(10) == 45
facts = {"version": numba.__version__, "layer": numba.threading_layer(),
         "threads": numba.get_num_threads()}
"""
CV2 = """
from spn_annotator.cv import cv2
facts = {"version": cv2.__version__}
"""
_QT = """
import PySide6
from PySide6.QtWidgets import QApplication
application = QApplication([])
facts = {"version": PySide6.__version__, "platform": application.platformName()}
"""
_TAIL = """
import json
print("\\n" + json.dumps(facts))
"""


def qt_code() -> str:
    """Return the code that opens Qt the way the window would."""
    if system_libraries.has_display():
        return _QT
    # Qt aborts without a display; what can still be tried is that it works off screen.
    return "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'" + _QT


def probe(code: str) -> Probe:
    """Run code that sets ``facts``, in a process of its own; never raises."""
    # Both roots, so that a checkout started by main.py is probed like an installation.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code + _TAIL],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROBE_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Probe({}, f"no answer within {PROBE_SECONDS} seconds")
    except OSError as error:
        return Probe({}, f"could not be tried: {error}")
    if done.returncode == 0:
        return Probe(json.loads(done.stdout.splitlines()[-1]), None)
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if done.returncode < 0:
        # Qt says what is wrong before it aborts; the last lines are the most to the point.
        return Probe({}, f"crashed (signal {-done.returncode}): " + " ".join(said[:2]))
    return Probe({}, said[-1] if said else f"ended with status {done.returncode}")
