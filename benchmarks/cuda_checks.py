"""Whether the CUDA path is right and safe: the first steps of ``bench_cuda``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import torch
from spn_kernels import DIRECTIONS, normalize_gates
from spn_kernels.cuda_seam import simulated
from spn_kernels.gates import MODES
from spn_kernels.torch_loop import scan_torch

ROOT = Path(__file__).resolve().parent.parent

CODES = [0, 1, 2, 3]

Shape = tuple[int, int, int, int, int]
"""Images, channels, groups, height, width."""

CHECKED: list[Shape] = [(2, 4, 2, 65, 130), (1, 2, 1, 1100, 37), (1, 2, 2, 30, 1500)]
TINY: list[Shape] = [(1, 1, 1, 3, 9)]

# Rounding of what is stored, and of sums over many pixels in the arithmetic.
TOLERANCE = {
    torch.float64: 1e-9,
    torch.float32: 1e-3,
    torch.float16: 1e-2,
    torch.bfloat16: 6e-2,
}


def where() -> torch.device:
    """Return the device of the tensors: the CPU for the simulator."""
    return torch.device("cpu" if simulated() else "cuda")


def inputs(
    shape: Shape, dtype: torch.dtype, planes: int, *, scale: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return x and gates or logits of a shape, the same in every run."""
    n, channels, groups, height, width = shape
    generator = torch.Generator(where()).manual_seed(0)
    options = {"generator": generator, "device": where()}
    x = torch.rand(n, channels, height, width, **options)
    raw = scale * torch.randn(n, groups, 4, planes, height, width, **options)
    return x.to(dtype), raw.to(dtype)


def check(shape: Shape, dtype: torch.dtype, mode: int, connections: int) -> float:
    """Return the largest difference to plain torch in float64, as a share of what is allowed."""
    from spn_kernels.cuda import merge_scans_cuda, scan_backward_cuda, scan_cuda

    x, raw = inputs(shape, dtype, connections + (mode == 2), scale=2.0)
    raw = raw if mode else normalize_gates(raw, "signed")
    weights = torch.rand(x.shape[0], 5, *x.shape[2:], device=x.device).to(dtype)
    wide, wide_raw = (t.cpu().double().requires_grad_() for t in (x, raw))
    scans = scan_torch(wide, normalize_gates(wide_raw, MODES[mode]), DIRECTIONS)
    found = scan_cuda(x, raw, CODES, mode)
    pairs = [(found, scans.detach())]
    with_x = torch.cat([scans, wide[:, :, None]], dim=2).detach()
    weighted = (with_x * weights[:, None].cpu().double()).sum(2)
    merged = {"max": scans.amax(2), "mean": scans.mean(2), "weights": weighted}
    for merge, expected in merged.items():
        out = torch.full_like(x, torch.nan)
        given = weights if merge == "weights" else None
        merge_scans_cuda(x, raw, CODES, mode, merge, given, out)
        pairs.append((out, expected.detach()))
    grad = torch.rand_like(found)
    gradients = torch.autograd.grad(scans, (wide, wide_raw), grad.cpu().double())
    pairs += zip(scan_backward_cuda(x, raw, found, grad, CODES, mode), gradients, strict=True)
    worst = 0.0
    for a, b in pairs:
        difference = (a.cpu().double() - b).abs().max() / max(1.0, float(b.abs().max()))
        share = float(difference) / TOLERANCE[dtype]
        worst = max(worst, share if share == share else float("inf"))
    return worst


def check_all() -> list[dict[str, object]]:
    """Return the result of every case of the first step."""
    cases = [
        (shape, dtype, mode, connections)
        for shape in CHECKED
        for dtype in TOLERANCE
        for mode in range(3)
        for connections in (1, 3)
    ]
    if simulated():
        cases = [(TINY[0], torch.bfloat16, 2, 3)]
    found = []
    for shape, dtype, mode, connections in cases:
        worst = check(shape, dtype, mode, connections)
        name = f"{'x'.join(map(str, shape))} {dtype} {MODES[mode]} {connections}-way"
        if worst > 1:
            print(f"WRONG: {name} is off by {worst:.2f} times what is allowed", flush=True)
        found.append({"case": name, "share": worst, "right": worst <= 1})
    right = sum(bool(f["right"]) for f in found)
    print(f"{right} of {len(found)} cases agree with plain torch in float64", flush=True)
    return found


def check_side_stream() -> bool | None:
    """Say whether scans on a side stream wait for what they read; None without a GPU."""
    if simulated():
        print("side stream: not tried, the simulator has none")
        return None
    from spn_kernels.cuda import scan_cuda

    x, gates = inputs((16, 4, 1, 256, 256), torch.float32, 3, scale=0.2)
    expected = scan_cuda(2 * x, gates, CODES, 0)
    right = True
    for _ in range(20):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            late = x.clone()
            torch.cuda._sleep(10_000_000)  # some milliseconds: who does not wait reads too early
            found = scan_cuda(late.mul_(2), gates, CODES, 0)
        torch.cuda.current_stream().wait_stream(stream)
        right &= bool(torch.equal(found, expected))
    print(f"side stream: {'right' if right else 'WRONG'}")
    return right


def sanitize() -> dict[str, str]:
    """Return what compute-sanitizer's tools say about the first step, "not found" without it."""
    homes = [os.environ.get(name, "") for name in ("CUDA_HOME", "CUDA_PATH")] + ["/usr/local/cuda"]
    paths = os.pathsep.join([os.environ.get("PATH", ""), *(f"{h}/bin" for h in homes if h)])
    program = shutil.which("compute-sanitizer", path=paths)
    if program is None or simulated():
        print("compute-sanitizer: not run, " + ("not found" if program is None else "no GPU"))
        return {"compute-sanitizer": "not run"}
    said = {}
    for tool in ("memcheck", "racecheck", "synccheck"):
        done = subprocess.run(
            [program, f"--tool={tool}", "--error-exitcode=9", sys.executable, "-m",
             "benchmarks.bench_cuda", "--checks-only"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said[tool] = "clean" if done.returncode == 0 else f"exit status {done.returncode}"
        print(f"compute-sanitizer {tool}: {said[tool]}", flush=True)
        if done.returncode:
            print(done.stdout[-2000:])
    return said
