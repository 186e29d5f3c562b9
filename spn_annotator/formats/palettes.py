"""Colours of label maps."""

from __future__ import annotations

import numpy as np

from spn_annotator.annotation.labels import Color, LabelSet

VOID = 255
VOID_COLOR = (224, 224, 192)  # Pascal VOC's


def label_palette(labels: LabelSet) -> bytes:
    """Return the 256 RGB triples of an indexed map: black, the labels' colours, void."""
    table = np.zeros((256, 3), np.uint8)
    for label in labels:
        table[label.id] = label.color
    table[VOID] = VOID_COLOR
    return table.tobytes()


def voc_color(index: int) -> Color:
    """Return the colour that Pascal VOC gives to an index of 0 to 255.

    Its three lowest bits become the highest ones of red, green and blue, the next three those
    below, and so on (Everingham et al., "The Pascal Visual Object Classes Challenge 2012
    Development Kit").
    """
    red = green = blue = 0
    for step in range(8):
        bits = index >> (3 * step)
        red |= (bits & 1) << (7 - step)
        green |= (bits >> 1 & 1) << (7 - step)
        blue |= (bits >> 2 & 1) << (7 - step)
    return red, green, blue


def voc_palette() -> bytes:
    """Return Pascal VOC's 256 RGB triples."""
    return bytes(value for index in range(256) for value in voc_color(index))


def packed(rgb: np.ndarray) -> np.ndarray:
    """Return (H, W, 3) uint8 colours as (H, W) numbers, red the highest byte."""
    wide = rgb.astype(np.uint32)
    return wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]


def distinct_colors(labels: LabelSet, *, start: int = 1) -> dict[int, Color]:
    """Return a colour for each label that no other has, and that is neither black nor void's.

    Labels keep their own where they can; the others get colours of Pascal VOC.
    """
    taken: set[Color] = {(0, 0, 0), VOID_COLOR}
    found: dict[int, Color] = {}
    for label in labels:
        if label.color not in taken:
            found[label.id] = label.color
            taken.add(label.color)
    spare = (voc_color(index) for index in range(start, 256))
    for label in labels:
        if label.id not in found:
            found[label.id] = next(color for color in spare if color not in taken)
            taken.add(found[label.id])
    return found
