"""Convolutions and blocks of the refinement model."""

from __future__ import annotations

from functools import cache

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

    def forward(self, input: torch.Tensor, *, add: torch.Tensor | None = None) -> torch.Tensor:
        """Convolve (N, C, H, W) and add what is given to the result."""
        found = functional.conv2d(input, self.standardized(), self.bias, self.stride, self.padding)
        return found if add is None else found + add


@cache
def _has_joint_operators() -> bool:
    """Return whether this torch convolves and does what follows in one go, as told to here."""
    if not torch.backends.mkldnn.is_available():
        return False
    x, weight = torch.ones(1, 1, 2, 2), torch.full((1, 1, 1, 1), -2.0)
    try:
        positive = _convolved(x, weight, None, (1, 1), (0, 0), relu=True)
        total = _convolved(x, weight, None, (1, 1), (0, 0), add=x)
    except (AttributeError, RuntimeError, TypeError):  # they are torch's own and may change
        return False
    return bool((positive == 0).all() and (total == -1).all())


def _convolved(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    *,
    relu: bool = False,
    add: torch.Tensor | None = None,
) -> torch.Tensor:
    """Convolve and either take the ReLU or add, without writing what lies in between."""
    how = (list(padding), list(stride), [1, 1], 1)
    joint = torch.ops.mkldnn._convolution_pointwise
    if add is not None:
        return joint.binary(x, add, weight, bias, *how, "add", 1.0, None, [], None)
    return joint(x, weight, bias, *how, "relu" if relu else "none", [], "")


class FoldedConv(nn.Conv2d):
    """A convolution for inference that takes the ReLU, or adds, while it writes its result.

    On a CPU that saves reading and writing maps that are larger than the cache.
    """

    def forward(
        self, input: torch.Tensor, *, relu: bool = False, add: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Convolve (N, C, H, W); take the ReLU, or add what is given to the result."""
        if (relu or add is not None) and input.device.type == "cpu" and _has_joint_operators():
            assert isinstance(self.padding, tuple)
            return _convolved(
                input, self.weight, self.bias, self.stride, self.padding, relu=relu, add=add
            )
        found = super().forward(input)
        if add is not None:
            found.add_(add)
        return functional.relu_(found) if relu else found


def _plain(conv: ScaledConv, scale: torch.Tensor | float = 1.0) -> FoldedConv:
    """Return a convolution with the same result times ``scale``."""
    plain = FoldedConv(
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
    """A block for inference: its scale is in its weights."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.first = _plain(block.first)
        self.second = _plain(block.second, block.scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) -> the same shape."""
        return self.second(self.first(functional.relu(x), relu=True), add=x)


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
