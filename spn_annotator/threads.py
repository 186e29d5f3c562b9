"""How long torch's threads wait awake for more work, told before torch is loaded.

Between two convolutions torch's threads (OpenMP, on Linux libgomp) spin: 300,000 rounds, some
milliseconds. A refinement goes on with scans on threads of their own just then, and has to share
the cores with threads that do nothing.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

ROUNDS = 30_000
"""Long enough for the gap between two convolutions."""

_TOLD_BY_USERS = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")


def let_idle_threads_rest(environment: MutableMapping[str, str]) -> None:
    """Write to the environment of a process that has yet to load torch.

    What a user has set stays, and systems whose torch comes with another OpenMP are left alone.
    """
    if sys.platform.startswith("linux") and not any(n in environment for n in _TOLD_BY_USERS):
        environment["GOMP_SPINCOUNT"] = str(ROUNDS)
