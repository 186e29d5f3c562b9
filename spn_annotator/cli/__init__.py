"""The commands. What a command needs is imported when it runs, so that ``--help`` answers at once.

Exit codes: 0 all went well, 1 something failed, 2 the arguments are wrong. A command is a file that
registers itself with ``app``; ``program`` names them in the order of ``--help``.
"""

from spn_annotator.cli.program import main

__all__ = ["main"]
