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


def fold(module: nn.Module) -> nn.Module:
    """Replace every ``ScaledConv`` inside by a plain convolution with the same result."""
    for name, child in module.named_children():
        if isinstance(child, ScaledConv):
            plain = nn.Conv2d(
                child.in_channels,
                child.out_channels,
                child.kernel_size[0],
                stride=child.stride[0],
                padding=child.kernel_size[0] // 2,
            )
            with torch.no_grad():
                plain.weight.copy_(child.standardized())
                assert plain.bias is not None
                assert child.bias is not None
                plain.bias.copy_(child.bias)
            setattr(module, name, plain)
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
