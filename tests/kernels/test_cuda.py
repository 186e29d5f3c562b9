"""The CUDA kernels: in the simulator, as PTX, and on a GPU where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from spn_kernels import CudaUnavailableError, cuda_seam, normalize_gates, propagate, scan

needs_package = pytest.mark.skipif(
    find_spec("numba_cuda") is None, reason="numba-cuda is not installed (extra: cuda)"
)
CAPABILITIES = [(7, 5), (8, 0), (9, 0), (10, 0), (12, 0)]
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


@needs_package
@pytest.mark.parametrize(
    ("options", "count"),
    [
        pytest.param([], 6, marks=pytest.mark.slow, id="seeded"),
        pytest.param(["--all"], 72, marks=pytest.mark.long, id="all"),
    ],
)
def test_kernels_agree_with_the_reference_in_the_simulator(repository, options, count):
    path = os.pathsep.join([str(repository / "kernels"), str(repository)])
    done = subprocess.run(
        [sys.executable, "-W", "error", Path(__file__).with_name("cuda_simulation.py"), *options],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert f"{count} cases agree" in done.stdout


@needs_package
@pytest.mark.slow
@pytest.mark.parametrize(
    ("capability", "dtype", "variants"),
    [
        *(((major, minor), "float32", [(3, 2)]) for major, minor in CAPABILITIES),
        ((9, 0), "float32", [(1, 0), (1, 1), (1, 2), (3, 0), (3, 1)]),
        ((9, 0), "float64", [(1, 1), (3, 2)]),
    ],
    ids=str,
)
def test_kernels_compile_to_ptx_without_a_gpu(capability, dtype, variants, monkeypatch):
    from numba import types
    from numba.cuda import dispatcher
    from spn_kernels.cuda_kernels import cuda, kernels

    # A device function asks for the device it is for, even when only PTX is wanted.
    device = SimpleNamespace(compute_capability=capability)
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: device)
    array, number = types.Array(getattr(types, dtype), 1, "C"), types.int64
    for connections, mode in variants:
        kernels.cache_clear()
        kernel = kernels(dtype, connections, mode)
        arguments = {
            kernel.forward: (*(array,) * 3, *(number,) * 5, types.boolean),
            kernel.backward: (*(array,) * 6, *(number,) * 6),
        }
        for function, signature in arguments.items():
            try:
                ptx, _ = cuda.compile_ptx(function.py_func, signature, cc=capability)
            except OSError as error:  # no compiler from CUDA's wheels on this system
                pytest.skip(f"NVVM is not installed: {error}")
            assert f".target sm_{capability[0]}{capability[1]}" in ptx
            assert "bar.sync" in ptx
            if dtype == "float32":
                # Doubles would halve the speed or worse on most devices.
                assert ".f64" not in ptx
    kernels.cache_clear()


def test_a_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(cuda_seam, "find_spec", lambda name: None)
    cuda_seam.cuda_module.cache_clear()
    try:
        with pytest.raises(CudaUnavailableError, match=r"install spn-annotator\[cuda\]"):
            cuda_seam.cuda_module()
    finally:
        cuda_seam.cuda_module.cache_clear()


def test_importing_the_package_asks_for_no_cuda():
    code = (
        "import sys, spn_kernels; print('numba.cuda' in sys.modules, 'numba_cuda' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False"]


@needs_package
def test_launch_plans_fit_the_shared_memory_of_every_device():
    from spn_kernels.cuda import LineTooLongError, forward_plan

    assert forward_plan(256, 4, horizontal=True) == (256, (2 * 258 + 256 * 9) * 4, True)
    threads, shared, tiled = forward_plan(1024, 4, horizontal=True)
    assert (threads, tiled) == (1024, True)
    assert shared <= 48 * 1024
    assert forward_plan(4096, 4, horizontal=True) == (1024, 2 * 4098 * 4, False)
    assert forward_plan(100, 8, horizontal=False)[2] is False
    with pytest.raises(LineTooLongError, match="7000 elements"):
        forward_plan(7000, 4, horizontal=True)


@needs_gpu
@needs_package
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("normalization", ["convex", "signed", None])
def test_a_gpu_agrees_with_the_cpu(dtype, normalization):
    generator = torch.Generator().manual_seed(0)
    k = 4 if normalization == "convex" else 3
    x = torch.rand(2, 4, 65, 130, generator=generator)
    gates = torch.randn(2, 2, 4, k, 65, 130, generator=generator)
    gates = gates if normalization else normalize_gates(gates, "signed")
    options = {"normalization": normalization, "merge": "mean", "passes": 2}
    wide = torch.float64 if dtype == torch.float64 else torch.float32
    here = [x.to(wide).requires_grad_(), gates.to(wide).requires_grad_()]
    there = [t.detach().to("cuda", dtype).requires_grad_() for t in (x, gates)]
    expected, found = propagate(*here, **options), propagate(*there, **options)
    (expected**2).sum().backward()
    (found.to(wide) ** 2).sum().backward()
    tolerance = {torch.float64: 1e-9, torch.float32: 1e-3}.get(dtype, 0.1)
    for a, b in zip(
        [expected, *(t.grad for t in here)], [found, *(t.grad for t in there)], strict=True
    ):
        assert a is not None
        assert b is not None
        torch.testing.assert_close(b.cpu().to(wide), a, atol=tolerance, rtol=tolerance)


@needs_gpu
@needs_package
def test_a_side_stream_waits_for_what_was_written_on_it():
    x = torch.rand(8, 4, 256, 256, device="cuda")
    gates = torch.rand(8, 1, 4, 3, 256, 256, device="cuda") / 3
    expected = scan(2 * x, gates)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        found = scan(x * 2, gates)
    stream.synchronize()
    assert torch.equal(found, expected)
