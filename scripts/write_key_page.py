"""Write docs/guide/keys.md from the table of actions: ``python scripts/write_key_page.py``.

A test compares the page with the table; run this after a change of a key.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

from spn_annotator.gui.action_table import ACTIONS, GESTURES, MENUS  # noqa: E402  (paths first)

TARGET = ROOT / "docs" / "guide" / "keys.md"

_HEAD = """\
# Keys

All commands, with the keys that they come with. The program makes this page; **Keys** (`F1`) shows
those that you have now.

![The keys on one page](images/keys.png)

**Help ▸ Change keys** gives a command another key: choose it, click the field, press the key. A key
that another command has already is named, so that none is taken by mistake. Letters do nothing
while a name or number is being typed.

![Changing keys](images/key-editor.png)

**Find a command** (`Ctrl+K`) finds any of them by a few letters, whether it has a key or not.

![Finding a command](images/palette.png)
"""


def page() -> str:
    """Return the page in Markdown."""
    where = {
        entry: title.replace("&", "") for title, entries in MENUS for entry in entries if entry
    }
    groups = dict.fromkeys([*(s.group for s in ACTIONS), *(g.group for g in GESTURES)])
    parts = [_HEAD]
    for group in groups:
        rows = [
            (spec.plain_text, spec.keys, spec.tip, where.get(spec.id, ""))
            for spec in ACTIONS
            if spec.group == group
        ]
        rows += [(g.text, g.keys, "", "") for g in GESTURES if g.group == group]
        lines = [
            f"| {text} | {', '.join(map(_code, keys))} | {_cell(tip)} | {menu} |"
            for text, keys, tip, menu in rows
        ]
        head = "| command | keys | what it does | menu |\n|---|---|---|---|"
        parts.append(f"\n## {group}\n\n{head}\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def _code(key: str) -> str:
    """Return a key as code; the key ` needs marks of its own."""
    return f"`` {key} ``" if "`" in key else f"`{key}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(TARGET)
