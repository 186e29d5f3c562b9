"""The public operator: validates, normalises the gates, scans and merges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch

from spn_kernels.gates import MODES, Normalization, normalize_gates
from spn_kernels.library import scan_into, scan_op
from spn_kernels.merging import merge_scans
from spn_kernels.sharing import is_plain_call
from spn_kernels.torch_loop import scan_torch

DIRECTIONS = ("right", "left", "down", "up")
"""Order of the directions: left to right, right to left, top to bottom, bottom to top."""

Merge = Literal["max", "mean", "none"] | torch.Tensor
_MATRIX_PIXELS = 4096

Seeds = tuple[torch.Tensor, torch.Tensor]


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
    dtypes = [torch.float32, torch.float64]
    if x.device.type == "cuda":
        dtypes += [torch.float16, torch.bfloat16]
    if x.dtype not in dtypes:
        names = ", ".join(str(d).removeprefix("torch.") for d in dtypes)
        raise TypeError(f"x: expected one of {names} on {x.device}, found {x.dtype}")
    if gates.dtype != x.dtype:
        raise TypeError(f"gates: expected the dtype of x, {x.dtype}, found {gates.dtype}")
    if x.device != gates.device:
        raise ValueError(f"gates: expected on the device of x, {x.device}, found {gates.device}")


def _codes(directions: Sequence[str]) -> list[int]:
    return [DIRECTIONS.index(name) for name in directions]


def _scan(
    x: torch.Tensor, gates: torch.Tensor, directions: Sequence[str], normalization: Normalization
) -> torch.Tensor:
    """Return all scans, (N, C, D, H, W)."""
    if x.device.type not in ("cpu", "cuda"):
        return scan_torch(x, normalize_gates(gates, normalization), tuple(directions))
    return scan_op(x, gates, _codes(directions), MODES.index(normalization))


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
    return _scan(x, gates, directions, None)


def _validate_weights(merge: torch.Tensor, x: torch.Tensor, d: int) -> None:
    n, _, height, width = x.shape
    fits = merge.ndim == 4 and merge.shape[0] == n and merge.shape[2:] == (height, width)
    if not fits or merge.shape[1] not in (d, d + 1):
        raise ValueError(
            f"merge: expected weights ({n}, {d} or {d + 1}, {height}, {width}), "
            f"found {tuple(merge.shape)}"
        )
    if merge.dtype != x.dtype or merge.device != x.device:
        raise TypeError(
            f"merge: expected {x.dtype} on {x.device} as x, found {merge.dtype} on {merge.device}"
        )


def _seeds(seeds: Seeds | None, x: torch.Tensor) -> Seeds | None:
    if seeds is None:
        return None
    mask, values = seeds
    for name, tensor in (("mask", mask), ("values", values)):
        try:
            fits = torch.broadcast_shapes(tensor.shape, x.shape) == x.shape
        except RuntimeError:
            fits = False
        if not fits:
            raise ValueError(
                f"seeds: expected a {name} that fits {tuple(x.shape)}, found {tuple(tensor.shape)}"
            )
    if mask.dtype != torch.bool:
        raise TypeError(f"seeds: expected a mask of torch.bool, found {mask.dtype}")
    if values.dtype != x.dtype:
        raise TypeError(f"seeds: expected values of {x.dtype} as x, found {values.dtype}")
    return mask, values


def _validate_out(out: torch.Tensor, x: torch.Tensor, scans: int) -> None:
    n, channels, height, width = x.shape
    shape = (n, channels, scans, height, width) if scans else tuple(x.shape)
    if tuple(out.shape) != shape or out.dtype != x.dtype or out.device != x.device:
        raise ValueError(
            f"out: expected {shape} {x.dtype} on {x.device}, "
            f"found {tuple(out.shape)} {out.dtype} on {out.device}"
        )


def _check_finite(**tensors: torch.Tensor) -> None:
    for name, tensor in tensors.items():
        wrong = ~torch.isfinite(tensor)
        if wrong.any():
            first = tuple(int(v) for v in wrong.nonzero()[0])
            raise ValueError(
                f"{name}: {int(wrong.sum())} values are not finite, the first "
                f"{tensor[first].item()} at {first}"
            )


def _held(x: torch.Tensor, hold: Seeds | None) -> torch.Tensor:
    return x if hold is None else torch.where(hold[0], hold[1], x)


def _merge(scans: torch.Tensor, x: torch.Tensor, merge: Merge) -> torch.Tensor:
    if isinstance(merge, torch.Tensor):
        if merge.shape[1] == scans.shape[2] + 1:
            scans = torch.cat([scans, x[:, :, None]], dim=2)
        return (scans * merge[:, None]).sum(dim=2)
    return scans.amax(dim=2) if merge == "max" else scans.mean(dim=2)


def _can_fuse(x: torch.Tensor, gates: torch.Tensor, merge: Merge, hold: Seeds | None) -> bool:
    """Say whether the scans need not be kept: with kernels, when nobody asks for gradients."""
    if x.device.type not in ("cpu", "cuda"):
        return False
    tensors = [x, gates, *(hold or ())]
    if isinstance(merge, torch.Tensor):
        tensors.append(merge)
    return is_plain_call(*tensors)


def _fused(
    x: torch.Tensor,
    gates: torch.Tensor,
    directions: Sequence[str],
    normalization: Normalization,
    merge: Merge,
    passes: int,
    hold: Seeds | None,
    out: torch.Tensor | None,
) -> torch.Tensor:
    codes, mode = _codes(directions), MODES.index(normalization)
    how = merge if isinstance(merge, str) else "weights"
    weights = merge if isinstance(merge, torch.Tensor) else None
    gates = gates.contiguous()
    if how == "none":
        values = _held(x, hold)
        if out is None or not out.is_contiguous() or _overlap(out, values):
            scans = scan_op(values, gates, codes, mode)
            return scans if out is None else out.copy_(scans)
        scan_into(values, gates, codes, mode, out)
        return out
    for i in range(passes):
        # The last pass may write where the result is wanted, unless x is read from there.
        last = out is not None and i == passes - 1 and out.is_contiguous() and hold is None
        if last and out is not None and not _overlap(out, x, weights):
            merge_scans(x, gates, codes, mode, how, weights, out)
            return out
        merged = torch.empty(x.shape, dtype=x.dtype, device=x.device)
        merge_scans(_held(x, hold), gates, codes, mode, how, weights, merged)
        x = merged
    x = _held(x, hold)
    return x if out is None else out.copy_(x)


def _overlap(out: torch.Tensor, *others: torch.Tensor | None) -> bool:
    """Say whether ``out`` may share memory with one of the others."""
    storage = out.untyped_storage().data_ptr()
    return any(o is not None and o.untyped_storage().data_ptr() == storage for o in others)


def propagate(
    x: torch.Tensor,
    gates: torch.Tensor,
    *,
    normalization: Normalization = "convex",
    connections: Literal[1, 3] = 3,
    directions: Sequence[str] = DIRECTIONS,
    merge: Merge = "max",
    passes: int = 1,
    seeds: Seeds | None = None,
    out: torch.Tensor | None = None,
    check: bool = False,
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
    seeds : (mask, values), optional
        Where the bool mask, broadcast to x, is set, the values replace x before and after every
        pass, and so stay.
    out : tensor, optional
        Takes the result; of its shape, dtype and device. Not differentiable.
    check : bool
        Look for NaN and infinity in x and gates first, and say where they are.

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
    if isinstance(merge, str) and merge not in ("max", "mean", "none"):
        raise ValueError(f'merge: expected "max", "mean", "none" or weights, found {merge!r}')
    if isinstance(merge, torch.Tensor):
        _validate_weights(merge, x, len(directions))
    hold = _seeds(seeds, x)
    if out is not None:
        _validate_out(out, x, len(directions) if isinstance(merge, str) and merge == "none" else 0)
    if check:
        _check_finite(x=x, gates=gates)
    if _can_fuse(x, gates, merge, hold):
        return _fused(x, gates, directions, normalization, merge, passes, hold, out)
    for _ in range(passes):
        x = _held(x, hold)
        scans = _scan(x, gates, directions, normalization)
        if isinstance(merge, str) and merge == "none":
            return scans if out is None else out.copy_(scans)
        x = _merge(scans, x, merge)
    x = _held(x, hold)
    return x if out is None else out.copy_(x)


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


def affinity_matrix(
    gates: torch.Tensor,
    *,
    normalization: Normalization = "convex",
    connections: Literal[1, 3] = 3,
    directions: Sequence[str] = DIRECTIONS,
    merge: Literal["mean"] | torch.Tensor = "mean",
    passes: int = 1,
) -> torch.Tensor:
    """Return the whole affinity matrix of a small image.

    Entry (i, j) is how much the value of pixel j reaches pixel i; pixels are counted row by row.

    Parameters
    ----------
    gates : (1, 1, D, K, H, W)
    merge : "mean" or weights
        The maximum is not linear and has no matrix.

    Returns
    -------
    (H * W, H * W)

    Raises
    ------
    ValueError
        ``merge`` is not linear, or the image has more than 4,096 pixels.
    """
    height, width = gates.shape[-2:]
    pixels = height * width
    if isinstance(merge, str) and merge != "mean":
        raise ValueError(f'merge: expected "mean" or weights, which are linear, found {merge!r}')
    if pixels > _MATRIX_PIXELS:
        raise ValueError(
            f"gates: the matrix of {height} x {width} pixels has {pixels**2:,} entries; "
            f"expected at most {_MATRIX_PIXELS} pixels"
        )
    identity = torch.eye(pixels, dtype=gates.dtype, device=gates.device)
    columns = propagate(
        identity.view(1, pixels, height, width),
        gates,
        normalization=normalization,
        connections=connections,
        directions=directions,
        merge=merge,
        passes=passes,
    )
    return columns.view(pixels, pixels).T


def warm_up(*, gradients: bool = True) -> None:
    """Compile (or load from the cache) what a float32 call needs; takes seconds the first time.

    Parameters
    ----------
    gradients : bool
        Also what a call with gradients needs, which takes as long again.
    """
    with torch.no_grad():
        propagate(torch.zeros((1, 1, 2, 2)), torch.zeros((1, 1, 4, 4, 2, 2)))
    if not gradients:
        return
    with torch.enable_grad():
        x = torch.zeros((1, 1, 2, 2), requires_grad=True)
        scan(x, torch.zeros((1, 1, 4, 3, 2, 2)).requires_grad_()).sum().backward()
