"""A sheet that shows image, coarse mask and refined mask side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from spn_annotator.annotation.labels import Color
from spn_annotator.batch.pictures import overlay, shrunk
from spn_annotator.formats.atomic import atomic_write

_WIDTH = 480  # of a picture on the sheet, in pixels
_GAP = 20
_MARGIN = 36
_HEAD = 92
_CAPTION = 34
_PAPER = (250, 250, 249)
_INK = (28, 30, 34)
_PALE = (110, 114, 122)


@dataclass(frozen=True)
class SheetRow:
    """One line of the sheet.

    Attributes
    ----------
    title, note : str
        What the photograph shows; what was done to it.
    image : (H, W, 3) uint8 array
        RGB.
    coarse, refined : (H, W) uint8 or uint16 array
        Object ids, 0 = nothing.
    unknown : int or None
        Value of ``coarse`` that means unknown.
    colors : mapping of int to color
        Of the objects, by id.
    legend : tuple of (str, color)
        Labels to name below the coarse mask.
    """

    title: str
    note: str
    image: np.ndarray
    coarse: np.ndarray
    refined: np.ndarray
    unknown: int | None
    colors: Mapping[int, Color]
    legend: tuple[tuple[str, Color], ...] = ()


def write_contact_sheet(path: Path | str, rows: Iterable[SheetRow], *, heading: str) -> None:
    """Draw the sheet and write it as PNG, whole or not at all.

    Parameters
    ----------
    path : Path or str
        The file to write; its folder must exist.
    rows : iterable of SheetRow
        From the top down.
    heading : str
        One line above all.

    Raises
    ------
    SaveError
        The file cannot be written.
    """
    rows = list(rows)
    heights = [round(_WIDTH * row.image.shape[0] / row.image.shape[1]) for row in rows]
    height = _HEAD + sum(heights) + len(rows) * (_CAPTION + _GAP) + _MARGIN - _GAP
    sheet = Image.new("RGB", (2 * _MARGIN + 3 * _WIDTH + 2 * _GAP, max(height, _HEAD)), _PAPER)
    pen = ImageDraw.Draw(sheet)
    columns = [_MARGIN + number * (_WIDTH + _GAP) for number in range(3)]
    pen.text((_MARGIN, 20), heading, fill=_INK, font=ImageFont.load_default(24))
    for x, name in zip(columns, ("photograph", "coarse mask", "refined mask"), strict=True):
        pen.text((x, _HEAD - 28), name, fill=_PALE, font=ImageFont.load_default(16))
    y = _HEAD
    for row, row_height in zip(rows, heights, strict=True):
        for x, picture in zip(columns, _pictures(row, (_WIDTH, row_height)), strict=True):
            sheet.paste(Image.fromarray(picture), (x, y))
        y += row_height + 6
        pen.text((columns[0], y), row.title, fill=_INK, font=ImageFont.load_default(15))
        _legend(pen, (columns[1], y), row)
        pen.text((columns[2], y), row.note, fill=_PALE, font=ImageFont.load_default(15))
        y += _CAPTION - 6 + _GAP
    with atomic_write(path) as handle:
        sheet.save(handle, format="PNG")


def _legend(pen: ImageDraw.ImageDraw, where: tuple[int, int], row: SheetRow) -> None:
    """Name the labels, each behind a dot of its colour."""
    font = ImageFont.load_default(15)
    x, y = where
    for name, color in row.legend:
        pen.ellipse((x, y + 5, x + 11, y + 16), fill=color)
        pen.text((x + 18, y), name, fill=_INK, font=font)
        x += 18 + round(pen.textlength(name, font=font)) + 18


def _pictures(row: SheetRow, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the three pictures of a row at the size (width, height)."""
    plain = shrunk(row.image, size)
    return (
        plain,
        overlay(plain, row.coarse, row.colors, unknown=row.unknown),
        overlay(plain, row.refined, row.colors, unknown=None),
    )
