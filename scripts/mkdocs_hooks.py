"""What MkDocs cannot do by itself: pages that lie outside docs/, and links to them.

A few pages stand where readers of the repository look for them (the contributing page, the card of
the model). They become pages of the site, and links between them and docs/ are turned to where they
are there; a link to a file that is no page becomes plain text. Decisions come into the contents by
themselves.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "kernels/README.md",
    "resources/models/spn-refiner.md",
)
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def on_config(config: Any) -> Any:
    """Put the decisions into the contents."""
    decisions = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))
    config.nav.append({"Decisions": [f"adr/{name}" for name in decisions]})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Take the pages outside docs/ along."""
    for name in OUTSIDE:
        files.append(File.generated(config, f"outside/{name}", abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Turn links to where their targets are on the site."""
    here = page.file.src_uri
    own = posixpath.dirname(here.removeprefix("outside/") if _outside(here) else f"docs/{here}")

    def turned(match: re.Match[str]) -> str:
        mark, text, link = match.groups()
        path, hash_, anchor = link.partition("#")
        if "://" in link or not path:
            return match.group(0)
        target = posixpath.normpath(posixpath.join(own, path))
        if target in OUTSIDE:
            place = f"outside/{target}"
        elif target.startswith("docs/") and (ROOT / target).is_file():
            place = target.removeprefix("docs/")
        elif (ROOT / target).exists():
            return text
        else:
            return match.group(0)  # MkDocs says that it leads nowhere
        way = posixpath.relpath(place, posixpath.dirname(here) or ".")
        return f"{mark}[{text}]({way}{hash_}{anchor})"

    return _LINK.sub(turned, markdown)


def _outside(uri: str) -> bool:
    return uri.startswith("outside/")
