"""What the tables that commands print have in common."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 120


def console(*, stderr: bool = False) -> Console:
    """Return a console; where nobody looks (a pipe, a file), lines are not wrapped at 80."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else _PIPE_WIDTH)


def table(*headings: str) -> Table:
    """Return an empty table: the first column is text, the others are figures."""
    result = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        result.add_column(
            heading, justify="right" if number else "left", overflow="fold", no_wrap=bool(number)
        )
    return result


def plain(text: object, style: str = "") -> Text:
    """Return text that is printed as it is: names may hold square brackets."""
    return Text(str(text), style=style)
