"""Convolutions and blocks of the refinement model."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

_RELU_GAIN = 1.7139588594436646  # keeps unit variance through ReLU (Brock et al. 2021)


class ScaledConv(nn.Conv2d):
    """A convolution with standardised weights: training without batch statistics.

    Source: Brock et al., "Characterizing signal propagation to close the performance gap in
    unnormalized ResNets", ICLR 2021. Masks of four very different kinds share a batch, so the
    statistics of a batch say nothing about the mask at hand.
    """

    def __init__(
        self, cin: int, cout: int, kernel: int, *, stride: int = 1, after_relu: bool = True
    ) -> None:
        super().__init__(cin, cout, kernel, stride=stride, padding=kernel // 2)
        # Makes up for the variance a ReLU takes; on the weights it costs nothing.
        self.factor = _RELU_GAIN if after_relu else 1.0
        self.gain = nn.Parameter(torch.ones(cout, 1, 1, 1))
        nn.init.kaiming_normal_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def standardized(self) -> torch.Tensor:
        """Return the weights that the convolution uses."""
        fan_in = self.weight[0].numel()
        variance, mean = torch.var_mean(self.weight, dim=(1, 2, 3), keepdim=True)
        scale = torch.rsqrt((variance * fan_in).clamp(min=1e-4)) * (self.gain * self.factor)
        return (self.weight - mean) * scale

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Convolve (N, C, H, W)."""
        return functional.conv2d(input, self.standardized(), self.bias, self.stride, self.padding)


def _plain(conv: ScaledConv, scale: torch.Tensor | float = 1.0) -> nn.Conv2d:
    """Return a convolution with the same result times ``scale``."""
    plain = nn.Conv2d(
        conv.in_channels,
        conv.out_channels,
        conv.kernel_size[0],
        stride=conv.stride[0],
        padding=conv.kernel_size[0] // 2,
    )
    with torch.no_grad():
        assert plain.bias is not None
        assert conv.bias is not None
        plain.weight.copy_(conv.standardized() * scale)
        plain.bias.copy_(conv.bias * scale)
    return plain


def fold(module: nn.Module) -> nn.Module:
    """Replace every ``ScaledConv`` and ``Block`` inside by what gives the same result faster.

    The module can no longer be trained, nor read from a file or written to one.
    """
    for name, child in module.named_children():
        if isinstance(child, ScaledConv):
            setattr(module, name, _plain(child))
        elif isinstance(child, Block):
            setattr(module, name, _FoldedBlock(child))
        else:
            fold(child)
    return module


class Block(nn.Module):
    """Two 3x3 convolutions around an identity, starting as the identity (SkipInit)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ScaledConv(channels, channels, 3)
        self.second = ScaledConv(channels, channels, 3)
        self.scale = nn.Parameter(torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> the same shape."""
        return x + self.scale * self.second(functional.relu(self.first(functional.relu(x))))


class _FoldedBlock(nn.Module):
    """A block for inference: its scale is in its weights, and it overwrites what it has made."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.first = _plain(block.first)
        self.second = _plain(block.second, block.scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> the same shape."""
        inside = self.first(functional.relu(x))
        return self.second(functional.relu_(inside)).add_(x)


class Stage(nn.Module):
    """Blocks in a row."""

    def __init__(self, channels: int, depth: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(Block(channels) for _ in range(depth)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> the same shape."""
        return self.blocks(x)


def upsample_to(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Bilinear up-sampling to the height and width of ``like``."""
    return functional.interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)
