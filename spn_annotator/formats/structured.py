"""JSON and YAML from elsewhere, read within limits; JSON written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from spn_annotator.errors import FormatError
from spn_annotator.formats.atomic import atomic_write_bytes
from spn_annotator.formats.limits import Limits

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_REMEDY = "Export the file again"


def read_json(path: Path, limits: Limits) -> Any:
    """Return the values of a JSON file.

    Raises
    ------
    FileReadError
        It cannot be read or is too large.
    FormatError
        It is no JSON, nested too deeply, or holds NaN or infinity.
    """
    return parse_json(limits.read_bytes(path), path, limits)


def read_json_lines(path: Path, limits: Limits) -> Iterator[tuple[int, Any]]:
    """Yield the number (from 1) and the values of each line that is not empty; as `read_json`."""
    for number, line in enumerate(limits.read_bytes(path).splitlines(), start=1):
        if line.strip():
            yield number, parse_json(line, path, limits, where=f"line {number}: ")


def parse_json(data: bytes, path: Path, limits: Limits, *, where: str = "") -> Any:
    """Return the values of JSON text; as `read_json`."""
    if _depth(data, limits.depth) > limits.depth:
        raise FormatError(f"{where}is nested too deeply", path=path, remedy=_REMEDY)
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError too
        reason = " ".join(str(error).split())[:200]
        raise FormatError(f"{where}is no JSON ({reason})", path=path, remedy=_REMEDY) from error


def read_yaml(path: Path, limits: Limits) -> Any:
    """Return the plain values of a YAML file: no tags, no references.

    Raises
    ------
    FileReadError
        It cannot be read or is too large.
    FormatError
        It is no YAML, nested too deeply, or uses references, which can stand for endless content.
    """
    import yaml

    data = limits.read_bytes(path)
    if len(data) > 4_000_000:
        raise FormatError("is too large for a file of settings", path=path, remedy=_REMEDY)
    try:
        depth = 0
        for event in yaml.parse(data, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise FormatError("uses references (*name)", path=path, remedy="Write them out")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > limits.depth:
                raise FormatError("is nested too deeply", path=path, remedy=_REMEDY)
        return yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, FormatError):
            raise
        reason = " ".join(str(error).split())[:200]
        raise FormatError(f"is no YAML ({reason})", path=path, remedy=_REMEDY) from error


def read_lines(path: Path, limits: Limits) -> list[str]:
    """Return the lines of a text file without the spaces around them, empty ones left out.

    Raises
    ------
    FileReadError, FormatError
        It cannot be read, or is no text in UTF-8.
    """
    try:
        text = limits.read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("is no text in UTF-8", path=path, remedy=_REMEDY) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def write_json(path: Path, values: Any, *, indent: int | None = None) -> None:
    """Write values as JSON, whole or not at all; SaveError if that fails."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        values, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False
    )
    atomic_write_bytes(path, text.encode("utf-8", "backslashreplace") + b"\n")


def expect(kind: type, value: Any, what: str, path: Path | str) -> Any:
    """Return ``value`` if it is of a kind (bool is no int); FormatError says what it is instead."""
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    names = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}
    raise FormatError(
        f"{what} should be {names.get(kind, kind.__name__)}, not {type(value).__name__}",
        path=path,
        remedy=_REMEDY,
    )


def _depth(data: bytes, enough: int) -> int:
    """Return how deep brackets nest, at the latest when it is more than enough."""
    depth = deepest = 0
    for match in re.finditer(rb"[\[{]+|[\]}]+", _STRINGS.sub(b"", data)):
        found = match[0]
        depth += len(found) if found[0] in b"[{" else -len(found)
        deepest = max(deepest, depth)
        if deepest > enough:
            break
    return deepest


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
