"""Scans of torch tensors on CUDA, forward, backward and merged, on torch's current stream.

Nothing waits for the device. With ``NUMBA_ENABLE_CUDASIM=1`` the same functions take tensors on the
CPU and run in Numba's simulator.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from spn_kernels.cuda_backward import backward_kernels
from spn_kernels.cuda_kernels import TILE, kernels
from spn_kernels.cuda_seam import cuda_module, simulated
from spn_kernels.cuda_storage import MOST_THREADS

cuda = cuda_module()

_SHARED_BYTES = 48 * 1024
"""Shared memory that every device grants a block without being asked."""

_BLOCKS_WANTED = 256
"""Blocks that keep a large device busy."""

_FINISH_THREADS = 256

_ARITHMETIC = {
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.float32: torch.float32,
    torch.float64: torch.float64,
}


class LineTooLongError(ValueError):
    """The lines of an image do not fit into the shared memory of a block."""


def threads_for(m: int) -> int:
    """Return the threads of a block for lines of ``m`` elements."""
    # A thread of the simulator is one of the system's; there are no warps to fill.
    step = TILE if simulated() else 32
    return min(MOST_THREADS, -(-m // step) * step)


def pack(directions: list[int]) -> int:
    """Return the codes of up to eight directions in one number, two bits each."""
    return sum(code << (2 * i) for i, code in enumerate(directions))


def forward_plan(
    m: int, item: int, *, rows: int, limit: int = _SHARED_BYTES
) -> tuple[int, int, bool]:
    """Return threads, bytes of shared memory, and whether horizontal scans go through a tile.

    Parameters
    ----------
    m : int
        Elements of the longest line.
    item : int
        Bytes of an element in the arithmetic.
    rows : int
        Elements of a horizontal scan's line, 0 if there is none.

    Raises
    ------
    LineTooLongError
        Two lines do not fit into ``limit`` bytes.
    """
    lines, threads = 2 * m * item, threads_for(m)
    if lines > limit:
        raise LineTooLongError(
            f"x: lines of {m} elements of {item} bytes do not fit into {limit} bytes of shared "
            "memory; split the image into tiles"
        )
    with_tile = (2 + TILE + 1) * threads * item
    tiled = 0 < rows <= threads and with_tile <= limit
    return threads, max(lines, with_tile if tiled else 0), tiled


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def flat(tensor: torch.Tensor) -> object:
    """Return a contiguous tensor as the array that kernels take; the memory is the tensor's."""
    row = tensor.detach().view(-1)
    if row.dtype == torch.bfloat16:  # as the kernels read it, see cuda_storage
        row = row.view(torch.uint16)
    return row.numpy() if simulated() else cuda.as_cuda_array(row)


def stream_of(device: torch.device) -> object:
    """Return torch's current stream for launches."""
    if simulated():
        return 0
    return cuda.external_stream(torch.cuda.current_stream(device).cuda_stream)


def _plan(
    height: int, width: int, directions: list[int], dtype: torch.dtype
) -> tuple[int, int, bool]:
    rows = height if any(d < 2 for d in directions) else 0
    m = max(rows, width if any(d >= 2 for d in directions) else 0)
    return forward_plan(m, _ARITHMETIC[dtype].itemsize, rows=rows)


def scan_into_cuda(
    x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int, out: torch.Tensor
) -> None:
    """Scan into ``out`` (N, C, D, H, W), contiguous, of the dtype of x."""
    if not out.numel():
        return
    values, raw = x.contiguous(), gates.contiguous()
    n, channels, height, width = values.shape
    groups, planes = raw.shape[1], raw.shape[3]
    threads, shared, tiled = _plan(height, width, directions, x.dtype)
    kernel = kernels(_name(x.dtype), planes - (mode == 2), mode).forward
    launch = kernel[(len(directions), channels, n), threads, stream_of(x.device), shared]
    launch(
        flat(values), flat(raw), flat(out), pack(directions), channels, groups, height, width,
        tiled,
    )  # fmt: skip


def _turned(planes: torch.Tensor) -> torch.Tensor:
    """Return planes (..., H, W) as (..., W, H), contiguous."""
    return planes.transpose(-1, -2).contiguous()


def _turned_back(planes: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Return a view (..., H, W) of planes that hold (W, H) numbers in whatever shape."""
    return planes.view(*planes.shape[:-2], width, height).transpose(-1, -2)


def _planes_of(
    image: torch.Tensor, lines: torch.Tensor, directions: list[int]
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield the planes of each direction in both layouts, as views with the image's axes."""
    for i, code in enumerate(directions):
        planes, turned = image[:, :, i], lines[:, :, i]
        yield planes, _turned_back(turned, *planes.shape[-2:]) if code < 2 else turned


def _by_lines(image: torch.Tensor, directions: list[int]) -> torch.Tensor:
    """Return (N, ., D, ..., H, W), contiguous, with the planes of horizontal directions turned.

    Their shape stays what it was. Turning takes memory and a pass over it; lines that do not lie in
    one piece would be read eight times over.
    """
    if all(code >= 2 for code in directions):
        return image.contiguous()
    found = torch.empty_like(image, memory_format=torch.contiguous_format)
    for planes, lines in _planes_of(image, found, directions):
        lines.copy_(planes)
    return found


def _by_columns(lines: torch.Tensor, directions: list[int]) -> torch.Tensor:
    """Undo :func:`_by_lines`."""
    if all(code >= 2 for code in directions):
        return lines
    found = torch.empty_like(lines)
    for planes, turned in _planes_of(found, lines, directions):
        planes.copy_(turned)
    return found


def scan_cuda(
    x: torch.Tensor, gates: torch.Tensor, directions: list[int], mode: int
) -> torch.Tensor:
    """Return all scans, (N, C, D, H, W); half types are computed in float32."""
    n, channels, height, width = x.shape
    out = x.new_empty((n, channels, len(directions), height, width))
    scan_into_cuda(x, gates, directions, mode, out)
    return out


def scan_backward_cuda(
    x: torch.Tensor,
    gates: torch.Tensor,
    out: torch.Tensor,
    grad: torch.Tensor,
    directions: list[int],
    mode: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of x and of the raw gates."""
    if not out.numel():
        return torch.zeros_like(x), torch.zeros_like(gates)
    n, channels, height, width = x.shape
    horizontal = any(code < 2 for code in directions)
    vertical = any(code >= 2 for code in directions)
    values = x.contiguous()
    if horizontal:
        columns = _turned(values)
        values = torch.stack([values, columns.view_as(values)]) if vertical else columns
    raw, result, received = (_by_lines(t, directions) for t in (gates, out, grad))
    groups, planes = raw.shape[1], raw.shape[3]
    kept = planes - (mode == 2)
    d, m = len(directions), max(height, width)
    kind = _ARITHMETIC[x.dtype]
    shared = 6 * (m + 2) * kind.itemsize
    if shared > _SHARED_BYTES:
        raise LineTooLongError(
            f"x: the gradient of lines of {m} elements does not fit into {_SHARED_BYTES} bytes "
            "of shared memory; train on smaller crops"
        )
    chunks = max(1, min(channels // groups, _BLOCKS_WANTED // (d * n * groups)))
    dx = values.new_empty((n, channels, d, height, width), dtype=kind)
    dgates = values.new_empty((n, chunks, groups, d, kept, height, width), dtype=kind)
    draw = torch.empty_like(raw)
    both = backward_kernels(_name(x.dtype), kept, mode)
    stream = stream_of(x.device)
    flat_raw, flat_dgates = flat(raw), flat(dgates)
    both.backward[(d, chunks, n * groups), threads_for(m), stream, shared](
        flat(values), flat_raw, flat(result), flat(received), flat(dx), flat_dgates,
        pack(directions), channels, groups, chunks, int(horizontal and vertical), height, width,
    )  # fmt: skip
    count = n * groups * d * height * width
    size = TILE if simulated() else _FINISH_THREADS
    both.finish[-(-count // size), size, stream](
        flat_raw, flat_dgates, flat(draw), count, chunks, groups * d, height * width
    )
    total = torch.zeros_like(x, dtype=kind)
    for _, part in _planes_of(dx, dx, directions):
        total += part
    return total.to(x.dtype), _by_columns(draw, directions)


def merge_scans_cuda(
    x: torch.Tensor,
    gates: torch.Tensor,
    directions: list[int],
    mode: int,
    merge: str,
    weights: torch.Tensor | None,
    out: torch.Tensor,
) -> None:
    """Scan and merge into ``out`` (N, C, H, W), contiguous; no scan is kept.

    The result is the same bits in every run. Memory beside ``out``: one more of its size where
    blocks are few, so that horizontal and vertical scans run at the same time, and sums of half
    types in float32.

    ``merge`` is ``"max"``, ``"mean"`` or ``"weights"``, these (N, D or D + 1, H, W).
    """
    if not out.numel():
        return
    values, raw = x.contiguous(), gates.contiguous()
    weighted = values if weights is None else weights.contiguous()
    n, channels, height, width = values.shape
    groups, planes = raw.shape[1], raw.shape[3]
    kind = x.dtype if merge == "max" else _ARITHMETIC[x.dtype]
    target = out if out.dtype == kind else torch.empty_like(out, dtype=kind)
    mixed = any(d < 2 for d in directions) and any(d >= 2 for d in directions)
    apart = mixed and n * channels < _BLOCKS_WANTED
    extra = torch.empty_like(target) if apart else target.new_empty(1)  # then unused
    threads, shared, tiled = _plan(height, width, directions, x.dtype)
    weighing = {"max": -1, "mean": 0}.get(merge, weighted.shape[1])
    kernel = kernels(_name(x.dtype), planes - (mode == 2), mode, _name(kind)).merge
    kernel[(1 + apart, channels, n), threads, stream_of(x.device), shared](
        flat(values), flat(raw), flat(weighted), flat(target), flat(extra), pack(directions),
        len(directions), channels, groups, weighing, height, width, tiled,
    )  # fmt: skip
    if apart and merge == "max":
        torch.maximum(target, extra, out=target)
    elif apart:
        target.add_(extra)
    if target is not out:
        out.copy_(target)
