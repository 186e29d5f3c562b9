"""No text is shown that has not gone through the translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[2] / "spn_annotator" / "gui"

#: What shows its argument to a person.
SHOWING = {
    "QAction", "QCheckBox", "QGroupBox", "QLabel", "QMenu", "QPushButton", "QRadioButton",
    "addAction", "addButton", "addItem", "addMenu", "addTab", "emit", "setAccessibleDescription",
    "setAccessibleName", "setHeaderLabels", "setInformativeText", "setPlaceholderText",
    "setStatusTip", "setText", "setTitle", "setToolTip", "setWhatsThis", "setWindowTitle",
    "show_message", "showText", "warning", "Failure", "_ended", "_set_busy",
}  # fmt: skip
TRANSLATING = {"tr", "tr_n", "mark"}
#: Names and units; beside them what signals carry may be a word of the program's own.
ALLOWED = re.compile(r"SPN Annotator|Apache License 2\.0\s+Python|Qt|px|ms|s|x")
TOPIC = re.compile(r"[a-z-]+")


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def literals(node: ast.AST) -> Iterator[str]:
    """Yield the texts of an expression that are not translated in it."""
    if isinstance(node, ast.Call) and name_of(node) in TRANSLATING | {"getattr", "property"}:
        return
    if isinstance(node, ast.Subscript | ast.Compare | ast.Dict):
        return  # a text that is looked up, compared or a name of a value is not shown
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.keyword) and child.arg == "doing"):  # translated by Failure
            yield from literals(child)


def untranslated(source: str) -> list[str]:
    """Return the texts that are shown as they stand."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in SHOWING:
            for text in (text for argument in node.args for text in literals(argument)):
                bare = text.strip(" —·,.+-\n")
                known = ALLOWED.fullmatch(bare) or (
                    name_of(node) == "emit" and TOPIC.fullmatch(bare)
                )
                if re.search(r"[^\W\d_]{2,}", bare) and not known:
                    found.append(f"line {node.lineno}: {text!r}")
    return found


@pytest.mark.parametrize(
    "path", sorted(GUI.rglob("*.py")), ids=lambda path: path.relative_to(GUI).as_posix()
)
def test_every_text_goes_through_the_translation(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'label.setText("Not saved")',
        'QPushButton(f"Export {count} images")',
        'self.said.emit("Accepted" if done else tr("Dropped"))',
        'Failure("The run failed", details)',
    ],
)
def test_a_bare_text_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        'label.setText(tr("Not saved"))',
        'label.setText(f"{width} px")',
        'self.topic.emit("read-only")',
        'window.setWindowTitle(f"{name} — SPN Annotator")',
    ],
)
def test_translated_texts_and_names_are_let_through(source: str) -> None:
    assert untranslated(source) == []
