"""What the CUDA kernels have in common: where lines lie, gates, and one step of the recurrence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Any

from spn_kernels.cuda_storage import device, storage


@dataclass(frozen=True)
class Parts:
    """Device functions for one storage, number of connections and normalisation."""

    lines: Any
    """(horizontal, height, width) -> lines, elements of a line, steps from one to the next."""
    normalize: Any
    """Raw (before, same, after, keep-x) -> the same normalised; 0 where there is no such gate."""
    gates_at: Any
    """(raw, at, plane) -> the four of ``normalize`` at one pixel."""
    advance: Any
    """(shared, before, k, m, x, a, b, e) -> h at element k; ``before`` is where h behind begins."""


@cache
def parts(name: str, connections: int, mode: int) -> Parts:
    """Return the functions for a storage (a name), 1 or 3 connections, and a mode.

    Modes are those of ``cpu``: 0 gates as they are, 1 signed, 2 convex.
    """
    stored = storage(name)
    load, zero, one = stored.load, stored.number(0), stored.number(1)
    three = connections == 3

    def lines(horizontal, height, width):
        if horizontal:
            return width, height, 1, width
        return height, width, width, 1

    def normalize(a, b, e, d):
        if mode == 1:
            total = abs(a) + abs(b) + abs(e)
            if total > one:
                a, b, e = a / total, b / total, e / total
        elif mode == 2:
            top = max(b, d)
            if three:
                top = max(top, max(a, e))
                a, e = exp(a - top), exp(e - top)
            b, d = exp(b - top), exp(d - top)
            factor = one / (a + b + e + d)
            a, b, e, d = a * factor, b * factor, e * factor, d * factor
        return a, b, e, d

    normalized = device(normalize)

    def gates_at(raw, at, plane):
        a, e, d = zero, zero, zero
        b = load(raw, at)
        if three:
            a, b, e = b, load(raw, at + plane), load(raw, at + 2 * plane)
        if mode == 2:
            d = load(raw, at + (3 if three else 1) * plane)
        return normalized(a, b, e, d)

    def advance(shared, before, k, m, x, a, b, e):
        value = x + b * (shared[before + k] - x)
        if three:
            if k > 0:
                value += a * (shared[before + k - 1] - x)
            if k + 1 < m:
                value += e * (shared[before + k + 1] - x)
        return value

    return Parts(device(lines), normalized, device(gates_at), device(advance))
