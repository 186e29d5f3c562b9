"""What the steps of the history are called in the person's language."""

from __future__ import annotations

import re
from functools import cache

from spn_annotator.gui.i18n import mark, tr

#: As a document names its steps; a name in braces is something of the person's own.
PATTERNS = (
    mark("Erase"),
    mark("Mark surely nothing"),
    mark("Mark surely {what}"),
    mark("Paint {what}"),
    mark("Clear strokes"),
    mark("Accept proposal"),
    mark("Accept a part of the proposal"),
    mark("Drop proposal"),
    mark("Reject proposal"),
    mark("Add label {what}"),
    mark("Change label {what}"),
    mark("Remove label {what}"),
    mark("Add {what}"),
    mark("Change {what}"),
    mark("Remove islands of {what}"),
    mark("Remove {what}"),
    mark("Split {what}"),
    mark("Merge into {what}"),
    mark("Fill holes of {what}"),
    mark("Smooth {what}"),
    mark("Import mask"),
    mark("Import labels"),
    mark("Import"),
    mark("Fill {what}"),
)


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(pattern).replace(r"\{what\}", "(.+)"), re.DOTALL), pattern)
        for pattern in PATTERNS
    )


def step_text(name: str) -> str:
    """Return the name of a step in the language in use; one nobody has foreseen as it is."""
    for expression, pattern in _expressions():
        match = expression.fullmatch(name)
        if match:
            values = match.groups()
            return tr(pattern, what=values[0]) if values else tr(pattern)
    return name
