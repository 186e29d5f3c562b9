"""The propagation operator on a GPU: is it right, is it safe, how fast is it; all in one run.

    python -m benchmarks.bench_cuda [--json FILE] [--checks-only]

1. Forward, backward and merged scans in every dtype against plain torch in float64.
2. A side stream: work on it must wait for what was written on it.
3. compute-sanitizer (memcheck, racecheck, synccheck) over the first step, where it is installed.
4. Times: forward (four directions kept), backward and fused inference against a copy of the
   compulsory bytes (x, gates and outputs once each), a plain kernel that is launched for each line,
   and a loop of torch operations, by CUDA events, the best of several runs.

With ``NUMBA_ENABLE_CUDASIM=1`` the same program runs in Numba's simulator on tiny images, which
proves that it runs but gives no times that mean anything. Without both it says so and ends.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import torch  # noqa: E402  (the paths come first)
from spn_kernels import DIRECTIONS  # noqa: E402
from spn_kernels.cuda_seam import CudaUnavailableError, simulated  # noqa: E402
from spn_kernels.torch_loop import scan_torch  # noqa: E402

from benchmarks.cuda_checks import (  # noqa: E402
    CODES,
    TINY,
    Shape,
    check_all,
    check_side_stream,
    inputs,
    sanitize,
    where,
)
from benchmarks.report import machine, print_table, verdict, write_json  # noqa: E402

TIMED: list[Shape] = [
    (16, 8, 1, 1024, 1024),
    (16, 8, 8, 1024, 1024),
    (16, 32, 1, 256, 256),
    (16, 32, 32, 256, 256),
    (1, 1, 1, 1024, 1024),
    (1, 8, 1, 1024, 1024),
]
_RUNS = 20


@dataclass(frozen=True)
class Row:
    """The figures of one shape; times in milliseconds."""

    shape: str
    dtype: str
    lines: int
    forward: float
    backward: float
    fused: float
    copy: float
    launch_a_line: float
    loop: float

    @property
    def of_copy(self) -> float:
        """The share of the copy's speed that the forward scan reaches."""
        return self.copy / self.forward

    @property
    def microseconds_a_line(self) -> float:
        """Time of the forward scan, all directions at once, divided by the lines of one."""
        return 1e3 * self.forward / self.lines


def milliseconds(call: Callable[[], object]) -> float:
    """Return the shortest of several runs."""
    if simulated():
        began = time.perf_counter()
        call()
        return 1e3 * (time.perf_counter() - began)
    call()
    times = []
    for _ in range(_RUNS):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        call()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return min(times)


def copy_time(size: int) -> float:
    """Return the milliseconds of a copy that reads and writes ``size`` bytes in all."""
    source = torch.zeros(size // 2, dtype=torch.uint8, device=where())
    target = torch.empty_like(source)
    return milliseconds(lambda: target.copy_(source))


def fused_time(shape: Shape, dtype: torch.dtype) -> float:
    """Return the milliseconds from logits to one result, merged with weights."""
    from spn_kernels.cuda import merge_scans_cuda

    x, logits = inputs(shape, dtype, 4)
    out, weights = torch.empty_like(x), torch.full_like(x[:, :1], 0.2).repeat(1, 5, 1, 1)
    return milliseconds(lambda: merge_scans_cuda(x, logits, CODES, 2, "weights", weights, out))


def measure(shape: Shape, dtype: torch.dtype) -> Row:
    """Return the figures of one shape, with three-way gates."""
    from spn_kernels.cuda import scan_backward_cuda, scan_into_cuda

    from benchmarks.cuda_line import scan_line_by_line

    n, channels, groups, height, width = shape
    x, gates = inputs(shape, dtype, 3, scale=0.2)
    scans = torch.empty(n, channels, 4, height, width, dtype=dtype, device=x.device)
    forward = milliseconds(lambda: scan_into_cuda(x, gates, CODES, 0, scans))
    line = loop = float("nan")  # in float32 alone
    if dtype == torch.float32:
        line = milliseconds(lambda: scan_line_by_line(x, gates, scans))
        loop = milliseconds(lambda: scan_torch(x, gates, DIRECTIONS))
    grad = torch.ones_like(scans)
    return Row(
        shape=f"{n}x{channels}x{height}x{width}" + (" own gates" if groups > 1 else ""),
        dtype=str(dtype).removeprefix("torch."),
        lines=max(height, width),
        forward=forward,
        backward=milliseconds(lambda: scan_backward_cuda(x, gates, scans, grad, CODES, 0)),
        fused=fused_time(shape, dtype),
        copy=copy_time(x.nbytes + gates.nbytes + scans.nbytes),
        launch_a_line=line,
        loop=loop,
    )


def measure_all() -> list[Row]:
    """Return the figures of every shape that the GPU's memory takes."""
    shapes, dtypes = TIMED, (torch.float32, torch.bfloat16)
    if simulated():
        shapes, dtypes = TINY, (torch.float32,)
    rows = []
    for dtype in dtypes:
        for shape in shapes:
            try:
                rows.append(measure(shape, dtype))
            except torch.cuda.OutOfMemoryError:
                print(f"{shape} {dtype}: too little memory, left out", flush=True)
    return rows


def bars(rows: list[Row]) -> list[str]:
    """Return each goal with its figure."""
    said = []
    for row in (r for r in rows if r.dtype == "float32"):
        if row.shape.startswith("1x1x"):
            text = verdict(row.microseconds_a_line, 1.0, more=False, unit=" us a line")
        elif row.shape.startswith("16x"):
            text = verdict(row.of_copy, 0.6, more=True, unit=" of the copy's speed")
        else:
            continue
        said.append(f"{row.shape}: {text}")
    return said


def run(*, checks_only: bool, json: Path | None) -> int:
    """Do all steps; return 0 if nothing was wrong."""
    name = "Numba's simulator" if simulated() else torch.cuda.get_device_name()
    print(name)
    checks = check_all()
    wrong = [c for c in checks if not c["right"]]
    if checks_only:
        return 1 if wrong else 0
    side, tools = check_side_stream(), sanitize()
    rows = measure_all()
    print_table(
        ["shape", "dtype", "forward", "backward", "fused", "copy", "of copy", "line by line",
         "loop", "us a line"],
        [
            [r.shape, r.dtype]
            + [f"{v:.3g}" for v in (r.forward, r.backward, r.fused, r.copy, r.of_copy)]
            + [f"{v / r.forward:.3g}x" for v in (r.launch_a_line, r.loop)]
            + [f"{r.microseconds_a_line:.3g}"]
            for r in rows
        ],
    )  # fmt: skip
    for text in [] if simulated() else bars(rows):
        print(text)
    if json:
        figures = [
            asdict(r) | {"of_copy": r.of_copy, "microseconds_a_line": r.microseconds_a_line}
            for r in rows
        ]
        packages = machine("torch", "numba-cuda", "numba")
        write_json(
            json,
            {"device": name, "machine": packages, "checks": checks, "side_stream": side,
             "sanitizer": tools, "rows": figures},
        )  # fmt: skip
    unsafe = side is False or any(v.startswith("exit") for v in tools.values())
    return 1 if wrong or unsafe else 0


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--checks-only", action="store_true", help="the first step alone")
    options = parser.parse_args(arguments)
    if not simulated() and not torch.cuda.is_available():
        print("no GPU that torch can use: nothing is measured (NUMBA_ENABLE_CUDASIM=1 for a trial)")
        return 0
    try:
        return run(checks_only=options.checks_only, json=options.json)
    except CudaUnavailableError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
