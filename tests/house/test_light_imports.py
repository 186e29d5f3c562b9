"""The rooms below the window run without Qt, and those below the network without torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    room = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(room, "__path__", []), name + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
print(" ".join(sorted({module.split(".")[0] for module in sys.modules})))
"""
QT = {"PySide6", "shiboken6", "qimage2ndarray"}


def loaded_by_importing(*names: str) -> set[str]:
    """Import these and all modules in them in a process of its own; return what came along."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *names], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "name",
    [
        "spn_annotator.formats",
        "spn_annotator.project",
        "spn_annotator.batch",
        "spn_annotator.samples",
        "spn_annotator.doctor",
        "spn_annotator.cli",
    ],
)
def test_room_imports_neither_qt_nor_torch(name: str) -> None:
    assert loaded_by_importing(name) & {*QT, "torch", "numba"} == set()


def test_annotation_imports_numpy_alone() -> None:
    heavy = {*QT, "torch", "numba", "cv2", "PIL", "skimage", "scipy"}
    assert loaded_by_importing("spn_annotator.annotation") & heavy == set()


@pytest.mark.slow
def test_rooms_that_use_torch_import_no_qt() -> None:
    rooms = ["spn_kernels", *(f"spn_annotator.{r}" for r in ("network", "refine", "training"))]
    loaded = loaded_by_importing(*rooms)
    assert "torch" in loaded
    assert loaded & QT == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["refine", "--help"]])
def test_command_line_answers_without_torch_and_qt(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from spn_annotator.cli import main\n"
        "sys.argv = ['spn-annotator', *sys.argv[1:]]\n"
        "try:\n"
        "    status = main()\n"
        "except SystemExit as end:\n"
        "    status = end.code\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print('LOADED', *sorted(loaded & {'torch', 'PySide6', 'numba', 'cv2', 'skimage'}))\n"
        "sys.exit(status)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]
