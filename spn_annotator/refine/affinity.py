"""Where the label of one pixel reaches: the learned affinity of the paper, made visible.

After Liu et al., "Learning Affinity via Spatial Propagation Networks", NIPS 2017: a column of the
affinity matrix is what propagation makes of an image that is 1 at one pixel and 0 elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from spn_kernels import affinity

from spn_annotator.errors import UsageError
from spn_annotator.network.model import SpnRefiner
from spn_annotator.refine.levels import Level
from spn_annotator.refine.proposal import Float32, Window

KEEP = -2.0
"""Logit of what a pixel keeps of its own value.

In a refinement it depends on the mask; without one, the same everywhere. With it a label reaches
about as far as it does inside objects in a refinement.
"""


@dataclass(frozen=True, eq=False)
class AffinityMap:
    """How much the value of a pixel reaches those around it.

    Attributes
    ----------
    window : Window
        Where the values lie in the image.
    values : (h, w) float32
        At least 0; the pixel itself has the largest, as a rule.
    point : (int, int)
        Row and column of the pixel in the image.
    """

    window: Window
    values: Float32
    point: tuple[int, int]


@torch.inference_mode()
def affinity_at(level: Level, network: SpnRefiner, x: int, y: int, *, radius: int) -> AffinityMap:
    """Return the affinity of a pixel to those around it.

    Parameters
    ----------
    level : Level
        The image; guidance of the tile around the pixel is computed if it is not there yet.
    network : SpnRefiner
        The model of the level.
    x, y : int
        Column and row of the pixel.
    radius : int
        How far to look, in pixels, at least 1; never beyond the tile.

    Raises
    ------
    UsageError
        The pixel lies outside of the image, the radius is under 1, or the model has no propagation.
    """
    height, width = level.shape
    if not (0 <= x < width and 0 <= y < height):
        raise UsageError(f"the pixel ({x}, {y}) lies outside of the image, {width} x {height}")
    if radius < 1:
        raise UsageError(f"the radius must be at least 1, found {radius}")
    config = network.config
    if config.propagation == "none":
        raise UsageError("this model has no propagation, so there is no affinity to show")

    def middle(tile: Window) -> float:
        return max(abs(y - (tile.y0 + tile.y1) / 2), abs(x - (tile.x0 + tile.x1) / 2))

    holding = [t for t in level.tiles() if t.y0 <= y < t.y1 and t.x0 <= x < t.x1]
    tile = min(holding, key=middle)
    window = Window(
        max(tile.y0, y - radius),
        max(tile.x0, x - radius),
        min(tile.y1, y + radius + 1),
        min(tile.x1, x + radius + 1),
    )
    rows = slice(window.y0 - tile.y0, window.y1 - tile.y0)
    columns = slice(window.x0 - tile.x0, window.x1 - tile.x0)
    ties = level.guidance(tile).ties[..., rows, columns].float()
    if config.gates == "convex":
        gates = torch.cat([ties, torch.full_like(ties[:, :, :1], KEEP)], 2)
    else:
        gates = torch.tanh(ties) * torch.sigmoid(torch.tensor(-KEEP))
    values = affinity(
        gates.reshape(1, 1, gates.shape[1], gates.shape[2], *window.shape),
        (y - window.y0, x - window.x0),
        normalization=config.gates,
        connections=config.connections,
        merge="mean" if config.merge == "learned" else "max",
        passes=config.passes,
    )
    return AffinityMap(window, values.abs().cpu().numpy(), (y, x))
