"""Brings resources/translations up to date with the words in the program.

Finds every word that is shown (see ``spn_annotator/gui/i18n.py``), writes a .ts file a language for
Qt Linguist, in which known translations are kept and gone ones are dropped, and makes the .qm files
that the program loads. The .qm files are in the repository: nothing has to be built to run from a
checkout or to make the wheel.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUI = ROOT / "spn_annotator" / "gui"
TRANSLATIONS = ROOT / "resources" / "translations"
CONTEXT = "spn_annotator"
LANGUAGES = ("de", "zh_CN")

_CALLS = {"tr": 1, "mark": 1, "tr_n": 2}
_FIELDS = {"ActionSpec": {"text", "tip", "group", "short"}, "of": {"doing"}}
_TRAITS = {"title", "lost"}


def words_in(source: str) -> Iterator[str]:
    """Yield the words of one file, in order."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        values: list[ast.expr] = list(node.args[: _CALLS.get(name, 0)])
        if name == "Gesture":
            keys = node.args[0]
            values = [*(keys.elts if isinstance(keys, ast.Tuple) else ()), *node.args[1:]]
        wanted = _FIELDS.get(name, set())
        values += [keyword.value for keyword in node.keywords if keyword.arg in wanted]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.value


def all_words() -> list[str]:
    """Return all words that are shown, each once, sorted."""
    from spn_annotator.formats.registry import all_codecs
    from spn_annotator.gui.action_table import ACTIONS, MENUS
    from spn_annotator.gui.canvas.overlay import OverlayMode  # noqa: F401  (Qt must be there)

    found = {title for title, _ in MENUS}
    for spec in ACTIONS:  # those made in loops too
        found |= {spec.text, spec.tip, spec.group, spec.short or ""}
    for path in sorted(GUI.rglob("*.py")):
        found.update(words_in(path.read_text(encoding="utf-8")))
    for codec in all_codecs():
        found |= {getattr(codec.traits, name) for name in _TRAITS}
    return sorted(found - {""})


def read_ts(path: Path) -> dict[str, str]:
    """Return translations by English word; empty ones are left out."""
    if not path.is_file():
        return {}
    messages = ET.parse(path).getroot().iter("message")
    pairs = ((m.findtext("source", ""), m.findtext("translation", "")) for m in messages)
    return {source: translation for source, translation in pairs if translation}


def write_ts(path: Path, language: str, words: list[str], known: dict[str, str]) -> list[str]:
    """Write a .ts file; return the words without a translation."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    missing = []
    for word in words:
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = word
        translation = ET.SubElement(message, "translation")
        translation.text = known.get(word, "")
        if not translation.text:
            translation.set("type", "unfinished")
            missing.append(word)
    ET.indent(root, space="  ")
    text = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', "utf-8")
    return missing


def main() -> int:
    """Update all languages; the exit code is 1 if a translation is missing."""
    sys.path.insert(0, str(ROOT))
    words = all_words()
    TRANSLATIONS.mkdir(exist_ok=True)
    code = 0
    for language in LANGUAGES:
        path = TRANSLATIONS / f"spn_annotator_{language}.ts"
        missing = write_ts(path, language, words, read_ts(path))
        release = Path(sys.executable).with_name("pyside6-lrelease")
        subprocess.run([release, "-silent", path, "-qm", path.with_suffix(".qm")], check=True)
        print(f"{language}: {len(words)} words, {len(missing)} without a translation")
        for word in missing:
            print(f"  {word!r}")
        code = code or int(bool(missing))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
