"""Print what the doctor found."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spn_annotator.doctor.checks import Check


def exit_status(checks: list[Check]) -> int:
    """Return 1 if a check failed, else 0; warnings do not count."""
    return int(any(check.state == "fail" for check in checks))


def print_report(checks: list[Check], *, console: Console | None = None) -> int:
    """Print the checks as a table, then what to do, and return the exit status.

    Parameters
    ----------
    checks : list of Check
        From `diagnose`.
    console : rich.console.Console, optional
        Where to print; standard output when left out.
    """
    console = Console() if console is None else console
    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "found"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        # Text, not markup: paths may hold square brackets.
        table.add_row(Text(check.state, styles[check.state]), Text(check.name), Text(check.detail))
    console.print(table)
    to_mend = [check for check in checks if check.remedy]
    if to_mend:
        console.print("\nWhat to do:")
    for check in to_mend:
        # Unwrapped, so that a command can be copied.
        console.print(Text(f"- {check.name}: {check.remedy}"), soft_wrap=True)
    failed = sum(check.state == "fail" for check in checks)
    summary = "All is well." if not to_mend else "Nothing that is needed is missing."
    console.print(f"\n{failed} of {len(checks)} checks failed." if failed else f"\n{summary}")
    return exit_status(checks)
