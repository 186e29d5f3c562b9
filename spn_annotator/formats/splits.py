"""Dividing a data set into parts such as train and val: always the same way for the same names."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping

from spn_annotator.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def parse_split(text: str) -> dict[str, float]:
    """Return the fractions of a text such as ``train=0.8,val=0.2``.

    Raises
    ------
    UsageError
        It reads otherwise, names a part twice, or the fractions do not add up to 1.
    """
    fractions: dict[str, float] = {}
    for part in text.split(","):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (sign and _NAME.fullmatch(name) and name not in fractions and 0 < number <= 1):
            raise UsageError(
                f"--split {text} is no split", remedy="Give parts as in train=0.8,val=0.2"
            )
        fractions[name] = number
    total = sum(fractions.values())
    if abs(total - 1) > 1e-6:
        raise UsageError(
            f"the parts of --split {text} add up to {total:g}", remedy="Make them add up to 1"
        )
    return fractions


def assign(
    names: Iterable[str], fractions: Mapping[str, float], *, seed: int = 0
) -> dict[str, str]:
    """Return the part of each name.

    The names are put in an order that depends on each name and the seed alone, and that order is
    cut: the parts have the sizes that were asked for, and an image that is added moves few others.

    Parameters
    ----------
    names : iterable of str
    fractions : mapping of str to float
        Add up to 1. A part gets an image at the least, as long as there are as many.
    seed : int
    """
    ordered = sorted(
        set(names),
        key=lambda name: hashlib.sha256(f"{seed}:{name}".encode(errors="replace")).digest(),
    )
    ends: list[int] = []
    total = 0.0
    for place, fraction in enumerate(fractions.values(), start=1):
        total += fraction
        left = len(fractions) - place
        low = (ends[-1] if ends else 0) + 1
        ends.append(
            max(min(round(total * len(ordered)), len(ordered) - left), min(low, len(ordered)))
        )
    ends[-1] = len(ordered)
    found: dict[str, str] = {}
    start = 0
    for part, end in zip(fractions, ends, strict=True):
        found |= dict.fromkeys(ordered[start:end], part)
        start = max(start, end)
    return found
