"""Rules about single calls and files of the product."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import REPOSITORY, imports, product_files

UNPICKLING = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def loads_objects(source: str) -> list[int]:
    """Return the lines that could unpickle something."""
    lines = [item.line for item in imports(source) if item.module.split(".")[0] in UNPICKLING]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) == ("torch", "load"):
                lines.append(node.lineno)
        if isinstance(node, ast.ImportFrom) and node.module in {"torch", "torch.serialization"}:
            lines += [node.lineno for alias in node.names if alias.name == "load"]
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                lines.append(node.value.lineno)
    return lines


def test_nothing_is_ever_unpickled() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in product_files()}
    found = {str(path): loads_objects(text) for path, text in sources.items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "def f():\n    from joblib import load",
        "import torch\nstate = torch.load('model.pt')",
        "from torch import load",
        "import numpy as np\nnp.load('a.npy', allow_pickle=True)",
    ],
)
def test_a_call_that_unpickles_is_found(source: str) -> None:
    assert loads_objects(source) != []


def test_only_the_seam_imports_opencv() -> None:
    importers = {
        path.relative_to(REPOSITORY).as_posix()
        for path in product_files()
        if any(
            item.module.split(".")[0] == "cv2" for item in imports(path.read_text(encoding="utf-8"))
        )
    }
    assert importers == {"spn_annotator/cv.py"}
