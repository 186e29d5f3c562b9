"""Draw the coarse masks of the sample project: ``python scripts/make_samples.py``.

The tables below are the source of the PNG files and of ``labels.json`` in ``resources/samples``:
points were set by eye on the photographs, a few for each object, as somebody in a hurry would. Run
the script again after a change; it writes the same bytes for the same tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from spn_annotator.annotation.labels import color_to_hex
from spn_annotator.formats.atomic import atomic_write_bytes
from spn_annotator.formats.masks import write_label_map

OUT = Path(__file__).resolve().parent.parent / "resources" / "samples"
UNKNOWN = 255

Points = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Area:
    """A closed polygon, filled; (x, y) in pixels."""

    points: Points


@dataclass(frozen=True)
class Stroke:
    """A line drawn with a round brush; (x, y) and the brush's diameter in pixels."""

    points: Points
    width: int


@dataclass(frozen=True)
class Thing:
    """One object, or the background (label None), and what was painted for it."""

    label: str | None
    parts: tuple[Area | Stroke, ...]
    name: str = ""


@dataclass(frozen=True)
class Picture:
    """A photograph of scikit-image and its things, later ones on top of earlier ones."""

    name: str
    size: tuple[int, int]
    title: str
    licence: str
    things: tuple[Thing, ...]
    scribbles: bool = False


LABELS: tuple[tuple[str, tuple[int, int, int], str], ...] = (
    ("hair", (230, 159, 0), "1"),
    ("face", (86, 180, 233), "2"),
    ("suit", (0, 158, 115), "3"),
    ("helmet", (204, 121, 167), "4"),
    ("saucer", (0, 114, 178), "5"),
    ("cup", (240, 228, 66), "6"),
    ("spoon", (213, 94, 0), "7"),
    ("eye", (0, 190, 190), "8"),
    ("nose", (220, 60, 110), "9"),
    ("rocket", (150, 110, 255), "0"),
)

ASTRONAUT = Picture(
    name="astronaut",
    size=(512, 512),
    title="Eileen Collins, NASA, 1993",
    licence="public domain",
    things=(
        Thing(
            "suit",
            (
                Area(
                    (
                        (112, 210),
                        (122, 170),
                        (160, 146),
                        (186, 156),
                        (192, 184),
                        (250, 188),
                        (264, 172),
                        (294, 200),
                        (308, 238),
                        (338, 246),
                        (354, 290),
                        (366, 350),
                        (330, 370),
                        (302, 400),
                        (286, 450),
                        (284, 511),
                        (14, 511),
                        (30, 440),
                        (16, 392),
                        (36, 300),
                        (60, 236),
                        (90, 228),
                    )
                ),
            ),
        ),
        Thing(
            "helmet",
            (
                Area(
                    (
                        (284, 511),
                        (276, 450),
                        (304, 396),
                        (346, 352),
                        (404, 340),
                        (456, 364),
                        (490, 416),
                        (502, 450),
                        (511, 470),
                        (511, 511),
                    )
                ),
            ),
        ),
        Thing(
            "face",
            (
                Area(
                    (
                        (180, 90),
                        (212, 82),
                        (244, 82),
                        (262, 94),
                        (274, 126),
                        (254, 160),
                        (236, 184),
                        (204, 186),
                        (188, 166),
                        (176, 130),
                    )
                ),
            ),
        ),
        Thing(
            "hair",
            (
                Stroke(((172, 106), (166, 74), (200, 44), (246, 34), (282, 62), (288, 108)), 30),
                Stroke(((200, 62), (240, 58), (268, 80)), 30),
            ),
        ),
    ),
)

CHELSEA = Picture(
    name="chelsea",
    size=(451, 300),
    title="Chelsea the cat, Stefan van der Walt",
    licence="CC0",
    things=(
        Thing("eye", (Stroke(((158, 112), (178, 122)), 44),), "left eye"),
        Thing("eye", (Stroke(((314, 130), (326, 142)), 30),), "right eye"),
        Thing("nose", (Area(((230, 226), (262, 222), (296, 230), (270, 258), (252, 262))),)),
    ),
)

COFFEE = Picture(
    name="coffee",
    size=(600, 400),
    title="A cup of coffee, Rachel Michetti",
    licence="CC0",
    things=(
        Thing(
            "saucer",
            (
                Area(
                    (
                        (182, 66),
                        (120, 112),
                        (84, 180),
                        (84, 240),
                        (104, 300),
                        (170, 360),
                        (260, 384),
                        (350, 384),
                        (430, 344),
                        (474, 280),
                        (484, 220),
                        (460, 150),
                        (414, 100),
                    )
                ),
            ),
        ),
        Thing(
            "spoon",
            (
                Stroke(((414, 76), (406, 128), (382, 216)), 16),
                Stroke(((362, 276), (370, 288)), 68),
                Stroke(((374, 246), (380, 222)), 22),
            ),
        ),
        Thing(
            "cup",
            (
                Area(
                    (
                        (168, 100),
                        (196, 52),
                        (250, 22),
                        (320, 16),
                        (376, 44),
                        (412, 96),
                        (398, 164),
                        (370, 220),
                        (320, 262),
                        (274, 290),
                        (228, 262),
                        (190, 216),
                        (170, 150),
                    )
                ),
                Stroke(((236, 244), (216, 284)), 34),
            ),
        ),
    ),
)

ROCKET = Picture(
    name="rocket",
    size=(640, 427),
    title="Falcon 9 on its pad, SpaceX",
    licence="public domain",
    scribbles=True,
    things=(
        Thing(
            None,
            (
                Stroke(((270, 60), (284, 200), (276, 330)), 6),
                Stroke(((376, 70), (366, 210), (378, 330)), 6),
                Stroke(((290, 96), (350, 92)), 6),
                Stroke(((40, 40), (110, 230), (112, 416), (150, 378), (193, 396)), 6),
                Stroke(((600, 60), (520, 240), (540, 400), (450, 418), (432, 394), (364, 398)), 6),
                Stroke(((286, 416), (372, 418)), 6),
                Stroke(((300, 380), (302, 350)), 4),
                Stroke(((346, 386), (346, 356)), 4),
            ),
        ),
        Thing("rocket", (Stroke(((322, 138), (323, 168), (321, 260), (322, 396)), 7),)),
    ),
)

PICTURES = (ASTRONAUT, CHELSEA, COFFEE, ROCKET)


def draw(picture: Picture) -> np.ndarray:
    """Return a picture's object map, (H, W) uint8: 0 background, 255 where nothing was painted."""
    canvas = Image.new("L", picture.size, UNKNOWN if picture.scribbles else 0)
    pen = ImageDraw.Draw(canvas)
    number = 0
    for thing in picture.things:
        number += thing.label is not None
        value = number if thing.label is not None else 0
        for part in thing.parts:
            if isinstance(part, Area):
                pen.polygon(part.points, fill=value)
                continue
            pen.line(part.points, fill=value, width=part.width)
            radius = part.width / 2
            for x, y in part.points:
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
    return np.array(canvas)


def palette(picture: Picture) -> bytes:
    """Return the palette of a picture's map: each object in its label's colour, unknown grey."""
    colors = {name: color for name, color, _ in LABELS}
    table = [(0, 0, 0)] * 256
    named = [thing.label for thing in picture.things if thing.label is not None]
    for number, label in enumerate(named, start=1):
        table[number] = colors[label]
    table[UNKNOWN] = (128, 128, 128)
    return bytes(value for color in table for value in color)


def describe() -> dict[str, object]:
    """Return the content of ``labels.json``."""
    numbers = {name: number for number, (name, _, _) in enumerate(LABELS, start=1)}
    return {
        "labels": [
            {"id": numbers[name], "name": name, "color": color_to_hex(color), "key": key}
            for name, color, key in LABELS
        ],
        "pictures": [
            {
                "name": picture.name,
                "title": picture.title,
                "licence": picture.licence,
                "scribbles": picture.scribbles,
                "objects": [
                    {"id": number, "label": numbers[thing.label], "name": thing.name}
                    for number, thing in enumerate(
                        (thing for thing in picture.things if thing.label is not None), start=1
                    )
                    if thing.label is not None
                ],
            }
            for picture in PICTURES
        ],
    }


def main() -> None:
    """Write the maps and ``labels.json``."""
    for picture in PICTURES:
        write_label_map(OUT / f"{picture.name}.png", draw(picture), palette=palette(picture))
    atomic_write_bytes(OUT / "labels.json", json.dumps(describe(), indent=2).encode() + b"\n")


if __name__ == "__main__":
    main()
