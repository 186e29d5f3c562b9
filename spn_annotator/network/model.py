"""The refinement model: guidance from the image, a unary map from the mask, propagation.

After Liu et al., "Learning Affinity via Spatial Propagation Networks", NIPS 2017: a network reads
the image and says how strongly each pixel is tied to its three neighbours in four directions; the
scans carry the mask along these ties. Here the ties depend on the image alone, so they are computed
once an image; what depends on the mask (the unary map, how much of it a pixel keeps, and how the
directions are merged) comes from a second, lighter network that sees the features of the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field
from spn_kernels import DIRECTIONS, depth_to_space, propagate, space_to_depth
from torch import nn
from torch.nn import functional

from spn_annotator.network.backbone import BACKBONE_WIDTHS, EfficientNetLite0
from spn_annotator.network.layers import ScaledConv, Stage, upsample_to

IMAGE_CHANNELS = 5
"""Red, green, blue minus 0.5, and the sizes of the horizontal and vertical differences."""

MASK_CHANNELS = 7
"""See :func:`spn_annotator.network.inputs.mask_planes`."""

STRIDE = 32
"""Height and width of the model's input are multiples of this."""


_CONVOLUTIONAL = (
    "backbone",
    "image",
    "mask",
    "unary_head",
    "tie_head",
    "keep_head",
    "merge_head",
)


class ModelConfig(BaseModel):
    """What a checkpoint's header says about the model inside."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image_widths: tuple[int, int, int, int, int] = (32, 48, 64, 96, 128)
    mask_widths: tuple[int, int, int, int, int] = (32, 48, 64, 96, 128)
    image_depths: tuple[int, int, int, int, int] = (1, 2, 2, 2, 2)
    mask_depths: tuple[int, int, int, int, int] = (0, 1, 2, 2, 2)
    backbone: Literal["none", "efficientnet-lite0"] = "none"
    propagation: Literal["none", "one-way", "three-way"] = "three-way"
    gates: Literal["convex", "signed"] = "convex"
    merge: Literal["learned", "max"] = "learned"
    passes: int = Field(default=2, ge=1, le=8)

    @property
    def connections(self) -> Literal[1, 3]:
        """Neighbours a pixel on the previous line."""
        return 1 if self.propagation == "one-way" else 3


@dataclass(frozen=True)
class Guidance:
    """What the network says about an image, for one or more images of one size.

    Attributes
    ----------
    features : tuple of (N, C_s, H / s, W / s)
        What they add to the mask network's, for the strides s = 2, 4, 8, 16, 32.
    ties : (N, 4, connections, H, W)
        Gate logits of the neighbours, by direction.
    """

    features: tuple[torch.Tensor, ...]
    ties: torch.Tensor

    def repeat(self, counts: torch.Tensor) -> Guidance:
        """Return the guidance with image i repeated ``counts[i]`` times, one for each mask."""
        if len(self.ties) == 1:
            n = int(counts.sum())
            features = tuple(f.expand(n, -1, -1, -1) for f in self.features)
            return Guidance(features, self.ties.expand(n, -1, -1, -1, -1))
        if bool((counts == counts[0]).all()):  # gradients are plain sums then
            n = int(counts[0])
            return Guidance(tuple(_each(f, n) for f in self.features), _each(self.ties, n))
        index = torch.repeat_interleave(torch.arange(len(counts)), counts).to(self.ties.device)
        return Guidance(tuple(f[index] for f in self.features), self.ties[index])


def _each(x: torch.Tensor, n: int) -> torch.Tensor:
    """Return each of the first axis ``n`` times in a row; channels that lie together stay so."""
    together = x.ndim == 4 and x.is_contiguous(memory_format=torch.channels_last)
    source = x.permute(0, 2, 3, 1) if together else x
    many = source[:, None].expand(-1, n, *source.shape[1:]).flatten(0, 1)
    return many.permute(0, 3, 1, 2) if together else many


@dataclass(frozen=True)
class Refined:
    """Probabilities of the foreground, (N, 1, H, W) each, as logits before and values after."""

    unary: torch.Tensor
    probability: torch.Tensor


def neighbour_differences(rgb: torch.Tensor, connections: int) -> torch.Tensor:
    """Return the colour difference to each neighbour on the previous line.

    Parameters
    ----------
    rgb : (N, 3, H, W) in [0, 1]

    Returns
    -------
    (N, 4, connections, H, W), Euclidean, 0 to sqrt(3); at the border against a repeated pixel.
    """
    height, width = rgb.shape[-2:]
    padded = functional.pad(rgb, (1, 1, 1, 1), mode="replicate")
    behind = {"right": (0, -1), "left": (0, 1), "down": (-1, 0), "up": (1, 0)}
    sideways = (0,) if connections == 1 else (-1, 0, 1)
    found: dict[tuple[int, int], torch.Tensor] = {}
    planes = []
    for direction in DIRECTIONS:
        dy, dx = behind[direction]
        for j in sideways:
            offset = (dy + (j if dx else 0), dx + (j if dy else 0))
            if offset not in found:
                y, x = 1 + offset[0], 1 + offset[1]
                other = padded[:, :, y : y + height, x : x + width]
                found[offset] = ((rgb - other).square().sum(1) + 1e-8).sqrt()
            planes.append(found[offset])
    n = rgb.shape[0]
    return torch.stack(planes, 1).view(n, len(DIRECTIONS), connections, height, width)


def image_planes(rgb: torch.Tensor) -> torch.Tensor:
    """Return the image network's input (N, 5, H, W) of an image (N, 3, H, W) in [0, 1]."""
    padded = functional.pad(rgb, (0, 1, 0, 1), mode="replicate")
    dx = (padded[:, :, :-1, 1:] - rgb).abs().mean(1, keepdim=True)
    dy = (padded[:, :, 1:, :-1] - rgb).abs().mean(1, keepdim=True)
    return torch.cat([(rgb - 0.5) * 2, dx * 4, dy * 4], 1)


class _Pyramid(nn.Module):
    """Down through strides 2 to 32 and up again; features of another pyramid may join."""

    def __init__(
        self,
        channels: int,
        widths: tuple[int, ...],
        depths: tuple[int, ...],
        joined: tuple[int, ...] | None,
        *,
        plain: bool = False,
    ) -> None:
        super().__init__()
        self.plain = plain
        self.stem = ScaledConv(channels * 4, widths[0], 3, after_relu=False)
        self.down = nn.ModuleList(ScaledConv(a, b, 3, stride=2) for a, b in pairwise(widths))
        self.stages = nn.ModuleList(Stage(w, d) for w, d in zip(widths, depths, strict=True))
        self.context = ScaledConv(widths[-1], widths[-1], 1)
        self.up = nn.ModuleList(ScaledConv(b, a, 1) for a, b in pairwise(widths))
        self.upstages = nn.ModuleList(Stage(w, 1) for w in widths[:-1])
        self.join = (
            None
            if joined is None
            else nn.ModuleList(
                nn.Conv2d(j, w, 1) if plain else ScaledConv(j, w, 1)
                for j, w in zip(joined, widths, strict=True)
            )
        )
        if plain and self.join is not None:
            for join in self.join:
                assert isinstance(join, nn.Conv2d)
                assert join.bias is not None
                nn.init.zeros_(join.weight)
                nn.init.zeros_(join.bias)

    def joining(self, others: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        """Return what another pyramid's features add to this one's, stride by stride."""
        assert self.join is not None
        return tuple(
            join(other if self.plain else functional.relu(other))
            for join, other in zip(self.join, others, strict=True)
        )

    def forward(
        self, planes: torch.Tensor, joining: tuple[torch.Tensor, ...] | None = None
    ) -> tuple[torch.Tensor, ...]:
        """(N, C, H, W) -> features at strides 2, 4, 8, 16, 32."""
        # The weights may be kept in a shorter type than what they read is made in.
        others = (None,) * len(self.stages) if joining is None else joining
        x = self.stem(space_to_depth(planes).to(self.stem.weight.dtype), add=others[0])
        levels: list[torch.Tensor] = []
        for i, stage in enumerate(self.stages):
            if i:
                x = self.down[i - 1](functional.relu(x), add=others[i])
            x = stage(x)
            levels.append(x)
        x = x + self.context(functional.relu(x.mean((2, 3), keepdim=True)))
        out = [x]
        for i in range(len(levels) - 2, -1, -1):
            x = self.upstages[i](levels[i] + upsample_to(self.up[i](functional.relu(x)), levels[i]))
            out.append(x)
        return tuple(reversed(out))


class SpnRefiner(nn.Module):
    """Image and coarse mask in, probability of the foreground out.

    ``guide`` runs once an image, ``forward`` once for each mask on it.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = EfficientNetLite0() if config.backbone != "none" else None
        self.image = _Pyramid(
            IMAGE_CHANNELS,
            config.image_widths,
            config.image_depths,
            BACKBONE_WIDTHS if self.backbone is not None else None,
            plain=True,
        )
        self.mask = _Pyramid(
            MASK_CHANNELS, config.mask_widths, config.mask_depths, config.image_widths
        )
        directions = len(DIRECTIONS)
        self.unary_head = nn.Conv2d(config.mask_widths[0], 4, 3, padding=1)
        nn.init.zeros_(self.unary_head.weight)
        # The sharpness a unary map starts with: coarse mask, its small mean, colour model.
        self.unary_mix = nn.Parameter(torch.tensor([1.0, 1.0, 1.0]))
        if config.propagation != "none":
            self.tie_head = nn.Conv2d(
                config.image_widths[0], 4 * directions * config.connections, 3, padding=1
            )
            self.keep_head = nn.Conv2d(config.mask_widths[0], 4 * directions, 3, padding=1)
            self.merge_head = nn.Conv2d(config.mask_widths[0], 4 * (directions + 1), 3, padding=1)
            for head in (self.tie_head, self.keep_head, self.merge_head):
                nn.init.zeros_(head.weight)
                assert head.bias is not None
                nn.init.zeros_(head.bias)
            # Gates start as an edge-aware filter, see docs/experiments.md.
            self.contrast = nn.Parameter(torch.tensor(12.0))

    def convolve_in(self, dtype: torch.dtype) -> SpnRefiner:
        """Keep the weights of convolutions in ``dtype`` and work them out in it; for inference.

        What is made of them, the gates among it, and the scans stay in single precision.
        """
        for name, child in self.named_children():
            if name in _CONVOLUTIONAL:
                child.to(dtype)
        return self

    def guide(self, rgb: torch.Tensor) -> Guidance:
        """Return the guidance of images (N, 3, H, W) in [0, 1], H and W multiples of 32."""
        known = None if self.backbone is None else self.image.joining(self.backbone(rgb))
        features = self.image(image_planes(rgb), known)
        joining = self.mask.joining(features)
        n, _, height, width = rgb.shape
        if self.config.propagation == "none":
            return Guidance(joining, rgb.new_zeros((n, 4, 3, height, width)))
        k = self.config.connections
        learned = depth_to_space(self.tie_head(functional.relu(features[0])).float())
        learned = learned.view(n, len(DIRECTIONS), k, height, width)
        return Guidance(joining, learned - self.contrast * neighbour_differences(rgb, k))

    def forward(self, planes: torch.Tensor, guidance: Guidance) -> Refined:
        """Refine masks.

        Parameters
        ----------
        planes : (N, MASK_CHANNELS, H, W)
        guidance : Guidance
            Of N images, or of the one image all masks lie on.
        """
        if len(guidance.ties) == 1 and len(planes) > 1:
            guidance = guidance.repeat(torch.tensor([len(planes)]))
        x = functional.relu(self.mask(planes, guidance.features)[0])
        unary_plane, keep, weights = self._heads(x)
        unary = unary_plane
        for i, share in zip((0, 3, 2), self.unary_mix, strict=True):
            unary = torch.addcmul(unary, planes[:, i : i + 1], share)
        probability = torch.sigmoid(unary)
        if self.config.propagation == "none":
            return Refined(unary, probability)
        n, _, height, width = planes.shape
        if self.config.gates == "convex":
            gates = torch.cat([guidance.ties, keep[:, :, None]], 2)
        else:
            gates = torch.tanh(guidance.ties) * torch.sigmoid(-keep)[:, :, None]
        merge: Literal["max"] | torch.Tensor = "max"
        if self.config.merge == "learned":
            merge = torch.softmax(weights, 1)
        probability = propagate(
            probability,
            gates.view(n, 1, len(DIRECTIONS), -1, height, width),
            normalization=self.config.gates,
            connections=self.config.connections,
            merge=merge,
            passes=self.config.passes,
        )
        return Refined(unary, probability)

    def _heads(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the planes of the unary map (1), the keep gates (4) and the merge weights (5).

        There are none of those that the model does without. One convolution does them all, which
        takes three quarters of the time of three.
        """
        heads = [self.unary_head]
        if self.config.propagation != "none":
            heads.append(self.keep_head)
            if self.config.merge == "learned":
                heads.append(self.merge_head)
        weight = torch.cat([head.weight for head in heads])
        bias = torch.cat([head.bias for head in heads if head.bias is not None])
        planes = depth_to_space(functional.conv2d(x, weight, bias, padding=1).float())
        return planes[:, :1], planes[:, 1:5], planes[:, 5:]
