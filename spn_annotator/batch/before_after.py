"""Pictures for a page: an image under its coarse and under its refined mask."""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from spn_annotator.annotation.labels import FIRST_COLORS, Color
from spn_annotator.batch.pictures import overlay, shrunk
from spn_annotator.batch.places import Place
from spn_annotator.batch.report import JobReport
from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.images import read_image
from spn_annotator.formats.masks import Unknown, read_label_map

_SIDE = 520  # longest side of a picture, in pixels
_MOST_COLORS = 24  # ids of one image that get a colour; the largest ones


def before_and_after(job: JobReport, unknown: Unknown) -> tuple[str, str] | None:
    """Return the image under the coarse and under the refined mask, as data URLs.

    None where one of the files is not there any more.

    Parameters
    ----------
    job : JobReport
    unknown : int, None or "auto"
        Value of the coarse masks that means unknown.
    """
    places = (job.image, job.mask, job.output)
    try:
        with tempfile.TemporaryDirectory(prefix="spn-report-") as folder:
            paths = []
            for number, place in enumerate(places):
                if place is None:
                    return None
                inside = Path(folder) / str(number)
                inside.mkdir()
                paths.append(Place.of(place).fetch(inside))
            image, coarse = read_image(paths[0]), read_label_map(paths[1], unknown=unknown)
            refined = read_label_map(paths[2], unknown=None)
    except (SpnAnnotatorError, OSError):
        return None  # gone since; the figures are shown without pictures
    scale = min(1.0, _SIDE / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = shrunk(image, size)
    colors = _colors(refined.array)
    strokes = coarse.unknown is not None and bool((coarse.array == coarse.unknown).any())
    before = overlay(small, coarse.array, colors, unknown=coarse.unknown if strokes else None)
    return _data_url(before), _data_url(overlay(small, refined.array, colors, unknown=None))


def _colors(ids: np.ndarray) -> dict[int, Color]:
    """Return a colour for each of the ids that take most room."""
    counts = np.bincount(ids.ravel())
    counts[0] = 0
    largest: Iterable[int] = np.argsort(counts, kind="stable")[::-1][:_MOST_COLORS].tolist()
    present = sorted(value for value in largest if counts[value])
    return {value: FIRST_COLORS[n % len(FIRST_COLORS)] for n, value in enumerate(present)}


def _data_url(picture: np.ndarray) -> str:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format="JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
