"""A room imports from the floors below it only, and each library has its rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.source import REPOSITORY, imports, module_name, product_files

# The table of the architecture. Single modules stand between its floors: below all of them what
# every room may use, and `samples` and `doctor` above what they use and below what uses them.
FLOORS = {
    "errors": -1,
    "threads": -1,
    "paths": 0,
    "cv": 0,
    "system_libraries": 0,
    "spn_kernels": 1,
    "annotation": 1,
    "network": 2,
    "formats": 2,
    "refine": 3,
    "project": 3,
    "samples": 3.5,
    "doctor": 3.5,
    "training": 4,
    "batch": 4,
    "gui": 5,
    "cli": 5,
}
# The command line opens the window; nothing else may look sideways.
SIDEWAYS = {("cli", "gui")}

# Libraries that belong to some rooms alone; what is not named here is free.
LIBRARY_ROOMS = {
    "PySide6": {"gui"},
    "shiboken6": {"gui"},
    "qimage2ndarray": {"gui"},
    "sqlite3": {"project"},
    "torch": {"spn_kernels", "network", "refine", "training"},
    "safetensors": {"network", "training"},
    "numba": {"spn_kernels"},
    "typer": {"cli"},
}
# On some systems torch has to be imported before Qt: the one place that sees to it.
FIRST_IMPORTS = {("spn_annotator.gui.app", "torch")}


def room(module: str) -> str | None:
    """Return the room a module lies in, None for modules that are not the product's."""
    parts = module.split(".")
    if parts[0] == "spn_kernels":
        return "spn_kernels"
    if parts[0] == "spn_annotator" and len(parts) > 1:
        return parts[1]
    return None


def floor_violations(name: str, source: str, *, package: str = "") -> list[str]:
    """Return a line for each import that the module of this name may not make."""
    own = room(name)
    assert own in FLOORS, f"{own} has no floor yet: give it one in this file"
    found = []
    for item in imports(source, package=package):
        other = room(item.module)
        if other in FLOORS and other != own and (own, other) not in SIDEWAYS:
            if FLOORS[other] >= FLOORS[own]:
                found.append(f"line {item.line}: {own} may not import {item.module}")
        library = item.module.split(".")[0]
        allowed = own in LIBRARY_ROOMS.get(library, {own}) or (name, library) in FIRST_IMPORTS
        if not allowed:
            found.append(f"line {item.line}: {library} does not belong into {own}")
    return found


def files_in_rooms() -> list[Path]:
    """Return the product's files less the package's own __init__, which is in no room."""
    return [path for path in product_files() if room(module_name(path))]


def identify(path: Path) -> str:
    """Name a file in the list of tests."""
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", files_in_rooms(), ids=identify)
def test_file_imports_from_lower_floors_only(path: Path) -> None:
    name = module_name(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    assert floor_violations(name, path.read_text(encoding="utf-8"), package=package) == []


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ("annotation", "import spn_annotator.gui.app"),
        ("annotation", "from spn_annotator import refine"),
        ("annotation", "def f():\n    from spn_annotator.formats.masks import read_label_map"),
        (
            "spn_kernels",
            "from spn_annotator.errors import ShapeError\nimport spn_annotator.network",
        ),
        ("refine", "from spn_annotator.project import Project"),
        ("project", "import importlib\nimportlib.import_module('spn_annotator.batch')"),
        ("gui", "from spn_annotator.cli import main"),
        ("formats", "import torch.nn as nn"),
        ("batch", "from PySide6.QtCore import QObject"),
        ("network", "from ..training import losses"),
    ],
)
def test_an_import_from_above_is_found(own: str, source: str) -> None:
    name = own if own == "spn_kernels" else f"spn_annotator.{own}"
    assert len(floor_violations(f"{name}.module", source, package=name)) >= 1


def test_an_import_from_below_is_allowed() -> None:
    source = "from spn_annotator.gui.app import run\nfrom spn_annotator.errors import UsageError"
    assert floor_violations("spn_annotator.cli", source) == []


def test_every_room_of_the_table_exists() -> None:
    present = {room(module_name(path)) for path in product_files()} - {None}
    assert set(FLOORS) - present == set()
