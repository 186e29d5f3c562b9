"""The scan as an operator of torch: registered, traced, compiled, exported."""

from __future__ import annotations

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
