"""The scan as an operator of torch: registered, traced, compiled, exported."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from spn_kernels import propagate
from spn_kernels.library import scan_backward_op, scan_op


def case(dtype=torch.float32, grad=True):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 2, 5, 6, dtype=dtype, generator=generator)
    gates = torch.randn(1, 1, 4, 4, 5, 6, dtype=dtype, generator=generator)
    return x.requires_grad_(grad), gates.requires_grad_(grad)


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_opcheck_of_forward_and_backward(mode):
    x, gates = case()
    gates = (gates[:, :, :, : 4 if mode == 2 else 3] / 4).detach().requires_grad_()
    torch.library.opcheck(scan_op, (x, gates, [0, 1, 2, 3], mode))
    out = scan_op(x, gates, [0, 1, 2, 3], mode).detach()
    arguments = (x.detach(), gates.detach(), out, torch.ones_like(out), [0, 1, 2, 3], mode)
    torch.library.opcheck(scan_backward_op, arguments)


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("directions", [[2], [3, 0]], ids=str)
def test_opcheck_with_one_way_gates_some_directions_and_groups(connections, directions):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(2, 4, 3, 5, generator=generator).requires_grad_()
    planes = (2, 2, len(directions), connections + 1, 3, 5)
    logits = torch.randn(planes, generator=generator).requires_grad_()
    # The static checks are the same for every option, and slow.
    chosen = ("test_faketensor", "test_aot_dispatch_dynamic")
    torch.library.opcheck(scan_op, (x, logits, directions, 2), test_utils=chosen)


class Sharpen(torch.nn.Module):
    def forward(self, x: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        return propagate(x, gates, passes=2)


def test_an_exported_program_holds_the_operator_as_one_node_a_pass():
    x, gates = case(grad=False)
    program = torch.export.export(Sharpen(), (x, gates))
    nodes = [n for n in program.graph.nodes if "spn_kernels.scan" in str(n.target)]
    assert len(nodes) == 2
    torch.testing.assert_close(program.module()(x, gates), propagate(x, gates, passes=2))


def test_a_compiled_module_agrees_forward_and_backward():
    x, gates = case()
    compiled = torch.compile(Sharpen(), backend="aot_eager", fullgraph=True)
    found, expected = compiled(x, gates), propagate(x, gates, passes=2)
    torch.testing.assert_close(found, expected)
    weight = torch.rand(found.shape, generator=torch.Generator().manual_seed(1))
    for output in (found, expected):
        (output * weight).sum().backward(inputs=[x, gates])
    doubled = x.grad
    x2, gates2 = case()
    (propagate(x2, gates2, passes=2) * weight).sum().backward()
    assert doubled is not None
    torch.testing.assert_close(doubled, 2 * x2.grad)
    torch.testing.assert_close(gates.grad, 2 * gates2.grad)


class Configured(torch.nn.Module):
    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self.options = options

    def forward(self, x, gates, weights, mask, values):
        options = dict(self.options)
        if options.get("merge") == "weights":
            options["merge"] = weights
        if options.pop("seeded", False):
            options["seeds"] = (mask, values)
        return propagate(x, gates, **options)


@pytest.mark.parametrize(
    ("options", "planes", "directions"),
    [
        ({"normalization": "signed", "merge": "mean"}, 3, 4),
        ({"connections": 1, "directions": ("down", "left"), "merge": "none"}, 2, 2),
        ({"merge": "weights", "seeded": True, "passes": 2}, 4, 4),
    ],
    ids=["signed mean", "one-way two directions kept", "weights seeds two passes"],
)
def test_options_go_through_compile_and_export(options, planes, directions):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 2, 5, 6, generator=generator)
    gates = torch.randn(1, 2, directions, planes, 5, 6, generator=generator)
    weights = torch.rand(1, 5, 5, 6, generator=generator)
    mask = torch.rand(1, 1, 5, 6, generator=generator) > 0.5
    arguments = (x, gates, weights, mask, torch.ones_like(x))
    module = Configured(options)
    expected = module(*arguments)
    program = torch.export.export(module, arguments)
    torch.testing.assert_close(program.module()(*arguments), expected, atol=1e-5, rtol=1e-5)
    compiled = torch.compile(module, backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(*arguments), expected, atol=1e-5, rtol=1e-5)
