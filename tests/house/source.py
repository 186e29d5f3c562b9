"""Reads the product's sources as syntax trees, for the tests that hold the rules of the house."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = (REPOSITORY / "spn_annotator", REPOSITORY / "kernels" / "spn_kernels")


@dataclass(frozen=True)
class Import:
    """One imported module, wherever in a file it stands."""

    module: str
    line: int


def product_files() -> list[Path]:
    """Return every Python file that ships in the wheel."""
    return sorted(path for package in PACKAGES for path in package.rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name under which a file of the product is imported."""
    root = next(package.parent for package in PACKAGES if path.is_relative_to(package))
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, *, package: str = "") -> list[Import]:
    """Return all imports of a source text, those inside functions too.

    ``from a import b`` gives both ``a`` and ``a.b``, since ``b`` may be a module. A call of
    ``import_module`` or ``__import__`` with a text counts. `package` is what relative imports
    start from.
    """
    found: list[Import] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            found.append(Import(base, node.lineno))
            found += [Import(f"{base}.{alias.name}", node.lineno) for alias in node.names]
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            if node.args and isinstance(node.args[0], ast.Constant):
                found.append(Import(str(node.args[0].value), node.lineno))
    return found


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
