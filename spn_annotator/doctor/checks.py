"""Look at each part of an installation and judge it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from spn_annotator import __version__, system_libraries
from spn_annotator.doctor.probes import CV2, NUMBA, TORCH, Probe, probe, qt_code
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.paths import default_model_path, user_cache_dir, user_data_dir

State = Literal["ok", "warn", "fail"]

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
            pool.submit(probe, code) for code in (TORCH, NUMBA, CV2, qt_code())
        )
        return [
            _check_python(),
            Check("spn-annotator", "ok", __version__),
            check_packages(),
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


def check_qt(found: Probe) -> Check:
    """Judge whether Qt could open its platform plug-in."""
    name = "Qt"
    if found.error:
        missing = system_libraries.missing_libraries(("any", "x11"))
        remedy = f"{_REINSTALL} PySide6-Essentials"
        if missing:
            remedy = system_libraries.remedy(missing)
        elif not os.environ.get("QT_QPA_PLATFORM") and os.environ.get("DISPLAY"):
            remedy = f"see that the display {os.environ['DISPLAY']} is there and lets you in"
        return Check(name, "fail", found.error, remedy)
    shown = f"PySide6 {found.facts['version']}, platform {found.facts['platform']}"
    if not system_libraries.has_display():
        return Check(
            name,
            "warn",
            f"{shown}: there is no display, the window cannot be shown",
            "start from a desktop session, or use the commands without a window"
            " (spn-annotator refine, spn-annotator demo)",
        )
    return Check(name, "ok", shown)


def check_gpu(torch: Probe) -> Check:
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
        fast = ", which multiplies bf16 in hardware" if torch.facts.get("bf16") else ""
        return Check(name, "ok", f"none; refinement runs on the CPU{fast}")
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


def check_packages(distribution: str = "spn-annotator") -> Check:
    """Compare the versions of all packages with what this one asks for.

    Parameters
    ----------
    distribution : str
        Whose requirements are looked at.
    """
    name = "packages"
    try:
        texts = importlib.metadata.requires(distribution) or ()
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "ok", "not compared: run from a checkout, without an installation")
    requirements = [Requirement(text) for text in texts]
    wanted = [r for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = []
    for requirement in wanted:
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append((requirement, "missing"))
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append((requirement, version))
    if not wrong:
        return Check(name, "ok", f"{len(wanted)} as required")
    found = ", ".join(f"{r.name} {version} (asked for: {r.specifier})" for r, version in wrong)
    # Another version may well work; one that is not there cannot.
    state: State = "fail" if any(version == "missing" for _, version in wrong) else "warn"
    return Check(
        name, state, found, "pip install " + " ".join(f'"{r.name}{r.specifier}"' for r, _ in wrong)
    )


def _check_import(name: str, distribution: str, found: Probe) -> Check:
    if found.error:
        return Check(name, "fail", found.error, f"{_REINSTALL} {distribution}")
    return Check(name, "ok", str(found.facts["version"]))


def _check_threading(numba: Probe) -> Check:
    name = "threading layer"
    if numba.error:
        return Check(name, "fail", "no parallel kernel ran", f"{_REINSTALL} numba")
    layer, threads = numba.facts["layer"], numba.facts["threads"]
    return Check(name, "ok", f"{layer}, {threads} thread{'s' if threads != 1 else ''}")
