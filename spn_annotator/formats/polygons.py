"""Masks as polygons along the edges of their pixels, holes included, and back.

A pixel in column ``c`` and row ``r`` covers the square from ``(c, r)`` to ``(c + 1, r + 1)``, and
the polygon runs around these squares, not through their centres: it has the area of the mask. Where
a format knows no holes, a slit of no width leads from the outline to each hole and back.

Areas that touch at a corner alone become polygons of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from spn_annotator.cv import cv2

Ring = np.ndarray
"""(N, 2) float64 points x, y; the last one leads back to the first."""

_R, _L, _D, _U = 1, -1, 1, -1


@dataclass(frozen=True)
class Outline:
    """One connected area of a mask.

    Attributes
    ----------
    ring : (N, 2) float64 array
        x, y; slits lead to the holes.
    holes : int
        How many holes the slits lead to.
    """

    ring: Ring
    holes: int


def outlines(mask: np.ndarray, *, inset: tuple[float, float] = (0.0, 0.0)) -> list[Outline]:
    """Return the polygons around the connected areas of a mask.

    Parameters
    ----------
    mask : (H, W) bool array
    inset : (float, float)
        By how many pixels edges move into the mask: those at its left and top, and those at its
        right and bottom; together less than 1. With less than a half and more than a half, readers
        that cut or round coordinates to whole pixels find the outermost pixels of the mask.

    Returns
    -------
    list of Outline
        From top to bottom; empty for an empty mask.
    """
    if not mask.any():
        return []
    nodes = _Nodes(mask, inset)
    count, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    outer: dict[int, int] = {}
    holes: list[tuple[int, int]] = []
    for start in nodes.ring_starts():
        # The topmost, then leftmost corner of a ring: of an outline it is convex.
        x, y = nodes.x[start], nodes.y[start]
        if nodes.convex[start]:
            outer[int(parts[y, x])] = start
        else:
            holes.append((start, int(parts[y - 1, x - 1])))
    bridged = dict.fromkeys(outer, 0)
    for start, part in sorted(holes, key=lambda hole: nodes.leftmost(hole[0])):
        nodes.bridge(start)
        bridged[part] += 1
    assert len(outer) == count - 1
    return [Outline(nodes.ring(start), bridged[part]) for part, start in outer.items()]


class _Nodes:
    """The corners of the outlines of a mask, linked into rings."""

    def __init__(self, mask: np.ndarray, inset: tuple[float, float]) -> None:
        padded = np.pad(mask, 1)
        up_left, up_right = padded[:-1, :-1], padded[:-1, 1:]
        down_left, down_right = padded[1:, :-1], padded[1:, 1:]
        number = up_left.astype(np.int8) + up_right + down_left + down_right
        saddle = (number == 2) & (up_left == down_right)
        found = []
        for part, dx, dy in (
            (up_left, _L, _U),
            (up_right, _R, _U),
            (down_left, _L, _D),
            (down_right, _R, _D),
        ):
            for convex, where in (
                (True, part & ((number == 1) | saddle)),
                (False, ~part & (number == 3)),
            ):
                rows, columns = np.nonzero(where)
                node = np.empty((len(rows), 5), np.int64)
                node[:, 0], node[:, 1] = columns, rows
                node[:, 2], node[:, 3], node[:, 4] = dx, dy, convex
                found.append(node)
        table = np.concatenate(found)
        sign = np.where(table[:, 4] == 1, 1, -1)
        along = self._partners(table, first=1, second=0, direction=2)
        across = self._partners(table, first=0, second=1, direction=3)
        self.x, self.y = table[:, 0].tolist(), table[:, 1].tolist()
        self.convex = table[:, 4].astype(bool).tolist()
        low, high = inset
        # Which way the mask lies from the vertical and the horizontal edge of a corner.
        across_x, across_y = sign * table[:, 2], sign * table[:, 3]
        self._px = (table[:, 0] + np.where(across_x > 0, low, -high)).tolist()
        self._py = (table[:, 1] + np.where(across_y > 0, low, -high)).tolist()
        self._low = low
        self._next = [0] * len(table)
        self._start = self._link(along.tolist(), across.tolist())
        self._columns: dict[int, list[int]] | None = None

    @staticmethod
    def _partners(table: np.ndarray, *, first: int, second: int, direction: int) -> np.ndarray:
        """Return for each corner the one at the other end of its horizontal or vertical edge."""
        # On one line the corners come in pairs; of two at one place, the edge that ends comes first
        order = np.lexsort((table[:, direction], table[:, second], table[:, first]))
        partners = np.empty(len(table), np.int64)
        partners[order[0::2]], partners[order[1::2]] = order[1::2], order[0::2]
        return partners

    def _link(self, along: list[int], across: list[int]) -> list[int]:
        seen = [False] * len(along)
        starts = []
        for first in range(len(along)):
            if seen[first]:
                continue
            ring, node = [], first
            while True:
                partner = along[node]
                ring += [node, partner]
                seen[node] = seen[partner] = True
                node = across[partner]
                if node == first:
                    break
            best = min(ring, key=lambda item: (self.y[item], self.x[item]))
            # Outlines run clockwise, holes the other way round, for readers that count turns.
            place = ring.index(best)
            if (ring[(place + 1) % len(ring)] == along[best]) != self.convex[best]:
                ring.reverse()
            for item, follower in pairwise([*ring, ring[0]]):
                self._next[item] = follower
            starts.append(best)
        return sorted(starts, key=lambda item: (self.y[item], self.x[item]))

    def ring_starts(self) -> list[int]:
        """Return the topmost, then leftmost corner of each ring, from top to bottom."""
        return list(self._start)

    def _walk(self, start: int) -> list[int]:
        nodes = [start]
        node = self._next[start]
        while node != start:
            nodes.append(node)
            node = self._next[node]
        return nodes

    def leftmost(self, start: int) -> int:
        """Return the least column of a ring."""
        return min(self.x[node] for node in self._walk(start))

    def ring(self, start: int) -> Ring:
        """Return the points of a ring."""
        nodes = self._walk(start)
        return np.array([(self._px[node], self._py[node]) for node in nodes], np.float64)

    def bridge(self, hole: int) -> None:
        """Join a hole to what lies left of it, an outline or a hole that is joined already."""
        node = min(self._walk(hole), key=lambda item: (self.x[item], self.y[item]))
        x, y = self.x[node], self.y[node]
        tail = self._edge_left_of(x, y)
        head = self._next[tail]
        column = self.x[tail]
        first = self._add(column, y, column + self._low, self._py[node])
        again = self._add(x, y, self._px[node], self._py[node])
        last = self._add(column, y, column + self._low, self._py[node])
        end = node
        while self._next[end] != node:
            end = self._next[end]
        self._next[tail], self._next[first] = first, node
        self._next[end], self._next[again], self._next[last] = again, last, head
        assert self._columns is not None
        self._columns[column].append(last)  # the other half begins at `tail` as before

    def _edge_left_of(self, x: int, y: int) -> int:
        """Return the corner from which the nearest vertical edge left of the row above y leads."""
        if self._columns is None:
            self._columns = {}
            for node, follower in enumerate(self._next):
                if self.x[node] == self.x[follower]:
                    self._columns.setdefault(self.x[node], []).append(node)
        for column in range(x - 1, -1, -1):
            for node in self._columns.get(column, ()):
                low, high = sorted((self.y[node], self.y[self._next[node]]))
                if low < y <= high:
                    return node
        raise AssertionError("a hole lies outside of every outline")

    def _add(self, x: int, y: int, px: float, py: float) -> int:
        self.x.append(x)
        self.y.append(y)
        self._px.append(px)
        self._py.append(py)
        self.convex.append(False)
        self._next.append(0)
        return len(self.x) - 1


def joined(rings: Sequence[Ring]) -> Ring:
    """Return one ring through several, with a line to and fro between each two.

    Parameters
    ----------
    rings : sequence of (N, 2) arrays
        At least one; each is joined to those before it where it comes near them.
    """
    result = rings[0]
    for ring in rings[1:]:
        # Every so many corners are enough to find a short way between long outlines.
        steps = max(1, len(result) // 500), max(1, len(ring) // 100)
        far = np.abs(result[:: steps[0], None] - ring[None, :: steps[1]]).max(axis=2)
        here, there = (int(i) for i in np.unravel_index(np.argmin(far), far.shape))
        here, other = here * steps[0], np.roll(ring, -there * steps[1], axis=0)
        result = np.concatenate([result[: here + 1], other, other[:1], result[here:]])
    return result


def filled(rings: Sequence[Ring], shape: tuple[int, int]) -> tuple[np.ndarray, int, int]:
    """Return the mask of polygons as readers of YOLO files fill them.

    Coordinates are cut down to whole numbers, and the pixels of the outline belong to the area;
    where several polygons overlap, all of them count.

    Parameters
    ----------
    rings : sequence of (N, 2) arrays
        x, y in pixels; finite, and not far outside of the image.
    shape : (int, int)
        Height and width of the image.

    Returns
    -------
    (h, w) bool array
        Only the rectangle that they lie in.
    int, int
        Its first column and row.
    """
    # The last digits of a fraction may put a whole number just below itself.
    points = [np.floor(np.asarray(ring) + 0.02).astype(np.int32) for ring in rings]
    every = np.concatenate(points)
    x, y = (int(value) for value in np.maximum(every.min(axis=0), 0))
    right = min(int(every[:, 0].max()) + 1, shape[1])
    bottom = min(int(every[:, 1].max()) + 1, shape[0])
    if right <= x or bottom <= y:
        return np.zeros((0, 0), bool), 0, 0
    mask = np.zeros((bottom - y, right - x), np.uint8)
    for ring in points:
        cv2.fillPoly(mask, [ring - np.array((x, y), np.int32)], 1)
    return mask.astype(bool), x, y


def overlap(mask: np.ndarray, other: np.ndarray) -> float:
    """Return the intersection over union of two boolean masks; 1 for two empty ones."""
    union = np.count_nonzero(mask | other)
    return float(np.count_nonzero(mask & other) / union) if union else 1.0
