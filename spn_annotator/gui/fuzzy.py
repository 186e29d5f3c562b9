"""How well a few typed letters fit a text. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")

_START_OF_WORD = 8
_IN_A_ROW = 5
_GAP = -1


def score(query: str, text: str) -> int | None:
    """Return how well a query fits a text, None if its letters are not in it in their order.

    Letters at the beginning of words and letters in a row count more; case and spaces of the query
    do not matter.
    """
    wanted = "".join(query.lower().split())
    letters = text.lower()
    if not wanted:
        return 0
    # best[i]: the best score with the letter of the query at hand on letter i of the text.
    best: dict[int, int] = {}
    for place, letter in enumerate(wanted):
        following: dict[int, int] = {}
        for i, other in enumerate(letters):
            if other != letter:
                continue
            here = _START_OF_WORD if i == 0 or not letters[i - 1].isalnum() else 0
            if place == 0:
                following[i] = here - min(i, 10)
                continue
            befores = [
                value + (_IN_A_ROW if i - j == 1 else max(_GAP * (i - j), -10))
                for j, value in best.items()
                if j < i
            ]
            if befores:
                following[i] = here + max(befores)
        if not following:
            return None
        best = following
    return max(best.values())


def ranked(query: str, items: Iterable[Item], *, text: Callable[[Item], str]) -> list[Item]:
    """Return the items that fit a query, the best first; all in their order for an empty one."""
    scored = [(score(query, text(item)), item) for item in items]
    fitting = [(value, item) for value, item in scored if value is not None]
    fitting.sort(key=lambda pair: -pair[0])  # stable: ties stay in their order
    return [item for _, item in fitting]
