"""The public operator: validates, normalises the gates, scans and merges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch

from spn_kernels.autograd import ScanFunction
from spn_kernels.gates import Normalization, normalize_gates
from spn_kernels.torch_loop import scan_torch

DIRECTIONS = ("right", "left", "down", "up")
"""Order of the directions: left to right, right to left, top to bottom, bottom to top."""

Merge = Literal["max", "mean", "none"] | torch.Tensor


def _validate(x: torch.Tensor, gates: torch.Tensor, directions: Sequence[str], k: int) -> None:
    unknown = [d for d in directions if d not in DIRECTIONS]
    if unknown or not directions:
        raise ValueError(f"directions: expected names of {DIRECTIONS}, found {tuple(directions)}")
    if x.ndim != 4:
        raise ValueError(f"x: expected shape (N, C, H, W), found {tuple(x.shape)}")
    if gates.ndim != 6:
        raise ValueError(
            f"gates: expected shape (N, G, directions, K, H, W), found {tuple(gates.shape)}"
        )
    n, channels, height, width = x.shape
    expected = (n, gates.shape[1], len(directions), k, height, width)
    if tuple(gates.shape) != expected:
        raise ValueError(f"gates: expected shape {expected}, found {tuple(gates.shape)}")
    if gates.shape[1] < 1 or channels % gates.shape[1]:
        raise ValueError(
            f"gates: {gates.shape[1]} groups do not divide the {channels} channels of x"
        )
    if x.dtype not in (torch.float32, torch.float64):
        raise TypeError(f"x: expected float32 or float64, found {x.dtype}")
    if gates.dtype != x.dtype:
        raise TypeError(f"gates: expected the dtype of x, {x.dtype}, found {gates.dtype}")
    if x.device != gates.device:
        raise ValueError(f"gates: expected on the device of x, {x.device}, found {gates.device}")


def _scan(x: torch.Tensor, gates: torch.Tensor, directions: tuple[str, ...]) -> torch.Tensor:
    if x.device.type != "cpu":
        return scan_torch(x, gates, directions)
    scans = ScanFunction.apply(x, gates, directions)
    assert isinstance(scans, torch.Tensor)
    return scans


def scan(
    x: torch.Tensor, gates: torch.Tensor, *, directions: Sequence[str] = DIRECTIONS
) -> torch.Tensor:
    """Propagate ``x`` once in each direction with gates as they are.

    With t the line along the direction and k the element of a line,

        h[k, t] = (1 - sum_j g_j[k, t]) x[k, t] + sum_j g_j[k, t] h[k + j, t - 1]

    and h = x on the first line; a neighbour outside the image gives its weight back to x
    (Liu et al. 2017, equations 1 and 9).

    Parameters
    ----------
    x : (N, C, H, W) float32 or float64
    gates : (N, G, D, K, H, W), same dtype
        K = 1 (the pixel straight behind) or 3 (k - 1, k, k + 1); G groups of channels share gates.
    directions : sequence of str
        D of ``DIRECTIONS``.

    Returns
    -------
    (N, C, D, H, W), differentiable once with respect to both inputs.

    Raises
    ------
    ValueError, TypeError
        A shape, dtype or name is not as above.
    """
    k = gates.shape[3] if gates.ndim == 6 else 0
    if gates.ndim == 6 and k not in (1, 3):
        raise ValueError(f"gates: expected K = 1 or 3, found {k}")
    _validate(x, gates, directions, k)
    return _scan(x, gates, tuple(directions))


def _merge(scans: torch.Tensor, x: torch.Tensor, merge: Merge) -> torch.Tensor:
    if isinstance(merge, torch.Tensor):
        n, _, d, height, width = scans.shape
        if merge.ndim != 4 or merge.shape[0] != n or merge.shape[2:] != (height, width):
            raise ValueError(
                f"merge: expected weights ({n}, {d} or {d + 1}, {height}, {width}), "
                f"found {tuple(merge.shape)}"
            )
        if merge.shape[1] == d + 1:
            scans = torch.cat([scans, x[:, :, None]], dim=2)
        elif merge.shape[1] != d:
            raise ValueError(f"merge: expected {d} or {d + 1} weights, found {merge.shape[1]}")
        return (scans * merge[:, None]).sum(dim=2)
    if merge == "max":
        return scans.amax(dim=2)
    if merge == "mean":
        return scans.mean(dim=2)
    raise ValueError(f'merge: expected "max", "mean", "none" or weights, found {merge!r}')


def propagate(
    x: torch.Tensor,
    gates: torch.Tensor,
    *,
    normalization: Normalization = "convex",
    connections: Literal[1, 3] = 3,
    directions: Sequence[str] = DIRECTIONS,
    merge: Merge = "max",
    passes: int = 1,
) -> torch.Tensor:
    """Spread ``x`` over the image along learned affinities.

    Parameters
    ----------
    x : (N, C, H, W) float32 or float64
    gates : (N, G, D, K, H, W), same dtype
        ``normalization="convex"``: K = connections + 1 logits, the last for keeping x;
        otherwise K = connections. G divides C.
    normalization : {"convex", "signed", None}
        See :func:`normalize_gates`.
    connections : {1, 3}
        One-way or three-way, section 3.1 of Liu et al. 2017.
    directions : sequence of D names of ``DIRECTIONS``
    merge : {"max", "mean", "none"} or tensor (N, D or D + 1, H, W)
        Element-wise maximum over the directions as in the paper; mean; all of them; or weights,
        with one more for x itself if there are D + 1.
    passes : int
        How often the block is repeated with the same gates (the paper: 2). ``"none"`` allows 1.

    Returns
    -------
    (N, C, H, W), or (N, C, D, H, W) for ``merge="none"``.

    Raises
    ------
    ValueError, TypeError
        The message names the argument, what was expected and what was found.
    """
    if normalization not in ("convex", "signed", None):
        raise ValueError(
            f'normalization: expected "convex", "signed" or None, found {normalization!r}'
        )
    if connections not in (1, 3):
        raise ValueError(f"connections: expected 1 or 3, found {connections!r}")
    if passes < 1:
        raise ValueError(f"passes: expected at least 1, found {passes}")
    if isinstance(merge, str) and merge == "none" and passes != 1:
        raise ValueError(f'passes: merge="none" leaves nothing to repeat, found {passes}')
    _validate(x, gates, directions, connections + (normalization == "convex"))
    g = normalize_gates(gates, normalization)
    names = tuple(directions)
    for _ in range(passes):
        scans = _scan(x, g, names)
        if isinstance(merge, str) and merge == "none":
            return scans
        x = _merge(scans, x, merge)
    return x


def affinity(
    gates: torch.Tensor,
    point: tuple[int, int],
    *,
    normalization: Normalization = "convex",
    connections: Literal[1, 3] = 3,
    directions: Sequence[str] = DIRECTIONS,
    merge: Merge = "mean",
    passes: int = 1,
) -> torch.Tensor:
    """Return where the value of one pixel goes: the response to a unit impulse.

    Parameters
    ----------
    gates : (1, 1, D, K, H, W)
    point : (row, column)

    Returns
    -------
    (H, W): a column of the affinity matrix when ``merge`` is linear.

    Raises
    ------
    ValueError
        ``point`` lies outside the image.
    """
    height, width = gates.shape[-2:]
    row, column = point
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"point: expected inside ({height}, {width}), found {point}")
    impulse = gates.new_zeros((1, 1, height, width))
    impulse[0, 0, row, column] = 1
    return propagate(
        impulse,
        gates,
        normalization=normalization,
        connections=connections,
        directions=directions,
        merge=merge,
        passes=passes,
    )[0, 0]


def warm_up() -> None:
    """Compile (or load from the cache) what a float32 call needs; takes seconds the first time."""
    with torch.enable_grad():
        x = torch.zeros((1, 1, 2, 2), requires_grad=True)
        scan(x, torch.zeros((1, 1, 4, 3, 2, 2)).requires_grad_()).sum().backward()
