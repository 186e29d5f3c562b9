"""Pages of TIFF files: each is an image of its own."""

from __future__ import annotations

from pathlib import Path

from spn_annotator.errors import SpnAnnotatorError
from spn_annotator.formats.images import count_pages, read_image, read_size

MAX_PAGES = 10_000
"""Pages of one file beyond this are not listed."""

_WITH_PAGES = (".tif", ".tiff")


def pages_of(path: Path) -> int:
    """Return how many images a file holds; 1 for one that cannot be read: loading says why."""
    if path.suffix.lower() not in _WITH_PAGES:
        return 1
    try:
        return min(max(1, count_pages(path)), MAX_PAGES)
    except (SpnAnnotatorError, OSError, ValueError):
        return 1


def size_of(path: Path, page: int) -> tuple[int, int]:
    """Return width and height of a page; FileReadError as `read_image`."""
    if page == 0:
        return read_size(path)
    height, width = read_image(path, page=page).shape[:2]
    return width, height
