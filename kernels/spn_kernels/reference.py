"""The oracle: the recurrence in NumPy float64, written as the mathematics reads.

Slow on purpose. Everything else in this package is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Pixel = tuple[int, int]

_STEP = {"right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}


def _pixels(height: int, width: int, direction: str) -> Iterator[Pixel]:
    rows = range(height - 1, -1, -1) if direction == "up" else range(height)
    columns = range(width - 1, -1, -1) if direction == "left" else range(width)
    if direction in ("up", "down"):
        yield from ((r, c) for r in rows for c in columns)
    else:
        yield from ((r, c) for c in columns for r in rows)


def neighbours(
    pixel: Pixel, shape: Pixel, direction: str, connections: int
) -> list[tuple[int, Pixel]]:
    """Return (gate index, pixel) of the neighbours on the previous line that lie in the image."""
    dr, dc = _STEP[direction]
    found = []
    for index, j in enumerate((0,) if connections == 1 else (-1, 0, 1)):
        r, c = pixel[0] - dr, pixel[1] - dc
        if dr:
            c += j
        else:
            r += j
        if 0 <= r < shape[0] and 0 <= c < shape[1]:
            found.append((index, (r, c)))
    return found


def scan(x: npt.ArrayLike, gates: npt.ArrayLike, directions: Sequence[str]) -> Array:
    """Propagate ``x`` once in each direction.

    Parameters
    ----------
    x : (N, C, H, W)
    gates : (N, G, D, K, H, W)
        Normalised gates, K = 1 or 3, G a divisor of C.
    directions : sequence of D names
        Of ``"right"``, ``"left"``, ``"down"``, ``"up"``: where the values travel to.

    Returns
    -------
    (N, C, D, H, W) float64
    """
    x = np.asarray(x, np.float64)
    gates = np.asarray(gates, np.float64)
    n, channels, height, width = x.shape
    groups, connections = gates.shape[1], gates.shape[3]
    out = np.empty((n, channels, len(directions), height, width))
    for i in range(n):
        for c in range(channels):
            for d, direction in enumerate(directions):
                g = gates[i, c * groups // channels, d]
                h = out[i, c, d]
                for r, k in _pixels(height, width, direction):
                    value = x[i, c, r, k]
                    for j, (nr, nk) in neighbours((r, k), (height, width), direction, connections):
                        value += g[j, r, k] * (h[nr, nk] - x[i, c, r, k])
                    h[r, k] = value
    return out


def scan_backward(
    x: npt.ArrayLike, gates: npt.ArrayLike, directions: Sequence[str], grad: npt.ArrayLike
) -> tuple[Array, Array]:
    """Return the gradients of ``scan`` with respect to ``x`` and ``gates``.

    ``grad`` is the gradient of the result, (N, C, D, H, W).
    """
    x = np.asarray(x, np.float64)
    gates = np.asarray(gates, np.float64)
    h = scan(x, gates, directions)
    dh = np.array(grad, np.float64)
    dx, dgates = np.zeros_like(x), np.zeros_like(gates)
    n, channels, height, width = x.shape
    groups, connections = gates.shape[1], gates.shape[3]
    for i in range(n):
        for c in range(channels):
            for d, direction in enumerate(directions):
                group = c * groups // channels
                g = gates[i, group, d]
                for r, k in reversed(list(_pixels(height, width, direction))):
                    here = dh[i, c, d, r, k]
                    kept = 1.0
                    for j, (nr, nk) in neighbours((r, k), (height, width), direction, connections):
                        kept -= g[j, r, k]
                        dh[i, c, d, nr, nk] += g[j, r, k] * here
                        dgates[i, group, d, j, r, k] += here * (h[i, c, d, nr, nk] - x[i, c, r, k])
                    dx[i, c, r, k] += kept * here
    return dx, dgates
