"""Pictures alone, without annotations; each page of a multi-page TIFF is an image."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spn_annotator.errors import SpnAnnotatorError, UsageError
from spn_annotator.formats.codec import (
    AnnotatedImage,
    Dataset,
    ExportItem,
    Traits,
    WriteOptions,
    Writer,
)
from spn_annotator.formats.images import (
    IMAGE_SUFFIXES,
    count_pages,
    list_images,
    read_image,
    read_size,
)
from spn_annotator.formats.labelbook import LabelBook
from spn_annotator.formats.limits import Limits

PAGE = "_p{:03}"


class PicturesCodec:
    """Pictures alone."""

    name = "images"
    traits = Traits(
        title="Pictures alone",
        layout="JPEG, PNG, TIFF, WebP, BMP; each page of a TIFF is an image",
        writes=False,
        instances=False,
        holes=False,
        classes=False,
        lost="nothing: there are no annotations",
    )

    def detect(self, source: Path) -> bool:
        """Return whether it is a picture, or a folder of such."""
        if source.is_file():
            return source.suffix.lower() in IMAGE_SUFFIXES
        try:
            return bool(list_images(source))
        except SpnAnnotatorError:
            return False

    def read(self, source: Path, limits: Limits) -> Dataset:
        """Open a picture or a folder of pictures."""
        dataset = Dataset(source, LabelBook(), annotated=False)
        items = []
        for path in [source] if source.is_file() else list_images(source):
            try:
                pages = count_pages(path)
            except SpnAnnotatorError as error:
                dataset.problems.append((path.name, str(error)))
                continue
            for page in range(min(pages, limits.images)):
                name = f"{path.stem}{PAGE.format(page + 1)}.tif" if pages > 1 else path.name
                items.append(
                    ExportItem(
                        name,
                        lambda path=path, page=page, pages=pages: _empty(path, page, pages, limits),
                        image=path,
                        page=page,
                    )
                )
        dataset.items = items[: limits.images]
        return dataset

    def writer(self, out: Path, options: WriteOptions) -> Writer:
        """Refuse: there is nothing to write.

        Raises
        ------
        UsageError
            Always.
        """
        raise UsageError("pictures alone cannot be exported", remedy="Name another format")


def _empty(path: Path, page: int, pages: int, limits: Limits) -> AnnotatedImage:
    if pages > 1:
        height, width = read_image(path, page=page).shape[:2]
    else:
        width, height = read_size(path)
    limits.check_size(width, height, path)
    return AnnotatedImage(np.zeros((height, width), np.uint16), {})
