"""CPU time until the command line has answered; the aim is half a second for ``--help``."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "main.py"
RUNS = 5
COMMANDS = (["--version"], ["--help"], ["refine", "--help"])


def cpu_seconds(command: list[str]) -> float:
    """Run a command and return the user and system time it took, in seconds."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return (
        after.children_user - before.children_user + after.children_system - before.children_system
    )


def main() -> None:
    """Print the median and the best of a few runs for each command."""
    for arguments in COMMANDS:
        command = [sys.executable, str(PROGRAM), *arguments]
        cpu_seconds(command)  # writes the bytecode
        seconds = [cpu_seconds(command) for _ in range(RUNS)]
        shown = " ".join(["spn-annotator", *arguments])
        print(f"{shown:32} median {statistics.median(seconds):.2f} s  best {min(seconds):.2f} s")


if __name__ == "__main__":
    main()
