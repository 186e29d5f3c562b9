"""Features of an image from a network that was trained to tell a thousand things apart.

EfficientNet-Lite0: the shape of Tan & Le, "EfficientNet: Rethinking Model Scaling for
Convolutional Neural Networks", ICML 2019, in its variant for small devices (ReLU6, no
squeeze-and-excitation). The refiner's own pyramid sees edges and colours; this one knows what
belongs together.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

_STEM = 32
# Expansion, kernel, stride, channels, repeats; a feature is taken where ``tap`` says so.
_STAGES: tuple[tuple[int, int, int, int, int, bool], ...] = (
    (1, 3, 1, 16, 1, True),
    (6, 3, 2, 24, 2, True),
    (6, 5, 2, 40, 2, True),
    (6, 3, 2, 80, 3, False),
    (6, 5, 1, 112, 3, True),
    (6, 5, 2, 192, 4, False),
    (6, 3, 1, 320, 1, True),
)

BACKBONE_WIDTHS = tuple(stage[3] for stage in _STAGES if stage[5])
"""Channels of the features at the strides 2, 4, 8, 16, 32."""

TUNED_FROM = 3
"""The first stage that training moves; what lies before it sees edges and textures and stays."""


def block_names() -> list[tuple[str, bool]]:
    """Return the name of each block in the order of the network, and whether it widens."""
    return [
        (f"stages.{stage}.{i}", shape[0] != 1)
        for stage, shape in enumerate(_STAGES)
        for i in range(shape[4])
    ]


class _Conv(nn.Conv2d):
    """A convolution that keeps or halves an even size as TensorFlow's "same" padding does."""

    def __init__(
        self, cin: int, cout: int, kernel: int, *, stride: int = 1, groups: int = 1
    ) -> None:
        self.uneven = (kernel - 2) // 2 if stride == 2 else None
        super().__init__(
            cin,
            cout,
            kernel,
            stride=stride,
            padding=kernel // 2 if stride == 1 else 0,
            groups=groups,
        )

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Convolve (N, C, H, W)."""
        if self.uneven is not None:
            before, after = self.uneven, self.kernel_size[0] - 2 - self.uneven
            input = functional.pad(input, (before, after, before, after))
        return super().forward(input)


class _InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow; batch statistics are folded into the weights."""

    def __init__(self, cin: int, cout: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = cin * expansion
        self.expand = None if expansion == 1 else _Conv(cin, wide, 1)
        self.depthwise = _Conv(wide, wide, kernel, stride=stride, groups=wide)
        self.project = _Conv(wide, cout, 1)
        self.residual = stride == 1 and cin == cout

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> (N, C', H / stride, W / stride)."""
        y = x if self.expand is None else _relu6(self.expand(x))
        y = self.project(_relu6(self.depthwise(y)))
        return x + y if self.residual else y


def _relu6(x: torch.Tensor) -> torch.Tensor:
    # In place where nothing has to be kept for gradients: the maps are wide and memory is slow.
    return functional.relu6(x, inplace=not torch.is_grad_enabled())


class EfficientNetLite0(nn.Module):
    """Image in, features at five strides out."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = _Conv(3, _STEM, 3, stride=2)
        stages, cin = [], _STEM
        for expansion, kernel, stride, cout, repeats, _ in _STAGES:
            blocks = []
            for i in range(repeats):
                blocks.append(
                    _InvertedResidual(cin, cout, expansion, kernel, stride if i == 0 else 1)
                )
                cin = cout
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)

    def forward(self, rgb: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """(N, 3, H, W) in [0, 1], multiples of 32 -> (N, C_s, H / s, W / s), s = 2, 4, 8, 16, 32.

        No gradient reaches the stages before ``TUNED_FROM``.
        """
        out = []
        with torch.set_grad_enabled(False):
            x = _relu6(self.stem(((rgb * 255 - 127) / 128).to(self.stem.weight.dtype)))
        for i, (stage, shape) in enumerate(zip(self.stages, _STAGES, strict=True)):
            with torch.set_grad_enabled(torch.is_grad_enabled() and i >= TUNED_FROM):
                x = stage(x)
            if shape[5]:
                out.append(x)
        return tuple(out)
