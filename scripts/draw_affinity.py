"""Draw docs/images/affinity.png: where the values of a few pixels go, on a photograph.

Run from the checkout: ``python scripts/draw_affinity.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]

import numpy as np  # noqa: E402  (the paths come first)
import torch  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from skimage import data  # noqa: E402
from spn_kernels import affinity  # noqa: E402

from spn_annotator.network import load_model  # noqa: E402
from spn_annotator.paths import default_model_path  # noqa: E402

POINTS = [(150, 130), (110, 240), (40, 330)]  # row, column: cheek, fur of the forehead, background
TARGET = ROOT / "docs" / "images" / "affinity.png"


def main() -> None:
    """Draw the picture."""
    rgb = np.ascontiguousarray(data.chelsea()[44:268, 30:446])  # multiples of the stride
    model = load_model(default_model_path())
    with torch.inference_mode():
        ties = model.guide(torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255).ties
        # A pixel that keeps nothing of its own shows the ties alone.
        gates = torch.cat([ties, torch.full_like(ties[:, :, :1], -4.0)], 2)[:, None]
        panels = [Image.fromarray(rgb)]
        for row, column in POINTS:
            reach = affinity(gates, (row, column), merge="mean", passes=2).numpy()
            reach = np.clip((np.log10(reach + 1e-9) + 6.5) / 5.5, 0, 1)[..., None]
            heat = np.array([255, 96, 32]) * reach + (rgb.mean(2, keepdims=True) * 0.5) * (
                1 - reach
            )
            panel = Image.fromarray(heat.astype(np.uint8))
            draw = ImageDraw.Draw(panel)
            for a, b in (((-7, 0), (7, 0)), ((0, -7), (0, 7))):
                line = [(column + a[0], row + a[1]), (column + b[0], row + b[1])]
                draw.line(line, fill=(255, 255, 255), width=2)
            panels.append(panel)
    gap = 8
    width, height = panels[0].size
    sheet = Image.new("RGB", (2 * width + gap, 2 * height + gap), (255, 255, 255))
    for i, panel in enumerate(panels):
        sheet.paste(panel, ((i % 2) * (width + gap), (i // 2) * (height + gap)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(TARGET, optimize=True)
    print(TARGET)


if __name__ == "__main__":
    main()
