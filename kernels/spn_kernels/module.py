"""The operator as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import nn

from spn_kernels.gates import Normalization
from spn_kernels.ops import DIRECTIONS, Merge, Seeds, propagate


class SpatialPropagation(nn.Module):
    """:func:`spn_kernels.propagate` with its options fixed; it has no weights of its own.

    Parameters
    ----------
    normalization, connections, directions, passes
        As there.
    merge : {"max", "mean", "none"}
        As there; weights are given to ``forward``, because a network makes them.
    """

    def __init__(
        self,
        *,
        normalization: Normalization = "convex",
        connections: Literal[1, 3] = 3,
        directions: Sequence[str] = DIRECTIONS,
        merge: Literal["max", "mean", "none"] = "max",
        passes: int = 1,
    ) -> None:
        super().__init__()
        self.normalization: Normalization = normalization
        self.connections: Literal[1, 3] = connections
        self.directions = tuple(directions)
        self.merge: Literal["max", "mean", "none"] = merge
        self.passes = passes

    @property
    def gate_planes(self) -> int:
        """Return how many planes of gates a direction takes: what a head has to give."""
        return self.connections + (self.normalization == "convex")

    def forward(
        self,
        x: torch.Tensor,
        gates: torch.Tensor,
        *,
        weights: torch.Tensor | None = None,
        seeds: Seeds | None = None,
    ) -> torch.Tensor:
        """Spread x; arguments and errors as in :func:`spn_kernels.propagate`."""
        merge: Merge = self.merge if weights is None else weights
        return propagate(
            x,
            gates,
            normalization=self.normalization,
            connections=self.connections,
            directions=self.directions,
            merge=merge,
            passes=self.passes,
            seeds=seeds,
        )

    def extra_repr(self) -> str:
        """Show the options."""
        return (
            f"normalization={self.normalization!r}, connections={self.connections}, "
            f"directions={self.directions}, merge={self.merge!r}, passes={self.passes}"
        )
