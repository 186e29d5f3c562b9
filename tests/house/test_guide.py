"""What the guide says about keys, commands, menus and pictures is so."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from PIL import Image

from spn_annotator.gui.action_table import ACTIONS, BY_ID, MENUS
from tests.house.source import REPOSITORY

GUIDE = REPOSITORY / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
_NAMES = {spec.plain_text: spec for spec in ACTIONS}
#: Menus whose entries the window makes itself.
_MADE = {"Panels"}


def named_keys(text: str) -> list[tuple[str, str]]:
    """Return each command with a key behind it, as in **Refine** (`R`) or | **Brush** | `B` |."""
    inline = re.findall(r"\*\*([^*▸]+)\*\*\s+\(`([^`]+)`\)", text)
    rows = re.findall(r"\| \*\*([^*▸]+)\*\* \| `([^`]+)` \|", text)
    return inline + rows


def named_entries(text: str) -> list[tuple[str, str]]:
    """Return each menu with an entry of it, as in **File ▸ Export**."""
    return re.findall(r"\*\*([^*]+?) ▸ ([^*]+?)\*\*", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_keys_that_are_named_are_those_of_the_commands(page: Path) -> None:
    wrong = [
        (name, key)
        for name, key in named_keys(page.read_text(encoding="utf-8"))
        if name not in _NAMES or key not in _NAMES[name].keys
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_menu_entries_that_are_named_are_there(page: Path) -> None:
    menus = {
        title.replace("&", ""): {BY_ID[e].plain_text for e in entries if e in BY_ID}
        for title, entries in MENUS
    }
    wrong = [
        (menu, entry)
        for menu, entry in named_entries(page.read_text(encoding="utf-8"))
        if entry not in menus.get(menu, set())
    ]
    assert wrong == []


def test_a_wrong_key_or_entry_would_be_found() -> None:
    assert named_keys("Press **Refine** (`R`), or\n**Save\nnow** (`X`).") != []
    assert named_keys("| **Brush** | `B` | paints |") == [("Brush", "B")]
    assert named_entries("see **File ▸ Export** there") == [("File", "Export")]


def test_every_tool_is_explained() -> None:
    table = (GUIDE / "paint.md").read_text(encoding="utf-8")
    rows = {name for name, _ in named_keys(table)}
    assert {s.plain_text for s in ACTIONS if s.choice == "tool"} - rows == set()


def test_the_page_of_keys_is_that_of_the_table() -> None:
    path = REPOSITORY / "scripts" / "write_key_page.py"
    spec = importlib.util.spec_from_file_location("write_key_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (GUIDE / "keys.md").read_text(encoding="utf-8")
    assert written == module.page(), "run scripts/write_key_page.py"


def test_pictures_are_used_and_small() -> None:
    pictures = sorted((GUIDE / "images").glob("*"))
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    shown = set(re.findall(r"!\[[^\]]+\]\(images/([^)]+)\)", text))
    assert {path.name for path in pictures} == shown, "each has words for those who cannot see it"
    assert sum(path.stat().st_size for path in pictures) < 2_500_000
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.width <= 1500, path.name


def test_the_contents_name_every_page_once_in_the_order_of_the_site() -> None:
    index = (GUIDE / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\d+\. \[[^\]]+\]\(([\w-]+\.md)\)", index, flags=re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in PAGES if page.stem != "index")
    site = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.findall(r"- guide/([\w-]+\.md)", site) == ["index.md", *listed]
