"""The propagation operator against a copy of the same bytes and a plain torch loop, in one run.

    python -m benchmarks.bench_kernels [--json FILE] [--plot FILE] [--threads N]

For each shape: milliseconds of the forward scan (four directions kept), the backward pass and the
fused inference (convex gates from logits, weighted merge); the compulsory bytes (x, gates and
outputs once each) a second; the ratios to a copy of as many bytes and to a fill of the outputs
alone, both measured in the same run; and the ratio to the same scan as a loop of torch operations.
Forward and fused write to memory that is given; backward makes its gradients, as training does.
The best of several runs counts.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import torch  # noqa: E402  (the paths come first)
from spn_kernels import DIRECTIONS, propagate, scan, warm_up  # noqa: E402
from spn_kernels.torch_loop import scan_torch  # noqa: E402

from benchmarks.report import Chart, Series, draw, write_json  # noqa: E402

SHAPES = [
    # channels, groups, height, width
    (32, 1, 128, 128),
    (32, 1, 256, 256),
    (1, 1, 1024, 1024),
    (21, 1, 512, 512),
    (1, 1, 4096, 4096),
    (32, 32, 256, 256),
]
_BUDGET = 2.5  # seconds for the runs of one figure
_LEAST_RUNS = 3
_GROWTH = [64, 128, 256, 512, 1024, 2048, 4096]


@dataclass(frozen=True)
class Row:
    """The figures of one shape; times in milliseconds."""

    shape: str
    forward: float
    backward: float
    fused: float
    loop: float
    copy: float
    fill: float
    gigabytes_a_second: float

    @property
    def forward_to_copy(self) -> float:
        """How many times longer than a copy of the same bytes."""
        return self.forward / self.copy

    @property
    def forward_to_fill(self) -> float:
        """How many times longer than writing the outputs alone."""
        return self.forward / self.fill

    @property
    def loop_to_forward(self) -> float:
        """How many times faster than the loop of torch operations."""
        return self.loop / self.forward


def best(call: Callable[[], object]) -> float:
    """Return the shortest of several runs in milliseconds."""
    call()
    times: list[float] = []
    until = time.perf_counter() + _BUDGET
    while len(times) < _LEAST_RUNS or (time.perf_counter() < until and len(times) < 200):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times)


def copy_time(size: int) -> float:
    """Return the milliseconds of a copy that reads and writes ``size`` bytes in all."""
    source = torch.zeros(max(1, size // 8), dtype=torch.float32)
    target = torch.empty_like(source)
    return best(lambda: target.copy_(source))


def measure(channels: int, groups: int, height: int, width: int) -> Row:
    """Return the figures of one shape."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, channels, height, width, generator=generator)
    gates = torch.rand(1, groups, 4, 3, height, width, generator=generator) / 3
    logits = torch.randn(1, groups, 4, 4, height, width, generator=generator)
    weights = torch.full((1, 5, height, width), 0.2)
    out = torch.empty_like(x)
    scans = torch.zeros(1, channels, 4, height, width)
    pixels = height * width
    size = 4 * pixels * (channels + 12 * groups + 4 * channels)
    with torch.no_grad():
        forward = best(lambda: propagate(x, gates, normalization=None, merge="none", out=scans))
        fill = best(lambda: scans.fill_(1.0))
        fused = best(lambda: propagate(x, logits, merge=weights, out=out))
        loop = best(lambda: scan_torch(x, gates, DIRECTIONS))
    x.requires_grad_()
    gates.requires_grad_()
    result = scan(x, gates)
    grad = torch.ones_like(result).contiguous()
    backward = best(lambda: torch.autograd.grad(result, (x, gates), grad, retain_graph=True))
    copy = copy_time(size)
    name = f"{channels}x{height}x{width}" + (" own gates" if groups > 1 else "")
    return Row(name, forward, backward, fused, loop, copy, fill, size / forward / 1e6)


def growth() -> list[tuple[int, float]]:
    """Return (pixels, forward milliseconds) of one channel at growing sizes."""
    found = []
    with torch.no_grad():
        for side in _GROWTH:
            x, gates = torch.rand(1, 1, side, side), torch.rand(1, 1, 4, 3, side, side) / 3
            out = torch.zeros(1, 1, 4, side, side)

            def call(x=x, gates=gates, out=out) -> object:
                return propagate(x, gates, normalization=None, merge="none", out=out)

            found.append((side * side, best(call)))
    return found


def chart(points: list[tuple[int, float]]) -> Chart:
    """Return the figure of time against size."""
    first, last = points[0], points[-1]
    return Chart(
        title="Forward scan of one channel (grey: in proportion to the pixels)",
        x_title="pixels",
        y_title="forward, ms",
        series=(
            Series(
                points=tuple((float(pixels), ms) for pixels, ms in points),
                texts=tuple(f"{ms:.3g}" for _, ms in points),
                line=True,
            ),
        ),
        log_x=True,
        log_y=True,
        x_ticks=tuple((float(pixels), f"{round(pixels**0.5)}²") for pixels, _ in points),
        guides=(((first[0], last[1] * first[0] / last[0]), (last[0], last[1])),),
    )


def main() -> None:
    """Measure, print a table, write JSON and the plot where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    warm_up()
    print(f"{platform.processor() or platform.machine()}, {options.threads} threads, float32")
    print(
        f"{'shape':22} {'forward':>9} {'backward':>9} {'fused':>9} {'GB/s':>6} "
        f"{'/copy':>6} {'/fill':>6} {'bwd/fwd':>8} {'loop/fwd':>9}"
    )
    rows = []
    for shape in SHAPES:
        row = measure(*shape)
        rows.append(row)
        print(
            f"{row.shape:22} {row.forward:8.2f}  {row.backward:8.2f}  {row.fused:8.2f}  "
            f"{row.gigabytes_a_second:5.1f}  {row.forward_to_copy:5.2f}  "
            f"{row.forward_to_fill:5.2f}  "
            f"{row.backward / row.forward:7.2f}  {row.loop_to_forward:8.1f}",
            flush=True,
        )
    points = growth()
    for pixels, ms in points:
        print(f"1x{round(pixels**0.5)}²: {ms:.3f} ms, {1e6 * ms / pixels:.2f} ns a pixel")
    if options.plot:
        draw(chart(points), options.plot)
    if options.json:
        table = {"threads": options.threads, "rows": [asdict(r) for r in rows], "growth": points}
        write_json(options.json, table)


if __name__ == "__main__":
    main()
