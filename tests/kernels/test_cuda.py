"""The CUDA kernels: in the simulator, as PTX, and on a GPU where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
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
        pytest.param(["--all"], 36, marks=pytest.mark.long, id="all"),
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
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        assert dtype in done.stdout


def signatures(name, connections, mode):
    """Return the kernels of a storage with the types that they are launched with."""
    from numba import types
    from spn_kernels.cuda_backward import backward_kernels
    from spn_kernels.cuda_kernels import kernels

    def array(kind):
        return types.Array(types.uint16 if kind == "bfloat16" else getattr(types, kind), 1, "C")

    stored, wide = array(name), array("float64" if name == "float64" else "float32")
    number = types.int64
    scans, back = kernels(name, connections, mode), backward_kernels(name, connections, mode)
    merges = {scans.merge: (*(stored,) * 5, *(number,) * 7, types.boolean)}
    if stored != wide:  # sums of half types are made beside them
        sums = kernels(name, connections, mode, wide.dtype.name)
        merges[sums.merge] = (*(stored,) * 3, wide, wide, *(number,) * 7, types.boolean)
    return {
        **merges,
        scans.forward: (*(stored,) * 3, *(number,) * 5, types.boolean),
        back.backward: (*(stored,) * 4, wide, wide, *(number,) * 7),
        back.finish: (stored, wide, stored, *(number,) * 4),
    }


@needs_package
@pytest.mark.slow
@pytest.mark.parametrize(
    ("capability", "name", "variant", "chosen"),
    [
        *((pair, "float32", (3, 2), ["forward", "backward"]) for pair in CAPABILITIES),
        ((9, 0), "float32", (1, 0), ["merge"]),
        ((9, 0), "float32", (1, 1), ["forward"]),
        ((9, 0), "float32", (3, 1), ["finish"]),
        ((7, 5), "bfloat16", (3, 2), ["merge", "finish"]),
        ((9, 0), "float16", (3, 0), ["forward", "backward"]),
        ((12, 0), "float64", (1, 2), ["merge", "finish"]),
    ],
    ids=str,
)
def test_kernels_compile_to_ptx_without_a_gpu(capability, name, variant, chosen, monkeypatch):
    from numba.cuda import dispatcher
    from spn_kernels.cuda_backward import backward_kernels
    from spn_kernels.cuda_kernels import cuda, kernels
    from spn_kernels.cuda_parts import parts
    from spn_kernels.cuda_storage import storage

    def forget():
        for made in (kernels, backward_kernels, parts, storage):
            made.cache_clear()

    # A device function asks for the device it is for, even when only PTX is wanted.
    device = SimpleNamespace(compute_capability=capability)
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: device)
    forget()
    for kernel, signature in signatures(name, *variant).items():
        function = kernel.py_func
        if function.__name__ not in chosen:
            continue
        try:
            ptx, _ = cuda.compile_ptx(function, signature, cc=capability)
        except OSError as error:  # no compiler from CUDA's wheels on this system
            pytest.skip(f"NVVM is not installed: {error}")
        assert f".target sm_{capability[0]}{capability[1]}" in ptx
        assert ("bar.sync" in ptx) == (function.__name__ != "finish")
        # Arrays of a thread have become registers, and no function is left to be called.
        assert ".local" not in ptx
        assert "call" not in ptx
        if name != "float64":
            # Doubles would halve the speed or worse on most devices.
            assert ".f64" not in ptx
    forget()


@needs_package
@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_half_types_are_stored_as_torch_rounds_them(name):
    from spn_kernels.cuda_storage import storage

    functions, dtype = storage(name), getattr(torch, name)
    load, store = functions.load.py_func, functions.store.py_func
    bits = torch.arange(0, 2**16, 7, dtype=torch.int32).to(torch.uint16)
    stored = bits.view(dtype)
    array = (stored.view(torch.uint16) if name == "bfloat16" else stored).numpy()
    wide = np.array([load(array, i) for i in range(len(array))])
    assert wide.dtype == np.float32
    np.testing.assert_array_equal(wide, stored.float().numpy())
    # Halfway between two neighbours, a little to either side, and what is no number.
    finite = wide[np.isfinite(wide) & (np.abs(wide) < 6e4)]
    half = (finite.view(np.uint32) + 2 ** (15 if name == "bfloat16" else 12)).view(np.float32)
    edges = np.array([np.inf, -np.inf, np.nan, 3.4e38, -3.4e38, 1e-45, 0.0, -0.0], np.float32)
    values = np.concatenate([wide, half, np.nextafter(half, 0), np.nextafter(half, 1e30), edges])
    found = np.zeros(len(values), array.dtype)
    with np.errstate(over="ignore"):
        for i, value in enumerate(values):
            store(found, i, value)
    back = torch.from_numpy(found).view(dtype)
    expected = torch.from_numpy(values).to(dtype)
    torch.testing.assert_close(back, expected, rtol=0, atol=0, equal_nan=True)


def test_a_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(cuda_seam, "find_spec", lambda name: None)
    cuda_seam.cuda_module.cache_clear()
    try:
        with pytest.raises(CudaUnavailableError, match=r"install spn-annotator\[cuda\]"):
            cuda_seam.cuda_module()
    finally:
        cuda_seam.cuda_module.cache_clear()


def test_a_tensor_on_cuda_without_the_extra_names_the_extra():
    # No GPU is asked for: torch is told which kernel to take, as it would for such a tensor.
    code = """
import torch
from spn_kernels import CudaUnavailableError, cuda_seam, library

cuda_seam.find_spec = lambda name: None
x, gates = torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 4, 3, 2, 2)
scans = torch.zeros(1, 1, 4, 2, 2)
keys = torch._C.DispatchKeySet(torch._C.DispatchKey.CUDA)
for operator, arguments in (
    (torch.ops.spn_kernels.scan, (x, gates, [0, 1, 2, 3], 0)),
    (torch.ops.spn_kernels.scan_backward, (x, gates, scans, scans, [0, 1, 2, 3], 0)),
):
    try:
        operator.default.redispatch(keys, *arguments)
    except CudaUnavailableError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("install spn-annotator[cuda]") == 2


@needs_package
def test_launches_go_to_the_current_stream_of_torch(monkeypatch):
    from spn_kernels import cuda

    current = SimpleNamespace(cuda_stream=1234)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: current)
    monkeypatch.setattr(cuda, "cuda", SimpleNamespace(external_stream=lambda handle: handle))
    assert cuda.stream_of(torch.device("cuda")) == 1234


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

    assert forward_plan(256, 4, rows=256) == (256, 256 * 11 * 4, True)
    threads, shared, tiled = forward_plan(1024, 4, rows=1024)
    assert (threads, tiled) == (1024, True)
    assert shared <= 48 * 1024
    assert forward_plan(1100, 4, rows=200) == (1024, 1024 * 11 * 4, True)
    assert forward_plan(1100, 4, rows=1100) == (1024, 2 * 1100 * 4, False)
    assert forward_plan(4096, 4, rows=4096) == (1024, 2 * 4096 * 4, False)
    assert forward_plan(100, 8, rows=0)[2] is False
    with pytest.raises(LineTooLongError, match="7000 elements"):
        forward_plan(7000, 4, rows=7000)


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
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("merge", ["max", "mean", "weights"])
@pytest.mark.parametrize("channels", [2, 300])  # in two parts at the same time, or in one
def test_merged_scans_on_a_gpu_agree_with_the_cpu_and_are_the_same_bits_again(
    dtype, merge, channels
):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, channels, 37, 70, generator=generator).to("cuda", dtype)
    logits = torch.randn(1, 1, 4, 4, 37, 70, generator=generator).to("cuda", dtype)
    weights = torch.rand(1, 5, 37, 70, generator=generator).to("cuda", dtype)

    def merged(wanted, *tensors):
        here = [t.to(wanted) for t in tensors]
        how = here[2] if merge == "weights" else merge
        return propagate(here[0], here[1], merge=how, passes=2)

    with torch.no_grad():
        found, again = merged(dtype, x, logits, weights), merged(dtype, x, logits, weights)
        expected = merged(torch.float64, x.cpu(), logits.cpu(), weights.cpu())
    assert torch.equal(found, again)
    tolerance = {torch.float64: 1e-9, torch.float32: 1e-3}.get(dtype, 0.1)
    torch.testing.assert_close(found.cpu().double(), expected, atol=tolerance, rtol=tolerance)


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
