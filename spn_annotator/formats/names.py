"""File names that every system takes, each one once."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_MAX_BYTES = 120  # leaves room for suffixes and numbers below the usual limit of 255
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return a name without folders that Linux, macOS and Windows take as a file name.

    What is forbidden becomes ``_``; letters of all scripts stay. Never empty, never hidden.
    """
    name = unicodedata.normalize("NFC", name)
    name = _FORBIDDEN.sub("_", name).strip(" .") or "_"
    while len(name.encode()) > _MAX_BYTES:
        name = name[:-1].rstrip(" .")
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def without_suffix(path: str) -> str:
    """Return a POSIX path without the suffix of its last part; a path without a name stays."""
    pure = PurePosixPath(path)
    return (pure.with_suffix("") if pure.name else pure).as_posix()


def safe_stem(path: str) -> str:
    """Return a safe name for a relative POSIX path without its suffix: ``a/b.jpg`` is ``a_b``."""
    parts = [part for part in PurePosixPath(without_suffix(path)).parts if part not in ("/", "..")]
    return safe_name("_".join(parts))


class UniqueNames:
    """Gives each name once, whatever its case, because some systems ignore that."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        """Return the name, or with ``_2``, ``_3`` and so on behind it if it was given before."""
        candidate, number = name, 2
        while candidate.casefold() in self._taken:
            candidate, number = f"{name}_{number}", number + 1
        self._taken.add(candidate.casefold())
        return candidate
