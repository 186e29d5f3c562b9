"""Tables over maps of numbers, in pieces: a map of 100 megapixels takes little more than itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_PIECE = 1 << 20  # pixels
_TABLE = 1 << 22  # largest number that a table is made for


def distinct(values: np.ndarray) -> dict[int, int]:
    """Return how often each number of an integer map occurs, by number in ascending order."""
    if not values.size:
        return {}
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high < _TABLE:
        counts = np.zeros(high + 1, np.int64)
        for piece in _pieces(values):
            counts += np.bincount(piece.ravel(), minlength=high + 1)
        return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}
    found: dict[int, int] = {}
    for piece in _pieces(values):
        numbers, counts = np.unique(piece, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            found[number] = found.get(number, 0) + count
    return dict(sorted(found.items()))


def through(values: np.ndarray, table: dict[int, int], dtype: type[np.generic]) -> np.ndarray:
    """Return a map with each number replaced; numbers that the table lacks become 0.

    Parameters
    ----------
    values : (H, W) integer array
    table : dict of int to int
    dtype : type
        Of the result.
    """
    result = np.zeros(values.shape, dtype)
    if not table or not values.size:
        return result
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high < _TABLE:
        direct = np.zeros(high + 1, dtype)
        for number, value in table.items():
            if 0 <= number <= high:
                direct[number] = value
        for piece, target in zip(_pieces(values), _pieces(result), strict=True):
            target[...] = direct[piece]
        return result
    numbers = np.array(sorted(table), np.int64)
    replaced = np.array([table[number] for number in numbers.tolist()], dtype)
    for piece, target in zip(_pieces(values), _pieces(result), strict=True):
        place = np.searchsorted(numbers, piece).clip(0, len(numbers) - 1)
        target[...] = np.where(numbers[place] == piece, replaced[place], 0)
    return result


def boxes(object_map: np.ndarray) -> dict[int, tuple[int, int, int, int]]:
    """Return x, y, width and height of each number but 0 that occurs in a (H, W) map."""
    top = int(object_map.max(initial=0)) + 1
    left, upper = np.full(top, 2**31), np.full(top, 2**31)
    right, lower = np.zeros(top, np.int64), np.zeros(top, np.int64)
    first_row = 0
    for piece in _pieces(object_map):
        starts = np.ones(piece.shape, bool)
        np.not_equal(piece[:, 1:], piece[:, :-1], out=starts[:, 1:])
        rows, columns = np.nonzero(starts)
        ids = piece[rows, columns]
        # A run ends where the next one in its row begins, the last one with the row.
        ends = np.append(columns[1:], 0)
        ends = np.where(ends == 0, piece.shape[1], ends)
        np.minimum.at(left, ids, columns)
        np.maximum.at(right, ids, ends)
        np.minimum.at(upper, ids, rows + first_row)
        np.maximum.at(lower, ids, rows + first_row + 1)
        first_row += len(piece)
    return {
        int(i): (int(left[i]), int(upper[i]), int(right[i] - left[i]), int(lower[i] - upper[i]))
        for i in np.flatnonzero(right)
        if i
    }


def _pieces(values: np.ndarray) -> Iterator[np.ndarray]:
    step = max(1, _PIECE // max(1, values.shape[1]))
    for row in range(0, values.shape[0], step):
        yield values[row : row + step]
