"""What the documentation tells a reader to type or to open is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import REPOSITORY

PAGES = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted((REPOSITORY / "docs").rglob("*.md")),
    *sorted((REPOSITORY / "kernels").rglob("*.md")),
    *sorted((REPOSITORY / "resources").rglob("*.md")),
]


def name(page: Path) -> str:
    """Name a page in the list of tests."""
    return page.relative_to(REPOSITORY).as_posix()


def code_of(page: Path) -> list[str]:
    """Return the lines of code blocks and the code spans of a page."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [*(line for block in blocks for line in block.splitlines()), *spans]


@cache
def help_of(*command: str) -> str:
    """Return the help of a command, unwrapped and without colours."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "main.py"), *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
    )
    # What is no command is taken for a path, and the help is that of opening the window.
    asked = " ".join(["spn-annotator", *command])
    return done.stdout if done.returncode == 0 and f" {asked} " in done.stdout else ""


def commands_shown(page: Path) -> list[tuple[str, list[str]]]:
    """Return (sub-command or "", options) for each use of spn-annotator on a page."""
    found = []
    for line in code_of(page):
        for use in re.findall(r"spn-annotator((?: [^\s#;&|()]+)*)", line.replace("\\\n", " ")):
            words = use.split()
            command = words[0] if words and re.fullmatch(r"[a-z]+", words[0]) else ""
            found.append((command, [word for word in words if word.startswith("--")]))
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_and_options_shown_exist(page: Path) -> None:
    for command, options in commands_shown(page):
        text = help_of(command) if command else help_of()
        assert text, f"spn-annotator {command} has no help: does it exist?"
        missing = [o for o in options if o.split("=")[0] not in text and o != "--help"]
        assert missing == [], f"spn-annotator {command} knows no {missing}"


def test_a_command_that_does_not_exist_has_no_help() -> None:
    assert help_of("dance") == ""


def test_readme_shows_every_command() -> None:
    shown = {command for command, _ in commands_shown(REPOSITORY / "README.md")}
    assert {"refine", "demo", "evaluate", "train", "doctor"} <= shown


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_make_targets_shown_exist(page: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert "bench-%:" in makefile
    benchmarks = (REPOSITORY / "benchmarks").glob("bench_*.py")
    targets |= {path.stem.replace("_", "-", 1) for path in benchmarks}
    shown = {match for line in code_of(page) for match in re.findall(r"\bmake ([a-z_-]+)", line)}
    assert shown - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r"(?:src|srcset)=\"([^\"]+)\"", text)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[<>=~! ]", entry)[0] for entries in lists for entry in entries}
    table = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = " ".join(line for line in table.splitlines() if line.startswith("|"))
    assert {n for n in names if not re.search(rf"[|, ]{re.escape(n)}[,\[ |]", rows)} == set()


def test_every_decision_has_its_number_and_parts() -> None:
    pages = sorted((REPOSITORY / "docs" / "adr").glob("*.md"))
    for number, page in enumerate(pages, start=1):
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        for part in ("**Context.**", "**Decision.**", "**Rejected.**"):
            assert part in text, f"{page.name} has no {part}"


def test_the_index_leads_to_every_page() -> None:
    docs = REPOSITORY / "docs"
    links = re.findall(r"\]\(([^)#\s]+)", (docs / "README.md").read_text(encoding="utf-8"))
    pages = {page.relative_to(docs).as_posix() for page in docs.rglob("*.md")} - {"README.md"}
    assert pages - set(links) == set()
