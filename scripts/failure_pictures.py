"""Draw where the shipped model fails: ``python scripts/failure_pictures.py``.

Reads the photographs in ``docs/images/failures/source`` and draws side by side the outline of a
rough mask, set by eye from the points below, and that of the refined one, into
``docs/images/failures``. Run it again when another model ships.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from spn_annotator.batch.looks import LOOKS
from spn_annotator.cv import cv2
from spn_annotator.refine import Refiner

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images" / "failures"

Image = npt.NDArray[np.uint8]
Points = tuple[tuple[int, int], ...]

ROUGH: dict[str, Points] = {
    "dandelion": (
        (70, 185), (85, 100), (140, 45), (220, 20), (300, 30), (365, 75), (410, 150), (415, 230),
        (375, 300), (310, 335), (240, 345), (160, 320), (100, 270),
    ),
    "glass": (
        (124, 90), (241, 90), (248, 150), (236, 220), (201, 270), (196, 380), (246, 405),
        (246, 432), (131, 435), (131, 410), (171, 385), (171, 270), (136, 235), (116, 170),
    ),
    "dragonfly": (
        (0, 35), (40, 30), (150, 60), (215, 70), (228, 35), (290, 35), (300, 65), (479, 55),
        (479, 210), (350, 215), (300, 205), (270, 230), (205, 225), (130, 235), (100, 262),
        (75, 262), (95, 225), (0, 195),
    ),
    "leaves": (
        (0, 431), (0, 290), (60, 275), (160, 235), (165, 160), (125, 60), (180, 50), (215, 120),
        (260, 70), (330, 0), (479, 0), (479, 431),
    ),
}  # fmt: skip
"""Points (x, y) of the rough masks' polygons, in pixels."""

GAP = 8


def with_outline(photograph: Image, mask: Image, color: tuple[int, int, int]) -> Image:
    """Return the photograph (H, W, 3) with a mask's (H, W) outline drawn on a dark edge."""
    drawn = photograph.copy()
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(drawn, contours, -1, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.drawContours(drawn, contours, -1, color, 1, cv2.LINE_AA)
    return drawn


def main() -> None:
    """Draw all of them."""
    refiner = Refiner(rounds=LOOKS)
    for name, points in ROUGH.items():
        photograph = cv2.imread(str(FOLDER / "source" / f"{name}.jpg"))
        assert photograph is not None, name
        rough = np.zeros(photograph.shape[:2], np.uint8)
        cv2.fillPoly(rough, [np.array(points)], 1)
        refiner.set_image(cv2.cvtColor(photograph, cv2.COLOR_BGR2RGB))
        refined = refiner.refine(rough).label_map.astype(np.uint8)
        gap = np.full((photograph.shape[0], GAP, 3), 255, np.uint8)
        panels = [
            with_outline(photograph, rough, (0, 200, 255)),
            gap,
            with_outline(photograph, refined, (255, 220, 0)),
        ]
        path = FOLDER / f"{name}.jpg"
        cv2.imwrite(str(path), np.hstack(panels), [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
