"""Find out what is wrong with an installation, and say how to mend it.

Everything that can crash or hang (Qt, torch, compiled kernels) is tried in a process of its own, so
that the report comes whatever the state of the machine. The same processes keep this one free of
Qt and torch.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spn_annotator import __version__, system_libraries
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.paths import default_model_path, user_cache_dir, user_data_dir

State = Literal["ok", "warn", "fail"]

_PROBE_SECONDS = 120
_MODEL_HEADER_LIMIT = 100_000_000  # bytes; the format's own limit
_REINSTALL = "pip install --force-reinstall"


@dataclass(frozen=True)
class Check:
    """What one look at the installation found.

    Attributes
    ----------
    name : str
        What was looked at.
    state : {"ok", "warn", "fail"}
        ``warn``: the program works, but not all of it or not as fast as it could.
    detail : str
        What was found, in one line.
    remedy : str or None
        What to do about it; None where nothing needs doing.
    """

    name: str
    state: State
    detail: str
    remedy: str | None = None


@dataclass(frozen=True)
class _Probe:
    """What came of a line of Python in a process of its own."""

    facts: dict[str, Any]
    error: str | None


def diagnose() -> list[Check]:
    """Look at everything the program needs.

    Returns
    -------
    list of Check
        In the order in which a person would mend things. Takes a few seconds.
    """
    with ThreadPoolExecutor(max_workers=4) as pool:
        # The slow ones, side by side.
        torch, numba, cv2, qt = (
            pool.submit(_probe, code) for code in (_TORCH, _NUMBA, _CV2, _qt_code())
        )
        return [
            _check_python(),
            Check("spn-annotator", "ok", __version__),
            _check_numpy(),
            check_system_libraries(),
            _check_import("torch", "torch", torch.result()),
            check_gpu(torch.result()),
            _check_import("numba", "numba", numba.result()),
            _check_threading(numba.result()),
            _check_import("OpenCV", "opencv-python", cv2.result()),
            check_qt(qt.result()),
            check_model(),
            check_folder("folder for data", user_data_dir()),
            check_folder("folder for caches", user_cache_dir()),
        ]


def exit_status(checks: list[Check]) -> int:
    """Return 1 if a check failed, else 0; warnings do not count."""
    return int(any(check.state == "fail" for check in checks))


def print_report(checks: list[Check], *, console: Console | None = None) -> int:
    """Print the checks as a table, then what to do, and return the exit status.

    Parameters
    ----------
    checks : list of Check
        From `diagnose`.
    console : rich.console.Console, optional
        Where to print; standard output when left out.
    """
    console = Console() if console is None else console
    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "found"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        # Text, not markup: paths may hold square brackets.
        table.add_row(Text(check.state, styles[check.state]), Text(check.name), Text(check.detail))
    console.print(table)
    to_mend = [check for check in checks if check.remedy]
    if to_mend:
        console.print("\nWhat to do:")
    for check in to_mend:
        # Unwrapped, so that a command can be copied.
        console.print(Text(f"- {check.name}: {check.remedy}"), soft_wrap=True)
    failed = sum(check.state == "fail" for check in checks)
    console.print(f"\n{failed} of {len(checks)} checks failed" if failed else "\nAll is well.")
    return exit_status(checks)


# ------------------------------------------------------------------ single checks


def check_model(path: Path | None = None) -> Check:
    """Look at a model file: there, whole, and of the right format.

    Reads the safetensors header alone: eight bytes of length (little-endian), that many bytes of
    JSON with the offsets of each tensor, then the data.

    Parameters
    ----------
    path : Path, optional
        The file; the model that ships with the program when left out.
    """
    name = "model"
    remedy = "install spn-annotator again, or pass a model file with --model"
    try:
        path = default_model_path() if path is None else path
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_MODEL_HEADER_LIMIT, size - 8):
                return Check(name, "fail", f"{path}: not a safetensors file", remedy)
            header = json.loads(file.read(length))
        tensors = {key: value for key, value in header.items() if key != "__metadata__"}
        end = max((value["data_offsets"][1] for value in tensors.values()), default=0)
    except SpnAnnotatorError as error:
        return Check(name, "fail", str(error), remedy)
    except OSError as error:
        return Check(name, "fail", f"{path}: {error.strerror or error}", remedy)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return Check(name, "fail", f"{path}: not a safetensors file", remedy)
    if not tensors or size != 8 + length + end:
        return Check(name, "fail", f"{path}: cut short, or nothing in it", remedy)
    return Check(name, "ok", f"{path} ({size / 1e6:.1f} MB, {len(tensors)} tensors)")


def check_folder(name: str, folder: Path) -> Check:
    """See whether files can be written into a folder, or into the one it will be made in."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        detail = f"{folder}: cannot be written to ({error.strerror or error})"
        return Check(name, "fail", detail, f"make {there} a folder you can write to")
    return Check(name, "ok", str(folder))


def check_system_libraries() -> Check:
    """Look for the shared libraries of Qt and OpenCV."""
    name = "system libraries"
    if not sys.platform.startswith("linux"):
        return Check(name, "ok", "come with the packages on this system")
    needed = system_libraries.missing_libraries(system_libraries.display_groups())
    if needed:
        found = "missing: " + ", ".join(lib.soname for lib in needed)
        state: State = "fail" if any(lib.group == "any" for lib in needed) else "warn"
        return Check(name, state, found, system_libraries.remedy(needed))
    return Check(name, "ok", "all found")


def check_qt(probe: _Probe) -> Check:
    """Judge whether Qt could open its platform plug-in."""
    name = "Qt"
    if probe.error:
        missing = system_libraries.missing_libraries(("any", "x11"))
        remedy = f"{_REINSTALL} PySide6-Essentials"
        if missing:
            remedy = system_libraries.remedy(missing)
        elif not os.environ.get("QT_QPA_PLATFORM") and os.environ.get("DISPLAY"):
            remedy = f"see that the display {os.environ['DISPLAY']} is there and lets you in"
        return Check(name, "fail", probe.error, remedy)
    found = f"PySide6 {probe.facts['version']}, platform {probe.facts['platform']}"
    if not system_libraries.has_display():
        return Check(
            name,
            "warn",
            f"{found}: there is no display, the window cannot be shown",
            "start from a desktop session, or use the commands without a window"
            " (spn-annotator refine, spn-annotator demo)",
        )
    return Check(name, "ok", found)


def check_gpu(torch: _Probe) -> Check:
    """Say what the refiner will run on."""
    name = "GPU"
    device = torch.facts.get("device")
    if torch.error:
        return Check(name, "warn", "not known while torch does not load")
    if device is None:
        if shutil.which("nvidia-smi"):
            return Check(
                name,
                "warn",
                "there is an NVIDIA driver, but this torch does not reach the GPU",
                "install a CUDA build of torch that fits the driver (pytorch.org)",
            )
        return Check(name, "ok", "none; refinement runs on the CPU")
    try:
        found = f"{device}, numba-cuda {importlib.metadata.version('numba-cuda')}"
    except importlib.metadata.PackageNotFoundError:
        remedy = 'pip install "spn-annotator[cuda]"'
        return Check(name, "warn", f"{device}, but the extra 'cuda' is not installed", remedy)
    return Check(name, "ok", found)


def _check_python() -> Check:
    found = f"{platform.python_version()} ({platform.system()} {platform.machine()})"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Check("Python", "ok", found)
    return Check("Python", "fail", found, "use Python 3.11, 3.12 or 3.13")


def _check_numpy() -> Check:
    try:
        found = importlib.metadata.version("numpy")
    except importlib.metadata.PackageNotFoundError:
        return Check("NumPy", "fail", "not installed", 'pip install "numpy>=2,<2.5"')
    if tuple(int(part) for part in found.split(".")[:2]) >= (2, 5):
        return Check("NumPy", "warn", f"{found} is newer than tested", 'pip install "numpy<2.5"')
    return Check("NumPy", "ok", found)


def _check_import(name: str, distribution: str, probe: _Probe) -> Check:
    if probe.error:
        return Check(name, "fail", probe.error, f"{_REINSTALL} {distribution}")
    return Check(name, "ok", str(probe.facts["version"]))


def _check_threading(numba: _Probe) -> Check:
    name = "threading layer"
    if numba.error:
        return Check(name, "fail", "no parallel kernel ran", f"{_REINSTALL} numba")
    layer, threads = numba.facts["layer"], numba.facts["threads"]
    return Check(name, "ok", f"{layer}, {threads} thread{'s' if threads != 1 else ''}")


# ------------------------------------------------------------------ probes

_TORCH = """
import torch
device = torch.cuda.get_device_name() if torch.cuda.is_available() else None
facts = {"version": torch.__version__, "device": device}
"""
_NUMBA = """
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
_CV2 = """
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


def _qt_code() -> str:
    if system_libraries.has_display():
        return _QT
    # Qt aborts without a display; what can still be tried is that it works off screen.
    return "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'" + _QT


def _probe(code: str) -> _Probe:
    """Run code that sets ``facts``, in a process of its own; never raises."""
    # Both roots, so that a checkout started by main.py is probed like an installation.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code + _TAIL],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Probe({}, f"no answer within {_PROBE_SECONDS} seconds")
    except OSError as error:
        return _Probe({}, f"could not be tried: {error}")
    if done.returncode == 0:
        return _Probe(json.loads(done.stdout.splitlines()[-1]), None)
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if done.returncode < 0:
        # Qt says what is wrong before it aborts; the last lines are the most to the point.
        return _Probe({}, f"crashed (signal {-done.returncode}): " + " ".join(said[:2]))
    return _Probe({}, said[-1] if said else f"ended with status {done.returncode}")
